"""IndexNow: what is noted for search engines, and how it is sent to a real server."""

import datetime
import importlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.http import http_date

from articles import indexnow, indexnow_sending, services
from articles.indexnow import Reason
from articles.indexnow_sending import BACKOFF, Answer, Outcome
from articles.models import IndexNowNotice
from tests import factories

KEY = "0123456789abcdef"
MAX_ATTEMPTS = IndexNowNotice.MAX_ATTEMPTS
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
WEEK = datetime.timedelta(days=7)
EN, ZH = "/en/articles/light/", "/zh-hans/articles/light/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as found:
        yield found


@pytest.fixture(autouse=True)
def is_on(settings, db):
    """A key is set; the endpoint is one that nobody may reach from a test."""
    settings.INDEXNOW_KEY = KEY
    settings.INDEXNOW_ENDPOINT = "http://127.0.0.1:1/indexnow"


def notices() -> dict[str, IndexNowNotice]:
    return {notice.path: notice for notice in IndexNowNotice.objects.all()}


def reasons() -> dict[str, str]:
    return {path: notice.reason for path, notice in notices().items()}


def moments(path: str) -> list[datetime.datetime]:
    """When an address is to be told, the soonest first."""
    return [notice.due_at for notice in IndexNowNotice.objects.filter(path=path)]


def forget() -> None:
    """What publishing noted is not what the test is about."""
    IndexNowNotice.objects.all().delete()


def text_of(article, code: str = "en"):
    return article.translations.get(language=code)


# The outbox


def test_what_is_due_now_takes_the_place_of_what_was_due_before(clock):
    indexnow.note(EN, Reason.PUBLISHED)
    IndexNowNotice.objects.update(
        attempts=MAX_ATTEMPTS, last_error="500 Failed", retry_at=NOON + WEEK
    )
    indexnow.note(EN, Reason.UPDATED, NOON - HOUR)
    clock.shift(HOUR)
    indexnow.note(ZH, Reason.PUBLISHED)
    indexnow.note(EN, Reason.WITHDRAWN)
    assert reasons() == {EN: Reason.WITHDRAWN, ZH: Reason.PUBLISHED}
    assert moments(EN) == [NOON + HOUR]
    notice = notices()[EN]
    assert (notice.attempts, notice.last_error, notice.retry_at) == (0, "", None)


def test_what_is_due_later_joins_what_waits():
    for due_at in (None, NOON + WEEK, NOON + HOUR, NOON + WEEK, None):
        indexnow.note(EN, Reason.UPDATED, due_at)
    assert moments(EN) == [NOON, NOON + HOUR, NOON + WEEK]


def test_a_correction_is_told_at_once_whatever_is_scheduled_after_it(engine, clock):
    article = factories.make_published_article(slug="light", languages=["en"])
    forget()
    text = text_of(article)
    clock.shift(HOUR)
    factories.make_publication(translation=text, change="correction", public_note="The dose.")
    factories.make_publication(translation=text, change="evidence", live_from=NOON + WEEK)
    assert send() == (0, "")
    assert engine.sent == [[f"http://testserver{EN}"]]
    clock.move_to(NOON + WEEK)
    assert send() == (0, "")
    assert len(engine.sent) == 2
    assert not notices()


def test_what_is_scheduled_is_told_though_the_text_was_withdrawn_and_came_back(engine, clock):
    article = factories.make_published_article(slug="light", languages=["en"])
    factories.make_publication(translation=text_of(article), change="typo", live_from=NOON + WEEK)
    services.withdraw(text_of(article), note="A reason.")
    assert send() == (0, "")
    services.undo_withdrawal(text_of(article))
    assert moments(EN) == [NOON, NOON + WEEK]
    assert send() == (0, "")
    clock.move_to(NOON + WEEK)
    assert send() == (0, "")
    assert len(engine.sent) == 3


def test_a_text_that_comes_back_before_its_time_brings_all_that_is_scheduled():
    text = factories.make_translation(article=factories.make_article(slug="light"))
    factories.make_publication(translation=text, live_from=NOON + HOUR)
    factories.make_publication(translation=text, change="typo", live_from=NOON + WEEK)
    assert moments(ZH) == [NOON + HOUR, NOON + WEEK]
    services.withdraw(text, note="A reason.")
    assert not notices()
    services.undo_withdrawal(text)
    assert moments(ZH) == [NOON + HOUR, NOON + WEEK]


