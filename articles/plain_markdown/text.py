"""What a text as Markdown is made from, and where it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from articles.bylines import Byline
from articles.document import FigureData
from articles.models import Publication, TopicTranslation
from articles.models.content import address_of
from healthsite import languages
from healthsite.metadata import absolute_url


@dataclass(frozen=True)
class Text:
    """What readers read of one text in one language, gathered from the database.

    ``others`` are the publications in other languages; ``figures`` are the frozen document's, by
    key. ``byline`` is None for site pages, which print none. ``lag`` counts the passages by which
    the text is behind its source; ``topics`` are in its language.
    """

    own: Publication
    others: Sequence[Publication]
    body_html: str
    figures: Mapping[str, FigureData]
    byline: Byline | None = None
    topics: Sequence[TopicTranslation] = ()
    lag: int = 0

    @property
    def language(self) -> languages.Language:
        return languages.BY_CODE[self.own.translation.language]

    @property
    def page(self) -> Mapping[str, Any]:
        """The other parts of the page, as they were frozen."""
        return self.own.page

    @property
    def canonical(self) -> str:
        """The absolute address of the page that people read."""
        return page_address(self.own)

    @property
    def tags(self) -> list[str]:
        """What the Markdown depends on (see ``healthsite.pages.tag_response``)."""
        people = self.byline.credits if self.byline else ()
        return [
            f"article-{self.own.translation.article_id}",
            *(f"author-{credit.profile.words.author_id}" for credit in people),
            *(f"topic-{topic.topic_id}" for topic in self.topics),
        ]

    @property
    def source(self) -> Publication | None:
        """The publication that this one was translated from, where readers can read it."""
        code = self.own.translation.article.source_language
        return next((item for item in self.others if item.translation.language == code), None)


def page_address(publication: Publication) -> str:
    """The absolute address of a publication's text as a page."""
    text = publication.translation
    return absolute_url(address_of(text.article.kind, text.language, text.article.slug))


def markdown_address(publication: Publication) -> str:
    """The absolute address of a publication's text as Markdown."""
    text = publication.translation
    return absolute_url(markdown_path(text.article.kind, text.language, text.article.slug))


def markdown_path(kind: str, language: str, slug: str) -> str:
    """The path of a text of an ``Article.Kind`` as Markdown."""
    return reverse(f"markdown:{kind}", args=[language, slug])
