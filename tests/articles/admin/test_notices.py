"""What search engines were not told: who sees it at the desk, and how it is sent again."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone, translation

from articles.admin.lists import short_time
from articles.models import AuditEntry, IndexNowNotice
from tests.articles.admin.conftest import MANAGER, ROLES, WRITER

pytestmark = pytest.mark.django_db

LIST = "admin:articles_indexnownotice_changelist"
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def is_on(settings):
    settings.INDEXNOW_KEY = "0123456789abcdef"


@pytest.fixture
def notices() -> dict[str, IndexNowNotice]:
    """One that waits for its day, one that was refused, and one that was given up."""
    soon, before = timezone.now() + DAY, timezone.now() - DAY
    make = IndexNowNotice.objects.create
    return {
        "waiting": make(path="/en/articles/a/", reason="published", due_at=soon),
        "failing": make(
            path="/en/articles/b/",
            reason="updated",
            due_at=before,
            retry_at=soon + DAY,
            attempts=2,
            last_error="403 No",
        ),
        "given_up": make(
            path="/en/articles/c/",
            reason="updated",
            due_at=before,
            retry_at=soon,
            attempts=IndexNowNotice.MAX_ATTEMPTS,
            last_error="500 Failed",
        ),
    }


def panel(client) -> dict[str, str]:
    """Address and note of each row of the overview's list."""
    soup = BeautifulSoup(client.get("/admin/").content, "html.parser")
    return {
        row.a.get_text(strip=True): row.get_text(" ", strip=True)
        for row in soup.select(".panel--untold .rows > li")
    }


def leads(client, language: str = "en") -> bool:
    """Whether the desk's sections lead to the list."""
    soup = BeautifulSoup(client.get("/admin/").content, "html.parser")
    return bool(soup.select(f'a[href="{reverse(LIST)}"]'))


def test_the_overview_says_what_was_not_accepted_and_why(client_for, notices):
    found = panel(client_for(MANAGER))
    assert list(found) == [notices["given_up"].path, notices["failing"].path]
    assert "403 No" in found[notices["failing"].path]


@pytest.mark.parametrize("role", ROLES)
def test_only_a_managing_editor_is_told(client_for, notices, role):
    client = client_for(role)
    assert bool(panel(client)) == leads(client) == (role == MANAGER)


@pytest.mark.parametrize("change", [{"INDEXNOW_KEY": ""}, {"IS_CLOSED": True}])
def test_nothing_is_said_where_nothing_is_sent(client_for, notices, settings, change):
    for name, value in change.items():
        setattr(settings, name, value)
    client = client_for(MANAGER)
    assert (panel(client), leads(client)) == ({}, False)


@pytest.mark.parametrize(
    ("state", "found"),
    [("waiting", ["a"]), ("failing", ["c", "b"]), ("given_up", ["c"])],
)
def test_each_state_is_a_list(client_for, notices, state, found):
    page = client_for(MANAGER).get(reverse(LIST), {"state": state, "o": "-5"})
    assert [item.path.split("/")[3] for item in page.context["cl"].result_list] == found


def test_the_list_goes_by_the_next_attempt_and_not_by_the_change(client_for, notices):
    IndexNowNotice.objects.filter(pk=notices["given_up"].pk).delete()
    page = client_for(MANAGER).get(reverse(LIST), {"o": "-4"})
    assert list(page.context["cl"].result_list) == [notices["failing"], notices["waiting"]]
    soup = BeautifulSoup(page.content, "html.parser")
    cells = [cell.get_text(strip=True) for cell in soup.select(".field-next_attempt")]
    with translation.override("en"):
        times = [notices["failing"].retry_at, notices["waiting"].due_at]
        assert cells == [short_time(time) for time in times]


def test_the_last_attempt_of_a_run_that_was_killed_is_told_as_well(client_for, notices):
    IndexNowNotice.objects.filter(pk=notices["given_up"].pk).update(last_error="")
    assert notices["given_up"].path in panel(client_for(MANAGER))
    assert {*IndexNowNotice.objects.failing(), *IndexNowNotice.objects.waiting()} == {
        *notices.values()
    }


def test_trying_again_takes_what_failed_and_leaves_what_waits(client_for, account_of, notices):
    before = notices["waiting"].due_at
    chosen = [notice.pk for notice in notices.values()]
    data = {"action": "try_again", "_selected_action": chosen}
    page = client_for(MANAGER).post(reverse(LIST), data, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "2 notices go out with the next run of send_indexnow."
    ]
    now = timezone.now()
    for key, notice in notices.items():
        notice.refresh_from_db()
        assert (notice.attempts, notice.last_error) == (0, "")
        assert (notice.next_attempt_at <= now) == (key != "waiting")
    assert notices["waiting"].due_at == before
    logged = AuditEntry.objects.filter(act="changed", user=account_of(MANAGER))
    assert {entry.target for entry in logged} == {
        notices[key].path for key in ("failing", "given_up")
    }


def test_nobody_else_sends_again(client_for, notices):
    data = {"action": "try_again", "_selected_action": [notices["failing"].pk]}
    assert client_for(WRITER).post(reverse(LIST), data).status_code == 403
    notices["failing"].refresh_from_db()
    assert notices["failing"].attempts == 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_one_notice_is_read_and_not_edited(client_for, notices, language):
    address = reverse("admin:articles_indexnownotice_change", args=[notices["given_up"].pk])
    soup = BeautifulSoup(client_for(MANAGER, language).get(address).content, "html.parser")
    assert "500 Failed" in soup.main.get_text()
    assert not soup.main.select("input[name=last_error], input[name=path], .deletelink")
    # Nothing is left blank: no further attempt has a mark of its own.
    assert all(value.get_text(strip=True) for value in soup.main.select(".readonly"))
