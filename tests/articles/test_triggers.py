"""What the database itself refuses, whoever asks: in plain SQL, past every form and service."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_pre_migrate_signal
from django.db import IntegrityError, connection, models, transaction

from articles import audit, services
from articles.models import Article, ArticleSlug, AuditEntry, GlossaryTerm, ReviewSignature
from articles.triggers import KEPT, PERMANENT, TRIGGERS, install_triggers, remove_triggers
from tests.accounts import make_user
from tests.articles.services.threads import in_threads
from tests.constraints import insert, refusal_of
from tests.factories import (
    make_article,
    make_author,
    make_publication,
    make_signature,
    make_topic,
)

pytestmark = pytest.mark.django_db


def run(sql: str, *values) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


@contextmanager
def refused_by(name: str):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert refusal_of(refusal.value) == name


def installed() -> set[str]:
    """Triggers that refuse; those that only count are tested in test_content_version."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        return {name for (name,) in cursor.fetchall() if not name.startswith("content_moves_")}


NAMES = {trigger.name for trigger in TRIGGERS}


# Addresses


def test_new_article_cannot_take_an_old_address():
    services.rename(make_article(slug="a"), "b")
    with refused_by("article_slug_was_never_used_insert"):
        insert(Article, {"slug": "a"})


def test_article_cannot_be_moved_to_an_old_address():
    services.rename(make_article(slug="a"), "b")
    other = make_article(slug="c")
    with refused_by("article_slug_was_never_used_update"):
        run("UPDATE articles_article SET slug = 'a' WHERE id = %s", other.pk)
    with refused_by("article_slug_was_never_used_update"):
        run("UPDATE articles_article SET slug = 'a' WHERE slug = 'b'")


def test_address_in_use_cannot_become_an_old_one():
    article, other = make_article(slug="a"), make_article(slug="b")
    for slug in ("a", "b"):
        with refused_by("article_old_slug_is_not_in_use_insert"):
            insert(ArticleSlug, {"article": article, "slug": slug})
    row = insert(ArticleSlug, {"article": other, "slug": "c"})
    with refused_by("article_old_slug_is_not_in_use_update"):
        run("UPDATE articles_articleslug SET slug = 'a' WHERE id = %s", row.pk)


def test_what_breaks_no_rule_passes():
    article = make_article(slug="a")
    row = insert(ArticleSlug, {"article": article, "slug": "b"})
    assert run("UPDATE articles_article SET slug = 'c' WHERE id = %s", article.pk) == 1
    assert run("UPDATE articles_articleslug SET slug = 'a' WHERE id = %s", row.pk) == 1
    assert run("UPDATE articles_article SET scene = 2 WHERE id = %s", article.pk) == 1


# Other names that are addresses


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("author_slug", make_author),
        ("topic_slug", make_topic),
        ("glossary_term_key", lambda: GlossaryTerm.objects.create(key="calcidiol")),
    ],
)
def test_what_publications_name_a_row_by_stays(name, make):
    row = make()
    table, column = PERMANENT[name]
    with refused_by(f"{name}_stays"):
        run(f"UPDATE {table} SET {column} = 'another' WHERE id = %s", row.pk)
    assert run(f"UPDATE {table} SET {column} = {column} WHERE id = %s", row.pk) == 1


# The log and signatures


def make_kept(table: str) -> int:
    """The primary key of a new row."""
    if table == "articles_auditentry":
        return audit.record("saved", make_article(), user=make_user(username="editor")).pk
    publication = make_publication()
    return make_signature(publication=publication, author=make_author()).pk


@pytest.mark.parametrize(("name", "table"), KEPT.items())
def test_kept_row_can_be_neither_changed_nor_replaced_nor_deleted(name, table):
    pk = make_kept(table)
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    before = model._base_manager.filter(pk=pk).values().get()
    column = model._meta.fields[1].column
    with refused_by(f"{name}_is_kept_update"):
        run(f"UPDATE {table} SET {column} = {column}")
    with refused_by(f"{name}_is_kept_delete"):
        run(f"DELETE FROM {table} WHERE id = %s", pk)
    with refused_by(f"{name}_is_kept_delete"):
        model._base_manager.filter(pk=pk)._raw_delete("default")
    with refused_by(f"{name}_is_kept_insert"):
        replace = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
        run(f"{replace} INTO {table} SELECT * FROM {table} WHERE id = %s", pk)
    with refused_by(f"{name}_is_kept_insert"):
        model._base_manager.bulk_create(
            [model(**before)], update_conflicts=True, unique_fields=["id"], update_fields=[column]
        )
    assert model._base_manager.filter(pk=pk).values().get() == before


def test_signed_account_is_kept_even_past_the_models():
    publication = make_publication()
    user = make_user()
    make_signature(publication=publication, author=make_author(), signed_by=user)
    run("DELETE FROM auth_user_groups WHERE user_id = %s", user.pk)
    pk = user.pk

    def delete_account() -> None:
        with transaction.atomic():
            run("DELETE FROM auth_user WHERE id = %s", pk)
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        delete_account()


# Over migrations


def test_every_trigger_is_there_after_migrate():
    assert installed() == NAMES


def test_triggers_can_be_made_and_taken_away_twice():
    for _again in range(2):
        remove_triggers(connection)
        assert installed() == set()
    for _again in range(2):
        install_triggers(connection)
        assert installed() == NAMES


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_triggers_survive_a_migration_that_rebuilds_their_tables(removable_log):
    """SQLite makes a new table for a new rule, and with the old one its triggers are gone."""
    pk = make_kept("articles_auditentry")
    services.rename(make_article(slug="a"), "b")
    rule = models.CheckConstraint(condition=models.Q(pk__gt=0), name="a_rule_for_this_test")
    emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")
    assert installed() == set()
    for model in (Article, ArticleSlug, AuditEntry, ReviewSignature):
        with connection.schema_editor() as editor:
            editor.add_constraint(model, rule)
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, rule)
    call_command("migrate", verbosity=0)
    assert installed() == NAMES
    with refused_by("audit_entry_is_kept_delete"):
        run("DELETE FROM articles_auditentry WHERE id = %s", pk)
    with refused_by("article_slug_was_never_used_insert"):
        insert(Article, {"slug": "a"})


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_committed_entry_stands_in_no_tests_way(removable_log):
    make_kept("articles_auditentry")
    assert AuditEntry.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_transactions_cannot_give_one_address_to_two_articles(removable_log):
    """Neither sees what the other has not committed, so the second waits."""
    article = make_article(slug="a")
    is_inside = threading.Event()

    def first():
        with transaction.atomic():
            insert(ArticleSlug, {"article": article, "slug": "z"})
            is_inside.set()
            time.sleep(0.5)

    def second():
        assert is_inside.wait(timeout=30)
        with transaction.atomic():
            return insert(Article, {"slug": "z"})

    _nothing, refusal = in_threads(first, second)
    assert isinstance(refusal, IntegrityError)
