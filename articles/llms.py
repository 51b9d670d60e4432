"""``/llms.txt``: the site in a page of links, for programs that read texts (llmstxt.org)."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from articles.feeds.links import feed_links
from articles.models import Article, Publication
from articles.plain_markdown import disclaimer, markdown_address
from articles.plain_markdown.blocks import heading, join, quote
from articles.plain_markdown.escaping import escape_text, link_target, one_space, plain_line
from healthsite import languages
from healthsite.metadata import absolute_url, site_name
from healthsite.pages import machine_response, public_view

CONTENT_TYPE = "text/plain; charset=utf-8"
"""The convention asks for Markdown in a file called ``.txt`` and names no media type. Files of that
name are served as plain text, and a browser shows those instead of storing them."""

MAX_ARTICLES = 200
"""Articles listed in each language; the sitemap and the feeds lead to all of them."""

PAGES = ("about", "editorial-policy", "evidence-grades", "corrections")
"""Site pages that say how the texts are made, in this order."""


@public_view
def llms(request: HttpRequest) -> HttpResponseBase:
    """The newest articles of every language as Markdown, and how they are made."""
    return machine_response(
        _content(),
        CONTENT_TYPE,
        canonical=absolute_url(reverse("markdown:llms")),
        tags=[*languages.CODES, "articles"],
    )


def _content() -> str:
    names = " ".join(site_name(item.code) for item in languages.LANGUAGES)
    pages = _pages()
    parts = [heading(1, plain_line(names)), quote(_in_each_language(_summary))]
    parts += _in_each_language(disclaimer) + _in_each_language(_licence)
    for item in languages.LANGUAGES:
        with translation.override(item.code):
            parts += _listed(item, _("Articles"), _articles(item.code))
            own = [page for page in pages if page.translation.language == item.code]
            parts += _listed(item, _("About this site"), own)
    # The convention's name for what a program may leave out.
    parts += [heading(2, "Optional"), "\n".join(_ways_to_everything())]
    return f"{join(parts)}\n"


def _in_each_language(words: Callable[[], str]) -> list[str]:
    found = []
    for item in languages.LANGUAGES:
        with translation.override(item.code):
            found.append(plain_line(words()))
    return found


def _summary() -> str:
    return _("Health articles in Chinese and English. Every claim carries a grade.")


def _licence() -> str:
    return f"{_('Licence of the texts')}{_(': ')}{settings.TEXT_LICENCE or _('none stated')}"


def _listed(item: languages.Language, title: str, publications: Sequence[Publication]) -> list[str]:
    """A section of links, or nothing where there is nothing to link to."""
    if not publications:
        return []
    words = plain_line(f"{item.name}{_(': ')}{title}")
    return [heading(2, words), "\n".join(map(_entry, publications))]


def _ways_to_everything() -> list[str]:
    # A closed site has no sitemap.
    lines = [] if settings.IS_CLOSED else [_link("Sitemap", absolute_url(reverse("sitemap")))]
    for item in languages.LANGUAGES:
        with translation.override(item.code):
            feeds = feed_links(item.code)
            lines += [_link(feed.title, absolute_url(feed.path)) for feed in feeds]
    return lines


def _entry(publication: Publication) -> str:
    page = publication.page
    return _link(page["title"], markdown_address(publication), page["standfirst"])


def _link(name: str, address: str, note: str = "") -> str:
    """``- [name](address): note``, as the convention spells it in every language."""
    words = f": {escape_text(one_space(note).strip())}" if note else ""
    return f"- [{escape_text(one_space(name).strip())}]({link_target(address)}){words}"


def _articles(language: str) -> list[Publication]:
    readable = Publication.objects.readable().of_kind(Article.Kind.ARTICLE)
    return list(readable.in_language(language).newest_first()[:MAX_ARTICLES])


def _pages() -> list[Publication]:
    """The listed site pages in every language, in the order of ``PAGES``."""
    readable = Publication.objects.readable().of_kind(Article.Kind.PAGE)
    found = readable.filter(translation__article__slug__in=PAGES)
    return sorted(found, key=lambda item: PAGES.index(item.translation.article.slug))
