"""The text at an address: what readers read there, or the answer where there is nothing to read."""

from collections.abc import Callable

from django.db.models import Case, F, JSONField, TextField, Value, When
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles.cards import with_topic
from articles.models import ArticleSlug, Publication
from articles.models.content import address_of
from healthsite import languages
from healthsite.metadata import page_meta
from healthsite.pages import CACHE_CONTROL_MISSING, render_page, tag_response


def publications_of(
    kind: str, language: str, slug: str
) -> tuple[Publication | None, list[Publication]]:
    """The readable text in this language, and those in others, in one query."""
    found = (
        Publication.objects.readable()
        .with_log_count()
        .of_kind(kind)
        .select_related("revision", "share_card")
        .filter(translation__article__slug=slug)
        .annotate(
            # Only one language is printed; the other's text stays in the database.
            body=Case(
                When(translation__language=language, then=F("body_html")),
                default=Value(""),
                output_field=TextField(),
            ),
            document=Case(
                When(translation__language=language, then=F("revision__document")),
                output_field=JSONField(),
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
    kind: str,
    language: str,
    slug: str,
    others: list[Publication],
    address: Callable[[str, str, str], str] = address_of,
) -> HttpResponse:
    """Moved (301), withdrawn (410), or not published in this language (404 with a link).

    ``address`` gives what was asked for (the page, its log, its Markdown) for a kind, a language
    and a slug: where the text moved, that did.
    """
    if moved := _moved_to(kind, slug):
        return _redirect(address(kind, language, moved.article.slug), language, moved.article_id)
    withdrawn = _withdrawn(kind, language, slug)
    paths = {
        item.translation.language: address_of(kind, item.translation.language, slug)
        for item in others
    }
    if withdrawn:
        article = withdrawn.translation.article_id
        return render_page(
            "errors/gone.html",
            language,
            page_meta(language, _("Withdrawn"), paths=paths, is_indexed=False),
            {"translation": withdrawn.translation, "title": withdrawn.page["title"]},
            sheet="search",
            status=410,
            tags=[f"article-{article}"],
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
            sheet="search",
            status=404,
            tags=[f"article-{others[0].translation.article_id}"],
        )
    raise Http404


def _moved_to(kind: str, slug: str) -> ArticleSlug | None:
    """The article that once had this slug, with its slug now. A draft's address stays unknown."""
    moved = ArticleSlug.objects.filter(
        slug=slug,
        article__kind=kind,
        article__translations__publications__in=Publication.objects.live(),
    )
    return moved.select_related("article").first()


def _redirect(path: str, language: str, article: int) -> HttpResponse:
    response = HttpResponsePermanentRedirect(path)
    # Without this browsers keep it for ever, and shared caches longer than it takes to undo a
    # rename: both would send readers in a circle.
    response.headers["Cache-Control"] = CACHE_CONTROL_MISSING
    tag_response(response, [language, f"article-{article}"])
    return response


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
