"""Rules of the database that no check constraint can say, because they look at other rows.

- An address is never given to a second article: no current slug is an old one, and no old slug is
  a current one. A redirect therefore leads to an article in one step, whatever is renamed.
- The address of an author, a topic or a term stays: publications name them by it.
- Entries of the log and signatures of reviewers are neither changed nor deleted.

Triggers are made after every ``migrate`` and taken away before it: SQLite rebuilds a table to
change it, which drops the table's triggers and stumbles over those that name it.
"""

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Trigger:
    """``moment`` is what sets it off; without a ``condition`` (over NEW and OLD) it always refuses.

    ``is_in_turn``: on PostgreSQL, who changes an address at the same time waits, because a
    condition does not see what another transaction has not committed.
    """

    name: str
    table: str
    moment: str
    condition: str = ""
    is_in_turn: bool = False


KEPT = {
    "audit_entry": "articles_auditentry",
    "review_signature": "articles_reviewsignature",
}
"""Tables whose rows stay as they were made, by the name their refusals start with."""

PERMANENT = {
    "author_slug": ("authors_author", "slug"),
    "topic_slug": ("articles_topic", "slug"),
    "glossary_term_key": ("articles_glossaryterm", "key"),
}
"""Table and column of what is never changed, by the name its refusal starts with."""

TRIGGERS = (
    *(
        Trigger(
            f"article_slug_was_never_used_{moment.split()[0].lower()}",
            "articles_article",
            moment,
            "EXISTS (SELECT 1 FROM articles_articleslug WHERE slug = NEW.slug)",
            is_in_turn=True,
        )
        for moment in ("INSERT", "UPDATE OF slug")
    ),
    *(
        Trigger(
            f"article_old_slug_is_not_in_use_{moment.split()[0].lower()}",
            "articles_articleslug",
            moment,
            "EXISTS (SELECT 1 FROM articles_article WHERE slug = NEW.slug)",
            is_in_turn=True,
        )
        for moment in ("INSERT", "UPDATE OF slug")
    ),
    *(
        Trigger(f"{name}_stays", table, f"UPDATE OF {column}", f"NEW.{column} <> OLD.{column}")
        for name, (table, column) in PERMANENT.items()
    ),
    *(
        Trigger(f"{name}_is_kept_{moment.lower()}", table, moment, condition)
        for name, table in KEPT.items()
        for moment, condition in (
            ("UPDATE", ""),
            ("DELETE", ""),
            # SQLite's INSERT OR REPLACE deletes without asking the trigger for deletions.
            ("INSERT", f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"),  # noqa: S608
        )
    ),
)


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger whose tables exist. Existing ones are made anew."""
    remove_triggers(connection)
    tables = set(connection.introspection.table_names())
    if not tables.issuperset(trigger.table for trigger in TRIGGERS):
        return
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            for statement in _STATEMENTS[connection.vendor](trigger):
                cursor.execute(statement)


def remove_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away, so that tables can be rebuilt."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            if trigger.table in tables:
                on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


ADDRESSES = 0x736C7567
"""The advisory lock of addresses: “slug” in ASCII, so that no other program takes it by chance."""


def _on_sqlite(trigger: Trigger) -> list[str]:
    when = f" WHEN {trigger.condition}" if trigger.condition else ""
    return [
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.moment} ON {trigger.table}{when} "
        f"BEGIN SELECT RAISE(ABORT, '{trigger.name}'); END"
    ]


def _on_postgresql(trigger: Trigger) -> list[str]:
    """The error carries the trigger's name where a constraint's would stand."""
    refusal = (
        f"RAISE EXCEPTION '{trigger.name}' USING ERRCODE = 'check_violation', "
        f"CONSTRAINT = '{trigger.name}';"
    )
    body = f"IF {trigger.condition} THEN {refusal} END IF;" if trigger.condition else refusal
    if trigger.is_in_turn:
        body = f"PERFORM pg_advisory_xact_lock({ADDRESSES}); {body}"
    return [
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NEW; END $$",
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.moment} ON {trigger.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {trigger.name}()",
    ]


_STATEMENTS = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}
