"""Validators of public answers, and 304 for those who have the answer already (RFC 9110, 8.8, 13).

ETag is strong and follows the bytes: the digest of the plain answer, with the name of the form
behind it where it is compressed. A browser that kept any form of the same answer is told to go on
using that. Last-Modified is when anything readers may see had last changed, or the site's own code:
coarse, but never older than the truth, for those who ask by date alone. It names the moment
``SETTLING`` after the change, and before that moment there is none.
"""

import datetime
import hashlib
import re
from functools import cache

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import http_date, parse_http_date_safe

from articles.models import ContentVersion

CODE = ("articles", "authors", "healthsite", "templates", "static", "locale")
"""Folders whose files make a page what it is, besides the content."""

KEPT = ("Cache-Control", "Content-Language", "Content-Location", "ETag", "Last-Modified", "Vary")
"""What a 304 repeats (RFC 9110, 15.4.5), and what caches purge by."""
TAGS = ("Cache-Tag", "Surrogate-Key", "Link", "X-Robots-Tag")


SETTLING = datetime.timedelta(seconds=2)
"""How long after a change Last-Modified is sent again, and how much later than it the date is.

Of two changes within one second, a page read between them would have the date of the one after
both (RFC 9110, 8.8.2.2). So one second is for dates, which have no fractions, and one for commits
that take their time and for a database with a clock of its own. Whoever read a page at the date it
names or later has the change, also those who send the time at which they read it (13.1.3).
"""

FORMS = ("gzip", "br5", "br11")
"""The names that compression puts behind a digest."""

_PAGE_TAG = re.compile(rf'"(?P<digest>[0-9a-f]{{20}})(?:-(?:{"|".join(FORMS)}))?"')


def etag_of(body: bytes, encoding: str = "") -> str:
    """The strong ETag of an answer whose plain form is ``body``, in one encoding's form."""
    digest = hashlib.sha256(body).hexdigest()[:20]
    return f'"{digest}-{encoding}"' if encoding else f'"{digest}"'


class FreshnessMiddleware:
    """Outside compression: it sees what is really sent."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = timezone.now()
        response = self.get_response(request)
        if not _is_public(request, response):
            return response
        if not response.streaming and not response.has_header("ETag"):
            response.headers["ETag"] = etag_of(response.content)
        if not response.has_header("Last-Modified") and _may_change(response):
            changed = last_modified()
            # Counted from the start of the request: what changed since may not be in the answer.
            if changed and changed + SETTLING <= began:
                response.headers["Last-Modified"] = http_date((changed + SETTLING).timestamp())
        known = _known_validator(request, response)
        return _not_modified(response, known) if known is not None else response


def last_modified() -> datetime.datetime | None:
    """When the content or the code last changed; None while the database does not answer."""
    try:
        changed = ContentVersion.objects.changed_at()
    except DatabaseError:
        return None
    moments = [code_changed_at(), *([changed] if changed else [])]
    return max(moments)


@cache
def code_changed_at() -> datetime.datetime:
    """The newest file of the code that this process runs. The same for every worker."""
    newest = max(
        path.stat().st_mtime
        for folder in CODE
        for path in (settings.BASE_DIR / folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".svg", ".js", ".mo"}
    )
    return datetime.datetime.fromtimestamp(newest, tz=datetime.UTC)


def _is_public(request: HttpRequest, response: HttpResponseBase) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and response.status_code == 200
        and not response.cookies
        and response.headers.get("Cache-Control", "").startswith("public")
    )


def _may_change(response: HttpResponseBase) -> bool:
    return "immutable" not in response.headers["Cache-Control"]


def _known_validator(request: HttpRequest, response: HttpResponseBase) -> str | None:
    """What a visitor has that is as good as this answer: their ETag, or "" for their date.

    If-Modified-Since counts only without If-None-Match (RFC 9110, 13.1.3). None: send it all.
    """
    if "If-None-Match" in request.headers:
        own = response.headers.get("ETag", "")
        return _matching(request.headers["If-None-Match"], own) if own else None
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    changed = parse_http_date_safe(response.headers.get("Last-Modified", ""))
    is_known = since is not None and changed is not None and changed <= since <= _now()
    return "" if is_known else None


def _now() -> float:
    # A date to come is not valid (RFC 9110, 13.1.3); a minute is left to clocks that differ.
    return timezone.now().timestamp() + 60


def _matching(header: str, own: str) -> str | None:
    """One of our ETags that the visitor has of the same plain answer; this answer's own if theirs.

    Weak ones count as strong (RFC 9110, 13.1.2). What is no ETag of ours is never repeated: a
    cache would look for a stored answer by it (RFC 9111, 4.3.4).
    """
    if header.strip(" \t") == "*":
        return own
    tags = [tag.strip(" \t").removeprefix("W/") for tag in header.split(",")]
    known = [tag for tag in tags if _is_same_answer(tag, own)]
    return own if own in known else next(iter(known), None)


def _is_same_answer(tag: str, own: str) -> bool:
    """Whether ``tag`` is ``own``, or that of another form of the same page."""
    theirs, ours = _PAGE_TAG.fullmatch(tag), _PAGE_TAG.fullmatch(own)
    return tag == own or (
        theirs is not None and ours is not None and theirs["digest"] == ours["digest"]
    )


def _not_modified(response: HttpResponseBase, tag: str) -> HttpResponse:
    answer = HttpResponseNotModified()
    for name in (*KEPT, *TAGS):
        if response.has_header(name):
            answer.headers[name] = response.headers[name]
    if tag:
        answer.headers["ETag"] = tag
    # Browsers put a 304's headers in place of the stored ones, so the policy has to be the page's.
    for name in ("_csp_replace", "_csp_update", "_csp_exempt"):
        if hasattr(response, name):
            setattr(answer, name, getattr(response, name))
    # What the server closes when it has sent the answer, an open file say. Not now: to close an
    # answer tells Django that the request is over, and with it the database connection.
    answer._resource_closers.extend(response._resource_closers)
    return answer
