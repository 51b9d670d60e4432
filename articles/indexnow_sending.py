"""Tell search engines what changed (indexnow.org): sending what is due.

A run claims notices before it sends them, in a transaction of its own: ``retry_at`` says when a
failed attempt would be tried again, and the attempt is counted. So a second run at the same time
finds other notices, and a run that is killed loses none. ``due_at`` stays: it is half of what tells
notices apart, so that no attempt can ever make two of them alike.
"""

import datetime
import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum
from urllib import request
from urllib.error import HTTPError
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from articles.models import IndexNowNotice
from healthsite.metadata import absolute_url

MAX_BATCH = 10_000
"""Addresses that the protocol takes at once."""
DEFAULT_LIMIT = 10_000
"""Addresses that one run sends, unless told otherwise."""
TIMEOUT = 10
"""Seconds without a word from the engine, after which it counts as not answering."""
BACKOFF = tuple(datetime.timedelta(minutes=minutes) for minutes in (5, 15, 60, 360, 1440))
"""How long to wait after the first attempt, the second, …; the last one from then on."""
_ROWS = 500
"""Rows named in one statement: databases bound how many values one may hold."""


class Outcome(Enum):
    """What became of a batch."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    POSTPONED = "postponed"


@dataclass(frozen=True)
class Answer:
    """What the engine said. ``error`` is empty if it accepted; ``retry_at`` is when it asked for
    another try, if it did.
    """

    outcome: Outcome
    error: str = ""
    retry_at: datetime.datetime | None = None


@dataclass
class Report:
    """What a run did: addresses accepted, the answer that ended it early, and notices given up."""

    accepted: int = 0
    failed: int = 0
    answer: Answer | None = None
    given_up: int = 0


def send_due(limit: int = DEFAULT_LIMIT) -> Report:
    """Send up to ``limit`` notices whose time has come, in batches.

    The first batch that is not accepted ends the run, and so does an engine that asked for a pause
    in an earlier one: what it said of one batch holds for the next.
    """
    report = Report()
    while limit > report.accepted and not _is_paused():
        batch = _claim(min(limit - report.accepted, MAX_BATCH))
        if not batch:
            break
        answer = post([notice.path for notice in batch])
        _settle(batch, answer)
        if answer.outcome is not Outcome.ACCEPTED:
            report.failed, report.answer = len(batch), answer
            report.given_up = sum(notice.is_given_up for notice in batch)
            break
        report.accepted += len(batch)
    return report


def _is_paused() -> bool:
    """Whether an engine said that there were too many requests, and its pause is not over."""
    to_send = IndexNowNotice.objects.to_send()
    return to_send.filter(last_error__startswith="429 ", retry_at__gt=timezone.now()).exists()


def _claim(limit: int) -> list[IndexNowNotice]:
    """Notices that are ours until their ``retry_at``, as they are in the database now."""
    now = timezone.now()
    with transaction.atomic():
        _drop_overtaken(now)
        rows = IndexNowNotice.objects.to_send().alias(next_attempt=IndexNowNotice.NEXT_ATTEMPT)
        rows = _not_locked(rows.filter(next_attempt__lte=now))
        batch = list(rows.order_by("next_attempt", "pk")[:limit])
        for notice in batch:
            notice.retry_at = now + BACKOFF[min(notice.attempts, len(BACKOFF) - 1)]
            notice.attempts += 1
        IndexNowNotice.objects.bulk_update(batch, ["retry_at", "attempts"], batch_size=_ROWS)
    return batch


def _drop_overtaken(now: datetime.datetime) -> None:
    """Forget what a later notice of the same address tells as well, now that it is due.

    A scheduled change overtakes an older one that was not accepted, or given up: whoever comes for
    the one sees both. So no batch names an address twice.
    """
    later = IndexNowNotice.objects.to_send().filter(
        path=OuterRef("path"), due_at__gt=OuterRef("due_at"), due_at__lte=now
    )
    rows = _not_locked(IndexNowNotice.objects.filter(Exists(later)))
    IndexNowNotice.objects.filter(pk__in=rows.values("pk")).delete()


def _not_locked(rows: QuerySet[IndexNowNotice]) -> QuerySet[IndexNowNotice]:
    """Locked by us from now on. A run waits for nobody, so that no editor can wait for it in turn.

    SQLite needs no such thing: it lets nobody else write meanwhile.
    """
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True)
    return rows


def _settle(batch: list[IndexNowNotice], answer: Answer) -> None:
    """Delete what arrived, note the error at what did not.

    A notice that was noted anew or set back meanwhile is another than was sent, and is left alone.
    """
    for rows in _claimed(batch):
        if answer.outcome is Outcome.ACCEPTED:
            rows.delete()
        elif answer.retry_at:
            # The engine's own pause, and no fault of the notices.
            rows.update(
                retry_at=answer.retry_at, attempts=F("attempts") - 1, last_error=answer.error
            )
        else:
            rows.update(last_error=answer.error)
    if answer.retry_at:
        for notice in batch:
            notice.attempts -= 1


def _claimed(batch: list[IndexNowNotice]) -> Iterator:
    """Those of a batch that are still as they were claimed, a few hundred at a time."""
    by_claim: dict[tuple, list[int]] = {}
    for notice in batch:
        by_claim.setdefault((notice.retry_at, notice.attempts), []).append(notice.pk)
    for (retry_at, attempts), keys in by_claim.items():
        for start in range(0, len(keys), _ROWS):
            yield IndexNowNotice.objects.filter(
                pk__in=keys[start : start + _ROWS], retry_at=retry_at, attempts=attempts
            )


# The request


class _StaysPut(request.HTTPRedirectHandler):
    """A redirect would turn the POST into a GET somewhere else: it is an answer like any other."""

    def redirect_request(self, *args, **kwargs):
        return None


def post(paths: list[str]) -> Answer:
    """Send one batch. Raises nothing: whatever happens is an answer."""
    try:
        # Nothing but http and https can be opened: ``check_settings`` and ``_opener``.
        with _opener().open(_request(paths), timeout=TIMEOUT) as response:
            return _answer_of(response.status, response.reason, response.headers)
    except HTTPError as error:
        with error:
            return _answer_of(error.code, error.reason, error.headers)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        reason = getattr(error, "reason", error)
        return Answer(Outcome.POSTPONED, _brief(f"No answer: {reason or type(error).__name__}"))


def _opener() -> request.OpenerDirector:
    """The environment's proxy and the web, without the schemes for files and FTP."""
    opener = request.OpenerDirector()
    for handler in (
        *(request.ProxyHandler(), request.HTTPHandler(), request.HTTPSHandler()),
        *(request.UnknownHandler(), request.HTTPDefaultErrorHandler(), _StaysPut()),
        request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _request(paths: list[str]) -> request.Request:
    """``host`` and ``keyLocation`` tell the engine where to find the key."""
    body = {
        "host": urlsplit(settings.SITE_ORIGIN).hostname,
        "key": settings.INDEXNOW_KEY,
        "keyLocation": absolute_url(reverse("indexnow-key", args=[settings.INDEXNOW_KEY])),
        "urlList": [absolute_url(path) for path in paths],
    }
    return request.Request(  # noqa: S310 (see post)
        settings.INDEXNOW_ENDPOINT,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": _user_agent()},
    )


def _user_agent() -> str:
    """The site's name as far as a header can hold it, and where the site is."""
    name = re.sub("[^A-Za-z0-9._-]+", "-", settings.SITE_NAMES["en"]).strip("-")
    return f"{name or 'healthsite'} (+{settings.SITE_ORIGIN}/)"


def _answer_of(status: int, reason: str, headers) -> Answer:
    if status in {200, 202}:
        return Answer(Outcome.ACCEPTED)
    error = _brief(f"{status} {reason}")
    if status == 429:
        return Answer(Outcome.POSTPONED, error, _retry_at(headers.get("Retry-After", "")))
    return Answer(Outcome.POSTPONED if status >= 500 else Outcome.REFUSED, error)


def _retry_at(text: str) -> datetime.datetime | None:
    """When Retry-After (RFC 9110, 10.2.3: seconds, or a date) asks for; None if it cannot be read.

    At most a day from now: no header may silence the site for good.
    """
    now = timezone.now()
    if re.fullmatch("[0-9]{1,9}", text.strip()):
        asked = now + datetime.timedelta(seconds=int(text))
    else:
        try:
            asked = parsedate_to_datetime(text)
        except ValueError:
            return None
        asked = asked if asked.tzinfo else asked.replace(tzinfo=datetime.UTC)
    return min(max(asked, now), now + BACKOFF[-1])


def _brief(text: str) -> str:
    """One line that fits the column."""
    width = IndexNowNotice._meta.get_field("last_error").max_length
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:width]
