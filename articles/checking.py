"""What the desk checks say about a translation as it is in the database.

The checks know no models; here is gathered what they may know of the site, in a number of queries
that does not grow with the site or the text.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from articles import editing_queries
from articles.building import build_document
from articles.desk import DeskContext, Finding, ForbiddenWords, Lapsing, check_document
from articles.desk.links import internal_path, links_of
from articles.desk.upkeep import DAYS_OF_NOTICE
from articles.document import Document
from articles.models import (
    Article,
    ArticleSlug,
    ArticleTranslation,
    ForbiddenPhrase,
    Publication,
    Topic,
)
from authors.models import Author, AuthorTranslation, Registration

OTHER_PUBLIC_VIEWS = frozenset({"choose-language", "media"})
"""Public addresses without a language."""

Asked = list[tuple[str, dict[str, str]]]
"""Addresses, each with what its path says: language and slug."""


def findings_for(
    translation: ArticleTranslation, document: Document | None = None, *, is_alone: bool = False
) -> list[Finding]:
    """Everything the desk checks say about a translation, worst first.

    ``document`` is an unsaved draft; without it the working rows are read. ``is_alone`` leaves out
    the comparison with the other language.
    """
    document = document or build_document(translation)
    counterpart = None if is_alone else counterpart_of(translation)
    return check_document(document, counterpart, context_for(translation, document=document))


def counterpart_of(translation: ArticleTranslation) -> Document | None:
    """The document this one is compared with: the source language's, or for it another."""
    others = translation.article.translations.exclude(pk=translation.pk)
    source = others.filter(language=translation.article.source_language).first()
    other = source or others.first()
    return build_document(other) if other else None


def context_for(
    translation: ArticleTranslation,
    today: datetime.date | None = None,
    *,
    document: Document | None = None,
) -> DeskContext:
    """What the checks of a translation may know besides its document.

    Of the site's addresses only those are looked up that ``document`` links to.
    """
    today = today or timezone.localdate()
    hosts = site_hosts()
    document = document or build_document(translation)
    wanted = {internal_path(link, document, hosts) for link in links_of(document)}
    return DeskContext(
        today=today,
        forbidden=tuple(
            ForbiddenWords(row.phrase, row.language, row.note)
            for row in ForbiddenPhrase.objects.filter(language=translation.language)
        ),
        paths=public_paths(filter(None, wanted)),
        lapsing=tuple(_lapsing(translation, today)),
        review_due_on=review_due_on(translation),
        site_hosts=hosts,
        unnamed=tuple(_unnamed(translation)),
    )


def site_hosts() -> frozenset[str]:
    """Hosts, with their port, that are this site."""
    origin = urlsplit(settings.SITE_ORIGIN)
    return frozenset({origin.netloc, origin.hostname or ""}) - {""}


def review_due_on(translation: ArticleTranslation) -> datetime.date | None:
    """The day by which a public text is to be reviewed again; None before its publication."""
    newest = (
        translation.publications.order_by("-number")
        .only("reviewed_at", "first_live_from", "translation")
        .first()
    )
    if newest is None:
        return None
    return editing_queries.review_due_on(newest.reviewed_at or newest.first_live_from)


def _lapsing(translation: ArticleTranslation, today: datetime.date) -> Iterable[Lapsing]:
    rows = Registration.objects.filter(
        author__contributions__article=translation.article_id,
        valid_until__lte=today + datetime.timedelta(days=DAYS_OF_NOTICE),
    ).distinct()
    rows = list(rows.select_related("author").order_by("valid_until", "pk"))
    names = dict(
        AuthorTranslation.objects.filter(
            author__in={row.author_id for row in rows}, language=translation.language
        ).values_list("author_id", "name")
    )
    for row in rows:
        yield Lapsing(names.get(row.author_id, row.author.slug), row.number, row.valid_until)


def _unnamed(translation: ArticleTranslation) -> Iterable[str]:
    people = Author.objects.filter(contributions__article=translation.article_id).distinct()
    unnamed = people.exclude(translations__language=translation.language)
    return unnamed.order_by("slug").values_list("slug", flat=True)


def public_paths(paths: Iterable[str]) -> frozenset[str]:
    """Those of some internal addresses, with their fragments, that readers can open.

    Two queries for each kind of page at most. The fragment is looked up on articles and site pages;
    other pages are lists, and whatever follows their # is taken as it is.
    """
    found: set[str] = set()
    waiting: dict[Callable[[Asked], set[str]], Asked] = defaultdict(list)
    for path in paths:
        try:
            match = resolve(urlsplit(path).path)
        except Resolver404:
            continue
        if "slug" in match.kwargs:
            waiting[_finder(match)].append((path, match.kwargs))
        elif "language" in match.kwargs or match.view_name in OTHER_PUBLIC_VIEWS:
            found.add(path)
    for find, asked in waiting.items():
        found |= find(asked)
    return frozenset(found)


def _finder(match: ResolverMatch) -> Callable[[Asked], set[str]]:
    if match.view_name == "articles:topic":
        return _topics
    return {"articles": _articles, "pages": _pages, "authors": _authors}[match.namespace]


def _articles(asked: Asked) -> set[str]:
    return _texts(Article.Kind.ARTICLE, asked)


def _pages(asked: Asked) -> set[str]:
    return _texts(Article.Kind.PAGE, asked)


def _texts(kind: str, asked: Asked) -> set[str]:
    slugs = {kwargs["slug"] for _path, kwargs in asked}
    renamed = dict(ArticleSlug.objects.filter(slug__in=slugs).values_list("slug", "article__slug"))
    rows = Publication.objects.readable().whole().of_kind(kind)
    bodies = {
        (row.translation.language, row.translation.article.slug): row.body_html
        for row in rows.filter(translation__article__slug__in=slugs | set(renamed.values()))
    }
    return {
        path
        for path, kwargs in asked
        if _has_fragment(
            bodies.get((kwargs["language"], renamed.get(kwargs["slug"], kwargs["slug"]))), path
        )
    }


def _has_fragment(body: str | None, path: str) -> bool:
    fragment = urlsplit(path).fragment
    return body is not None and (not fragment or f'id="{fragment}"' in body)


def _topics(asked: Asked) -> set[str]:
    slugs = {kwargs["slug"] for _path, kwargs in asked}
    readable = Publication.objects.readable().filter(translation__article__topics__slug__in=slugs)
    public = set(
        Topic.objects.filter(
            slug__in=slugs, articles__translations__publications__in=readable
        ).values_list("slug", "articles__translations__language", "translations__language")
    )
    return {
        path
        for path, kwargs in asked
        if (kwargs["slug"], kwargs["language"], kwargs["language"]) in public
    }


def _authors(asked: Asked) -> set[str]:
    slugs = {kwargs["slug"] for _path, kwargs in asked}
    known = set(Author.objects.filter(slug__in=slugs).values_list("slug", "translations__language"))
    return {path for path, kwargs in asked if (kwargs["slug"], kwargs["language"]) in known}
