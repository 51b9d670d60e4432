"""Home, language choice, style guide, error pages and health checks."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from articles.cards import card_publications, make_cards
from articles.heads import list_head
from articles.lists import list_paths
from articles.models import Publication
from articles.pagination import paginate
from articles.structured_data import home_graph, published_policies
from articles.tags import tags_of_cards
from articles.views import topics_with_counts
from authors.bylines import listed_profiles
from healthsite import languages
from healthsite.desk_site import desk_error, is_desk
from healthsite.freshness import code_changed_at
from healthsite.metadata import page_meta
from healthsite.pages import paths_in_all_languages, public_view, render_page
from healthsite.structured_data import root_graph
from healthsite.style_guide import example_parts

ON_HOME = 11
"""Articles on a page of the home list: a large one, and ten more."""

SHOW_AUTHORS_BELOW = 4
"""With fewer articles than this, the home page introduces the authors as well."""


@public_view
def choose_language(request: HttpRequest) -> HttpResponse:
    """The root: off to the visitor's language, or a choice when they ask for neither.

    The only page that looks at Accept-Language, and so the only one that varies on it.
    """
    paths = paths_in_all_languages("home")
    wanted = _wanted_language(request.headers.get("Accept-Language", ""))
    if wanted:
        response: HttpResponse = HttpResponseRedirect(paths[wanted.code])
    else:
        with translation.override(languages.DEFAULT.code):
            meta = list_head(
                languages.DEFAULT.code,
                " / ".join(item.short_name for item in languages.LANGUAGES),
                description=_("Health articles in Chinese and English."),
                paths=paths,
                path="/",
                feeds=(),
            )
            response = render_page(
                "choose_language.html",
                languages.DEFAULT.code,
                meta.with_graph(root_graph(meta, {})),
                {"choices": [(item, paths[item.code]) for item in languages.LANGUAGES]},
            )
    response.headers["Cache-Control"] = "public, max-age=0"
    # Nothing here is content, so no question to the database either.
    response.headers["Last-Modified"] = http_date(code_changed_at().timestamp())
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _wanted_language(header: str) -> languages.Language | None:
    """The first language of Accept-Language that the site has; any Chinese counts as ours.

    Django's ``get_language_from_request`` would also follow a cookie, on which this answer does
    not vary, and take a language that the header refuses with ``q=0``.
    """
    for tag, weight in parse_accept_lang_header(header):
        for item in languages.LANGUAGES:
            if weight > 0 and tag.split("-")[0] == item.code.split("-")[0]:
                return item
    return None


@public_view
def home(request: HttpRequest, language: str) -> HttpResponse:
    publications = card_publications(language).newest_first()
    page = paginate(publications, request.GET.get("page"), per_page=ON_HOME)
    cards = make_cards(page.items, language)
    has_few = page.is_whole and len(cards) < SHOW_AUTHORS_BELOW
    meta = list_head(
        language,
        page.title(""),
        description=page.title(
            _("Health articles in Chinese and English. Every claim carries a grade.")
        ),
        paths=page.paths(list_paths("home", language), language),
        is_indexed=bool(cards),
        is_translated=page.number == 1,
    )
    first = (page.number - 1) * ON_HOME + 1
    return render_page(
        "home.html",
        language,
        meta.with_graph(home_graph(meta, cards, published_policies(language), first)),
        {
            "featured": cards[0] if cards and page.number == 1 else None,
            "cards": cards[1:] if page.number == 1 else cards,
            "page": page,
            "topics": topics_with_counts(language),
            "people": listed_profiles(language) if has_few else [],
            "nav": "articles",
        },
        tags=["topics", "authors", *tags_of_cards(cards)],
    )


@public_view
def style_guide(request: HttpRequest, language: str) -> HttpResponse:
    """Every component with an example, rendered by the real code."""
    response = render_page(
        "style_guide.html",
        language,
        page_meta(
            language,
            _("Style guide"),
            paths=paths_in_all_languages("style-guide"),
            is_indexed=False,
        ),
        example_parts(language),
        sheet="everything",
    )
    response.headers["Last-Modified"] = http_date(code_changed_at().timestamp())
    return response


# Errors: in both languages, the address's own first.


def _error(request: HttpRequest, template: str, status: int) -> HttpResponse:
    if is_desk(request):
        return desk_error(request, status)
    found = languages.language_of_path(request.path_info) or languages.DEFAULT
    others = languages.other_languages(found.code)
    with translation.override(found.code):
        return render_page(
            template,
            found.code,
            page_meta(
                found.code,
                _("Page not found") if status == 404 else _("Something went wrong"),
                paths=paths_in_all_languages("home"),
                is_indexed=False,
            ),
            {"in_order": [found, *others], "is_error": True},
            sheet="search",
            status=status,
        )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, "errors/not_found.html", 404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, "errors/server_error.html", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, "errors/server_error.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing here may touch the database: it may be what failed."""
    return _error(request, "errors/server_error.html", 500)


# Health


@public_view
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return _plain("ok")


@public_view
def readyz(request: HttpRequest) -> HttpResponse:
    """The site can answer readers: database there, migrations applied, content published."""
    try:
        executor = MigrationExecutor(connection)
        checks = {
            "database": True,
            "migrations": not executor.migration_plan(executor.loader.graph.leaf_nodes()),
            "content": Publication.objects.readable().exists(),
        }
    except DatabaseError:
        checks = {"database": False, "migrations": False, "content": False}
    response = JsonResponse(checks, status=200 if all(checks.values()) else 503)
    response.headers["Cache-Control"] = "no-store"
    return response


def _plain(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
