"""Authors: their list, and each one's page with every article and the role they had in it.

Here and not in ``authors``, which knows nothing of articles, feeds or shared pictures.
"""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles.bylines import join_words
from articles.cards import card_publications, make_cards
from articles.feeds import feed_links
from articles.heads import list_head
from articles.labels import ROLES
from articles.lists import list_paths
from articles.pagination import paginate
from articles.structured_data import author_graph, published_policies
from articles.tags import tags_of_cards
from authors.bylines import listed_profiles, profiles
from authors.models import AuthorTranslation
from healthsite.pages import public_view, render_page
from healthsite.structured_data import list_graph


@public_view
def author_list(request: HttpRequest, language: str) -> HttpResponse:
    people = listed_profiles(language)
    meta = list_head(
        language,
        _("Authors"),
        description=_("Who writes and reviews the articles."),
        paths=list_paths("authors:list", language),
        is_indexed=bool(people),
    )
    items = [(item.words.name, item.words.get_absolute_url()) for item in people]
    graph = list_graph(meta, published_policies(language), items, here=_("Authors"))
    return render_page(
        "authors/author_list.html",
        language,
        meta.with_graph(graph),
        {"people": people, "nav": "authors"},
        tags=["authors"],
    )


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
    words = profile.words
    if not words.author.is_active:
        codes = [code for code in codes if card_publications(code).of_author(slug).exists()]
    paths = {code: reverse("authors:detail", args=[code, slug]) for code in codes}
    meta = list_head(
        language,
        page.title(words.name),
        description=page.title(
            _("%(name)s: who they are, and every article they had a part in.")
            % {"name": words.name}
        ),
        paths=page.paths(paths, language),
        # Somebody who is listed no more, and has nothing to read here, is no answer to a search.
        is_indexed=language in codes,
        is_translated=page.number == 1,
        feeds=feed_links(language, author=slug, name=words.name),
    )
    graph = author_graph(meta, profile, published_policies(language))
    return render_page(
        "authors/author_detail.html",
        language,
        replace(meta, kind="profile", graph=graph),
        {
            "profile": profile,
            "bio": mark_safe(profile.words.bio_html),  # noqa: S308 (cleaned when saved)
            "page": page,
            "cards": [
                (card, join_words([str(ROLES[role]) for role in card.roles])) for card in cards
            ],
            "nav": "authors",
        },
        tags=[f"author-{words.author_id}", *tags_of_cards(cards)],
    )
