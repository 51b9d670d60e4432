"""What each section of the sitemap lists: pages that are public and may be indexed, nothing else.

A section gives its pages in an order that does not change from one request to the next, and is cut
into files by position. Texts may be many: they come from the database row by row and are never in
memory together. Topics and authors are few beside them.
"""

import datetime
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import F, Max, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.encoding import filepath_to_uri

from articles.history_addresses import history_address
from articles.lists import LISTS, all_list_paths
from articles.models import Article, Publication, TopicTranslation
from articles.models.content import address_of
from authors.models import Author, AuthorTranslation
from healthsite import languages
from healthsite.metadata import absolute_url, alternates
from healthsite.pages import paths_in_all_languages
from healthsite.sitemaps.writing import Entry

CHANGED_AT = Coalesce("updated_at", "first_live_from")
"""dateModified: the last change readers should know about. A typing error moves neither."""

Newest = dict[tuple[Any, str], datetime.datetime]
"""When the newest article of something changed, by its primary key and the language's code."""

Listed = Callable[[int, str], bool]
"""Whether something, by its primary key, has its own page in a language."""


class Section(NamedTuple):
    """``entries`` gives the pages from one position up to another; ``dates`` when each changed.

    Both follow the same order. ``dates`` is for the index, which needs nothing else.
    """

    entries: Callable[[int, int], Iterator[Entry]]
    dates: Callable[[], Iterator[datetime.datetime | None]]


CHUNK = 2000
"""Texts read by one query: at least as many as there are languages."""

_PLACE = ("translation__article_id", "translation__language")
"""Where a text stands in the order of its section; no two stand at the same place."""

_SLUG = "slug-of-a-text"


# Articles and site pages


def text_dates(kind: str, *, is_log: bool = False) -> Iterator[datetime.datetime]:
    """When each readable text, or its public log, changed, in the order of ``text_entries``."""
    rows = _texts(kind).values_list(*_PLACE, F("live_from") if is_log else CHANGED_AT)
    return (changed_at for _, _, changed_at in _in_chunks(rows))


def text_entries(kind: str, start: int, stop: int, *, is_log: bool = False) -> Iterator[Entry]:
    """The texts of one kind from position ``start`` up to ``stop``; or their public logs.

    A log has no pictures, and changes with every publication: a mended typing error is in it too.

    The languages of an article are next to each other, and one pass tells which of them are
    readable. A little more than asked for is read at both ends, so that an article that is cut in
    two still names all its languages in both files.
    """
    reach = len(languages.LANGUAGES) - 1
    first = max(start - reach, 0)
    of_log = (F("live_from"), Value(""), Value(""))
    of_text = (CHANGED_AT, F("share_card__wide"), F("page__pictures"))
    columns = of_log if is_log else of_text
    rows = _texts(kind).values_list(*_PLACE, "translation__article__slug", *columns)
    patterns = {code: _address_pattern(kind, code, is_log) for code in languages.CODES}
    entries = _entries_of_texts(_in_chunks(rows, first, stop + reach - first), patterns)
    return islice(entries, start - first, stop - first)


def _texts(kind: str) -> QuerySet[Publication]:
    """The language follows the article's key, so that the order needs no sorting."""
    return Publication.objects.readable().of_kind(kind).order_by(*_PLACE)


def _in_chunks(rows: QuerySet, start: int = 0, count: float = math.inf) -> Iterator[tuple]:
    """Up to ``count`` rows that begin with ``_PLACE``, from position ``start``, chunk by chunk.

    Each chunk is a query that starts where the last one ended, which an index finds at once. A
    cursor kept open would do it in one query, but would hold its transaction for as long as the
    slowest robot takes to read the answer, and longer if nobody reads it to the end.
    """
    asked = min(CHUNK, count)
    chunk = list(rows[start : start + asked])
    yield from chunk
    count -= len(chunk)
    # A chunk that is not full was the last one.
    while len(chunk) >= asked and count > 0:
        article = chunk[-1][0]
        # The last article again, because another of its languages may follow.
        seen = {row[:2] for row in chunk[-len(languages.LANGUAGES) :]}
        asked = min(CHUNK, count)
        following = rows.filter(translation__article_id__gte=article)[: asked + len(seen)]
        chunk = [row for row in following if row[:2] not in seen][:asked]
        yield from chunk
        count -= len(chunk)


def _entries_of_texts(rows: Iterable[tuple], patterns: Mapping[str, str]) -> Iterator[Entry]:
    address = _picture_address()
    for _, group in groupby(rows, itemgetter(0)):
        texts = list(group)
        paths = {code: patterns[code].replace(_SLUG, slug) for _, code, slug, *_ in texts}
        same = alternates(paths)
        for _, code, _, changed_at, card, pictures in texts:
            # The share card first, and none twice.
            files = dict.fromkeys([*([card] if card else []), *(pictures or [])])
            yield Entry(absolute_url(paths[code]), changed_at, same, tuple(map(address, files)))


