"""A feed as plain data, whatever it is written as. Every address in it is absolute."""

import datetime
from dataclasses import dataclass

from healthsite.languages import Language


@dataclass(frozen=True)
class Person:
    """Somebody, or the site itself, with the page that says who that is."""

    name: str
    url: str


@dataclass(frozen=True)
class Topic:
    """A topic of an entry: ``slug`` is the same in every language, ``name`` is not."""

    slug: str
    name: str


@dataclass(frozen=True)
class Entry:
    """One article. ``id`` never changes; ``updated`` moves only when readers should know why.

    ``summary`` and the titles are plain text, ``content_html`` is clean HTML, ``image`` may be
    empty. Dates are aware.
    """

    id: str
    title: str
    url: str
    markdown_url: str
    published: datetime.datetime
    updated: datetime.datetime
    authors: tuple[Person, ...]
    topics: tuple[Topic, ...]
    summary: str
    content_html: str
    image: str = ""


@dataclass(frozen=True)
class Feed:
    """A list of entries, what changed last first.

    ``url`` is the page with the list it follows, ``atom_url`` and ``json_url`` the feed itself.
    ``publisher`` speaks for what names no author. ``tags`` say what the feed depends on (see
    ``healthsite.pages.tag_response``). ``rights`` is empty where no licence was given.
    """

    id: str
    language: Language
    title: str
    subtitle: str
    url: str
    atom_url: str
    json_url: str
    topics_url: str
    icon: str
    updated: datetime.datetime
    publisher: Person
    entries: tuple[Entry, ...]
    rights: str = ""
    tags: tuple[str, ...] = ()


def moment(value: datetime.datetime) -> str:
    """A date and time as both formats want it (RFC 3339), in UTC and to the second."""
    return value.astimezone(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
