"""Editors with their roles, and the desk of a text."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from tests.articles.admin.desk.forms import Page, get

ROLES = {
    "writer": "Writer",
    "translator": "Translator",
    "reviewer": "Reviewer",
    "managing": "Managing editor",
}


@pytest.fixture
def user_of(db):
    """``user_of("writer")`` → an account with that role; another ``name`` makes another one."""

    def make(role: str, name: str = "") -> User:
        user, is_new = User.objects.get_or_create(
            username=name or role, defaults={"is_staff": True}
        )
        if is_new and role in ROLES:
            user.groups.add(Group.objects.get(name=ROLES[role]))
        return user

    return make


@pytest.fixture
def client_of(user_of):
    """``client_of("writer")`` → a signed-in client whose desk is in English."""

    def make(role: str, name: str = "", language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(user_of(role, name))
        return client

    return make


@pytest.fixture
def open_desk(client_of):
    """``open_desk(text, "writer")`` → the desk's page."""

    def open_(text, role: str = "managing", name: str = "", query: str = "") -> Page:
        return get(client_of(role, name), address("change", text) + query)

    return open_


def address(name: str, text) -> str:
    return reverse(f"admin:articles_articletranslation_{name}", args=[text.pk])
