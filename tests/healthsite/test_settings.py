"""Settings that surprise, settings that protect, and the list of variables in the handbook."""

import ast
import json
import os
import re
import runpy
import sqlite3
import stat
import subprocess
import sys
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import ConnectionHandler

from tests.conftest import ROOT

SETTINGS = ROOT / "healthsite" / "settings.py"
HANDBOOK = ROOT / "docs" / "operating.md"
PRODUCTION = {
    "SITE_ORIGIN": "https://health.example.org",
    "SECRET_KEY": "".join(chr(33 + n * 37 % 90) for n in range(70)),
}


def variables_of_settings() -> set[str]:
    """The names given to ``env.str(…)`` and its like."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(SETTINGS.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
    }


def variables_of_gunicorn() -> set[str]:
    source = (ROOT / "gunicorn.conf.py").read_text(encoding="utf-8")
    return set(re.findall(r'os\.environ\.get\("([A-Z_]+)"', source))


@pytest.fixture
def load(monkeypatch, tmp_path):
    """Reads the settings file as a process with only these variables would."""

    def read(**variables: str) -> dict:
        for name in variables_of_settings():
            monkeypatch.delenv(name, raising=False)
        for name, value in {"DATA_DIR": str(tmp_path / "data"), **variables}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return read


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """A process of its own, with these variables and no others."""
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# Without any variable


def test_site_is_safe_when_nothing_is_set(load):
    found = load()
    assert found["DEBUG"] is False
    assert found["SITE_ORIGIN"] == "http://127.0.0.1:8000"
    assert set(found["ALLOWED_HOSTS"]) == {"127.0.0.1", "localhost", "[::1]"}
    assert len(found["SECRET_KEY"]) >= 50
    assert found["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("1", True), ("no", False)])
def test_debug_has_to_be_asked_for(load, value, expected):
    assert load(DEBUG=value)["DEBUG"] is expected


def test_everything_the_site_writes_is_in_the_data_folder(load, tmp_path):
    found = load()
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        assert found[name].is_relative_to(tmp_path / "data")
    assert found["DATABASES"]["default"]["NAME"] == tmp_path / "data" / "site.sqlite3"


def test_data_folder_may_be_relative_and_have_any_name(load, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = load(DATA_DIR="a b#c?d%41")
    assert found["DATABASES"]["default"]["NAME"] == tmp_path / "a b#c?d%41" / "site.sqlite3"
    assert found["MEDIA_ROOT"].is_absolute()


# The key


def test_generated_key_can_be_read_by_its_owner_only_and_is_kept(load, tmp_path):
    first = load()["SECRET_KEY"]
    path = tmp_path / "data" / "secret_key"
    assert path.read_text(encoding="ascii") == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load()["SECRET_KEY"] == first


def test_loose_umask_does_not_open_the_key(load, tmp_path):
    before = os.umask(0)
    try:
        load()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600


def test_given_key_is_used_and_none_is_written(load, tmp_path):
    assert load(SECRET_KEY="given")["SECRET_KEY"] == "given"
    assert not (tmp_path / "data" / "secret_key").exists()


def test_processes_that_start_at_once_end_with_one_key(load, tmp_path):
    secret_key = load()["secret_key"]
    for number in range(20):
        folder = tmp_path / f"start-{number}"
        folder.mkdir()
        keys, together = [], threading.Barrier(8)

        def start(folder=folder, keys=keys, together=together):
            together.wait()
            keys.append(secret_key(folder))

        threads = [threading.Thread(target=start) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(keys) == 8
        assert len(set(keys)) == 1
        assert len(keys[0]) >= 50
        assert [path.name for path in folder.iterdir()] == ["secret_key"]


# The origin


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://health.example.org", "health.example.org"),
        ("https://health.example.org/", "health.example.org"),
        ("https://health.example.org:8443", "health.example.org"),
        ("http://[2001:db8::1]:8000", "[2001:db8::1]"),
    ],
)
def test_host_of_the_origin_is_served(load, origin, host):
    found = load(SITE_ORIGIN=origin)
    assert found["SITE_ORIGIN"] == origin.rstrip("/")
    assert found["ALLOWED_HOSTS"][0] == host
    assert found["CSRF_TRUSTED_ORIGINS"] == [origin.rstrip("/")]


def test_more_hosts_can_be_served(load):
    found = load(**PRODUCTION, ALLOWED_HOSTS="www.example.org,10.0.0.5")
    assert {"health.example.org", "www.example.org", "10.0.0.5"} <= set(found["ALLOWED_HOSTS"])


@pytest.mark.parametrize(
    "origin",
    [
        *("", "health.example.org", "https://", "ftp://health.example.org", "//health.example.org"),
        *("https://health.example.org/zh-hans/", "https://health.example.org?x=1"),
        *("https://health.example.org#x", "https://me:secret@health.example.org"),
        *("https://health.example.org:port", "http://[::1", "javascript:alert(1)"),
    ],
)
def test_bad_origin_stops_the_start_and_tells_how_to_mend_it(load, origin):
    with pytest.raises(ImproperlyConfigured) as stop:
        load(SITE_ORIGIN=origin)
    assert repr(origin.rstrip("/")) in str(stop.value)
    assert "SITE_ORIGIN=https://health.example.org" in str(stop.value)


# Security


def test_production_passes_the_deployment_checks_without_a_warning(tmp_path):
    result = run(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        DATA_DIR=str(tmp_path),
        **PRODUCTION,
    )
    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout


PROBE = """
import json, django
from django.conf import settings
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
settings.STATIC_ROOT.mkdir()
django.setup()
from django.test import Client
ask = lambda *a, **k: Client(headers={"host": "127.0.0.1"}).get(*a, **k)
answers = {
    "plain": ask("/no-such-page"),
    "secure": ask("/no-such-page", secure=True),
    "forwarded": ask("/no-such-page", headers={"x-forwarded-proto": "https"}),
    "health": ask("/healthz"),
}
print(json.dumps({k: [v.status_code, dict(v.headers)] for k, v in answers.items()}))
"""


def probe(tmp_path, **variables: str) -> dict:
    result = run(
        *("-c", PROBE),
        DJANGO_SETTINGS_MODULE="healthsite.settings",
        DATA_DIR=str(tmp_path),
        **variables,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def test_https_origin_brings_redirects_and_strict_transport(tmp_path):
    answers = probe(tmp_path, **PRODUCTION)
    status, headers = answers["plain"]
    assert status == 301
    assert headers["Location"] == "https://127.0.0.1/no-such-page"
    for name in ("secure", "forwarded"):
        status, headers = answers[name]
        assert status == 404
        lifetime = "max-age=31536000; includeSubDomains; preload"
        assert headers["Strict-Transport-Security"] == lifetime
    # A load balancer asks without TLS.
    assert answers["health"][0] == 200


def test_http_origin_brings_neither(tmp_path):
    answers = probe(tmp_path, SITE_ORIGIN="http://127.0.0.1:8000")
    for status, headers in answers.values():
        assert status != 301
        assert "Strict-Transport-Security" not in headers


def test_cookies_are_secure_exactly_when_the_origin_is(load):
    for origin, is_secure in (("https://a.example", True), ("http://a.example", False)):
        found = load(SITE_ORIGIN=origin)
        assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is is_secure
        assert found["SESSION_COOKIE_HTTPONLY"] is found["CSRF_COOKIE_HTTPONLY"] is True
        # Without TLS in front, anybody could send the header that says there is.
        assert bool(found["SECURE_PROXY_SSL_HEADER"]) is is_secure


# The database


@pytest.fixture
def sqlite(load, django_db_blocker):
    """A connection to a file, as the site makes it."""
    connection = ConnectionHandler(load()["DATABASES"])["default"]
    with django_db_blocker.unblock():
        yield connection
        connection.close()


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 1),  # NORMAL
        ("mmap_size", 128 * 1024 * 1024),
        ("cache_size", -20_000),  # kibibytes
        ("foreign_keys", 1),
        ("busy_timeout", 20_000),  # milliseconds
    ],
)
def test_sqlite_option_is_in_effect(sqlite, pragma, expected):
    with sqlite.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone() == (expected,)


def test_sqlite_transaction_takes_the_write_lock_at_once_and_leaves_readers_alone(sqlite):
    with sqlite.cursor() as cursor:
        cursor.execute("CREATE TABLE t (x)")
    other = sqlite3.connect(sqlite.settings_dict["NAME"], timeout=0, isolation_level=None)
    try:
        sqlite.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        assert other.execute("SELECT count(*) FROM t").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        sqlite.rollback()
        sqlite.set_autocommit(True)
    finally:
        other.close()


def test_sqlite_connection_stays_open_between_requests(load):
    assert load()["DATABASES"]["default"]["CONN_MAX_AGE"] is None


def test_postgresql_is_an_address_away_and_pools_its_connections(load):
    address = "postgres://site:p%40ss@db.example:5433/health"
    default = load(DATABASE_URL=address)["DATABASES"]["default"]
    assert default["ENGINE"] == "django.db.backends.postgresql"
    assert (default["HOST"], default["PORT"], default["NAME"]) == ("db.example", 5433, "health")
    assert (default["USER"], default["PASSWORD"]) == ("site", "p@ss")
    # Django refuses a pool together with persistent connections.
    assert default["OPTIONS"]["pool"] is True
    assert default["CONN_MAX_AGE"] == 0
    assert load(DATABASE_URL=address, DATABASE_POOL="false")["DATABASES"]["default"]["OPTIONS"] == {
        "pool": False
    }


# The handbook


def test_handbook_documents_every_variable_and_invents_none():
    assert HANDBOOK.exists(), "docs/operating.md is to list every variable"
    rows = re.findall(r"^\| `([A-Z_]+)` \|", HANDBOOK.read_text(encoding="utf-8"), re.M)
    assert len(set(rows)) == len(rows)
    assert set(rows) == variables_of_settings() | variables_of_gunicorn()
