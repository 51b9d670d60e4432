"""Pages of articles, topics and the glossary. HTTP only: rules live in querysets and services."""

from django.db.models import Case, F, TextField, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles.bylines import byline
from articles.cards import card_publications, make_cards, topic_of, with_topic
from articles.history_addresses import history_address
from articles.models import (
    Article,
    ArticleSlug,
    ArticleTranslation,
    GlossaryTermTranslation,
    Publication,
    ReviewSignature,
    TopicTranslation,
)
from articles.models.content import address_of
from articles.pagination import paginate
from articles.reviews import reviews_of
from articles.staleness import lag_of
from healthsite import languages
from healthsite.metadata import page_meta
from healthsite.pages import CACHE_CONTROL, paths_in_all_languages, public_view, render_page

RELATED = 2


@public_view
def article_detail(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """An article in one language."""
    own, others = publications_of(Article.Kind.ARTICLE, language, slug)
    if own is None:
        return answer_without_text(Article.Kind.ARTICLE, language, slug, others)
    signatures = ReviewSignature.objects.of_text(own.translation_id)
    return render_page(
        "articles/article_detail.html",
        language,
        _meta_of(own, others, language),
        {
            **text_context(own, others),
            **_history_context(own, others, language),
            "byline": byline(own.page["contributions"], language, reviews_of(own, signatures)),
            "topic": topic_of(own, language),
            "related": _related(own, language),
            "nav": "articles",
        },
        sheet="article",
    )


@public_view
def page_detail(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """A site page (about, privacy, …) in one language."""
    own, others = publications_of(Article.Kind.PAGE, language, slug)
    if own is None:
        return answer_without_text(Article.Kind.PAGE, language, slug, others)
    return render_page(
        "pages/page_detail.html",
        language,
        _meta_of(own, others, language),
        {**text_context(own, others), **_history_context(own, others, language)},
        sheet="article",
    )


@public_view
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


@public_view
def topic_detail(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    words = list(TopicTranslation.objects.filter(topic__slug=slug).select_related("topic"))
    own = next((item for item in words if item.language == language), None)
    if own is None:
        raise Http404
    publications = card_publications(language).of_topic(slug).newest_first()
    page = paginate(publications, request.GET.get("page"))
    paths = {item.language: reverse("articles:topic", args=[item.language, slug]) for item in words}
    return render_page(
        "articles/topic_detail.html",
        language,
        page_meta(
            language,
            page.title(own.name),
            description=own.description,
            paths=page.paths(paths, language),
            is_translated=page.number == 1,
        ),
        {
            "topic": own,
            "cards": make_cards(page.items, language),
            "page": page,
            "nav": "topics",
        },
    )


@public_view
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


def publications_of(
    kind: str, language: str, slug: str
) -> tuple[Publication | None, list[Publication]]:
    """The readable text in this language, and those in others, in one query."""
    found = (
        Publication.objects.readable()
        .with_log_count()
        .of_kind(kind)
        .select_related("revision")
        .filter(translation__article__slug=slug)
        .annotate(
            # Only one language's body is printed; the other's stays in the database.
            body=Case(
                When(translation__language=language, then=F("body_html")),
                default=Value(""),
                output_field=TextField(),
            ),
        )
        # Deferring adds up, and the outline is printed: without None it would cost a query.
        .defer(None)
        .defer("body_html", "translation__body", "revision__document")
    )
    by_language = {item.translation.language: item for item in with_topic(found, language)}
    own = by_language.pop(language, None)
    return own, list(by_language.values())


def answer_without_text(
    kind: str, language: str, slug: str, others: list[Publication]
) -> HttpResponse:
    """Moved (301), withdrawn (410), or not published in this language (404 with a link)."""
    if moved := _new_address(kind, language, slug):
        response = HttpResponsePermanentRedirect(moved)
        # Without this browsers keep it for ever, and a rename undone would send them in a circle.
        response.headers["Cache-Control"] = CACHE_CONTROL
        return response
    withdrawn = _withdrawn(kind, language, slug)
    paths = {
        item.translation.language: address_of(kind, item.translation.language, slug)
        for item in others
    }
    if withdrawn:
        return render_page(
            "errors/gone.html",
            language,
            page_meta(language, _("Withdrawn"), paths=paths, is_indexed=False),
            {"translation": withdrawn.translation, "title": withdrawn.page["title"]},
            status=410,
        )
    if others:
        return render_page(
            "errors/not_in_this_language.html",
            language,
            page_meta(language, _("Not in this language"), paths=paths, is_indexed=False),
            {
                "others": [
                    (
                        languages.BY_CODE[o.translation.language],
                        o.page["title"],
                        paths[o.translation.language],
                    )
                    for o in others
                ]
            },
            status=404,
        )
    raise Http404


def _new_address(kind: str, language: str, slug: str) -> str:
    """Where an article went that once had this slug. A draft's address stays unknown."""
    moved = ArticleSlug.objects.filter(
        slug=slug,
        article__kind=kind,
        article__translations__publications__in=Publication.objects.live(),
    )
    new_slug = moved.values_list("article__slug", flat=True).first()
    return address_of(kind, language, new_slug) if new_slug else ""


def _withdrawn(kind: str, language: str, slug: str) -> Publication | None:
    """What readers last read of a withdrawn text. The draft's title is not theirs to see."""
    publications = Publication.objects.live().of_kind(kind).in_language(language)
    return (
        publications.filter(
            translation__withdrawn_at__isnull=False, translation__article__slug=slug
        )
        .select_related("translation")
        .defer("body_html", "outline", "translation__body")
        .order_by("-number")
        .first()
    )


def _meta_of(own: Publication, others: list[Publication], language: str):
    article = own.translation.article
    codes = [language, *(item.translation.language for item in others)]
    return page_meta(
        language,
        own.page["seo_title"] or own.page["title"],
        description=own.page["seo_description"],
        paths={code: address_of(article.kind, code, article.slug) for code in codes},
    )


def text_context(own: Publication, others: list[Publication]) -> dict:
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
    }


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
