"""What a page depends on, as tags that a shared cache can be told to drop."""

from collections.abc import Iterable

from articles.bylines import Byline
from articles.cards import Card
from articles.models import Publication


def tags_of_text(
    own: Publication, byline: Byline | None = None, related: Iterable[Publication] | None = None
) -> list[str]:
    """An article or site page: itself, those it points to, the people and the topic it names.

    A topic is known by its slug here, which is all that a page asks the database for; ``topics``
    is dropped with any of them. ``related`` is a list that a new article may stand in; None where
    there is no such list.
    """
    articles = (item.translation.article_id for item in (own, *(related or ())))
    credits = byline.credits if byline else ()
    return [
        *(f"article-{key}" for key in articles),
        *(f"author-{item.profile.words.author_id}" for item in credits),
        *(["topics"] if getattr(own, "topic_slug", "") else []),
        *(["articles"] if related is not None else []),
    ]


def tags_of_cards(cards: Iterable[Card]) -> list[str]:
    """A list: every new article may stand in it, so it depends on all of them as well."""
    return ["articles", *(f"article-{card.publication.translation.article_id}" for card in cards)]
