"""A draft as readers would see it: by the renderer and the template of the public page."""

from types import SimpleNamespace
from typing import Any

from csp.constants import NONE, SELF
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from articles.admin import access
from articles.admin.desk.draft import Draft
from articles.admin.desk.views import text_view
from articles.building import build_document
from articles.bylines import byline
from articles.cards import CardTopic
from articles.document import Document
from articles.models import ArticleTranslation, PreviewLink, TopicTranslation
from articles.rendering import render
from healthsite import styles
from healthsite.metadata import page_meta
from healthsite.pages import render_page, use_sheet

SALT = "healthsite.preview"
SCHEMES = ("light", "dark")


@text_view("preview", "preview/", may=access.can_see, methods=("GET", "HEAD", "POST"))
def preview(request: HttpRequest, text: ArticleTranslation) -> HttpResponse:
    """The saved draft, or (POST, for those who may edit) what stands on the desk unsaved."""
    if request.method == "POST" and access.can_edit(request.user, text):
        draft = Draft(text, request.POST, user=request.user, is_sketch=True)
        draft.is_valid()
        document = draft.document()
    else:
        document = build_document(text)
    scheme = (request.POST or request.GET).get("scheme", "")
    return preview_response(text, document, scheme=scheme)


def preview_response(
    text: ArticleTranslation, document: Document, *, scheme: str = "", note: str = ""
) -> HttpResponse:
    """The public page of a document that is not published. Never cached, never indexed."""
    with translation.override(text.language):
        response = _page(text, document, note)
    sheet = styles.in_scheme(styles.sheet("article"), scheme if scheme in SCHEMES else "")
    if scheme in SCHEMES:
        plain = styles.sheet("article").text
        response.content = response.content.decode().replace(plain, sheet.text).encode()
    use_sheet(response, sheet)
    # The desk shows it in a frame; nobody else may.
    response._csp_replace["frame-ancestors"] = [SELF]
    # It shares the desk's origin, and shows what others typed: whatever got past the cleaning of
    # the text must not act for who looks at it. Public pages need no script.
    response._csp_replace["script-src"] = [NONE]
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(response)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _page(text: ArticleTranslation, document: Document, note: str) -> HttpResponse:
    rendered = render(document)
    page = rendered.page
    now = timezone.now()
    stand_in = SimpleNamespace(
        pk=None,
        number=0,
        translation=text,
        page=page,
        body=rendered.body_html,
        outline=rendered.outline,
        live_from=now,
        first_live_from=now,
        updated_at=None,
        reviewed_at=None,
        unit_digests={},
        source_digests={},
        change="",
    )
    context: dict[str, Any] = {
        "publication": stand_in,
        "page": page,
        "title_html": mark_safe(page["title_html"]),  # noqa: S308 (made by the renderer)
        "standfirst_html": mark_safe(page["standfirst_html"]),  # noqa: S308
        "edition_note_html": mark_safe(page["edition_note_html"]),  # noqa: S308
        "body": mark_safe(rendered.body_html),  # noqa: S308
        "contents": [entry for entry in rendered.outline if entry["level"] == 2],
        "other_title": "",
        "byline": byline(page["contributions"], text.language),
        "topic": _topic(text),
        "related": [],
        "nav": "articles",
        "preview": {"note": note},
    }
    is_page = text.article.kind == "page"
    return render_page(
        "pages/page_detail.html" if is_page else "articles/article_detail.html",
        text.language,
        page_meta(text.language, page["title"], is_indexed=False),
        context,
        sheet="article",
    )


def _topic(text: ArticleTranslation) -> CardTopic | None:
    words = (
        TopicTranslation.objects.in_language(text.language)
        .filter(topic__articles=text.article)
        .first()
    )
    return CardTopic(text.language, words.topic.slug, words.name) if words else None


# Links for readers without an account


def shared_path(link: PreviewLink) -> str:
    """The address of a preview link: its token, signed, so that no other reaches the database."""
    return reverse("shared-preview", args=[signing.dumps(link.token, salt=SALT)])


@require_safe
def shared_preview(request: HttpRequest, signed: str) -> HttpResponse:
    """The newest saved draft, for whoever holds a link that is neither ended nor revoked."""
    try:
        token = signing.loads(signed, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    links = PreviewLink.objects.open().filter(token=token)
    link = links.select_related("translation__article").first()
    if link is None:
        raise Http404
    document = build_document(link.translation)
    return preview_response(link.translation, document, note="shared")