@pytest.mark.parametrize("change", [{"INDEXNOW_KEY": ""}, {"IS_CLOSED": True}])
def test_nothing_is_noted_without_a_key_or_of_a_closed_site(
    settings, change, django_assert_num_queries
):
    article = factories.make_published_article(slug="light")
    forget()
    for name, value in change.items():
        setattr(settings, name, value)
    text = text_of(article)
    with django_assert_num_queries(0):
        indexnow.note(EN, Reason.UPDATED)
        indexnow.note_text(text, Reason.UPDATED)
        indexnow.note_rename(article, "dark")
    assert not notices()


@pytest.mark.parametrize("reason", [Reason.PUBLISHED, Reason.WITHDRAWN])
def test_a_text_that_comes_or_goes_changes_the_same_page_in_other_languages(reason):
    article = factories.make_published_article(slug="light")
    forget()
    if reason == Reason.WITHDRAWN:
        services.withdraw(text_of(article), note="A reason.")
    indexnow.note_text(text_of(article), reason)
    assert reasons() == {EN: reason, ZH: Reason.UPDATED}
    assert {notice.due_at for notice in notices().values()} == {NOON}


def test_an_update_changes_its_own_page_alone():
    article = factories.make_published_article(slug="light")
    forget()
    indexnow.note_text(text_of(article), Reason.UPDATED)
    assert reasons() == {EN: Reason.UPDATED}


def test_languages_that_are_not_published_are_not_noted():
    article = factories.make_published_article(slug="light", languages=["en"])
    factories.make_translation(article=article)
    forget()
    indexnow.note_text(text_of(article), Reason.PUBLISHED)
    assert reasons() == {EN: Reason.PUBLISHED}


def test_a_site_page_has_its_own_address():
    article = factories.make_published_article(slug="about", kind="page", languages=["en"])
    forget()
    indexnow.note_text(text_of(article), Reason.UPDATED)
    assert list(notices()) == ["/en/about/"]


def test_a_draft_is_never_noted():
    text = factories.make_translation(article=factories.make_article(slug="light"))
    indexnow.note_text(text, Reason.UPDATED)
    assert not notices()


@pytest.mark.parametrize("due_at", [None, NOON + 2 * HOUR])
def test_a_scheduled_text_waits_until_it_can_be_read(due_at):
    article = factories.make_published_article(slug="light", languages=["zh-hans"])
    text = factories.make_translation(article=article, language="en")
    factories.make_publication(translation=text, live_from=NOON + 2 * HOUR)
    forget()
    indexnow.note_text(text, Reason.PUBLISHED, due_at)
    assert reasons() == {EN: Reason.PUBLISHED, ZH: Reason.UPDATED}
    assert {notice.due_at for notice in notices().values()} == {NOON + 2 * HOUR}


def test_a_scheduled_text_does_not_put_off_what_waits_in_another_language():
    article = factories.make_published_article(slug="light", languages=["zh-hans"])
    forget()
    indexnow.note_text(text_of(article, "zh-hans"), Reason.PUBLISHED)
    text = factories.make_translation(article=article, language="en")
    factories.make_publication(translation=text, live_from=NOON + HOUR)
    indexnow.note_text(text, Reason.PUBLISHED)
    assert moments(ZH) == [NOON, NOON + HOUR]
    assert moments(EN) == [NOON + HOUR]


def test_a_text_withdrawn_before_its_time_stays_unknown():
    text = factories.make_translation(article=factories.make_article(slug="light"))
    factories.make_publication(translation=text, live_from=NOON + HOUR)
    assert list(notices()) == [ZH]
    services.withdraw(text, note="A reason.")
    assert not notices()


def test_a_rename_notes_the_old_addresses_and_the_new_ones():
    article = factories.make_published_article(slug="light")
    forget()
    services.rename(article, "dark")
    new = {path.replace("light", "dark") for path in (EN, ZH)}
    assert reasons() == dict.fromkeys({EN, ZH} | new, Reason.MOVED)
    assert {notice.due_at for notice in notices().values()} == {NOON}


def test_a_notice_that_waits_moves_with_a_rename():
    article = factories.make_published_article(slug="light", languages=["en"])
    text = factories.make_translation(article=article)
    factories.make_publication(translation=text, live_from=NOON + HOUR)
    services.rename(article, "dark")
    found = {path: (notice.reason, notice.due_at) for path, notice in notices().items()}
    assert found["/zh-hans/articles/dark/"] == (Reason.PUBLISHED, NOON + HOUR)
    assert found[EN] == (Reason.MOVED, NOON)
    assert ZH not in found


