"""Tell search engines what changed (indexnow.org): the outbox.

What changes for readers is noted here, inside the transaction that changes it, and nothing else
happens then. ``manage.py send_indexnow`` sends what is due (``articles.indexnow_sending``).
"""

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register
from django.utils import timezone

from articles.models import Article, ArticleTranslation, IndexNowNotice
from articles.models.content import address_of

Reason = IndexNowNotice.Reason

KEY = re.compile("[A-Za-z0-9-]{8,128}")
"""What a key may be (indexnow.org, documentation)."""


def is_on() -> bool:
    """Whether search engines are told at all: a key is set, and robots are not turned away."""
    return bool(settings.INDEXNOW_KEY) and not settings.IS_CLOSED


def note(path: str, reason: str, due_at: datetime.datetime | None = None) -> None:
    """Note that what is at a public path changes at ``due_at`` (now, if None).

    ``reason`` is an ``IndexNowNotice.Reason``. There is one notice for each path: a second one
    takes the place of the first, with a new date and all attempts before it. Nothing is noted
    while ``is_on`` says no.
    """
    _note([path], reason, due_at)


def note_text(
    translation: ArticleTranslation, reason: str, due_at: datetime.datetime | None = None
) -> None:
    """Note every page that changes with a text: its own, and the same in other languages.

    Other languages' pages name the text among their alternates and link to it, so they change when
    it comes or goes (published, withdrawn). An update changes nothing there that a reader would
    look for, and engines ask for addresses that changed and no others. Lists change with every
    text; robots come by there anyway.

    Nothing is sent before readers can read the text, whatever ``due_at`` says, and nothing at all
    of a text that they never could: its address is not known to anybody. A notice for later that
    meets one that still waits in another language leaves it alone.
    """
    if not is_on():
        return
    own = translation.get_absolute_url()
    now = timezone.now()
    first = translation.publications.order_by("live_from").values_list("live_from", flat=True)[:1]
    starts = next(iter(first), None)
    if starts is None or (reason == Reason.WITHDRAWN and starts > now):
        IndexNowNotice.objects.filter(path=own).delete()
        return
    due_at = max(due_at or now, starts)
    _note([own], reason, due_at)
    if reason != Reason.UPDATED:
        others = _public_languages(translation.article, at=due_at) - {translation.language}
        paths = [_address(translation.article, code) for code in others]
        _note(paths, Reason.UPDATED, due_at, replace=due_at <= now)


def note_rename(article: Article, old_slug: str) -> None:
    """Note that an article moved: its old addresses, which lead on, and its new ones.

    ``article`` has its new slug already. A notice that waits for its time at an old address waits
    at the new one instead.
    """
    if not is_on():
        return
    now = timezone.now()
    public = _public_languages(article, at=now)
    for code in article.translations.values_list("language", flat=True):
        old, new = address_of(article.kind, code, old_slug), _address(article, code)
        waiting = IndexNowNotice.objects.filter(path=old, due_at__gt=now, attempts=0).first()
        if code in public:
            _note([old], Reason.MOVED, now)
            _note([new], Reason.MOVED, waiting.due_at if waiting else now)
        elif waiting:
            waiting.delete()
            _note([new], waiting.reason, waiting.due_at)


def _note(
    paths: list[str], reason: str, due_at: datetime.datetime | None, *, replace: bool = True
) -> None:
    """In one statement, so that two editors who note the same address at once cannot collide."""
    if not is_on():
        return
    joining: dict[str, Any] = {"ignore_conflicts": True}
    if replace:
        joining = {
            "update_conflicts": True,
            "unique_fields": ["path"],
            "update_fields": ["reason", "due_at", "attempts", "last_error"],
        }
    notices = [
        IndexNowNotice(path=path, reason=reason, due_at=due_at or timezone.now())
        for path in sorted(paths)
    ]
    IndexNowNotice.objects.bulk_create(notices, **joining)


def _public_languages(article: Article, at: datetime.datetime) -> set[str]:
    texts = ArticleTranslation.objects.published(at).filter(article=article)
    return set(texts.values_list("language", flat=True))


def _address(article: Article, language: str) -> str:
    return address_of(article.kind, language, article.slug)


@register()
def check_settings(app_configs=None, **kwargs) -> list[Error]:
    """A key that no engine takes, or an endpoint that is none, is said before the site starts."""
    found = []
    if settings.INDEXNOW_KEY and not KEY.fullmatch(settings.INDEXNOW_KEY):
        found.append(
            Error(
                "INDEXNOW_KEY is not a key of IndexNow.",
                hint="Give 8 to 128 letters a-z or A-Z, digits and dashes.",
                id="articles.E001",
            )
        )
    if not is_endpoint(settings.INDEXNOW_ENDPOINT):
        found.append(
            Error(
                "INDEXNOW_ENDPOINT is not a web address.",
                hint="Give a full address, as in https://api.indexnow.org/indexnow",
                id="articles.E002",
            )
        )
    return found


def is_endpoint(address: str) -> bool:
    """Whether notices can be sent there: http or https, and a host."""
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or half an IPv6 address
        return False
