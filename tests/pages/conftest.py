"""Small sites for the tests of pages."""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from articles.models import (
    Article,
    ArticleTranslation,
    Contribution,
    Publication,
    Revision,
    Topic,
)
from authors.models import Author
from tests import factories
from tests.made_once import made_once


@pytest.fixture
def site(db) -> SimpleNamespace:
    """One of everything, published in both languages."""
    made_once("a small site", make_site)
    return SimpleNamespace(
        author=Author.objects.get(slug="ada"),
        topic=Topic.objects.get(slug="sleep"),
        article=Article.objects.get(slug="evening-light"),
        page=Article.objects.get(slug="about"),
    )


def make_site() -> None:
    author = factories.make_author(slug="ada", name="Ada Example")
    topic = factories.make_topic(slug="sleep")
    factories.make_published_article(slug="evening-light", topics=[topic], authors=[author])
    factories.make_published_article(slug="about", kind="page")
    factories.make_term(key="calcidiol")


@pytest.fixture
def many_copies():
    """Copies of a published article, newest first, without the price of publishing each."""

    def copy(article: Article, count: int) -> None:
        translations = list(article.translations.all())
        contributions = list(article.contributions.all())
        topics = list(article.topics.all())
        live = {
            item.language: (item.revisions.get(), item.publications.get()) for item in translations
        }
        for number in range(1, count + 1):
            new = Article.objects.create(slug=f"{article.slug}-{number:02}", kind=article.kind)
            new.topics.set(topics)
            Contribution.objects.bulk_create(
                Contribution(article=new, author=item.author, role=item.role)
                for item in contributions
            )
            for old in translations:
                revision, publication = live[old.language]
                translation = _copy(ArticleTranslation, old, article=new)
                revision = _copy(Revision, revision, translation=translation)
                at = timezone.now() - datetime.timedelta(days=number)
                _copy(
                    Publication,
                    publication,
                    translation=translation,
                    revision=revision,
                    live_from=at,
                    first_live_from=at,
                )

    return copy


def _copy(model, row, **changes):
    values = {
        field.attname: getattr(row, field.attname)
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in changes
    }
    return model.objects.create(**values, **changes)
