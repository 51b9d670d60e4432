"""Move ``ContentVersion`` with every change of what readers may see, whoever makes it.

In the database, because the admin, ``update()``, a shell and plain SQL must all count: pages are
answered with 304 as long as nothing has moved. Made and taken away with the other triggers.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

ROW = ("INSERT", "UPDATE", "DELETE")
SEEN = {
    "articles_publication": ROW,
    "articles_sharecard": ROW,
    "articles_reviewsignature": ("INSERT",),
    "articles_articletranslation": ("UPDATE OF withdrawn_at, withdrawal_note",),
    "articles_article": ("UPDATE OF slug, kind, source_language",),
    "articles_articleslug": ROW,
    "articles_article_topics": ROW,
    "articles_contribution": ROW,
    "articles_topic": ROW,
    "articles_topictranslation": ROW,
    "articles_glossaryterm": ROW,
    "articles_glossarytermtranslation": ROW,
    "authors_author": ROW,
    "authors_authortranslation": ROW,
    "authors_registration": ROW,
    "authors_registrationtranslation": ROW,
}
"""What readers see of each table, as the events that change it. Drafts are not among them."""

VERSION = "articles_contentversion"
FUNCTION = "content_version_moves"

_MOVE = (
    f"INSERT INTO {VERSION} (id, number, changed_at) VALUES (1, 1, {{now}}) "  # noqa: S608
    f"ON CONFLICT (id) DO UPDATE SET number = {VERSION}.number + 1, "
    "changed_at = excluded.changed_at;"
)


def install_content_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers anew, once all their tables exist."""
    remove_content_triggers(connection)
    tables = set(connection.introspection.table_names())
    if not tables.issuperset({VERSION, *SEEN}):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION_ON_POSTGRESQL)
        for table, events in SEEN.items():
            for event in events:
                cursor.execute(_STATEMENTS[connection.vendor](table, event))


def remove_content_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away, so that tables can be rebuilt."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, events in SEEN.items():
            for event in events if table in tables else ():
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on}")


def _name(table: str, event: str) -> str:
    return f"content_moves_{table}_{event.split()[0].lower()}"


def _on_sqlite(table: str, event: str) -> str:
    move = _MOVE.format(now="strftime('%Y-%m-%d %H:%M:%f', 'now')")
    when = _when(event, "IS NOT")
    return f"CREATE TRIGGER {_name(table, event)} AFTER {event} ON {table}{when} BEGIN {move} END"


def _on_postgresql(table: str, event: str) -> str:
    """Deferred to the commit, so that nobody waits for the one row while holding other locks."""
    return (
        f"CREATE CONSTRAINT TRIGGER {_name(table, event)} AFTER {event} ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW{_when(event, 'IS DISTINCT FROM')} "
        f"EXECUTE FUNCTION {FUNCTION}()"
    )


def _when(event: str, differs: str) -> str:
    """A save writes every column, also those that stay as they were."""
    _event, is_narrow, columns = event.partition(" OF ")
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in columns.split(", "))
    return f" WHEN ({changed})" if is_narrow else ""


# Once in a transaction, however many rows it wrote.
_FUNCTION_ON_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('healthsite.moved', true) IS DISTINCT FROM txid_current()::text THEN
        {_MOVE.format(now="clock_timestamp()")}
        PERFORM set_config('healthsite.moved', txid_current()::text, true);
    END IF;
    RETURN NULL;
END $$
"""

_STATEMENTS = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}
