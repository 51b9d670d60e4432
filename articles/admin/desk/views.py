"""What the desk's views share: finding the text, asking who may, and the frame around a screen."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import SELF
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from articles.admin import access
from articles.admin.desk.pairing import other_of
from articles.admin.desk.state import TextState
from articles.models import ArticleTranslation, Revision
from healthsite import languages

MAX_DIGITS = 18
"""Digits of a number that every database can hold (a 64-bit integer has up to 19)."""

VIEWS: dict[str, tuple[str, Callable[..., HttpResponse]]] = {}
"""Views of one text by name, with their place below it; ``urls`` of the admin reads it."""


def text_view(name: str, place: str, *, may: Callable[..., bool], methods: tuple[str, ...]):
    """Register a view ``(request, translation)`` at ``<pk>/<place>``.

    ``may`` is a rule of ``articles.admin.access``, asked with the user and, where it takes one,
    the text. Nothing the desk answers is ever cached. An address that only takes a form leads to
    its screen when somebody opens it: signing in, or changing the language, comes back to it so.
    """
    is_act = methods == ("POST",)

    def register(view):
        @wraps(view)
        def guarded(request: HttpRequest, object_id: str, **kwargs) -> HttpResponse:
            translation = find_text(object_id)
            if not access.can_see(request.user) or not _allowed(may, request, translation):
                raise PermissionDenied
            if is_act and request.method != "POST":
                return HttpResponseRedirect(address(_screen_above(place), translation))
            response = view(request, translation, **kwargs)
            add_never_cache_headers(response)
            # The desk and the review show the preview in a frame.
            if not hasattr(response, "_csp_replace"):
                response._csp_update = {"frame-src": [SELF]}
            return response

        allowed = [*methods, "GET", "HEAD"] if is_act else list(methods)
        VIEWS[name] = (place, require_http_methods(allowed)(guarded))
        return guarded

    return register


def _screen_above(place: str) -> str:
    """The screen that an act's address stands below: ``review`` for ``review/sign/``."""
    above = place.partition("/")[0] + "/"
    screens = (name for name, (where, _view) in VIEWS.items() if where == above != place)
    return next(screens, "change")


def _allowed(may: Callable[..., bool], request: HttpRequest, text: ArticleTranslation) -> bool:
    takes_text = may.__code__.co_argcount > 1
    return may(request.user, text) if takes_text else may(request.user)


def find_text(object_id: str) -> ArticleTranslation:
    """The text with this number, or 404. ``base`` is the number of its newest revision or None."""
    is_number = object_id.isascii() and object_id.isdigit() and len(object_id) <= MAX_DIGITS
    number = int(object_id) if is_number else 0
    if not number:
        raise Http404
    # In one query, so that the text is never older than the revision an editor begins with.
    newest = Revision.objects.filter(translation=OuterRef("pk")).order_by("-number")
    texts = ArticleTranslation.objects.select_related("article").annotate(
        base=Subquery(newest.values("number")[:1])
    )
    found = texts.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def address(name: str, translation: ArticleTranslation) -> str:
    """The path of one of the desk's views of a text; ``change`` is the desk itself."""
    return reverse(f"admin:articles_articletranslation_{name}", args=[translation.pk])


def screen(
    request: HttpRequest,
    template: str,
    translation: ArticleTranslation,
    context: dict[str, Any],
    *,
    title: str,
    status: int = 200,
) -> HttpResponse:
    """A screen about one text, in the frame of the admin."""
    user, other = request.user, other_of(translation)
    return TemplateResponse(
        request,
        f"admin/articles/articletranslation/{template}.html",
        {
            **admin.site.each_context(request),
            "opts": ArticleTranslation._meta,
            "title": title,
            "screen_name": template,
            "translation": translation,
            "language": languages.BY_CODE[translation.language],
            "other": other,
            "other_language": languages.BY_CODE[other.language] if other else None,
            "is_source": translation.language == translation.article.source_language,
            "state": TextState(translation),
            "may": {
                "edit": access.can_edit(user, translation),
                "publish": access.can_publish(user),
                "withdraw": access.can_withdraw(user),
                "override": access.can_override(user),
                "request_review": access.can_request_review(user),
                "sign": access.can_sign(user),
                "share": access.can_share(user),
                "change_article": access.can_change_article(user),
                "rename": access.can_rename(user),
            },
            **context,
        },
        status=status,
    )


def without_nul(text: str) -> str:
    """A text that PostgreSQL can store: no character 0, which nobody can type."""
    return text.replace("\x00", "")
