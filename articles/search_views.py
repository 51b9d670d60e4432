"""The search page: HTTP only; finding and snippets live in ``articles.searching``."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.cards import Card, make_cards, with_topic
from articles.markdown.typesetting import mark_han
from articles.models import Article, Publication
from articles.pagination import Page, paginate
from articles.querysets import DIGESTS
from articles.searching.finding import FoundTopic, Match, find, terms_found, topics_of
from articles.searching.queries import Query, parse_query, query_string
from articles.searching.reading import paragraphs
from articles.searching.snippets import choose_line, excerpt, highlight
from articles.views import topics_with_counts
from healthsite import languages
from healthsite.metadata import PageMeta, page_meta
from healthsite.pages import public_view, render_page

CACHE_CONTROL = "private, no-store"
"""What somebody asks about their health is kept nowhere: not by us, not by a cache on the way."""


@dataclass(frozen=True)
class Result:
    """One text found: its card, and title and snippet as safe HTML with the hits marked."""

    card: Card
    title: SafeString
    snippet: SafeString

    @property
    def is_site_page(self) -> bool:
        return self.card.publication.translation.article.kind == Article.Kind.PAGE


@dataclass(frozen=True)
class Choice:
    """One link that narrows or widens a search: ``query`` is its query string."""

    name: str
    query: str
    is_current: bool = False


@public_view
def results(request: HttpRequest, language: str) -> HttpResponse:
    """The form, and what was found for ``q``; ``topic`` (a slug) and ``page`` narrow it."""
    query = parse_query(request.GET.get("q", ""))
    matches = find(language, query.folded)
    topics = topics_of(language, matches)
    topic = next((item for item in topics if item.slug == request.GET.get("topic")), None)
    if topic:
        matches = [match for match in matches if match.article in topic.articles]
    page = paginate(matches, request.GET.get("page"))
    response = render_page(
        "articles/search.html",
        language,
        _meta(query, page, language),
        {
            "query": query,
            "heading": page.title(_heading(len(matches))) if matches else "",
            "results": _results(page.items, query, language),
            "choices": _choices(topics, topic, query),
            "previous_query": _other_page(page, -1, query, topic),
            "next_query": _other_page(page, 1, query, topic),
            "fewer": [] if matches else _fewer_words(query, language),
            "topics": [] if matches else topics_with_counts(language),
            "other_search": _path(languages.other_languages(language)[0].code, query),
            "nav": "search",
        },
        sheet="search",
    )
    if query.text:
        response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def _heading(count: int) -> str:
    if count == 1:
        return _("1 result")
    return _("%(count)s results, most relevant first") % {"count": count}


def _meta(query: Query, page: Page, language: str) -> PageMeta:
    """Never indexed: a search engine should lead to texts, not to lists of other results."""
    title = _("Search: %(words)s") % {"words": query.text} if query.text else _("Search")
    return page_meta(
        language,
        page.title(title),
        paths={code: _path(code, query) for code in languages.CODES},
        is_indexed=False,
    )


def _path(code: str, query: Query) -> str:
    """The same search in a language."""
    path = reverse("search:results", args=[code])
    return path + query_string(query.text) if query.text else path


def _results(matches: Sequence[Match], query: Query, language: str) -> list[Result]:
    """The results of one page, in three queries."""
    if not matches:
        return []
    keys = [match.publication for match in matches]
    found = with_topic(Publication.objects.readable().filter(pk__in=keys), language)
    # Deferring adds up, and the body is read: without None it would cost a query for each.
    found = found.select_related("search_text").defer(None)
    found = found.defer("outline", "translation__body", *DIGESTS)
    by_key = {publication.pk: publication for publication in found}
    cards = make_cards([by_key[key] for key in keys if key in by_key], language)
    return [
        Result(
            card,
            _in_language(highlight(card.page["title"], query.folded), language),
            _in_language(_snippet(card.publication, query, language), language),
        )
        for card in cards
    ]


def _snippet(publication: Publication, query: Query, language: str) -> SafeString:
    """Around the first hit; the standfirst where the title alone holds the words."""
    index = publication.search_text
    place = choose_line([index.summary, *index.body.split("\n")], query.folded)
    # Line n of the index is paragraph n of the body.
    text = next(islice(paragraphs(publication.body_html), place - 1, None), "") if place > 0 else ""
    is_chinese = languages.BY_CODE[language].is_chinese
    return excerpt(text or publication.page["standfirst"], query.folded, is_chinese)


def _in_language(html: SafeString, language: str) -> SafeString:
    """Chinese words in an English text are marked as such (WCAG 3.1.2)."""
    if languages.BY_CODE[language].is_chinese:
        return html
    return mark_safe(mark_han(html))  # noqa: S308 (adds elements around Han characters only)


def _choices(topics: Sequence[FoundTopic], topic: FoundTopic | None, query: Query) -> list[Choice]:
    """Topics to narrow the search to; none where there is nothing to choose."""
    if len(topics) < 2 and topic is None:
        return []
    whole = Choice(_("All"), query_string(query.text), is_current=topic is None)
    return [
        whole,
        *(
            Choice(item.name, query_string(query.text, item.slug), is_current=item == topic)
            for item in topics
        ),
    ]


def _other_page(page: Page, step: int, query: Query, topic: FoundTopic | None) -> str:
    """The query string of the page before or after; empty where there is none."""
    number = page.number + step
    is_there = page.has_next if step > 0 else number > 0
    return query_string(query.text, topic.slug if topic else "", number) if is_there else ""


def _fewer_words(query: Query, language: str) -> list[Choice]:
    """Single words of a search without results that find something alone."""
    if len(query.terms) < 2:
        return []
    return [
        Choice(term.words, query_string(term.words)) for term in terms_found(language, query.terms)
    ]
