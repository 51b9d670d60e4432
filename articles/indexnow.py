"""Tell search engines what changed (indexnow.org): the outbox.

What changes for readers is noted here, inside the transaction that changes it, and nothing else
happens then. ``manage.py send_indexnow`` sends what is due (``articles.indexnow_sending``).
"""

import datetime
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register
from django.db import transaction
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

    ``reason`` is an ``IndexNowNotice.Reason``. What is due now takes the place of every notice of
    the path that was due already, tried or given up; what waits for its time stays. What is due
    later joins them all: readers do not see it yet, and have to find what they do see. Nothing is
    noted while ``is_on`` says no.
    """
    _note([_notice(path, reason, due_at or timezone.now())])


def note_text(
    translation: ArticleTranslation, reason: str, due_at: datetime.datetime | None = None
) -> None:
    """Note every page that changes with a text: its own, and the same in other languages.

    Other languages' pages name the text among their alternates and link to it, so they change when
    it comes or goes (published, withdrawn). An update changes nothing there that a reader would
    look for, and engines ask for addresses that changed and no others. Lists change with every
    text; robots come by there anyway.

    Nothing is sent before readers can read the text, whatever ``due_at`` says, and nothing at all
    of a text that they never could: its address is not known to anybody. One that comes back brings
    along what was scheduled of it. A publication that is replaced before its time, or whose text is
    withdrawn, keeps its notice: told once too often, an engine finds what it knows, or a 410.
    """
    if not is_on():
        return
    own = translation.get_absolute_url()
    now = timezone.now()
    times = list(translation.publications.values_list("live_from", flat=True))
    if not times or (reason == Reason.WITHDRAWN and min(times) > now):
        IndexNowNotice.objects.filter(path=own).delete()
        return
    due_at = max(due_at or now, min(times))
    notices = [_notice(own, reason, due_at)]
    if reason != Reason.UPDATED:
        others = _public_languages(translation.article, at=due_at) - {translation.language}
        paths = [_address(translation.article, code) for code in others]
        notices += [_notice(path, Reason.UPDATED, due_at) for path in paths]
    if reason == Reason.PUBLISHED:
        notices += [_notice(own, Reason.UPDATED, time) for time in times if time > due_at]
    _note(notices)


def note_rename(article: Article, old_slug: str) -> None:
    """Note that an article moved: its old addresses, which lead on, and its new ones.

    ``article`` has its new slug already. Notices that wait for their time at an old address wait at
    the new one instead.
    """
    if not is_on():
        return
    now = timezone.now()
    public = _public_languages(article, at=now)
    codes = article.translations.values_list("language", flat=True)
    moves = {address_of(article.kind, code, old_slug): _address(article, code) for code in codes}
    waiting = IndexNowNotice.objects.filter(path__in=moves, due_at__gt=now)
    notices = [_notice(moves[item.path], item.reason, item.due_at) for item in waiting]
    for code in public:
        old = address_of(article.kind, code, old_slug)
        notices += [_notice(path, Reason.MOVED, now) for path in (old, moves[old])]
    with transaction.atomic(savepoint=False):
        IndexNowNotice.objects.filter(pk__in=[item.pk for item in waiting]).delete()
        _note(notices)


def _notice(path: str, reason: str, due_at: datetime.datetime) -> IndexNowNotice:
    return IndexNowNotice(path=path, reason=reason, due_at=due_at)


def _note(notices: Iterable[IndexNowNotice]) -> None:
    """All at once and in one order, so that two editors who note the same addresses at the same
    time neither collide nor lock each other out.

    A notice that is there already for the same moment says the same, whatever its reason.
    """
    if not is_on():
        return
    now = timezone.now()
    in_order = sorted(notices, key=lambda notice: (notice.path, notice.due_at))
    due = [notice.path for notice in in_order if notice.due_at <= now]
    with transaction.atomic(savepoint=False):
        IndexNowNotice.objects.filter(path__in=due, due_at__lte=now).delete()
        IndexNowNotice.objects.bulk_create(in_order, ignore_conflicts=True)


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
