"""Where the feeds are, for pages that name them in ``<head>``."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from healthsite.metadata import FeedLink, site_name


class Format(NamedTuple):
    """A format of feeds: ``name`` ends the names of its addresses and is shown to readers."""

    name: str
    media_type: str
    label: str


ATOM = Format("atom", "application/atom+xml", "Atom")
JSON = Format("json", "application/feed+json", "JSON Feed")


def feed_links(
    language: str, *, topic: str = "", author: str = "", name: str = ""
) -> list[FeedLink]:
    """The feeds that a page should name, the closest first: programs offer the first.

    ``topic`` or ``author`` is the slug of the one that the page is about, and ``name`` what it is
    called in this language. Without either, the feeds of the whole language alone.
    """
    kind, slug = ("topic", topic) if topic else ("author", author)
    own = [_link(language, form, kind, slug, name) for form in (ATOM, JSON)] if slug else []
    return [*own, *(_link(language, form) for form in (ATOM, JSON))]


def feed_title(language: str, name: str = "") -> str:
    """What a feed is called: the site, and the topic or author whose feed it is."""
    site = site_name(language)
    return site + _(": ") + name if name else site


def feed_path(language: str, form: Format, kind: str = "", slug: str = "") -> str:
    """The path of a feed. ``kind`` is topic or author, or empty for the whole language."""
    if not kind:
        return reverse(f"feeds:{form.name}", args=[language])
    return reverse(f"feeds:{kind}-{form.name}", args=[language, slug])


def _link(language: str, form: Format, kind: str = "", slug: str = "", name: str = "") -> FeedLink:
    title = _("%(title)s (%(format)s)") % {
        "title": feed_title(language, name),
        "format": form.label,
    }
    return FeedLink(title, form.media_type, feed_path(language, form, kind, slug))
