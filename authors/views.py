"""The list of authors. An author's own page lists articles, so it lives in ``articles``."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from authors.bylines import listed_profiles
from healthsite.metadata import page_meta
from healthsite.pages import paths_in_all_languages, public_view, render_page


@public_view
def author_list(request: HttpRequest, language: str) -> HttpResponse:
    return render_page(
        "authors/author_list.html",
        language,
        page_meta(
            language,
            _("Authors"),
            description=_("Who writes and reviews the articles."),
            paths=paths_in_all_languages("authors:list"),
        ),
        {"people": listed_profiles(language), "nav": "authors"},
    )
