"""Validators and 304: nobody is sent what they have, and nobody is told that old is new."""

import datetime
import time
from email.utils import parsedate_to_datetime

import brotli
import pytest
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles.models import ContentVersion
from authors.models import AuthorTranslation
from healthsite.compression import best_forms
from healthsite.freshness import FreshnessMiddleware, code_changed_at, etag_of
from tests.crawl import LANGUAGES

ARTICLE = "/en/articles/evening-light/"
PAGES = ("/", "/{}/", "/{}/articles/evening-light/", "/{}/about/", "/{}/authors/ada/")
both_languages = pytest.mark.parametrize("code", LANGUAGES)
every_page = pytest.mark.parametrize("path", PAGES)


LONG_AGO = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)


def run_deferred_triggers() -> None:
    """PostgreSQL counts a change at the commit, which never comes in a test."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SELECT set_config('healthsite.moved', '', true)")


@pytest.fixture
def old_code(monkeypatch):
    """Nobody has edited a file lately."""
    monkeypatch.setattr("healthsite.freshness.code_changed_at", lambda: LONG_AGO)


@pytest.fixture
def ask(site, client, old_code):
    """``ask(path, **headers)``; the site changed an hour ago."""
    run_deferred_triggers()
    ContentVersion.objects.update(changed_at=timezone.now() - datetime.timedelta(hours=1))

    def get(path: str = ARTICLE, method: str = "get", **headers) -> HttpResponse:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(client, method)(path, headers=names)

    return get


@both_languages
@every_page
@pytest.mark.parametrize("method", ["get", "head"])
def test_page_that_a_visitor_has_is_304_and_empty(ask, path, code, method):
    page = ask(path.format(code))
    for headers in (
        {"if_none_match": page.headers["ETag"]},
        {"if_none_match": f"W/{page.headers['ETag']}"},
        {"if_none_match": f'"other", {page.headers["ETag"]}'},
        {"if_none_match": "*"},
        {"if_modified_since": page.headers["Last-Modified"]},
    ):
        answer = ask(path.format(code), method, **headers)
        assert (answer.status_code, answer.content) == (304, b""), headers
        assert "Content-Type" not in answer.headers
        for name in ("ETag", "Last-Modified", "Cache-Control", "Vary"):
            assert answer.headers[name] == page.headers[name], name


def test_304_keeps_the_policy_of_the_page(ask):
    """A browser puts the headers of a 304 in place of those it stored."""
    page = ask()
    answer = ask(if_none_match=page.headers["ETag"])
    assert "sha256-" in page.headers["Content-Security-Policy"]
    for name in ("Content-Security-Policy", "Content-Language", "Cache-Tag", "Surrogate-Key"):
        assert answer.headers[name] == page.headers[name], name


@pytest.mark.parametrize(
    "headers",
    [
        {"if_none_match": '"0123456789abcdef0123"'},
        {"if_none_match": ""},
        {"if_none_match": ",,W/,"},
        {"if_modified_since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"if_modified_since": "yesterday"},
        {"if_modified_since": "Mon, 01 Jan 2199 00:00:00 GMT"},
    ],
)
def test_what_a_visitor_does_not_have_is_sent(ask, headers):
    assert ask(**headers).status_code == 200


def test_date_is_not_looked_at_where_a_validator_is_given(ask):
    page = ask()
    answer = ask(if_none_match='"other"', if_modified_since=page.headers["Last-Modified"])
    assert answer.status_code == 200


def test_every_form_of_a_page_has_a_validator_of_its_own_and_all_are_known(ask):
    plain, zipped = ask(), ask(accept_encoding="gzip")
    quick = ask(accept_encoding="br")
    best_forms._make(best_forms.digest(plain.content), plain.content)
    best = ask(accept_encoding="br")
    tags = [answer.headers["ETag"] for answer in (plain, zipped, quick, best)]
    assert brotli.decompress(best.content) == plain.content
    assert len({answer.content for answer in (plain, zipped, best)}) == 3
    assert len(set(tags)) == 4 or quick.content == best.content
    for tag in tags:
        assert ask(if_none_match=tag, accept_encoding="br").status_code == 304


def test_change_is_seen_by_validator_and_by_date(ask):
    before = ask()
    time.sleep(1.1)  # The database has a clock of its own, and HTTP dates go by seconds.
    AuthorTranslation.objects.update(name="Ada Lovelace")
    run_deferred_triggers()
    after = ask()
    assert after.headers["ETag"] != before.headers["ETag"]
    assert parsedate_to_datetime(after.headers["Last-Modified"]) > parsedate_to_datetime(
        before.headers["Last-Modified"]
    )
    for headers in (
        {"if_none_match": before.headers["ETag"]},
        {"if_modified_since": before.headers["Last-Modified"]},
    ):
        assert ask(**headers).status_code == 200


def test_new_code_counts_as_a_change(ask, monkeypatch):
    deployed = timezone.now().replace(microsecond=0) + datetime.timedelta(minutes=5)
    monkeypatch.setattr("healthsite.freshness.code_changed_at", lambda: deployed)
    assert parsedate_to_datetime(ask().headers["Last-Modified"]) == deployed


def test_age_of_the_code_is_that_of_its_newest_file(settings):
    root = settings.BASE_DIR
    files = [*root.glob("templates/**/*.html"), *root.glob("articles/*.py")]
    newest = max(path.stat().st_mtime for path in files)
    # A date knows microseconds, a file's time more than that.
    assert code_changed_at().timestamp() >= newest - 0.001


def test_tracking_parameters_change_neither_the_page_nor_its_validator(ask):
    for path in (ARTICLE, "/en/", "/en/topics/sleep/"):
        plain = ask(path)
        tracked = ask(f"{path}?utm_source=x&fbclid=y&from=singlemessage&isappinstalled=0")
        assert tracked.content == plain.content
        assert tracked.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize("path", ["/en/articles/nothing/", "/healthz", "/admin/login/"])
def test_what_is_no_page_of_readers_has_no_validator(ask, path):
    answer = ask(path)
    assert "ETag" not in answer.headers
    assert "Last-Modified" not in answer.headers
    assert ask(path, if_none_match="*").status_code == answer.status_code


def test_answer_with_a_cookie_is_never_304(rf):
    def view(request):
        response = HttpResponse("x")
        response.headers["Cache-Control"] = "public"
        response.set_cookie("a", "b")
        return response

    answer = FreshnessMiddleware(view)(rf.get("/", headers={"if-none-match": "*"}))
    assert answer.status_code == 200


@given(header=st.text(max_size=80))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_header_breaks_anything(rf, header):
    def view(request):
        response = HttpResponse(b"x")
        response.headers["Cache-Control"] = "public"
        response.headers["Last-Modified"] = http_date(0)
        return response

    for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
        answer = FreshnessMiddleware(view)(rf.get("/", **{name: header}))
        assert answer.status_code in {200, 304}
        if answer.status_code == 304:
            assert etag_of(b"x").strip('"') in header or "*" in header or "19" in header
