"""The editor's desk: Django's admin under the site's name, in an editor's order.

``healthsite.apps.DeskConfig`` installs it as the default site, so ``admin.site`` and
``@admin.register`` mean this one everywhere.
"""

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite, site
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from healthsite import languages
from healthsite.metadata import site_name
from healthsite.unsaved import typed_in

GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "content",
        gettext_lazy("Articles"),
        (
            "articles.ArticleTranslation",
            "articles.Article",
            "articles.Reference",
            "articles.Image",
            "articles.GlossaryTerm",
            "articles.Product",
            "articles.Topic",
            "articles.ForbiddenPhrase",
        ),
    ),
    ("people", gettext_lazy("People"), ("authors.Author", "authors.Registration")),
    (
        "log",
        gettext_lazy("Log"),
        (
            "articles.Publication",
            "articles.Revision",
            "articles.ReviewRequest",
            "articles.ReviewSignature",
            "articles.PreviewLink",
            "articles.AuditEntry",
            "articles.IndexNowNotice",
        ),
    ),
    ("access", gettext_lazy("Access"), ("auth.User", "auth.Group")),
)
"""The desk's sections as (key, name, models): what an editor opens daily comes first."""


def current_language() -> languages.Language:
    """The language the desk speaks in this request."""
    return languages.BY_CODE.get(get_language() or "", languages.DEFAULT)


class DeskSite(AdminSite):
    """The admin with the site's names, its own order, and an overview as the first screen."""

    index_title = gettext_lazy("Overview")
    # The desk draws its own list of sections, which needs no script (see admin/rail.html).
    enable_nav_sidebar = False

    @property
    def site_header(self) -> str:
        """The wordmark: the site's name in the language of the desk."""
        return site_name(current_language().code)

    @property
    def site_title(self) -> str:
        """What every title element ends with."""
        return _("%(site)s editor’s desk") % {"site": self.site_header}

    @property
    def site_url(self) -> str:
        """Where “View site” leads: the home page in the language of the desk."""
        return reverse("home", args=[current_language().code])

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """The sections of GROUPS with the models this user may see.

        With a label: one section, that app's own, its models in the order of GROUPS. A model that
        GROUPS does not name stands at the end of a section named after its app.
        """
        apps = self._build_app_dict(request, app_label)
        if app_label:
            for app in apps.values():
                app["models"].sort(key=_position)
            return list(apps.values())
        rest = [
            {**app, "models": left}
            for app in apps.values()
            if (left := [model for model in app["models"] if _label(model) not in _PLACES])
        ]
        return [*_sections(apps.values()), *rest]

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """A view of the desk, for those who may enter it, that takes no unanswerable question.

        Lists can be filtered by any column through their address. A pattern would be run over every
        row, and one made for it runs for hours; a number that no database can hold finds nothing.
        The rows that an action is for are numbers.
        """
        inner = super().admin_view(view, cacheable)

        def answerable(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if any(name.rpartition("__")[2] in _PATTERNS for name in request.GET):
                raise BadRequest("no lists by pattern")
            if not all(map(str.isdecimal, request.POST.getlist(ACTION_CHECKBOX_NAME))):
                raise BadRequest("no row has such a number")
            if not self.has_permission(request) and typed_in(request) and _is_shown(request):
                return desk_error(request, 403, "signed-out")
            try:
                return inner(request, *args, **kwargs)
            except OverflowError as error:
                raise BadRequest("a number that no database can hold") from error

        return update_wrapper(answerable, inner)

    def password_change(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        """Django keeps no entry of passwords that people change themselves."""
        from articles import audit

        response = super().password_change(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            message = _("Changed password.")
            audit.record(audit.Act.CHANGED, request.user, user=request.user, message=message)
        return response

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The first screen: what waits, what is stale, what comes, what broke."""
        # Not at the top: the modules of the admin register with this site as they are imported.
        from articles.admin.overview import overview_context

        return super().index(request, {**overview_context(request), **(extra_context or {})})


def _is_shown(request: HttpRequest) -> bool:
    """Whether somebody will look at the answer: scripts of the desk ask for anything."""
    return "text/html" in request.headers.get("Accept", "")


_PATTERNS = frozenset({"regex", "iregex"})
"""Lookups of Django that run a pattern."""


def is_desk(request: HttpRequest) -> bool:
    """Whether an address is one of the desk's."""
    return request.path_info.startswith(reverse("admin:index"))


def desk_error(request: HttpRequest, status: int, reason: str = "") -> HttpResponse:
    """What an editor meets instead of a page, in the language of the desk, with what was typed.

    ``reason`` is one of ``_ERRORS`` that says more than the status. A 500 is drawn without user,
    messages or sections: the database may be what failed.
    """
    title, advice = _ERRORS.get(reason or status, _ERRORS[500])
    is_bare = status not in (403, 404)
    frame = {"site_header": site.site_header, "site_title": site.site_title}
    context = frame if is_bare else site.each_context(request)
    words = {"title": title, "advice": advice, "is_bare": is_bare, "typed": typed_in(request)}
    response = render(request, "admin/error.html", {**context, **words}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that had expired, which happens to whoever signs in again in another window.

    ``reason`` is Django's and for programmers. Only the desk and its preview links have forms.
    """
    return desk_error(request, 403, "expired")


_ERRORS = {
    "expired": (
        gettext_lazy("This form had expired"),
        gettext_lazy(
            "Nothing was saved. You may have signed in again in another window. Open the page "
            "anew, and put back what you had typed."
        ),
    ),
    "signed-out": (
        gettext_lazy("You are signed out"),
        gettext_lazy(
            "Nothing was saved. Keep a copy of what you had typed, sign in, and put it back."
        ),
    ),
    403: (
        gettext_lazy("Your role does not include this"),
        gettext_lazy(
            "Nothing was changed. If your work needs it, ask whoever looks after accounts."
        ),
    ),
    404: (
        gettext_lazy("This page is not on the desk"),
        gettext_lazy(
            "The address may be wrong, or the thing may have been deleted. "
            "Start again from the overview."
        ),
    ),
    500: (
        gettext_lazy("Something went wrong on the desk"),
        gettext_lazy(
            "What you sent may not have been saved. Go back to the form, keep a copy of your "
            "text, and try again."
        ),
    ),
}

_PLACES = {
    label: (section, position)
    for section, (_key, _name, labels) in enumerate(GROUPS)
    for position, label in enumerate(labels)
}


def _label(model: dict) -> str:
    return model["model"]._meta.label


def _position(model: dict) -> tuple[int, int]:
    return _PLACES.get(_label(model), (len(GROUPS), 0))


def _sections(apps: Iterable[dict]) -> list[dict]:
    """Entries of ``get_app_list``, one for each group of which the user sees anything."""
    known = {_label(model): (app, model) for app in apps for model in app["models"]}
    sections = []
    for key, name, labels in GROUPS:
        found = [known[label] for label in labels if label in known]
        if found:
            app = found[0][0]
            models = [model for _app, model in found]
            sections.append({**app, "name": name, "app_label": key, "models": models})
    return sections


def other_site_name() -> tuple[languages.Language, str]:
    """The site's name in its other language, with that language: the wordmark's second line."""
    other = languages.other_languages(current_language().code)[0]
    return other, settings.SITE_NAMES[other.code]