def _address_pattern(kind: str, code: str, is_log: bool) -> str:
    """An address with a placeholder: resolving each of 100,000 names would take seconds."""
    return history_address(kind, code, _SLUG) if is_log else address_of(kind, code, _SLUG)


def _picture_address() -> Callable[[str], str]:
    """A function that gives the absolute address of a stored file, as ``articles.pictures`` does.

    Django's own storage joins each name to its base anew, which is most of the price of a sitemap;
    here the base is looked up once. Other storages may sign every address, and are asked.
    """
    if isinstance(default_storage, FileSystemStorage):
        base = urljoin(settings.SITE_ORIGIN, default_storage.base_url)
        return lambda path: f"{base}{filepath_to_uri(path)}"
    return lambda path: urljoin(settings.SITE_ORIGIN, default_storage.url(path))


# Topics, authors and lists


def topic_entries() -> Iterator[Entry]:
    """Topics that hold a readable article in the language."""
    newest = _newest_by("translation__article__topics")
    words = TopicTranslation.objects.values_list("topic", "topic__slug", "language")
    return _named_entries(
        words.order_by("topic_id", "language"),
        "articles:topic",
        newest,
        is_listed=lambda key, code: (key, code) in newest,
    )


def author_entries() -> Iterator[Entry]:
    """Authors who are described in the language, and are active or have a readable article in it.

    Dated by their articles, if any.
    """
    newest = _newest_by("translation__article__contributions__author")
    words = AuthorTranslation.objects.values_list("author", "author__slug", "language")
    active = set(Author.objects.active().values_list("pk", flat=True))
    return _named_entries(
        words.order_by("author_id", "language"),
        "authors:detail",
        newest,
        is_listed=lambda key, code: key in active or (key, code) in newest,
    )


def list_entries() -> Iterator[Entry]:
    """The first page of every list, in each language, and the choice between the languages."""
    newest = _newest_by("translation__article__kind")
    # The choice leads to each of them, and asks no database what they hold.
    homes = alternates(paths_in_all_languages("home"))
    yield Entry(absolute_url(reverse("choose-language")), None, homes)
    for name in LISTS:
        paths = all_list_paths(name)
        for code, path in paths.items():
            # Of the other lists it is not known when they changed.
            changed_at = newest.get((Article.Kind.ARTICLE, code)) if name == "home" else None
            yield Entry(absolute_url(path), changed_at, alternates(paths))


def _newest_by(field: str) -> Newest:
    """When the newest readable article of each topic, author or kind changed, in each language."""
    rows = (
        Publication.objects.readable()
        .of_kind(Article.Kind.ARTICLE)
        .order_by()
        .values_list(F(field), "translation__language")
        .annotate(newest=Max(CHANGED_AT))
    )
    return {(key, code): changed_at for key, code, changed_at in rows}


def _named_entries(
    words: Iterable[tuple[int, str, str]],
    name: str,
    newest: Mapping[tuple[Any, str], datetime.datetime],
    is_listed: Listed,
) -> Iterator[Entry]:
    """Pages at ``name`` for rows of (key, slug, language), those of one key after each other."""
    for key, group in groupby(words, itemgetter(0)):
        listed = [(slug, code) for _, slug, code in group if is_listed(key, code)]
        paths = {code: reverse(name, args=[code, slug]) for slug, code in listed}
        same = alternates(paths)
        for code, path in paths.items():
            yield Entry(absolute_url(path), newest.get((key, code)), same)


def _text_section(kind: str, *, is_log: bool = False) -> Section:
    return Section(
        partial(text_entries, kind, is_log=is_log), partial(text_dates, kind, is_log=is_log)
    )


def _short_section(entries: Callable[[], Iterator[Entry]]) -> Section:
    """A section that is made whole and then cut: its pages are few."""
    return Section(
        lambda start, stop: islice(entries(), start, stop),
        lambda: (entry.changed_at for entry in entries()),
    )


SECTIONS = {
    "articles": _text_section(Article.Kind.ARTICLE),
    "pages": _text_section(Article.Kind.PAGE),
    "logs": _text_section(Article.Kind.ARTICLE, is_log=True),
    "pagelogs": _text_section(Article.Kind.PAGE, is_log=True),
    "topics": _short_section(topic_entries),
    "authors": _short_section(author_entries),
    "lists": _short_section(list_entries),
}
"""By the name in the address. The order is that of the index."""
