"""Failures: in both languages, kept by no cache, and without the database when that failed."""

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.test import Client

from articles import services
from tests.crawl import LANGUAGES, TAGS, language_of, parse, say, text_of

HEADINGS = {404: "This page is not here", 410: "This article was withdrawn"}
FAILURE = "Something went wrong here"

both_languages = pytest.mark.parametrize("code", LANGUAGES)


@pytest.fixture
def calm_client() -> Client:
    """A client that gets the page visitors would get, instead of the exception."""
    return Client(raise_request_exception=False)


@pytest.fixture
def no_database(db):
    def refuse(*args, **kwargs):
        raise OperationalError("the database is down")

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def failing_view(monkeypatch):
    """Makes the view of an article raise the exception given."""

    def fail(exception: Exception):
        def refuse(*args, **kwargs):
            raise exception

        monkeypatch.setattr("articles.views.publications_of", refuse)

    return fail


def check_bilingual(response, code: str, status: int) -> None:
    """Both languages, the address's own first, each marked and each leading to its own home."""
    assert response.status_code == status
    assert response.headers["Content-Language"] == TAGS[code]
    assert "Set-Cookie" not in response.headers
    assert response.headers["Vary"] == "Accept-Encoding"
    soup = parse(response.content)
    order = [code, next(item for item in LANGUAGES if item != code)]
    assert soup.html["lang"] == TAGS[code]
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    sections = soup.main.find_all("section")
    for section, language in zip(sections, order, strict=True):
        assert language_of(section) == TAGS[language]
        assert text_of(section.find(["h1", "h2"])) == say(language, HEADINGS.get(status, FAILURE))
        assert section.find("a", href=f"/{language}/")
    assert len(soup.find_all("h1")) == 1


# 404 and 410


@both_languages
def test_missing_page_is_explained_in_both_languages(db, client, code):
    response = client.get(f"/{code}/no/such/page/")
    check_bilingual(response, code, 404)
    assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
    for language in LANGUAGES:
        assert parse(response.content).main.find("a", href=f"/{language}/topics/")


def test_missing_page_without_a_language_is_explained_in_the_default_one_first(client):
    check_bilingual(client.get("/no-such-page/"), "zh-hans", 404)


def test_missing_page_does_not_repeat_what_was_asked_for(client):
    response = client.get("/en/<script>alert(1)</script>/?q=<b>x</b>")
    assert response.status_code == 404
    assert b"alert(1)" not in response.content
    assert b"<b>x" not in response.content


@both_languages
def test_withdrawn_page_says_when_why_and_where_to_go_on(site, client, code):
    services.withdraw(site.article.translations.get(language=code), note="A\n\nB")
    response = client.get(f"/{code}/articles/evening-light/")
    assert response.status_code == 410
    soup = parse(response.content)
    assert text_of(soup.h1) == say(code, HEADINGS[410])
    assert [text_of(p) for p in soup.select(".reason p")] == ["A", "B"]
    links = {a["href"] for a in soup.main.find_all("a")}
    assert {f"/{code}/", f"/{code}/corrections/"} <= links


# 400 and 403


@both_languages
def test_unknown_host_is_400_in_both_languages_and_is_never_repeated(client, code):
    response = client.get(f"/{code}/", headers={"host": "evil.example"})
    check_bilingual(response, code, 400)
    assert b"evil.example" not in response.content
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["", "a b", "testserver@evil.example", "évil", "x" * 300, "a:b:c"])
def test_malformed_host_is_400(client, host):
    assert client.get("/en/", headers={"host": host}).status_code == 400


def test_health_checks_need_no_more_than_a_loopback_name(client):
    for host in ("127.0.0.1:8000", "localhost", "[::1]"):
        assert client.get("/healthz", headers={"host": host}).status_code == 200


@both_languages
def test_refused_permission_is_403_in_both_languages(site, client, failing_view, code):
    failing_view(PermissionDenied())
    response = client.get(f"/{code}/articles/evening-light/")
    check_bilingual(response, code, 403)
    assert response.headers["Cache-Control"] == "no-store"


# 500


@both_languages
def test_failing_view_is_500_in_both_languages_and_tells_no_secrets(
    site, calm_client, failing_view, caplog, code
):
    failing_view(RuntimeError("a secret of the server"))
    response = calm_client.get(f"/{code}/articles/evening-light/")
    check_bilingual(response, code, 500)
    assert b"secret" not in response.content
    assert b"Traceback" not in response.content
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "sha256-" in response.headers["Content-Security-Policy"]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


@both_languages
def test_every_page_fails_politely_without_the_database(no_database, calm_client, code):
    for path in ("", "articles/one/", "topics/", "topics/one/", "authors/", "glossary/", "one/"):
        check_bilingual(calm_client.get(f"/{code}/{path}"), code, 500)


@both_languages
def test_page_fails_politely_when_even_connecting_is_refused(calm_client, code):
    """No ``db`` fixture: pytest-django refuses, from the page and from its error page alike."""
    check_bilingual(calm_client.get(f"/{code}/"), code, 500)


def test_pages_that_need_no_database_work_without_it(client):
    """No ``db`` fixture: pytest-django refuses even to connect."""
    check_bilingual(client.get("/en/a/b/"), "en", 404)
    assert client.get("/").status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.get("/en/style-guide/").status_code == 200


def test_site_is_not_ready_without_its_database(no_database, client):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": False, "migrations": False, "content": False}


def test_site_is_not_ready_while_a_migration_is_missing(site, client, monkeypatch):
    monkeypatch.setattr(
        "healthsite.views.MigrationExecutor.migration_plan", lambda *args: ["something"]
    )
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": True, "migrations": False, "content": True}
