"""One writer at a time, and nobody writes over what they have not seen."""

import pytest

from articles import services
from articles.models import Article, ArticleTranslation
from tests.articles.services.texts import edit
from tests.articles.services.threads import Overlap, in_threads
from tests.factories import make_publication

pytestmark = pytest.mark.django_db


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_publications_at_the_same_time_get_two_numbers(shared_database, monkeypatch):
    (text,) = in_threads(lambda: make_publication().translation)
    overlap = Overlap(services.publishing.render)
    monkeypatch.setattr(services.publishing, "render", overlap)

    def second():
        assert overlap.is_inside.wait(timeout=30)
        return services.publish(text, change="typo").number

    numbers = in_threads(lambda: services.publish(text, change="typo").number, second)
    assert sorted(numbers, key=str) == [2, 3]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_saving_while_a_text_is_published_waits_for_its_turn(shared_database, monkeypatch):
    """What has no language changes without a write to the text, which would wait by itself."""
    (text,) = in_threads(lambda: edit(make_publication().translation))
    overlap = Overlap(services.publishing.render)
    monkeypatch.setattr(services.publishing, "render", overlap)

    def second():
        assert overlap.is_inside.wait(timeout=30)
        Article.objects.filter(pk=text.article_id).update(scene=5)
        return services.save_revision(ArticleTranslation.objects.get(pk=text.pk)).number

    numbers = in_threads(lambda: services.publish(text, change="typo").revision.number, second)
    assert numbers == [2, 3]
