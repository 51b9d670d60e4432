"""Articles as lists show them. A fixed number of queries, however many cards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from articles.bylines import join_names
from articles.models import Article, Publication, TopicTranslation
from articles.models.content import address_of
from authors.models import AuthorTranslation
from healthsite import languages


@dataclass(frozen=True)
class OtherLanguage:
    language: languages.Language
    title: str
    url: str


@dataclass(frozen=True)
class CardTopic:
    """The first topic of an article, in the language of the list."""

    language: str
    slug: str
    name: str

    def get_absolute_url(self) -> str:
        return reverse("articles:topic", args=[self.language, self.slug])


@dataclass(frozen=True)
class Card:
    """One article in a list. ``page`` is what its publication froze."""

    publication: Publication
    url: str
    author_names: str
    topic: CardTopic | None = None
    others: tuple[OtherLanguage, ...] = ()
    roles: tuple[str, ...] = ()
    grades: tuple[tuple[str, int], ...] = field(default=())

    @property
    def page(self) -> dict[str, Any]:
        return self.publication.page

    @property
    def title_html(self) -> SafeString:
        return mark_safe(self.page["title_html"])  # noqa: S308 (made at publication)

    @property
    def is_updated(self) -> bool:
        return self.publication.updated_at is not None

    @property
    def date(self):
        return self.publication.updated_at or self.publication.first_live_from


def card_publications(language: str) -> QuerySet[Publication]:
    """The readable articles of one language as ``make_cards`` needs them, in no order yet."""
    publications = Publication.objects.readable().of_kind(Article.Kind.ARTICLE)
    return with_topic(publications.in_language(language), language)


def with_topic(publications: QuerySet[Publication], language: str) -> QuerySet[Publication]:
    """Annotate the slug and name of each article's first topic, without another query."""
    topic = TopicTranslation.objects.in_language(language).filter(
        topic__articles=OuterRef("translation__article")
    )
    return publications.annotate(
        topic_slug=Subquery(topic.values("topic__slug")[:1]),
        topic_name=Subquery(topic.values("name")[:1]),
    )


def topic_of(publication: Publication, language: str) -> CardTopic | None:
    """The topic that ``with_topic`` annotated."""
    if not publication.topic_slug:
        return None
    return CardTopic(language, publication.topic_slug, publication.topic_name)


def make_cards(publications: Sequence[Publication], language: str, author: str = "") -> list[Card]:
    """Cards for some of ``card_publications``, in their order, in two queries.

    With ``author`` (a slug) each card carries that author's roles.
    """
    articles = [publication.translation.article_id for publication in publications]
    others = _others(articles, language)
    names = _names(publications, language)
    return [
        Card(
            publication=publication,
            url=address_of(
                publication.translation.article.kind,
                language,
                publication.translation.article.slug,
            ),
            author_names=join_names(
                [names[slug] for slug in _authors_of(publication.page, "author") if slug in names],
                language,
            ),
            topic=topic_of(publication, language),
            others=tuple(others.get(publication.translation.article_id, ())),
            roles=tuple(
                item["role"]
                for item in publication.page["contributions"]
                if item["author"] == author
            ),
            grades=tuple(publication.page["grades"].items()),
        )
        for publication in publications
    ]


def _authors_of(page: dict[str, Any], role: str) -> list[str]:
    return [item["author"] for item in page["contributions"] if item["role"] == role]


def _others(articles: list[int], language: str) -> dict[int, list[OtherLanguage]]:
    found: dict[int, list[OtherLanguage]] = {}
    readable = Publication.objects.readable().filter(translation__article__in=articles)
    for publication in readable.exclude(translation__language=language).order_by("pk"):
        translation = publication.translation
        found.setdefault(translation.article_id, []).append(
            OtherLanguage(
                languages.BY_CODE[translation.language],
                publication.page["title"],
                address_of(
                    translation.article.kind, translation.language, translation.article.slug
                ),
            )
        )
    return found


def _names(publications: Sequence[Publication], language: str) -> dict[str, str]:
    slugs = {
        item["author"] for publication in publications for item in publication.page["contributions"]
    }
    words = AuthorTranslation.objects.in_language(language).filter(author__slug__in=slugs)
    return {item.author.slug: item.name for item in words}
