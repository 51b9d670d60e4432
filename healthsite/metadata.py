"""The one source of what a page says about itself: ``<head>``, headers and JSON-LD."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

from healthsite import languages

GRAPH_LOCALES = {"zh-hans": "zh_CN", "en": "en_GB"}
"""Open Graph names a language with a territory; the site's English is spelt the British way."""

PREVIEW_ROBOTS = "max-image-preview:large"
"""Lets Google show the share card at its full size (robots meta tag specifications)."""


@dataclass(frozen=True)
class Alternate:
    """The same page in one language: ``tag`` is for hreflang, ``url`` absolute."""

    tag: str
    url: str


@dataclass(frozen=True)
class FeedLink:
    """The same content for a program: ``type`` is its media type, ``path`` its address."""

    title: str
    type: str
    path: str


@dataclass(frozen=True)
class ShareImage:
    """A picture for links to the page: ``url`` absolute, sizes in pixels."""

    url: str
    width: int
    height: int
    alt: str

    @property
    def type(self) -> str:
        return "image/png" if self.url.endswith(".png") else "image/jpeg"


@dataclass(frozen=True)
class Preload:
    """The picture that is painted first, as ``<link rel=preload>`` names it."""

    srcset: str
    sizes: str
    type: str


@dataclass(frozen=True)
class PageMeta:
    """``title`` is the whole title element; ``name`` what links to the page are called.

    ``canonical`` is empty on pages that have none. ``kind`` is Open Graph's type. ``properties``
    are further ones, as (property, content). ``graph`` are the nodes of the page's JSON-LD.
    """

    title: str
    name: str = ""
    description: str = ""
    canonical: str = ""
    alternates: tuple[Alternate, ...] = ()
    is_indexed: bool = True
    paths: Mapping[str, str] = field(default_factory=dict)
    kind: str = "website"
    properties: tuple[tuple[str, str], ...] = ()
    images: tuple[ShareImage, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    preload: Preload | None = None
    graph: Sequence[Mapping[str, Any]] = ()
    language: str = ""

    @property
    def robots(self) -> str:
        """What the robots meta element says."""
        return PREVIEW_ROBOTS if self.is_indexed and not settings.IS_CLOSED else "noindex"

    @property
    def locale(self) -> str:
        return GRAPH_LOCALES.get(self.language, "")

    @property
    def other_locales(self) -> list[str]:
        """Locales of the same page in other languages."""
        tags = {alternate.tag for alternate in self.alternates}
        return [
            GRAPH_LOCALES[item.code]
            for item in languages.LANGUAGES
            if item.tag in tags and item.code != self.language
        ]

    @property
    def site_name(self) -> str:
        return site_name(self.language)

    def with_graph(self, graph: Sequence[Mapping[str, Any]]) -> "PageMeta":
        """The same with the nodes of its JSON-LD."""
        return replace(self, graph=graph)


def site_name(code: str) -> str:
    return settings.SITE_NAMES[code]


def absolute_url(path: str) -> str:
    """An address from the configured origin, never from what a visitor's request says."""
    return f"{settings.SITE_ORIGIN}{path}"


def page_meta(
    language: str,
    title: str,
    *,
    description: str = "",
    paths: Mapping[str, str] | None = None,
    path: str = "",
    is_indexed: bool = True,
    is_translated: bool = True,
    feeds: Iterable[FeedLink] = (),
) -> PageMeta:
    """Head of a page. ``paths``: its path in each language it is published in, its own included.

    ``path`` is its own where that is not among them (the language choice). ``is_translated`` is
    False where the other language's address holds something else (a later page of a list).
    """
    paths = dict(paths or {})
    own = path or paths.get(language, "")
    other_name = " ".join(site_name(code) for code in _names_in_order(language))
    return PageMeta(
        title=f"{title} | {other_name}" if title else other_name,
        name=title or other_name,
        description=" ".join(description.split()),
        canonical=absolute_url(own) if own and is_indexed else "",
        alternates=alternates(paths) if is_indexed and is_translated else (),
        is_indexed=is_indexed,
        paths=paths,
        feeds=tuple(feeds),
        language=language,
    )


def text_meta(
    meta: PageMeta,
    *,
    published: datetime.datetime,
    updated: datetime.datetime | None,
    section: str = "",
    authors: Iterable[str] = (),
) -> PageMeta:
    """The head of an article or site page: Open Graph's ``article`` with its dates.

    ``updated`` is None while nothing but typing errors was changed; ``authors`` are absolute
    addresses of profiles; ``section`` is the name of the topic (ogp.me, article).
    """
    properties = [
        ("article:published_time", published.isoformat(timespec="seconds")),
        ("article:modified_time", (updated or published).isoformat(timespec="seconds")),
        *(("article:author", address) for address in authors),
    ]
    if section:
        properties.append(("article:section", section))
    return replace(meta, kind="article", properties=tuple(properties))


def _names_in_order(language: str) -> list[str]:
    return [language, *(item.code for item in languages.other_languages(language))]


def alternates(paths: Mapping[str, str]) -> tuple[Alternate, ...]:
    """The same page in each language it is published in (hreflang; Google: localized versions).

    ``paths`` are by language code, the page's own included; a page in one language has none. Every
    list names itself. ``zh`` beside ``zh-Hans`` catches readers whose browser names a region or
    another script; x-default is the language choice at the root for the home page, and the site's
    default language elsewhere.
    """
    return tuple(_alternates(paths)) if len(paths) > 1 else ()


def _alternates(paths: Mapping[str, str]) -> Iterable[Alternate]:
    for item in languages.LANGUAGES:
        if item.code in paths:
            url = absolute_url(paths[item.code])
            yield Alternate(item.tag, url)
            if item.generic_tag != item.tag:
                yield Alternate(item.generic_tag, url)
    default = paths.get(languages.DEFAULT.code) or next(iter(paths.values()))
    is_home = default == f"/{languages.DEFAULT.code}/"
    yield Alternate("x-default", absolute_url("/" if is_home else default))
