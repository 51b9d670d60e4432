"""``/sitemap.xml`` and the files it names.

All of them lie at the root, because a sitemap may only speak for addresses below its own folder
(sitemaps.org, "Sitemap file location").
"""

import datetime
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from healthsite import languages
from healthsite.metadata import absolute_url
from healthsite.pages import machine_response, public_view
from healthsite.sitemaps.sections import SECTIONS
from healthsite.sitemaps.writing import CONTENT_TYPE, File, write_index, write_urlset

PER_FILE = 10_000
"""Addresses in one file. The protocol allows 50,000 and 50 MiB; smaller files are read more often
and come down faster."""


@public_view
def sitemap_index(request: HttpRequest) -> HttpResponseBase:
    """The list of all files. A closed site has none: nothing there may be indexed."""
    _refuse_when_closed()
    content = b"".join(write_index(_files()))
    return _answer(content, reverse("sitemap"))


@public_view
def sitemap_section(request: HttpRequest, section: str, number: str) -> HttpResponseBase:
    """One file, as it is read from the database. 404 for one that the index does not name.

    It has no ETag. A strong one would have to be sent before the texts are read, chunk by chunk and
    in no one transaction: a text published meanwhile would be in some answers of that ETag and not
    in others. Last-Modified is older than the answer, and so true of all that is in it.
    """
    _refuse_when_closed()
    if section not in SECTIONS:
        raise Http404
    stop = int(number) * PER_FILE
    entries = SECTIONS[section].entries(stop - PER_FILE, stop)
    # The first one is read now: once the answer has begun, it can be neither 404 nor 500.
    first = next(entries, None)
    if first is None:
        raise Http404
    content = write_urlset(chain([first], entries))
    return _answer(content, reverse("sitemap-section", args=[section, number]))


LISTED = ("articles", "topics", "authors", "glossary")
"""What a new one of changes a file of the sitemap."""


def _answer(content: bytes | Iterator[bytes], path: str) -> HttpResponseBase:
    return machine_response(
        content, CONTENT_TYPE, canonical=absolute_url(path), tags=[*languages.CODES, *LISTED]
    )


def _refuse_when_closed() -> None:
    if settings.IS_CLOSED:
        raise Http404


def _files() -> Iterator[File]:
    for name, section in SECTIONS.items():
        for number, newest in enumerate(_newest_in_each_file(section.dates()), start=1):
            yield File(absolute_url(reverse("sitemap-section", args=[name, number])), newest)


def _newest_in_each_file(
    dates: Iterable[datetime.datetime | None],
) -> Iterator[datetime.datetime | None]:
    """The newest date of every PER_FILE in turn; None where none of them is known."""
    dates = iter(dates)
    for first in dates:
        rest = islice(dates, PER_FILE - 1)
        yield max((date for date in chain([first], rest) if date), default=None)
