"""Links with which somebody without an account reads a draft."""

import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.models import ArticleTranslation, PreviewLink
from articles.services.errors import EditorialError

MAX_DAYS = 30
"""Days a link may live: long enough for a review, short enough to be forgotten safely."""


@transaction.atomic
def make_preview_link(
    translation: ArticleTranslation,
    *,
    recipient: str,
    days: int,
    user: AbstractBaseUser | None = None,
) -> PreviewLink:
    """A link to the newest saved draft, for ``days`` days (1 to 30). Raises EditorialError."""
    if not recipient.strip():
        raise EditorialError(_("Say who the link is for: the list of links shows it."))
    if not 1 <= days <= MAX_DAYS:
        raise EditorialError(_("A link lives for 1 to %(days)s days.") % {"days": MAX_DAYS})
    now = timezone.now()
    link = PreviewLink.objects.create(
        translation=translation,
        recipient=recipient.strip()[:120],
        created_by=user,
        created_at=now,
        expires_at=now + datetime.timedelta(days=days),
    )
    audit.record(audit.Act.SHARED, translation, user=user, recipient=link.recipient, days=days)
    return link


@transaction.atomic
def revoke_preview_link(link: PreviewLink, *, user: AbstractBaseUser | None = None) -> None:
    """End a link now. Revoking twice changes nothing."""
    link = PreviewLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        audit.record(audit.Act.REVOKED, link.translation, user=user, recipient=link.recipient)
