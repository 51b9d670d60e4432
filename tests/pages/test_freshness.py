"""Validators and 304: nobody is sent what they have, and nobody is told that old is new."""

import datetime
from email.utils import parsedate_to_datetime

import brotli
import pytest
import time_machine
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
from healthsite.freshness import (
    FORMS,
    SETTLING,
    FreshnessMiddleware,
    code_changed_at,
    etag_of,
)
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

    def get(path: str = ARTICLE, method: str = "get", **headers) -> HttpResponse:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(client, method)(path, headers=names)

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        yield get


def change(name: str, at: datetime.datetime | None = None) -> None:
    """Change what readers see, ``at`` a moment: in ``ask`` the database is an hour slow."""
    number = ContentVersion.objects.get().number
    AuthorTranslation.objects.update(name=name)
    run_deferred_triggers()
    assert ContentVersion.objects.get().number > number
    ContentVersion.objects.update(changed_at=at or timezone.now())


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
    change("Ada Lovelace")
    at_once = ask()
    assert at_once.headers["ETag"] != before.headers["ETag"]
    assert "Last-Modified" not in at_once.headers
    for wait in (0, 5):
        with time_machine.travel(timezone.now() + datetime.timedelta(seconds=wait)):
            for headers in (
                {"if_none_match": before.headers["ETag"]},
                {"if_modified_since": before.headers["Last-Modified"]},
            ):
                assert ask(**headers).status_code == 200
            later = ask()
    assert later.headers["ETag"] == at_once.headers["ETag"]
    assert parsedate_to_datetime(later.headers["Last-Modified"]) > parsedate_to_datetime(
        before.headers["Last-Modified"]
    )


def test_second_change_within_a_second_is_seen_by_date(ask):
    second = timezone.now().replace(microsecond=0) + datetime.timedelta(minutes=10)
    change("First", at=second + datetime.timedelta(seconds=0.2))
    with time_machine.travel(second + datetime.timedelta(seconds=0.5), tick=False):
        between = ask()
    change("Second", at=second + datetime.timedelta(seconds=0.8))
    # Who was given no date sends the time at which the page came (RFC 9110, 13.1.3).
    known = between.headers.get("Last-Modified", http_date(second.timestamp()))
    for wait in (0.9, 1, 1.5, 2, 2.8, 3, 60):
        with time_machine.travel(second + datetime.timedelta(seconds=wait), tick=False):
            answer = ask(if_modified_since=known)
        assert answer.status_code == 200, wait
    assert "Last-Modified" in answer.headers


SECONDS = st.floats(min_value=0, max_value=8, allow_nan=False)


@given(first=SECONDS, second=SECONDS, read=SECONDS, later=SECONDS)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_date_never_stands_for_a_page_before_the_last_change(
    rf, monkeypatch, first, second, read, later
):
    """Whenever a page changes and is read: 304 by date only for who has the page as it is."""
    first, second = sorted([first, second])
    read, later = sorted([read, later])
    zero = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)

    def answer_at(moment: float, **headers):
        number = (moment >= first) + (moment >= second)
        changed = [zero - datetime.timedelta(days=1), zero, zero][number]
        changed += datetime.timedelta(seconds=[0, first, second][number])
        monkeypatch.setattr("healthsite.freshness.last_modified", lambda: changed)
        page = HttpResponse(b"%d" % number, headers={"Cache-Control": "public"})
        with time_machine.travel(zero + datetime.timedelta(seconds=moment), tick=False):
            return FreshnessMiddleware(lambda request: page)(rf.get("/", headers=headers)), number

    page, number = answer_at(read)
    given_date = page.headers.get("Last-Modified")
    read_at = (zero + datetime.timedelta(seconds=read)).timestamp()
    for since in {given_date or http_date(read_at), http_date(read_at)}:
        answer, present = answer_at(later, **{"if-modified-since": since})
        assert answer.status_code == 200 or number == present
    if given_date and number == present:
        answer, _ = answer_at(later, **{"if-modified-since": given_date})
        assert answer.status_code == 304


