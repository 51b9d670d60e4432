"""Texts that editors change, and what readers get of them."""

import datetime

from bs4 import BeautifulSoup

from articles import services
from articles.models import ArticleTranslation, Publication

NOON = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
CHANGES = [change for change in Publication.Change.values if change != "first"]


def edit(text: ArticleTranslation, words: str = "又一段。") -> ArticleTranslation:
    """A saved edit of the body, on a fresh copy of the row."""
    text = ArticleTranslation.objects.get(pk=text.pk)
    text.body += f"\n{words}\n"
    text.save()
    return text


def publish_edit(text: ArticleTranslation, **fields) -> Publication:
    values = {"change": "clarification", "public_note": "改正了一处。", **fields}
    return services.publish(edit(text), **values)


def words_of(publication: Publication) -> str:
    return BeautifulSoup(publication.body_html, "html.parser").get_text()


def stored(publication: Publication) -> dict:
    """Every column as the database has it."""
    return Publication._base_manager.filter(pk=publication.pk).values().get()


def readable_number(text: ArticleTranslation) -> int | None:
    """The number of the publication that readers get now."""
    found = Publication.objects.readable().filter(translation=text).first()
    return found.number if found else None
