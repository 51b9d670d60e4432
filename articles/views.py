"""Pages of articles, topics and the glossary. HTTP only: rules live in querysets and services."""

from django.db.models import Case, F, OuterRef, Subquery, TextField, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.bylines import byline
from articles.cards import make_cards
from articles.models import (
    Article,
    ArticleSlug,
    ArticleTranslation,
    GlossaryTermTranslation,
    Publication,
    TopicTranslation,
)
from articles.models.content import address_of
from articles.pagination import paginate
from healthsite import languages
from healthsite.metadata import page_meta
from healthsite.pages import paths_in_all_languages, render_page

RELATED = 2


@require_safe
def article_detail(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """An article in one language."""
    own, others = _publications_of(Article.Kind.ARTICLE, language, slug)
    if own is None:
        return _answer_without_text(Article.Kind.ARTICLE, language, slug, others)
    page = own.page
    return render_page(
        "articles/article_detail.html",
        language,
        _meta_of(own, others, language),
        {
            **_text_context(own, others),
            "byline": byline(page["contributions"], language),
            "topic": {"slug": own.topic_slug, "name": own.topic_name} if own.topic_slug else None,
            "related": _related(own, language),
        },
        sheet="article",
    )


@require_safe
def page_detail(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """A site page (about, privacy, …) in one language."""
    own, others = _publications_of(Article.Kind.PAGE, language, slug)
    if own is None:
        return _answer_without_text(Article.Kind.PAGE, language, slug, others)
    return render_page(
        "pages/page_detail.html",
        language,
        _meta_of(own, others, language),
        _text_context(own, others),
        sheet="article",
    )


@require_safe
def topic_list(request: HttpRequest, language: str) -> HttpResponse:
    return render_page(
        "articles/topic_list.html",
        language,
        page_meta(
            language,
            _("Topics"),
            description=_("What the articles are about."),
            paths=paths_in_all_languages("articles:topics"),
        ),
        {"topics": topics_with_counts(language), "nav": "topics"},
    )


@require_safe
def topic_detail(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    words = list(TopicTranslation.objects.filter(topic__slug=slug).select_related("topic"))
    own = next((item for item in words if item.language == language), None)
    if own is None:
        raise Http404
    publications = Publication.objects.readable().of_kind(Article.Kind.ARTICLE)
    publications = publications.in_language(language).of_topic(slug).newest_first()
    page = paginate(publications, request.GET.get("page"))
    paths = {item.language: reverse("articles:topic", args=[item.language, slug]) for item in words}
    return render_page(
        "articles/topic_detail.html",
        language,
        page_meta(language, own.name, description=own.description, paths=page.paths(paths)),
        {
            "topic": own,
            "cards": make_cards(page.items, language),
            "page": page,
            "nav": "topics",
        },
    )


@require_safe
def glossary(request: HttpRequest, language: str) -> HttpResponse:
    terms = list(GlossaryTermTranslation.objects.in_language(language))
    other = languages.other_languages(language)[0]
    counterparts = {
        item.term_id: item for item in GlossaryTermTranslation.objects.in_language(other.code)
    }
    return render_page(
        "articles/glossary.html",
        language,
        page_meta(
            language,
            _("Glossary"),
            description=_("Terms used in the articles, in Chinese and English."),
            paths=paths_in_all_languages("articles:glossary"),
        ),
        {"entries": [(term, counterparts.get(term.term_id)) for term in terms]},
    )


def topics_with_counts(language: str) -> list[TopicTranslation]:
    """Topics that hold at least one article readable in this language, in one query."""
    published = ArticleTranslation.objects.published().of_kind(Article.Kind.ARTICLE)
    return list(
        TopicTranslation.objects.in_language(language).with_article_count(
            published.in_language(language)
        )
    )


def _publications_of(
    kind: str, language: str, slug: str
) -> tuple[Publication | None, list[Publication]]:
    """The readable text in this language, and those in others, in one query."""
    topic = TopicTranslation.objects.in_language(language).filter(
        topic__articles=OuterRef("translation__article")
    )
    found = (
        Publication.objects.readable()
        .of_kind(kind)
        .filter(translation__article__slug=slug)
        .annotate(
            # Only one language's body is printed; the other's stays in the database.
            body=Case(
                When(translation__language=language, then=F("body_html")),
                default=Value(""),
                output_field=TextField(),
            ),
            topic_slug=Subquery(topic.values("topic__slug")[:1]),
            topic_name=Subquery(topic.values("name")[:1]),
        )
        .defer("body_html", "translation__body")
    )
    by_language = {item.translation.language: item for item in found}
    own = by_language.pop(language, None)
    return own, list(by_language.values())


def _answer_without_text(
    kind: str, language: str, slug: str, others: list[Publication]
) -> HttpResponse:
    """Moved (301), withdrawn (410), or not published in this language (404 with a link)."""
    moved = ArticleSlug.objects.filter(slug=slug).select_related("article").first()
    if moved:
        return HttpResponsePermanentRedirect(
            address_of(moved.article.kind, language, moved.article.slug)
        )
    withdrawn = (
        ArticleTranslation.objects.withdrawn()
        .of_kind(kind)
        .in_language(language)
        .filter(article__slug=slug)
        .first()
    )
    paths = {
        item.translation.language: address_of(kind, item.translation.language, slug)
        for item in others
    }
    if withdrawn:
        return render_page(
            "errors/gone.html",
            language,
            page_meta(language, _("Withdrawn"), paths=paths, is_indexed=False),
            {"translation": withdrawn, "others": others},
            status=410,
        )
    if others:
        return render_page(
            "errors/not_in_this_language.html",
            language,
            page_meta(language, _("Not in this language"), paths=paths, is_indexed=False),
            {"others": [(languages.BY_CODE[o.translation.language], o.page["title"],
                         paths[o.translation.language]) for o in others]},
            status=404,
        )
    raise Http404


def _meta_of(own: Publication, others: list[Publication], language: str):
    article = own.translation.article
    codes = [language, *(item.translation.language for item in others)]
    return page_meta(
        language,
        own.page["seo_title"] or own.page["title"],
        description=own.page["seo_description"],
        paths={code: address_of(article.kind, code, article.slug) for code in codes},
    )


def _text_context(own: Publication, others: list[Publication]) -> dict:
    page = own.page
    other = others[0] if others else None
    return {
        "publication": own,
        "page": page,
        "title_html": mark_safe(page["title_html"]),  # noqa: S308 (made at publication)
        "standfirst_html": mark_safe(page["standfirst_html"]),  # noqa: S308
        "edition_note_html": mark_safe(page["edition_note_html"]),  # noqa: S308
        "body": mark_safe(own.body),  # noqa: S308 (rendered and cleaned at publication)
        "contents": [entry for entry in own.outline if entry["level"] == 2],
        "other_title": other.page["title"] if other else "",
        "nav": "articles",
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


