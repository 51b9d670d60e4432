"""The log at the desk: nobody changes it, everything is found, and its export runs no formula."""

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from articles import audit
from articles.admin.log import readable
from articles.admin.spreadsheets import BOM, STARTS_A_FORMULA, csv_lines, defused
from articles.models import AuditEntry
from tests.articles.admin.conftest import MANAGER, WRITER
from tests.factories import make_translation

pytestmark = pytest.mark.django_db

LOG = "/admin/articles/auditentry/"
EXPORT = f"{LOG}export/"
Act = audit.Act


def exported(client, query: str = "") -> list[dict[str, str]]:
    response = client.post(f"{EXPORT}?{query}")
    assert response.status_code == 200
    text = response.getvalue().decode("utf-8")
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))


def found(client, query: str = "") -> set[int]:
    return {entry.pk for entry in client.get(f"{LOG}?{query}").context["cl"].result_list}


def test_log_can_be_read_and_not_changed(client_for, account_of):
    entry = audit.record(Act.SAVED, make_translation(), user=account_of(WRITER))
    client = client_for(MANAGER)
    page = client.get(f"{LOG}{entry.pk}/change/")
    assert page.status_code == 200
    soup = BeautifulSoup(page.content, "html.parser")
    assert not soup.select(
        "#auditentry_form :is(input[type=text], textarea, select, [type=submit])"
    )
    assert client.post(f"{LOG}{entry.pk}/change/", {"user_name": "x"}).status_code == 403
    assert client.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{LOG}add/").status_code == 403


def test_log_is_filtered_by_act_account_article_and_kind(client_for, account_of):
    client = client_for(MANAGER)
    text = make_translation()
    saved = audit.record(Act.SAVED, text, user=account_of(WRITER))
    published = audit.record(Act.PUBLISHED, make_translation(), user=account_of(MANAGER))
    assert saved.pk in found(client, "act__exact=saved")
    assert published.pk not in found(client, "act__exact=saved")
    assert found(client, "group=public") == {published.pk}
    assert found(client, "who=writer") & {saved.pk, published.pk} == {saved.pk}
    assert found(client, f"article={text.article.slug}") == {saved.pk}
    assert found(client, f"q={text.article.slug}") == {saved.pk}
    assert found(client, "kind=articletranslation") == {saved.pk, published.pk}


def test_export_is_the_list_as_it_is_filtered(client_for, account_of):
    client = client_for(MANAGER)
    text = make_translation()
    saved = audit.record(Act.SAVED, text, user=account_of(WRITER), note="一句话")
    audit.record(Act.PUBLISHED, text, user=account_of(MANAGER))
    [row] = exported(client, "act__exact=saved")
    assert row["user_name"] == "writer"
    assert row["target"] == saved.target
    assert json.loads(row["details"]) == {"note": "一句话"}


def test_export_is_itself_logged_and_no_part_of_itself(client_for, account_of):
    audit.record(Act.SAVED, make_translation(), user=account_of(WRITER))
    rows = exported(client_for(MANAGER))
    assert Act.EXPORTED not in {row["act"] for row in rows}
    entry = AuditEntry.objects.get(act=Act.EXPORTED)
    assert entry.user_name == account_of(MANAGER).username
    assert entry.details["rows"] == len(rows)


def test_export_is_posted_by_those_who_may_and_never_kept(client_for):
    # Whoever opens the address is led to the list, with its button.
    assert client_for(MANAGER).get(EXPORT).headers["Location"] == "/admin/articles/auditentry/"
    assert client_for(WRITER).post(EXPORT).status_code == 403
    response = client_for(MANAGER).post(EXPORT)
    assert "no-store" in response["Cache-Control"]
    assert "attachment" in response["Content-Disposition"]
    assert not AuditEntry.objects.filter(act=Act.EXPORTED, user_name="writer").exists()


@pytest.mark.parametrize("first", STARTS_A_FORMULA)
def test_cell_that_a_spreadsheet_would_run_is_text(first):
    assert defused(f"{first}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("cell", ["", "plain", "1-2", "a=b", "中文", " =1"])
def test_other_cells_stay_as_they_are(cell):
    assert defused(cell) == cell


def test_formula_in_what_was_typed_is_exported_as_text(client_for):
    audit.record(Act.LOGIN_FAILED, user_name='=HYPERLINK("http://evil.example","x")')
    [row] = exported(client_for(MANAGER), "act__exact=login_failed")
    assert row["user_name"].startswith("'=")


def test_cells_are_quoted_so_that_lines_and_commas_stay_inside():
    lines = "".join(csv_lines([['a,"b"\nc', None, 3]]))
    assert list(csv.reader(io.StringIO(lines.removeprefix(BOM)))) == [['a,"b"\nc', "", "3"]]


def test_export_reads_in_pieces_and_not_entry_by_entry(client_for, account_of):
    client = client_for(MANAGER)

    def queries(rows: int) -> int:
        for _index in range(rows):
            audit.record(Act.LOGIN_FAILED, user_name="somebody")
        with CaptureQueriesContext(connection) as context:
            exported(client)
        return len(context)

    assert queries(3) == queries(30)


def test_list_asks_as_much_for_three_entries_as_for_thirty(client_for, account_of):
    client = client_for(MANAGER)

    def queries(rows: int) -> int:
        for _index in range(rows):
            audit.record(Act.SAVED, make_translation(), user=account_of(WRITER))
        with CaptureQueriesContext(connection) as context:
            assert client.get(LOG).status_code == 200
        return len(context)

    assert queries(3) == queries(27)


def test_details_are_told_in_words():
    details = {
        "change": "full_review",
        "live_from": "2026-11-22T00:00:00+00:00",
        "stops": ["a", "b"],
        "note": "",
        "unheard": True,
    }
    with translation.override("en"):
        told = dict(readable(details))
    assert "Full review" in told.values()
    assert any("Auckland" in value and "Beijing" in value for value in told.values())
    assert "a; b" in told.values()
    assert told["unheard"] == "yes"
    assert len(told) == 4


def test_odd_details_do_not_break_the_list(client_for):
    audit.record(Act.SAVED, user_name="x", live_from="soon", change=None, units={"a": ["b", 1]})
    assert client_for(MANAGER).get(LOG).status_code == 200


@pytest.mark.parametrize(
    "query", ["at__gte=soon", "user__id__exact=x", "at__year=99999", "id__in=x"]
)
def test_export_of_a_filter_that_cannot_be_leads_to_the_list(client_for, query):
    response = client_for(MANAGER).post(f"{EXPORT}?{query}")
    assert response.headers["Location"].startswith(LOG)
