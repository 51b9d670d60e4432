"""The list of authors. An author's own page lists articles, so it lives in ``articles``."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from authors.bylines import profiles
from authors.models import Author
from healthsite.metadata import page_meta
from healthsite.pages import paths_in_all_languages, render_page


@require_safe
def author_list(request: HttpRequest, language: str) -> HttpResponse:
    slugs = Author.objects.active().values_list("slug", flat=True)
    people = sorted(profiles(slugs, language).values(), key=lambda item: item.words.name)
    return render_page(
        "authors/author_list.html",
        language,
        page_meta(
            language,
            _("Authors"),
            description=_("Who writes and reviews the articles."),
            paths=paths_in_all_languages("authors:list"),
        ),
        {"people": people, "nav": "authors"},
    )

