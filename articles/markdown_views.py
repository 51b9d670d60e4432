"""A text as Markdown, at an address of its own or for whom asks for it (RFC 7763, RFC 9110)."""

import re
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from articles.bylines import byline
from articles.document import Document
from articles.models import Article, Publication, ReviewSignature, TopicTranslation
from articles.models.content import address_of
from articles.plain_markdown import Text, markdown_path, text_markdown
from articles.reviews import reviews_of
from articles.staleness import lag_of
from articles.texts import answer_without_text, publications_of
from healthsite.pages import machine_response, public_view

CONTENT_TYPE = "text/markdown; charset=utf-8"
"""The charset is required (RFC 7763, 2)."""


@public_view
def text_as_markdown(request: HttpRequest, language: str, slug: str, kind: str) -> HttpResponseBase:
    """A text of an ``Article.Kind`` at its Markdown address. Where it moved, its Markdown did."""
    return _answer(kind, language, slug, markdown_path)


def article_as_markdown(request: HttpRequest, language: str, slug: str) -> HttpResponseBase:
    """An article as Markdown at the address of its page, for whom ``wants_markdown``.

    The caller says ``Vary: Accept``. Content-Location names the address that always gives this
    form (RFC 9110, 8.7). Whatever is no text (moved, withdrawn) is answered as for anybody else,
    so that it needs no Vary.
    """
    response = _answer(Article.Kind.ARTICLE, language, slug, address_of)
    if response.status_code == 200:
        path = markdown_path(Article.Kind.ARTICLE, language, slug)
        response.headers["Content-Location"] = path
    return response


def _answer(
    kind: str, language: str, slug: str, address: Callable[[str, str, str], str]
) -> HttpResponseBase:
    own, others = publications_of(kind, language, slug)
    if own is None:
        return answer_without_text(kind, language, slug, others, address)
    text = _gather(own, others)
    return machine_response(
        text_markdown(text),
        CONTENT_TYPE,
        language=language,
        canonical=text.canonical,
        tags=text.tags,
    )


def _gather(own: Publication, others: list[Publication]) -> Text:
    """Everything that the Markdown of a publication says, in a fixed number of queries."""
    article, language = own.translation.article, own.translation.language
    figures = Document.from_dict(own.document).figures_by_key if "<figure" in own.body else {}
    source = next(
        (item for item in others if item.translation.language == article.source_language), None
    )
    gathered = {
        "own": own,
        "others": others,
        "body_html": own.body,
        "figures": figures,
        "lag": lag_of(own, source).count,
    }
    if article.kind == Article.Kind.PAGE:
        return Text(**gathered)
    signatures = ReviewSignature.objects.of_text(own.translation_id)
    topics = TopicTranslation.objects.in_language(language).filter(topic__articles=article)
    return Text(
        **gathered,
        byline=byline(own.page["contributions"], language, reviews_of(own, signatures)),
        topics=list(topics),
    )


# Content negotiation

MAX_ACCEPT = 1_000
"""Characters; the headers of browsers have a tenth. Longer ones are not read."""

_ELEMENT = re.compile(r'(?:[^,"]|"(?:\\.|[^"\\])*")+')
_PARAMETER = re.compile(r'(?:[^;"]|"(?:\\.|[^"\\])*")+')
_WEIGHT = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z", re.ASCII)


def wants_markdown(request: HttpRequest) -> bool:
    """Whether a request names ``text/markdown`` and likes it at least as much as HTML.

    A range (``*/*``, ``text/*``) is no wish for Markdown, but it does weigh HTML where that is not
    named (RFC 9110, 12.5.1: the most specific range counts). What cannot be read gets the page.
    """
    accept = request.headers.get("Accept", "")
    weights: dict[str, float] = {}
    for element in _ELEMENT.findall(accept) if len(accept) <= MAX_ACCEPT else ():
        name, *parameters = (part.strip() for part in _PARAMETER.findall(element) or [""])
        weight = _weight(parameters)
        if weight is None:
            return False
        weights[name.lower()] = max(weight, weights.get(name.lower(), 0))
    markdown = weights.get("text/markdown", 0)
    ranges = ("text/html", "text/*", "*/*")
    html = next((weights[name] for name in ranges if name in weights), 0)
    return markdown > 0 and markdown >= html


def _weight(parameters: list[str]) -> float | None:
    """The ``q`` of an element, 1 without one, None where it is no weight (RFC 9110, 12.4.2)."""
    for parameter in parameters:
        name, _equals, value = parameter.partition("=")
        if name.strip().lower() == "q":
            return float(value) if _WEIGHT.match(value) else None
    return 1
