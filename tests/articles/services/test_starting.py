"""A new article has its languages as a pair from the start."""

import pytest
from django.db import IntegrityError, transaction

from articles import services
from articles.building import build_document
from articles.models import ArticleTranslation, AuditEntry
from articles.units import digests_of
from tests.factories import make_article, make_translation

pytestmark = pytest.mark.django_db

TITLES = {"en": " Sleep ", "zh-hans": "睡眠"}


@pytest.mark.parametrize("source", ["zh-hans", "en"])
def test_article_begins_in_every_language_at_once(source, user):
    article = make_article(source_language=source)
    texts = services.start_article(article, TITLES, user=user)
    assert {code: text.title for code, text in texts.items()} == {"en": "Sleep", "zh-hans": "睡眠"}
    assert all(text.revisions.get().saved_by == user for text in texts.values())
    translation = next(text for code, text in texts.items() if code != source)
    assert translation.source_hashes == digests_of(build_document(texts[source])) != {}
    assert AuditEntry.objects.filter(act="created", user=user, article=article.slug).count() == 2


def test_text_in_a_language_that_is_there_already_is_refused():
    text = make_translation()
    with pytest.raises(IntegrityError), transaction.atomic():
        services.start_translation(text.article, text.language, title="再来")


def test_nothing_is_public_at_the_start():
    services.start_article(make_article(), TITLES)
    assert not ArticleTranslation.objects.published().exists()
