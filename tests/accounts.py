"""Accounts of the desk, for tests."""

import itertools
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User

_numbers = itertools.count(1)


def make_user(*, username: str = "", roles: Iterable[str] = (), **fields) -> User:
    """A member of staff, in the groups named."""
    user = get_user_model().objects.create(
        username=username or f"user-{next(_numbers)}", **{"is_staff": True, **fields}
    )
    user.groups.set(Group.objects.filter(name__in=roles))
    return user
