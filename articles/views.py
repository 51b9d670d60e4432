"""Pages of articles, topics and the glossary. HTTP only: rules live in querysets and services."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles.bylines import byline
from articles.cards import card_publications, make_cards, topic_of
from articles.document import Document
from articles.feeds import feed_links
from articles.heads import card_images, list_head, text_head
from articles.history_addresses import history_address
from articles.lists import list_paths
from articles.markdown_views import article_as_markdown, wants_markdown
from articles.models import (
    Article,
    ArticleTranslation,
    GlossaryTermTranslation,
    Publication,
    ReviewSignature,
    TopicTranslation,
)
from articles.models.content import address_of
from articles.pagination import PER_PAGE, paginate
from articles.reviews import reviews_of
from articles.sharing import share_panel
from articles.staleness import lag_of
from articles.structured_data import (
    article_graph,
    glossary_graph,
    page_graph,
    published_policies,
    topic_graph,
    topic_list_graph,
)
from articles.tags import tags_of_cards, tags_of_text
from articles.texts import answer_without_text, publications_of, text_context
from healthsite import languages
from healthsite.pages import public_view, render_page

RELATED = 2


@public_view
def article_detail(request: HttpRequest, language: str, slug: str) -> HttpResponseBase:
    """An article in one language: a page, or Markdown for whom asks for that."""
    is_markdown = wants_markdown(request)
    answer = article_as_markdown if is_markdown else _article_page
    response = answer(request, language, slug)
    if response.status_code == 200:
        patch_vary_headers(response, ["Accept"])
    return response


def _article_page(request: HttpRequest, language: str, slug: str) -> HttpResponseBase:
    own, others = publications_of(Article.Kind.ARTICLE, language, slug)
    if own is None:
        return answer_without_text(Article.Kind.ARTICLE, language, slug, others)
    reviews = reviews_of(own, ReviewSignature.objects.of_text(own.translation_id))
    people, topic = byline(own.page["contributions"], language, reviews), topic_of(own, language)
    related = _related(own, language)
    images = card_images(own)
    meta = text_head(own, others, language, byline=people, topic=topic, images=images)
    graph = article_graph(
        meta,
        own,
        others,
        document=Document.from_dict(own.document),
        byline=people,
        reviews=reviews,
        topic=topic,
        images=images,
        policies=published_policies(language),
    )
    return render_page(
        "articles/article_detail.html",
        language,
        meta.with_graph(graph),
        {
            **text_context(own, others),
            **_history_context(own, others, language),
            "byline": people,
            "topic": topic,
            "related": related,
            "share": share_panel(meta.canonical, own.page["title"], language),
            "nav": "articles",
        },
        sheet="article",
        tags=tags_of_text(own, people, [item["publication"] for item in related]),
    )


@public_view
def page_detail(request: HttpRequest, language: str, slug: str) -> HttpResponseBase:
    """A site page (about, privacy, …) in one language."""
    own, others = publications_of(Article.Kind.PAGE, language, slug)
    if own is None:
        return answer_without_text(Article.Kind.PAGE, language, slug, others)
    meta = text_head(own, others, language, images=card_images(own))
    return render_page(
        "pages/page_detail.html",
        language,
        meta.with_graph(page_graph(meta, own, others, published_policies(language))),
        {**text_context(own, others), **_history_context(own, others, language)},
        sheet="article",
        tags=tags_of_text(own),
    )


@public_view
def topic_list(request: HttpRequest, language: str) -> HttpResponseBase:
    topics = topics_with_counts(language)
    meta = list_head(
        language,
        _("Topics"),
        description=_("What the articles are about."),
        paths=list_paths("articles:topics", language),
        is_indexed=bool(topics),
    )
    return render_page(
        "articles/topic_list.html",
        language,
        meta.with_graph(topic_list_graph(meta, topics, published_policies(language))),
        {"topics": topics, "nav": "topics"},
        tags=["topics", *(f"topic-{item.topic_id}" for item in topics)],
    )


@public_view
def topic_detail(request: HttpRequest, language: str, slug: str) -> HttpResponseBase:
    words = list(TopicTranslation.objects.filter(topic__slug=slug).with_content())
    own = next((item for item in words if item.language == language), None)
    if own is None:
        raise Http404
    publications = card_publications(language).of_topic(slug).newest_first()
    page = paginate(publications, request.GET.get("page"))
    cards = make_cards(page.items, language)
    paths = {
        item.language: reverse("articles:topic", args=[item.language, slug])
        for item in words
        if item.has_articles or item is own
    }
    meta = list_head(
        language,
        page.title(own.name),
        description=page.title(
            own.description or _("Articles about “%(topic)s”.") % {"topic": own.name}
        ),
        paths=page.paths(paths, language),
        # A list of nothing is no answer to a search.
        is_indexed=own.has_articles,
        is_translated=page.number == 1,
        feeds=feed_links(language, topic=slug, name=own.name),
    )
    policies = published_policies(language)
    first = (page.number - 1) * PER_PAGE + 1
    return render_page(
        "articles/topic_detail.html",
        language,
        meta.with_graph(topic_graph(meta, own, cards, policies, first)),
        {"topic": own, "cards": cards, "page": page, "nav": "topics"},
        tags=[f"topic-{own.topic_id}", *tags_of_cards(cards)],
    )


@public_view
def glossary(request: HttpRequest, language: str) -> HttpResponseBase:
    terms = list(GlossaryTermTranslation.objects.in_language(language))
    other = languages.other_languages(language)[0]
    counterparts = {
        item.term_id: item for item in GlossaryTermTranslation.objects.in_language(other.code)
    }
    entries = [(term, counterparts.get(term.term_id)) for term in terms]
    meta = list_head(
        language,
        _("Glossary"),
        description=_("Terms used in the articles, in Chinese and English."),
        paths=list_paths("articles:glossary", language),
        is_indexed=bool(entries),
    )
    return render_page(
        "articles/glossary.html",
        language,
        meta.with_graph(glossary_graph(meta, entries, published_policies(language))),
        {"entries": entries},
        tags=["glossary"],
    )


def topics_with_counts(language: str) -> list[TopicTranslation]:
    """Topics that hold at least one article readable in this language, in one query."""
    published = ArticleTranslation.objects.published().of_kind(Article.Kind.ARTICLE)
    return list(
        TopicTranslation.objects.in_language(language).with_article_count(
            published.in_language(language)
        )
    )


def _history_context(own: Publication, others: list[Publication], language: str) -> dict:
    """The way to the public log, and how far the text lags behind its source."""
    article = own.translation.article
    source = next(
        (item for item in others if item.translation.language == article.source_language), None
    )
    return {
        "history_url": history_address(article.kind, language, article.slug),
        "history_count": own.log_count,
        "lag": lag_of(own, source),
        "source_url": address_of(article.kind, article.source_language, article.slug),
        "source_language": languages.BY_CODE[article.source_language],
    }


def _related(own: Publication, language: str) -> list[dict]:
    """Newest other articles of the same topics, without their cards' extra queries."""
    article = own.translation.article
    publications = (
        Publication.objects.readable()
        .of_kind(Article.Kind.ARTICLE)
        .in_language(language)
        .filter(translation__article__topics__in=article.topics.all())
        .exclude(translation__article=article)
        .distinct()
        .newest_first()[:RELATED]
    )
    return [
        {
            "publication": item,
            "page": item.page,
            "title_html": mark_safe(item.page["title_html"]),  # noqa: S308
            "url": address_of("article", language, item.translation.article.slug),
            "date": item.updated_at or item.first_live_from,
        }
        for item in publications
    ]