def test_a_text_that_comes_sooner_than_was_scheduled_comes_anew():
    """Its other languages begin to link to it now, and not only when the first one was to come."""
    article = factories.make_published_article(slug="light", languages=["zh-hans"])
    IndexNowNotice.objects.all().delete()
    text = factories.make_translation(article=article, language="en")
    services.publish(text, change="first", live_from=NOON + WEEK)
    text.body += "\n\nMore."
    text.save()
    services.publish(text, change="clarification", public_note="Clearer.")
    assert moments(EN) == [NOON, NOON + WEEK]
    assert NOON in moments(ZH)


def test_a_rename_is_told_at_once_and_takes_along_what_is_scheduled():
    article = factories.make_published_article(slug="light", languages=["en"])
    for due_at in (NOON + HOUR, NOON + WEEK):
        factories.make_publication(translation=text_of(article), change="typo", live_from=due_at)
    services.rename(article, "dark")
    assert moments(EN) == [NOON]
    assert moments("/en/articles/dark/") == [NOON, NOON + HOUR, NOON + WEEK]
    article.refresh_from_db()
    services.rename(article, "light")
    assert moments(EN) == [NOON, NOON + HOUR, NOON + WEEK]
    assert moments("/en/articles/dark/") == [NOON]


def test_notices_are_few_queries(django_assert_max_num_queries):
    text = text_of(factories.make_published_article(slug="light"))
    with django_assert_max_num_queries(4):
        indexnow.note_text(text, Reason.PUBLISHED)


def test_the_services_note_what_they_change():
    article = factories.make_published_article(slug="light", languages=["en"])
    assert reasons() == {EN: Reason.PUBLISHED}
    factories.make_publication(translation=text_of(article), change="typo")
    assert reasons() == {EN: Reason.UPDATED}
    services.withdraw(text_of(article), note="A reason.")
    assert reasons() == {EN: Reason.WITHDRAWN}
    services.undo_withdrawal(text_of(article))
    assert reasons() == {EN: Reason.PUBLISHED}


def test_what_is_rolled_back_was_never_noted():
    article = factories.make_published_article(slug="light", languages=["en"])
    forget()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.withdraw(text_of(article), note="A reason.") or 1 / 0
    assert not notices()


# Settings


@pytest.mark.parametrize("key", ["short", "a" * 129, "with space", "ключ-ключ", "12345678\n"])
def test_a_key_that_no_engine_takes_is_an_error(settings, key):
    assert indexnow.check_settings() == []
    settings.INDEXNOW_KEY = key
    assert [error.id for error in indexnow.check_settings()] == ["articles.E001"]


@pytest.mark.parametrize(
    "address", ["", "ftp://a.example/x", "file:///etc/passwd", "https://", "http://a:b/", "a.b/c"]
)
def test_an_endpoint_that_is_none_is_an_error(settings, address):
    settings.INDEXNOW_ENDPOINT = address
    assert [error.id for error in indexnow.check_settings()] == ["articles.E002"]
    indexnow.note(EN, Reason.UPDATED)
    assert send()[0] == 1
    assert notices()[EN].attempts == 0


def test_files_cannot_be_opened(settings, tmp_path):
    path = tmp_path / "answer"
    path.write_text("200 OK")
    settings.INDEXNOW_ENDPOINT = path.as_uri()
    assert indexnow_sending.post([EN]).outcome is Outcome.POSTPONED


# Sending


