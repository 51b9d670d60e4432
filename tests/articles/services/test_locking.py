"""One writer at a time, and nobody writes over what they have not seen."""

import pytest
from django.db import transaction

from articles import services
from articles.models import Article, ArticleTranslation
from articles.services import EditConflict
from tests.accounts import make_user
from tests.articles.services.texts import edit
from tests.articles.services.threads import Overlap, in_threads
from tests.factories import make_author, make_publication

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


ACTS = {
    "save": lambda text, **seen: services.save_revision(text, **seen),
    "confirm": lambda text, **seen: services.confirm_units(text, ["@title"], **seen),
    "publish": lambda text, **seen: services.publish(text, change="typo", **seen),
    "withdraw": lambda text, **seen: services.withdraw(text, note="…", **seen),
    "restore": lambda text, **seen: services.restore_text(text, text.revisions.last(), **seen),
    "request": lambda text, **seen: services.request_review(
        text, reviewer=make_author(user=make_user()), **seen
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
def test_act_on_a_text_that_somebody_else_has_saved_changes_nothing(act):
    text = make_publication().translation
    text.refresh_from_db()
    seen = text.version
    services.save_revision(edit(text, "别人写的。"))
    before = ArticleTranslation.objects.filter(pk=text.pk).values().get()
    with pytest.raises(EditConflict) as conflict:
        ACTS[act](ArticleTranslation.objects.get(pk=text.pk), expected_version=seen)
    assert (conflict.value.expected, conflict.value.current) == (seen, seen + 1)
    assert ArticleTranslation.objects.filter(pk=text.pk).values().get() == before
    assert (text.revisions.count(), text.publications.count()) == (2, 1)
    assert not text.review_requests.exists()
    ACTS[act](ArticleTranslation.objects.get(pk=text.pk), expected_version=seen + 1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_saves_over_the_same_version_one_is_refused(shared_database, monkeypatch):
    (text,) = in_threads(lambda: make_publication().translation)
    (seen,) = in_threads(lambda: ArticleTranslation.objects.get(pk=text.pk).version)
    overlap = Overlap(services.saving.build_document)
    monkeypatch.setattr(services.saving, "build_document", overlap)

    def job(words: str):
        with transaction.atomic():
            row = services.locking.lock_translation(text, seen)
            row.body += f"\n{words}\n"
            row.save()
            return services.save_revision(row, expected_version=seen).number

    def second():
        assert overlap.is_inside.wait(timeout=30)
        return job("second")

    number, conflict = in_threads(lambda: job("first"), second)
    assert number == 2
    assert isinstance(conflict, services.EditConflict)
    (body,) = in_threads(lambda: ArticleTranslation.objects.get(pk=text.pk).body)
    assert "first" in body
    assert "second" not in body
