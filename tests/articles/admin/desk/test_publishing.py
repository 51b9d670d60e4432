"""Publish now or later, withdraw: what is asked, what is refused, what is logged."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import Permission

from articles import services
from articles.building import build_document
from articles.models import ArticleTranslation, AuditEntry, Publication
from tests.articles.admin.desk.conftest import address
from tests.articles.admin.desk.forms import get
from tests.factories import make_publication

pytestmark = pytest.mark.django_db

FORM = "form.publish-form"
NOW = datetime.datetime(2026, 3, 1, 0, 0, tzinfo=datetime.UTC)


def fresh(text) -> ArticleTranslation:
    return ArticleTranslation.objects.select_related("article").get(pk=text.pk)


def edit(text, words: str) -> None:
    row = fresh(text)
    row.body += f"\n{words}\n"
    row.save()
    services.save_revision(row)


@pytest.fixture
def screen(client_of):
    def open_(text, role: str = "managing", language: str = "en"):
        return get(client_of(role, language=language), address("publish", text))

    return open_


def test_a_text_is_published_at_once(pair, screen, client):
    text = pair["zh-hans"]
    path = text.get_absolute_url()
    assert client.get(path).status_code == 404
    page = screen(text)
    assert page.fields(FORM)["change"] == ["first"]
    assert page.send(FORM).status == 302
    assert client.get(path).status_code == 200
    entry = AuditEntry.objects.get(act="published")
    assert (entry.user_name, entry.details["number"]) == ("managing", 1)


@pytest.mark.parametrize("is_first", [True, False])
def test_only_kinds_that_can_be_are_offered(pair, screen, is_first):
    text = pair["zh-hans"]
    if not is_first:
        make_publication(translation=text)
    page = screen(text)
    offered = {item["value"] for item in page.soup.select(f"{FORM} [name=change]")}
    assert offered == ({"first"} if is_first else set(Publication.Change.values) - {"first"})
    wrong = "typo" if is_first else "first"
    assert page.send(FORM, change=wrong).status == 422
    assert text.publications.count() == (0 if is_first else 1)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_correction_says_in_public_what_was_corrected(pair, screen, language):
    text = pair["zh-hans"]
    make_publication(translation=text)
    edit(text, "更正。")
    page = screen(text, language=language)
    answer = page.send(FORM, change="correction", public_note="  ")
    assert answer.status == 422
    assert answer.soup.select(".errors [name=public_note]")
    assert text.publications.count() == 1
    assert answer.send(FORM, public_note="时间写错了。").status == 302
    assert text.publications.order_by("-number").first().public_note == "时间写错了。"


@pytest.mark.parametrize(
    ("change", "moves_updated", "moves_reviewed"),
    [
        ("typo", False, False),
        ("clarification", True, False),
        ("correction", True, False),
        ("evidence", True, False),
        ("full_review", True, True),
    ],
)
def test_each_kind_moves_the_dates_it_says(pair, screen, change, moves_updated, moves_reviewed):
    text = pair["zh-hans"]
    with time_machine.travel(NOW, tick=False):
        make_publication(translation=text)
    edit(text, "又一段。")
    with time_machine.travel(NOW + datetime.timedelta(days=3), tick=False):
        assert screen(text).send(FORM, change=change, public_note="为什么。").status == 302
    newest = text.publications.order_by("-number").first()
    assert (newest.updated_at == newest.live_from) == moves_updated
    assert (newest.reviewed_at == newest.live_from) == moves_reviewed
    assert (newest.updated_at is None, newest.reviewed_at is None) == (
        not moves_updated,
        not moves_reviewed,
    )


TIMES = {
    # Summer time in Auckland is 13 hours ahead of UTC, winter time 12, Beijing always 8.
    "2026-03-20T09:00": ("09:00", "04:00", (2026, 3, 19, 20)),
    "2026-07-01T09:00": ("09:00", "05:00", (2026, 6, 30, 21)),
    # The first hour after summer time began on 27 September 2026.
    "2026-09-27T03:00": ("03:00", "22:00", (2026, 9, 26, 14)),
    "2026-09-27T01:59": ("01:59", "21:59", (2026, 9, 26, 13)),
}


@pytest.mark.parametrize("typed", TIMES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_scheduling_is_asked_twice_and_names_both_clocks(pair, screen, typed, language):
    text = pair["zh-hans"]
    auckland, beijing, utc = TIMES[typed]
    with time_machine.travel(NOW, tick=False):
        asked = screen(text, language=language).send(FORM, change="first", live_from=typed)
        assert asked.status == 200
        assert not text.publications.exists()
        button = asked.soup.select_one("button[name=confirm]").get_text()
        assert auckland in button
        assert beijing in button
        assert asked.send(FORM, confirm="1").status == 302
    publication = text.publications.get()
    at = publication.live_from
    assert (at.year, at.month, at.day, at.hour) == utc
    assert AuditEntry.objects.get(act="scheduled").details["number"] == 1


def test_a_scheduled_text_goes_live_by_itself(pair, screen, client):
    text = pair["zh-hans"]
    with time_machine.travel(NOW, tick=False):
        asked = screen(text).send(FORM, change="first", live_from="2026-03-20T09:00")
        asked.send(FORM, confirm="1")
        assert client.get(text.get_absolute_url()).status_code == 404
    with time_machine.travel(datetime.datetime(2026, 3, 19, 20, 1, tzinfo=datetime.UTC)):
        assert client.get(text.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "typed",
    ["2026-03-01T12:59", "2020-01-01T00:00", "2026-09-27T02:30", "soon", "2026-13-01T00:00"],
)
def test_a_time_that_has_passed_or_never_comes_is_refused(pair, screen, typed):
    text = pair["zh-hans"]
    with time_machine.travel(NOW, tick=False):
        answer = screen(text).send(FORM, change="first", live_from=typed)
    assert answer.status == 422
    assert answer.soup.select(".errors [name=live_from]")
    assert answer.fields(FORM)["live_from"] == [typed]
    assert not text.publications.exists()


@pytest.fixture
def stopped(pair) -> ArticleTranslation:
    """A text that a check stops."""
    text = pair["zh-hans"]
    edit(text, "[[figure:nowhere]]")
    return text


def test_a_stop_refuses_and_names_itself(stopped, screen):
    page = screen(stopped)
    assert page.soup.select("[name=override_reason]")
    answer = page.send(FORM)
    assert answer.status == 422
    assert answer.soup.select(".finding--stop")
    assert not stopped.publications.exists()
    assert not AuditEntry.objects.filter(act__in=["published", "overrode"]).exists()


def test_a_stop_is_passed_with_a_reason_which_is_logged(stopped, screen):
    assert screen(stopped).send(FORM, override_reason="   ").status == 422
    assert screen(stopped).send(FORM, override_reason="Recall today.").status == 302
    entry = AuditEntry.objects.get(act="overrode")
    assert entry.details["reason"] == "Recall today."
    assert any("nowhere" in stop for stop in entry.details["stops"])
    assert stopped.publications.get().override_reason == "Recall today."


def test_a_stop_is_not_passed_without_the_permission(stopped, user_of, client_of):
    user = user_of("publisher", "publisher")
    for name in ("view_articletranslation", "add_publication"):
        user.user_permissions.add(Permission.objects.get(codename=name))
    page = get(client_of("publisher", "publisher"), address("publish", stopped))
    assert not page.soup.select("[name=override_reason]")
    assert page.send(FORM, override_reason="I want to.").status == 422
    assert not stopped.publications.exists()


def test_a_reason_without_a_stop_is_not_kept(pair, screen):
    assert screen(pair["zh-hans"]).send(FORM, override_reason="Just in case.").status == 302
    assert pair["zh-hans"].publications.get().override_reason == ""
    assert not AuditEntry.objects.filter(act="overrode").exists()


@pytest.mark.parametrize("role", ["writer", "translator", "reviewer"])
@pytest.mark.parametrize("act", ["publish", "withdraw", "undo_withdrawal"])
def test_who_may_not_publish_or_withdraw_cannot(pair, client_of, role, act):
    text = pair["zh-hans"]
    make_publication(translation=text)
    client = client_of(role)
    data = {"version": str(fresh(text).version), "change": "typo", "note": "Wrong."}
    assert client.post(address(act, text), data).status_code == 403
    assert text.publications.count() == 1
    assert fresh(text).withdrawn_at is None


def test_what_changes_for_readers_is_shown_before_it_does(pair, screen):
    text = pair["zh-hans"]
    make_publication(translation=text)
    edit(text, "全新的一段。")
    page = screen(text)
    changes = page.soup.select_one("section[aria-labelledby=changes-h]")
    assert "全新的一段。" in changes.get_text()
    assert "晚上的光线会影响睡眠。" not in changes.get_text()


def test_a_withdrawn_text_is_gone_with_its_reason_and_comes_back(pair, client_of, client):
    text = pair["zh-hans"]
    make_publication(translation=text)
    page = get(client_of("managing"), address("withdraw", text))
    assert page.send(FORM, note=" ").status == 422
    assert page.send(FORM, note="剂量写错了。").status == 302
    gone = client.get(text.get_absolute_url())
    assert gone.status_code == 410
    assert "剂量写错了。" in gone.content.decode()
    desk = get(client_of("managing"), address("change", text))
    assert desk.send('form[action$="undo-withdrawal/"]').status == 302
    assert client.get(text.get_absolute_url()).status_code == 200
    assert {"withdrew", "undid_withdrawal"} <= set(AuditEntry.objects.values_list("act", flat=True))


def test_publishing_asks_a_fixed_number_of_queries(
    pair, client_of, django_assert_max_num_queries, django_assert_num_queries
):
    """The number does not grow with the text."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    client = client_of("managing")
    for text, words in ((pair["zh-hans"], ""), (pair["en"], "\n".join(["A line.\n"] * 40))):
        if words:
            edit(text, words)
        now = fresh(text)
        seen = {"version": str(now.version), "content_hash": build_document(now).content_hash}
        data = {**seen, "change": "first"}
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.post(address("publish", text), data).status_code == 302
        counts.append(len(queries))
    # A translation reads its source besides.
    assert counts[1] <= counts[0] + 25
    assert max(counts) <= 130