class Engine(ThreadingHTTPServer):
    """A search engine. ``answers`` are (status, headers), the last one repeated; None: silence."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[tuple[int, dict[str, str]] | None] = [(200, {})]
        self.received: list[tuple[str, str, dict, dict]] = []
        self.is_over = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/indexnow"

    @property
    def sent(self) -> list[list[str]]:
        """The addresses of every request, in turn."""
        return [body["urlList"] for *_, body in self.received]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        server.received.append((self.command, self.path, dict(self.headers), body))
        answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
        if answer is None:
            server.is_over.wait(10)
            return
        status, headers = answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self):
        self.server.received.append((self.command, self.path, {}, {"urlList": []}))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        """Tests print nothing."""


@pytest.fixture
def engine(settings, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Engine()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.INDEXNOW_ENDPOINT = server.url
    yield server
    server.is_over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def send(**options) -> tuple[int, str]:
    """Exit code and message of the command."""
    try:
        call_command("send_indexnow", verbosity=0, **options)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, ""


@pytest.mark.parametrize("status", [200, 202])
def test_what_was_accepted_is_forgotten(engine, settings, status):
    settings.SITE_ORIGIN = "https://health.example.org"
    settings.SITE_NAMES = {"zh-hans": "有据", "en": "Well-grounded / 有据\r\n"}
    engine.answers = [(status, {})]
    for path in (EN, ZH):
        indexnow.note(path, Reason.PUBLISHED)
    assert send() == (0, "")
    assert not notices()
    [(method, path, headers, body)] = engine.received
    assert (method, path) == ("POST", "/indexnow")
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["User-Agent"] == "Well-grounded (+https://health.example.org/)"
    assert body == {
        "host": "health.example.org",
        "key": KEY,
        "keyLocation": f"https://health.example.org/{KEY}.txt",
        "urlList": [f"https://health.example.org{path}" for path in (EN, ZH)],
    }


def test_the_key_is_where_the_body_says(engine, client):
    indexnow.note(EN, Reason.PUBLISHED)
    send()
    location = engine.received[0][3]["keyLocation"]
    answer = client.get(location.removeprefix("http://testserver"))
    assert answer.content.decode() == KEY


@pytest.mark.parametrize("change", [{"INDEXNOW_KEY": ""}, {"IS_CLOSED": True}])
def test_nothing_is_sent_without_a_key_or_from_a_closed_site(engine, settings, change, capsys):
    indexnow.note(EN, Reason.PUBLISHED)
    for name, value in change.items():
        setattr(settings, name, value)
    call_command("send_indexnow")
    assert "Nothing is sent" in capsys.readouterr().out
    assert not engine.received
    assert notices()[EN].attempts == 0


def test_a_scheduled_publication_is_not_sent_before_its_time(engine, clock):
    text = factories.make_translation(article=factories.make_article(slug="light"))
    factories.make_publication(translation=text, live_from=NOON + HOUR)
    clock.shift(HOUR - datetime.timedelta(seconds=1))
    assert send() == (0, "")
    assert not engine.received
    clock.shift(datetime.timedelta(seconds=1))
    assert send() == (0, "")
    assert engine.sent == [[f"http://testserver{ZH}"]]


def test_many_are_sent_in_batches_the_oldest_first_up_to_the_limit(engine, monkeypatch):
    monkeypatch.setattr(indexnow_sending, "MAX_BATCH", 2)
    for number in range(6):
        indexnow.note(f"/{number}/", Reason.UPDATED, NOON - number * HOUR)
    assert send(limit=5) == (0, "")
    paths = [[url.removeprefix("http://testserver") for url in urls] for urls in engine.sent]
    assert paths == [["/5/", "/4/"], ["/3/", "/2/"], ["/1/"]]
    assert list(notices()) == ["/0/"]


def test_a_notice_that_fails_makes_way_for_a_later_one_once_that_is_due(engine, clock):
    engine.answers = [(422, {})]
    indexnow.note(EN, Reason.UPDATED)
    indexnow.note(ZH, Reason.UPDATED)
    for due_at in (HOUR, 2 * HOUR):
        indexnow.note(EN, Reason.PUBLISHED, NOON + due_at)
    assert send()[0] == 1
    IndexNowNotice.objects.filter(path=EN, due_at=NOON).update(attempts=MAX_ATTEMPTS)
    assert moments(EN) == [NOON, NOON + HOUR, NOON + 2 * HOUR]
    engine.answers = [(200, {})]
    clock.move_to(NOON + HOUR)
    # The limit counts addresses: none of it is spent on what another notice tells as well.
    assert send(limit=2) == (0, "")
    urls = [f"http://testserver{path}" for path in (ZH, EN)]
    assert sorted(engine.sent[-1]) == sorted(urls)
    assert moments(EN) == [NOON + 2 * HOUR]
    assert not moments(ZH)


def test_a_notice_makes_no_way_for_one_that_is_given_up(engine):
    make = IndexNowNotice.objects.create
    make(path=EN, reason=Reason.UPDATED, due_at=NOON - HOUR)
    make(path=EN, reason=Reason.UPDATED, due_at=NOON, attempts=MAX_ATTEMPTS)
    assert send() == (0, "")
    assert engine.sent == [[f"http://testserver{EN}"]]


def test_two_notices_of_an_address_fail_without_becoming_one(engine, clock):
    """Attempts may come at the same moment as a change, or as one another."""
    engine.answers = [(500, {})]
    indexnow.note(EN, Reason.UPDATED)
    indexnow.note(EN, Reason.UPDATED, NOON + BACKOFF[0])
    assert send()[0] == 3
    assert moments(EN) == [NOON, NOON + BACKOFF[0]]
    assert {notice.next_attempt_at for notice in notices().values()} == {NOON + BACKOFF[0]}
    clock.shift(BACKOFF[0])
    assert send()[0] == 3
    assert moments(EN) == [NOON + BACKOFF[0]]


@pytest.mark.parametrize("limit", ["0", "-1", "x"])
def test_a_limit_is_a_number_above_zero(limit):
    with pytest.raises(CommandError):
        call_command("send_indexnow", f"--limit={limit}")


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_what_was_refused_is_kept_and_somebody_is_told(engine, status):
    engine.answers = [(status, {})]
    indexnow.note(EN, Reason.PUBLISHED)
    code, message = send()
    assert code == 1
    assert str(status) in message
    assert engine.url in message
    notice = notices()[EN]
    assert notice.attempts == 1
    assert notice.last_error.startswith(f"{status} ")
    assert (notice.due_at, notice.retry_at) == (NOON, NOON + BACKOFF[0])


def test_a_redirect_is_not_followed(engine):
    for status in (301, 302, 303, 307, 308):
        engine.received.clear()
        engine.answers = [(status, {"Location": "/elsewhere"})]
        indexnow.note(EN, Reason.PUBLISHED)
        assert send()[0] == 1, status
        assert len(engine.received) == 1
        assert notices()[EN].last_error.startswith(f"{status} ")


def test_no_batch_follows_one_that_was_not_accepted(engine, monkeypatch):
    monkeypatch.setattr(indexnow_sending, "MAX_BATCH", 1)
    engine.answers = [(500, {})]
    for path in (EN, ZH):
        indexnow.note(path, Reason.PUBLISHED)
    assert send()[0] == 3
    assert len(engine.received) == 1
    assert sorted(notice.attempts for notice in notices().values()) == [0, 1]


def test_attempts_come_later_and_later_until_they_end(engine, clock):
    engine.answers = [(500, {})]
    indexnow.note(EN, Reason.PUBLISHED)
    waits, codes = [], []
    for _ in range(MAX_ATTEMPTS):
        codes.append(send()[0])
        waits.append(notices()[EN].retry_at - datetime.datetime.now(datetime.UTC))
        clock.shift(waits[-1])
    last = BACKOFF[-1]
    assert waits == [*BACKOFF, *[last] * (MAX_ATTEMPTS - len(BACKOFF))]
    assert codes == [3] * (MAX_ATTEMPTS - 1) + [4]
    assert send() == (0, "")
    assert len(engine.received) == MAX_ATTEMPTS
    assert notices()[EN].last_error.startswith("500 ")
    # A new change is told of, whatever became of the last one.
    engine.answers = [(200, {})]
    indexnow.note(EN, Reason.UPDATED)
    assert send() == (0, "")
    assert not notices()


def test_notices_given_up_are_said_at_every_run(engine, capsys):
    indexnow.note(EN, Reason.PUBLISHED)
    IndexNowNotice.objects.update(attempts=MAX_ATTEMPTS)
    call_command("send_indexnow")
    assert "1 notice(s) were given up" in capsys.readouterr().out
    assert not engine.received


def test_nobody_answers(settings, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        settings.INDEXNOW_ENDPOINT = f"http://127.0.0.1:{taken.getsockname()[1]}/indexnow"
        indexnow.note(EN, Reason.PUBLISHED)
        assert send()[0] == 3
    notice = notices()[EN]
    assert (notice.attempts, notice.retry_at) == (1, NOON + BACKOFF[0])
    assert notice.last_error.startswith("No answer: ")


def test_an_engine_that_keeps_silent_is_not_waited_for(engine, monkeypatch):
    monkeypatch.setattr(indexnow_sending, "TIMEOUT", 0.1)
    engine.answers = [None]
    indexnow.note(EN, Reason.PUBLISHED)
    assert send()[0] == 3
    assert notices()[EN].retry_at == NOON + BACKOFF[0]


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", datetime.timedelta(minutes=2)),
        (http_date((NOON + 3 * HOUR).timestamp()), 3 * HOUR),
        ("Sun, 06 Nov 1994 08:49:37 GMT", datetime.timedelta(0)),
        ("999999999", datetime.timedelta(days=1)),
    ],
)
def test_a_pause_that_the_engine_asks_for_is_kept(engine, clock, header, wait):
    engine.answers = [(429, {"Retry-After": header}), (200, {})]
    indexnow.note(EN, Reason.PUBLISHED)
    assert send()[0] == 3
    notice = notices()[EN]
    assert (notice.attempts, notice.retry_at) == (0, NOON + wait)
    if wait:
        # It holds for what is noted meanwhile as well.
        indexnow.note(ZH, Reason.PUBLISHED)
        clock.shift(wait - datetime.timedelta(seconds=1))
        assert send() == (0, "")
        assert len(engine.received) == 1
        clock.shift(datetime.timedelta(seconds=1))
    assert send() == (0, "")
    assert not notices()


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "soon"}, {"Retry-After": "-5"}])
def test_too_many_requests_without_a_time_is_a_failed_attempt(engine, headers):
    engine.answers = [(429, headers)]
    indexnow.note(EN, Reason.PUBLISHED)
    assert send()[0] == 3
    assert (notices()[EN].attempts, notices()[EN].retry_at) == (1, NOON + BACKOFF[0])


# Two at a time


def test_a_second_run_at_the_same_time_sends_nothing_again(engine, monkeypatch):
    seen = []

    def post(paths):
        monkeypatch.undo()
        seen.append(paths)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert send() == (0, "")  # the other run, while the first one waits for its answer
        return Answer(Outcome.ACCEPTED)

    indexnow.note(EN, Reason.PUBLISHED)
    monkeypatch.setattr(indexnow_sending, "post", post)
    assert send() == (0, "")
    assert seen == [[EN]]
    assert not engine.received
    assert not notices()


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.REFUSED])
def test_a_notice_renewed_while_it_was_sent_stays_as_it_is(monkeypatch, outcome):
    def post(paths):
        indexnow.note(EN, Reason.WITHDRAWN)
        return Answer(outcome, "" if outcome is Outcome.ACCEPTED else "403 Forbidden")

    for path in (EN, ZH):
        indexnow.note(path, Reason.PUBLISHED)
    monkeypatch.setattr(indexnow_sending, "post", post)
    send(limit=2)
    renewed = notices()[EN]
    assert (renewed.reason, renewed.next_attempt_at) == (Reason.WITHDRAWN, NOON)
    assert (renewed.attempts, renewed.last_error) == (0, "")


def test_a_run_that_was_killed_loses_nothing(engine, monkeypatch, clock):
    def killed(paths):
        raise KeyboardInterrupt

    indexnow.note(EN, Reason.PUBLISHED)
    with monkeypatch.context() as patch:
        patch.setattr(indexnow_sending, "post", killed)
        with pytest.raises(KeyboardInterrupt):
            send()
    assert send() == (0, "")
    assert not engine.received
    clock.shift(BACKOFF[0])
    assert send() == (0, "")
    assert engine.sent == [[f"http://testserver{EN}"]]


# Notices of earlier versions of the site


MIGRATION = "0013_notices_of_several_moments"


def migrate(function: str) -> None:
    """Run one of the migration's functions on the rows, with the models of its time."""
    module = importlib.import_module(f"articles.migrations.{MIGRATION}")
    apps = MigrationExecutor(connection).loader.project_state([("articles", MIGRATION)]).apps
    getattr(module, function)(apps, SimpleNamespace(connection=connection))