def test_change_while_a_page_is_made_is_not_in_its_date(rf, monkeypatch):
    """The page was made of what was there before, so its date may not be that of the change."""
    began = timezone.now().replace(microsecond=0)

    with time_machine.travel(began, tick=False) as clock:
        monkeypatch.setattr("healthsite.freshness.last_modified", lambda: began)

        def view(request):
            clock.shift(60)
            return HttpResponse(b"old", headers={"Cache-Control": "public"})

        assert "Last-Modified" not in FreshnessMiddleware(view)(rf.get("/")).headers


def test_new_code_counts_as_a_change(ask, monkeypatch):
    deployed = timezone.now().replace(microsecond=0) - datetime.timedelta(minutes=5)
    monkeypatch.setattr("healthsite.freshness.code_changed_at", lambda: deployed)
    assert parsedate_to_datetime(ask().headers["Last-Modified"]) == deployed + SETTLING


def test_no_date_lies_in_the_future(ask, monkeypatch):
    """RFC 9110, 8.8.2.1. A file may come from a machine whose clock is wrong."""
    ahead = timezone.now() + datetime.timedelta(minutes=5)
    monkeypatch.setattr("healthsite.freshness.code_changed_at", lambda: ahead)
    assert "Last-Modified" not in ask().headers


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


DIGEST = etag_of(b"x").strip('"')


def answer_to(rf, header: str, own: str = "") -> HttpResponse:
    # With a date, so that the database is not asked for one.
    dated = {"Cache-Control": "public", "Last-Modified": http_date(0)}
    response = HttpResponse(b"x", headers=dated)
    if own:
        response.headers["ETag"] = own
    return FreshnessMiddleware(lambda request: response)(
        rf.get("/", headers={"if-none-match": header})
    )


@pytest.mark.parametrize(
    "header",
    [
        DIGEST,
        f"W/{DIGEST}",
        f'"{DIGEST}',
        f'{DIGEST}"',
        f'""{DIGEST}""',
        f'w/"{DIGEST}"',
        f'W/W/"{DIGEST}"',
        f'W/ "{DIGEST}"',
        f'"W/{DIGEST}"',
        f"'{DIGEST}'",
        f'"{DIGEST}-evil"',
        f'"{DIGEST}-"',
        f'"{DIGEST}-br"',
        f'"{DIGEST}-br5-br5"',
        f'"{DIGEST}-GZIP"',
        f'"{DIGEST} "',
        f'"{DIGEST.upper()}"',
        f'"{DIGEST[:-1]}"',
        f'"-{DIGEST}"',
        f'"{DIGEST}"\xa0',
        '"*"',
        "W/*",
    ],
)
def test_what_is_no_validator_of_ours_matches_nothing(rf, header):
    for own in ("", etag_of(b"x", "gzip")):
        assert answer_to(rf, header, own).status_code == 200


@pytest.mark.parametrize("form", ["", *FORMS])
def test_every_validator_of_ours_is_known_and_repeated_as_we_write_it(rf, form):
    theirs = etag_of(b"x", form)
    for own in (etag_of(b"x"), etag_of(b"x", "gzip")):
        for header in (theirs, f"W/{theirs}", f' "a" ,\t{theirs} , "b"', f'"a-evil",W/{theirs}'):
            answer = answer_to(rf, header, own)
            assert (answer.status_code, answer.headers["ETag"]) == (304, theirs), header
        assert answer_to(rf, "*", own).headers["ETag"] == own
        # A cache that has several forms is told of the one it would be sent (RFC 9111, 4.3.4).
        assert answer_to(rf, f"{theirs}, {own}", own).headers["ETag"] == own


def test_validator_that_is_no_digest_is_compared_whole(rf):
    own = '"activation-else-0123456789abcdef.png"'
    assert answer_to(rf, own, own).headers["ETag"] == own
    for other in ('"activation-else.png"', '"activation"', f'{own[:-1]}-gzip"', own.strip('"')):
        assert answer_to(rf, other, own).status_code == 200


@given(
    tag=st.one_of(
        st.from_regex(rf'(W/)?"?{DIGEST}[-a-z0-9"]{{0,8}}', fullmatch=True),
        st.text('W/"-*brgzip5, 10' + DIGEST, max_size=40),
    )
)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_304_never_repeats_what_we_did_not_write(rf, tag):
    answer = answer_to(rf, tag)
    assert answer.headers["ETag"] in {etag_of(b"x", form) for form in ("", *FORMS)}


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
