"""An editor, messages in English, and a database that several connections share."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection, connections
from django.utils import translation

from tests.accounts import make_user


@pytest.fixture(autouse=True)
def english():
    """Messages are asserted in English; documents are rendered in their own language anyway."""
    with translation.override("en"):
        yield


@pytest.fixture
def user():
    return make_user(username="editor")


@pytest.fixture
def shared_database(tmp_path, monkeypatch):
    """A database that several connections write to at once.

    The tests' SQLite lives in memory, where connections cannot wait for each other; it is copied
    to a file that is opened with the site's own options.
    """
    if connection.vendor == "sqlite":
        path = tmp_path / "shared.sqlite3"
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        monkeypatch.setitem(connections.settings["default"], "NAME", str(path))
