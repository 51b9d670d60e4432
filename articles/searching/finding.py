"""Which publications hold all the words looked for, the best first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, Value, When

from articles.models import Article, Publication, TopicTranslation
from articles.querysets import PublicationQuerySet
from articles.searching.queries import Term

WEIGHTS = {"title": 4, "summary": 2}
"""What a term counts that stands there; in the body alone it counts 1."""


@dataclass(frozen=True)
class Match:
    """A publication found, by its key, and its article's."""

    publication: int
    article: int


@dataclass(frozen=True)
class FoundTopic:
    """A topic of some of the articles found."""

    slug: str
    name: str
    articles: frozenset[int]


def find(language: str, terms: Sequence[str]) -> list[Match]:
    """What readers can read in a language that holds every folded term, in one query.

    Articles before site pages; then by where the terms stand (title, summary, body); then the
    newest first. No terms find nothing.
    """
    if not terms:
        return []
    found = _readable(language).filter(*(_holds(term) for term in terms))
    rank = sum((_weight(term) for term in terms), start=Value(0, output_field=IntegerField()))
    ordered = found.annotate(
        rank=rank,
        is_page=Case(When(translation__article__kind=Article.Kind.PAGE, then=1), default=0),
    ).order_by("is_page", "-rank", "-first_live_from", "translation__article__slug", "-pk")
    return [Match(*row) for row in ordered.values_list("pk", "translation__article")]


def terms_found(language: str, terms: Sequence[Term]) -> list[Term]:
    """Those of the terms that something can be found with alone, in one query."""
    if not terms:
        return []
    counts = _readable(language).aggregate(
        **{
            f"term_{number}": Count("pk", filter=_holds(term.folded))
            for number, term in enumerate(terms)
        }
    )
    return [term for number, term in enumerate(terms) if counts[f"term_{number}"]]


def topics_of(language: str, matches: Sequence[Match]) -> list[FoundTopic]:
    """The topics of what was found, in the site's order, in one query."""
    if not matches:
        return []
    found = {match.article for match in matches}
    rows = TopicTranslation.objects.in_language(language).values_list(
        "topic__slug", "name", "topic__articles"
    )
    articles: dict[tuple[str, str], set[int]] = {}
    for slug, name, article in rows:
        if article in found:
            articles.setdefault((slug, name), set()).add(article)
    return [FoundTopic(slug, name, frozenset(some)) for (slug, name), some in articles.items()]


def _readable(language: str) -> PublicationQuerySet:
    return Publication.objects.readable().in_language(language)


def _is_in(column: str, term: str) -> Q:
    """Both sides are folded, so that a database's own idea of case changes nothing."""
    return Q(**{f"search_text__{column}__contains": term})


def _holds(term: str) -> Q:
    # The short columns first: the body is not read where they hold the term.
    return _is_in("title", term) | _is_in("summary", term) | _is_in("body", term)


def _weight(term: str) -> Case:
    whens = [When(_is_in(column, term), then=weight) for column, weight in WEIGHTS.items()]
    return Case(*whens, default=1, output_field=IntegerField())
