"""What every test may use."""

import gc
import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"


def pytest_collection_finish() -> None:
    """Modules live as long as the run: to look through them all the time took an eighth of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def require(is_there: bool, what: str) -> None:
    """Skip where a tool is missing; fail instead where everything is owed (REQUIRE_ALL=1)."""
    if is_there:
        return
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is missing, and REQUIRE_ALL is set", pytrace=False)
    pytest.skip(f"{what} is not installed")


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    """Every test has its own media and data folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path / "data"
    return settings.MEDIA_ROOT


@pytest.fixture
def removable_log(transactional_db):
    """For tests that commit to the log: nothing may be deleted from it, not even between tests.

    The triggers go before the database is emptied; Django then sends ``post_migrate``, which makes
    them anew.
    """
    from django.db import connection

    from articles.triggers import remove_triggers

    yield
    remove_triggers(connection)


@pytest.fixture
def demo_bundle(tmp_path) -> Path:
    """A copy of the demo content that a test may spoil."""
    folder = tmp_path / "bundle"
    shutil.copytree(FIXTURES, folder)
    return folder


@pytest.fixture
def demo_site(db):
    """The demo content, imported."""
    from articles.bundles import import_bundle

    return import_bundle(FIXTURES)


@pytest.fixture(scope="session")
def _fetched_demo_site(django_db_setup, django_db_blocker, tmp_path_factory):
    from django.db import transaction
    from django.test import Client, override_settings

    from articles.bundles import import_bundle
    from articles.share_cards import make_missing_cards
    from tests.crawl import crawl

    folder = tmp_path_factory.mktemp("demo")
    folders = {"MEDIA_ROOT": folder / "media", "DATA_DIR": folder}
    starts = ("/", "/zh-hans/", "/en/", "/zh-hans/style-guide/", "/en/style-guide/")
    with django_db_blocker.unblock(), override_settings(**folders), transaction.atomic():
        import_bundle(FIXTURES)
        # They are drawn after the commit, which never comes here.
        make_missing_cards()
        pages = crawl(Client(), starts)
        transaction.set_rollback(True)
    return pages


@pytest.fixture
def demo_pages(db, _fetched_demo_site):
    """Every page of the demo site by its address, fetched once; the database itself is empty."""
    # ``db``, because pytest-django makes a database only where a test asks for it.
    return _fetched_demo_site
