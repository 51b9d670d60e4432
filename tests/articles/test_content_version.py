"""Whatever changes what readers see moves the content version; drafts do not."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from articles import services
from articles.content_triggers import (
    SEEN,
    install_content_triggers,
    remove_content_triggers,
)
from articles.models import (
    Article,
    ArticleTranslation,
    ContentVersion,
    GlossaryTermTranslation,
    Publication,
    ShareCard,
)
from authors.models import Author, AuthorTranslation, Registration
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def settle():
    """``settle()`` → the version once every deferred trigger has run."""

    def number() -> int:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Once in a transaction, and a test is one: the next change counts anew.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                cursor.execute("SELECT set_config('healthsite.moved', '', true)")
        return ContentVersion.objects.values_list("number", flat=True).first() or 0

    return number


@pytest.fixture
def text():
    article = factories.make_published_article(
        slug="evening-light", topics=[factories.make_topic()], authors=[factories.make_author()]
    )
    factories.make_term(key="calcidiol")
    factories.make_registration(author=Author.objects.get())
    return article.translations.get(language="en")


CHANGES = {
    "publish": lambda text: factories.make_publication(translation=text, change="clarification"),
    "render again": lambda text: Publication.objects.filter(translation=text).update(outline=[]),
    "withdraw": lambda text: services.withdraw(text, note="Retracted."),
    "rename": lambda text: services.rename(text.article, "morning-light"),
    "card": lambda text: ShareCard.objects.create(
        publication=text.publications.get(), wide="share/a.png", square="share/b.png", design="1"
    ),
    "topic": lambda text: text.article.topics.get().translations.update(name="Rest"),
    "topic of the article": lambda text: text.article.topics.clear(),
    "byline": lambda text: text.article.contributions.all().delete(),
    "name": lambda text: AuthorTranslation.objects.update(name="Ada"),
    "website": lambda text: Author.objects.update(website="https://example.org"),
    "registration": lambda text: Registration.objects.update(checked_on=datetime.date(2026, 1, 1)),
    "end of a registration": lambda text: Registration.objects.all().delete(),
    "term": lambda text: GlossaryTermTranslation.objects.update(definition="Something else."),
    "plain SQL": lambda text: connection.cursor().execute(
        "UPDATE authors_authortranslation SET bio_html = 'x'"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_change_that_readers_see_moves_the_version(text, settle, change):
    before = settle()
    change(text)
    assert settle() > before


def test_draft_moves_nothing(text, settle):
    before = settle()
    text.title = "A draft"
    text.save()
    services.save_revision(text)
    ArticleTranslation.objects.update(body="A draft")
    Article.objects.update(scene=3)
    assert settle() == before


def test_triggers_can_be_made_and_taken_away_twice(text, settle):
    for _again in range(2):
        remove_content_triggers(connection)
    before = settle()
    AuthorTranslation.objects.update(name="Ada")
    assert settle() == before
    for _again in range(2):
        install_content_triggers(connection)
    AuthorTranslation.objects.update(name="Grace")
    assert settle() > before


def test_every_table_of_the_list_exists():
    assert set(SEEN) <= set(connection.introspection.table_names())


def test_moment_of_a_change_is_kept(text, settle):
    settle()
    changed = ContentVersion.objects.changed_at()
    assert abs(timezone.now() - changed) < datetime.timedelta(minutes=1)


def test_scheduled_publication_counts_from_its_moment(text, settle):
    live_from = timezone.now() + datetime.timedelta(hours=2)
    factories.make_publication(translation=text, change="clarification", live_from=live_from)
    settle()
    assert ContentVersion.objects.changed_at() < live_from
    with time_machine.travel(live_from + datetime.timedelta(minutes=5), tick=False):
        assert ContentVersion.objects.changed_at() == live_from


def test_registration_counts_from_the_day_after_its_last(text, settle):
    last = timezone.localdate() + datetime.timedelta(days=9)
    Registration.objects.update(valid_until=last)
    settle()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=11), tick=False):
        changed = timezone.localtime(ContentVersion.objects.changed_at())
        assert changed.date() == last + datetime.timedelta(days=1)
        assert changed.time() == datetime.time()


def test_site_without_content_has_no_moment():
    ContentVersion.objects.all().delete()
    assert ContentVersion.objects.changed_at() is None


def test_it_costs_one_query(text, settle, django_assert_num_queries):
    settle()
    with django_assert_num_queries(1):
        ContentVersion.objects.changed_at()
