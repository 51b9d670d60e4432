"""The one source of what a page says about itself in ``<head>``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings

from healthsite import languages


@dataclass(frozen=True)
class Alternate:
    """The same page in one language: ``tag`` is for hreflang, ``url`` absolute."""

    tag: str
    url: str


@dataclass(frozen=True)
class PageMeta:
    """``title`` is the whole title element; ``canonical`` is empty on pages that have none."""

    title: str
    description: str = ""
    canonical: str = ""
    alternates: tuple[Alternate, ...] = ()
    is_indexed: bool = True
    paths: Mapping[str, str] = field(default_factory=dict)


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
) -> PageMeta:
    """Head of a page. ``paths``: its path in each language it is published in, its own included.

    ``path`` is its own where that is not among them (the language choice). ``is_translated`` is
    False where the other language's address holds something else (a later page of a list).

    hreflang is self-listed and reciprocal; x-default is the language choice at the root for the
    home page and the site's default language elsewhere (Google: localized versions of your pages).
    """
    paths = dict(paths or {})
    own = path or paths.get(language, "")
    other_name = " ".join(site_name(code) for code in _names_in_order(language))
    return PageMeta(
        title=f"{title} | {other_name}" if title else other_name,
        description=" ".join(description.split()),
        canonical=absolute_url(own) if own and is_indexed else "",
        alternates=(
            tuple(_alternates(paths)) if is_indexed and is_translated and len(paths) > 1 else ()
        ),
        is_indexed=is_indexed,
        paths=paths,
    )


def _names_in_order(language: str) -> list[str]:
    return [language, *(item.code for item in languages.other_languages(language))]


def _alternates(paths: Mapping[str, str]) -> Iterable[Alternate]:
    for item in languages.LANGUAGES:
        if item.code in paths:
            yield Alternate(item.tag, absolute_url(paths[item.code]))
    default = paths.get(languages.DEFAULT.code) or next(iter(paths.values()))
    is_home = default == f"/{languages.DEFAULT.code}/"
    yield Alternate("x-default", absolute_url("/" if is_home else default))