def times_of(path: str) -> list[tuple[datetime.datetime, datetime.datetime | None]]:
    rows = IndexNowNotice.objects.filter(path=path).order_by("due_at")
    return list(rows.values_list("due_at", "retry_at"))


def test_attempts_of_earlier_versions_are_parted_from_what_changed():
    later = NOON + HOUR
    make = IndexNowNotice.objects.create
    make(path="/waits/", reason="updated", due_at=later)
    make(path="/tried/", reason="updated", due_at=later, attempts=1)
    make(path="/paused/", reason="updated", due_at=later, last_error="429 Too Many Requests")
    make(path="/over/", reason="updated", due_at=later, attempts=MAX_ATTEMPTS, last_error="500 No")
    migrate("part_attempts_from_changes")
    assert times_of("/waits/") == [(later, None)]
    for path in ("/tried/", "/paused/", "/over/"):
        assert times_of(path) == [(NOON, later)]
    migrate("keep_the_first_of_each_address")
    assert {notice.due_at for notice in notices().values()} == {later}


def test_earlier_versions_keep_what_is_due_first():
    for due_at in (NOON + HOUR, NOON, NOON + WEEK):
        indexnow.note(EN, Reason.UPDATED, due_at)
    migrate("keep_the_first_of_each_address")
    assert moments(EN) == [NOON]
