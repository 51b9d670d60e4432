"""What entries need beside their publications: one query of each kind, however many entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F

from articles.bylines import Credit
from articles.models import Publication, ReviewSignature, TopicTranslation
from articles.reviews import Review, reviews_of
from authors.bylines import Profile
from authors.models import AuthorTranslation


@dataclass(frozen=True)
class Related:
    """Found for some publications of one language. ``people`` are by slug, the rest by row."""

    people: Mapping[str, AuthorTranslation]
    topics: Mapping[int, Sequence[TopicTranslation]]
    signatures: Mapping[int, Sequence[ReviewSignature]]
    sources: Mapping[int, Publication]

    def credits(self, publication: Publication) -> tuple[Credit, ...]:
        """Everybody of the byline who is described in this language, with their roles."""
        roles: dict[str, list[str]] = {}
        for item in publication.page["contributions"]:
            roles.setdefault(item["author"], []).append(item["role"])
        return tuple(
            Credit(Profile(self.people[slug], ()), tuple(names))
            for slug, names in roles.items()
            if slug in self.people
        )

    def topics_of(self, publication: Publication) -> Sequence[TopicTranslation]:
        return self.topics.get(publication.translation.article_id, ())

    def reviews(self, publication: Publication) -> dict[str, Review]:
        return reviews_of(publication, self.signatures.get(publication.translation_id, ()))

    def source(self, publication: Publication) -> Publication | None:
        """What readers read in the source language, where that is another one."""
        return self.sources.get(publication.translation.article_id)


def related_to(publications: Sequence[Publication], language: str) -> Related:
    """Ask for all of it. The publications come whole (``whole()``), with their revisions."""
    articles = [item.translation.article_id for item in publications]
    slugs = {item["author"] for row in publications for item in row.page["contributions"]}
    people = AuthorTranslation.objects.in_language(language).filter(author__slug__in=slugs)
    return Related(
        people={item.author.slug: item for item in people},
        topics=_topics(articles, language),
        signatures=_signatures([item.translation_id for item in publications]),
        sources=_sources(articles, language),
    )


def _topics(articles: Sequence[int], language: str) -> dict[int, list[TopicTranslation]]:
    found: dict[int, list[TopicTranslation]] = {}
    words = TopicTranslation.objects.in_language(language).filter(topic__articles__in=articles)
    for item in words.annotate(article_id=F("topic__articles")):
        found.setdefault(item.article_id, []).append(item)
    return found


def _signatures(translations: Sequence[int]) -> dict[int, list[ReviewSignature]]:
    found: dict[int, list[ReviewSignature]] = {}
    signatures = (
        ReviewSignature.objects.filter(translation__in=translations)
        .select_related("author", "revision")
        .defer("revision__document")
        .order_by("-signed_at", "-pk")
    )
    for signature in signatures:
        found.setdefault(signature.translation_id, []).append(signature)
    return found


def _sources(articles: Sequence[int], language: str) -> dict[int, Publication]:
    sources = (
        Publication.objects.readable()
        .filter(
            translation__article__in=articles,
            translation__language=F("translation__article__source_language"),
        )
        .exclude(translation__language=language)
        .defer(None)
        .defer("body_html", "outline", "page", "translation__body")
    )
    return {item.translation.article_id: item for item in sources}
