"""Sitemaps as XML, in pieces, so that a file of any length needs the memory of a few entries.

Sources: sitemaps.org 0.9 (urlset, sitemapindex), Google's extensions for images
(sitemap-image/1.1) and for languages (``xhtml:link``, "localized versions of your page").
"""

import datetime
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from healthsite.metadata import Alternate

CONTENT_TYPE = "application/xml; charset=utf-8"
MAX_IMAGES = 1000
"""Images of one page that Google reads."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PROTOCOL = "http://www.sitemaps.org/schemas/sitemap/0.9"
_URLSET = (
    f'<urlset xmlns="{_PROTOCOL}" xmlns:xhtml="http://www.w3.org/1999/xhtml" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
)
_INDEX = f'<sitemapindex xmlns="{_PROTOCOL}">\n'
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})
_PIECE = 200
"""Elements that are sent together: writing each alone would cost more than making it."""


class Entry(NamedTuple):
    """One page: its absolute address, when it last changed for readers (None: not known), the same
    page in each language, and the absolute addresses of its pictures.
    """

    url: str
    changed_at: datetime.datetime | None = None
    alternates: tuple[Alternate, ...] = ()
    images: tuple[str, ...] = ()


class File(NamedTuple):
    """One file of the set: its absolute address, and the newest change of a page in it."""

    url: str
    changed_at: datetime.datetime | None = None


def write_urlset(entries: Iterable[Entry]) -> Iterator[bytes]:
    """A sitemap. The protocol wants one entry at least; the caller sees to that."""
    return _document(_URLSET, map(_url, entries), "</urlset>\n")


def write_index(files: Iterable[File]) -> Iterator[bytes]:
    """A sitemap index; with the same demand as ``write_urlset``."""
    return _document(_INDEX, map(_sitemap, files), "</sitemapindex>\n")


def _document(start: str, elements: Iterator[str], end: str) -> Iterator[bytes]:
    piece = [_HEAD, start]
    for element in elements:
        piece.append(element)
        if len(piece) >= _PIECE:
            yield "".join(piece).encode()
            piece.clear()
    piece.append(end)
    yield "".join(piece).encode()


def _url(entry: Entry) -> str:
    images = "".join(
        f"<image:image><image:loc>{_escape(url)}</image:loc></image:image>\n"
        for url in entry.images[:MAX_IMAGES]
    )
    return (
        f"<url>\n{_location(entry.url, entry.changed_at)}{_links(entry.alternates)}{images}</url>\n"
    )


def _sitemap(file: File) -> str:
    return f"<sitemap>\n{_location(file.url, file.changed_at)}</sitemap>\n"


def _location(url: str, changed_at: datetime.datetime | None) -> str:
    """``lastmod`` is W3C Datetime: to the second, with its offset from UTC."""
    changed = (
        f"<lastmod>{changed_at.isoformat(timespec='seconds')}</lastmod>\n" if changed_at else ""
    )
    return f"<loc>{_escape(url)}</loc>\n{changed}"


@lru_cache(maxsize=16)
def _links(alternates: tuple[Alternate, ...]) -> str:
    """Kept for a moment: the languages of one page come one after the other, with the same list."""
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{_escape(item.tag)}" href="{_escape(item.url)}"/>\n'
        for item in alternates
    )


def _escape(text: str) -> str:
    """The five characters that the protocol wants as entities, in elements and attributes."""
    return text.translate(_ENTITIES)
