"""An author's page: who they are, and every article with the role they had in it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe

from articles.bylines import join_words
from articles.cards import card_publications, make_cards
from articles.labels import ROLES
from articles.pagination import paginate
from authors.bylines import profiles
from authors.models import AuthorTranslation
from healthsite.metadata import page_meta
from healthsite.pages import public_view, render_page


@public_view
def author_detail(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    known = AuthorTranslation.objects.filter(author__slug=slug)
    codes = list(known.values_list("language", flat=True))
    if language not in codes:
        raise Http404
    profile = profiles([slug], language)[slug]
    publications = card_publications(language).of_author(slug).newest_first()
    page = paginate(publications, request.GET.get("page"))
    cards = make_cards(page.items, language, author=slug)
    paths = {code: reverse("authors:detail", args=[code, slug]) for code in codes}
    return render_page(
        "authors/author_detail.html",
        language,
        page_meta(
            language,
            page.title(profile.words.name),
            description=profile.words.credentials,
            paths=page.paths(paths, language),
            is_translated=page.number == 1,
        ),
        {
            "profile": profile,
            "bio": mark_safe(profile.words.bio_html),  # noqa: S308 (cleaned when saved)
            "page": page,
            "cards": [
                (card, join_words([str(ROLES[role]) for role in card.roles])) for card in cards
            ],
            "nav": "authors",
        },
    )
