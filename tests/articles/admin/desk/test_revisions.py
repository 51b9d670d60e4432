"""Every saved state of a text: compare any two, bring one back."""

import pytest

from articles import services
from articles.building import build_document
from articles.models import ArticleTranslation
from tests.articles.admin.desk.conftest import address
from tests.articles.admin.desk.forms import get
from tests.factories import make_publication

pytestmark = pytest.mark.django_db

RESTORE = 'form:has([name="revision"][value="%s"])'


def fresh(text) -> ArticleTranslation:
    return ArticleTranslation.objects.select_related("article").get(pk=text.pk)


def save(text, title: str) -> None:
    row = fresh(text)
    row.title = title
    row.save()
    services.save_revision(row, note=f"Note {title}")


@pytest.fixture
def screen(client_of):
    def open_(text, role: str = "managing", query: str = ""):
        return get(client_of(role), address("revisions", text) + query)

    return open_


@pytest.fixture
def text(pair):
    """A text with three revisions; the second is published."""
    save(pair["en"], "Second")
    make_publication(translation=fresh(pair["en"]))
    save(pair["en"], "Third")
    return pair["en"]


def rows(page) -> dict[str, str]:
    return {row.th.get_text(): row.get_text(" ") for row in page.soup.select("table tbody tr")}


def test_every_revision_is_listed_with_its_publication(text, screen):
    found = rows(screen(text))
    assert list(found) == ["3", "2", "1"]
    assert "Note Third" in found["3"]
    assert "1 · First publication" in found["2"]
    assert "First publication" not in found["3"] + found["1"]


@pytest.mark.parametrize("query", ["?from=1&to=3", "?from=3&to=1"])
def test_any_two_are_compared_older_first(text, screen, query):
    page = screen(text, query=query)
    heading = page.soup.select_one("#diff-h").get_text()
    assert heading.index("1") < heading.index("3")
    section = page.soup.select_one("section[aria-labelledby=diff-h]")
    assert "Third" in "".join(item.get_text() for item in section.select("ins"))
    assert not [item for item in section.select("del") if "Third" in item.get_text()]


def test_a_revision_compared_with_itself_has_no_difference(text, screen):
    section = screen(text, query="?from=2&to=2").soup.select_one("section:has(#diff-h)")
    assert not section.select("ins, del")


def test_an_earlier_text_becomes_the_draft_and_readers_see_nothing(text, screen, client):
    public = client.get(text.get_absolute_url()).content
    page = screen(text)
    assert not page.soup.select(RESTORE % 3)
    assert page.send(RESTORE % 1).status == 302
    now = fresh(text)
    assert build_document(now).blocks == text.revisions.get(number=1).as_document().blocks
    assert now.title == text.revisions.get(number=1).as_document().title
    assert text.revisions.count() == 4
    assert client.get(text.get_absolute_url()).content == public


@pytest.mark.parametrize("role", ["reviewer"])
def test_who_may_not_edit_reads_and_cannot_restore(text, screen, client_of, role):
    assert not screen(text, role).soup.select(RESTORE % 1)
    data = {"revision": "1", "version": str(fresh(text).version)}
    assert client_of(role).post(address("restore", text), data).status_code == 403
    assert text.revisions.count() == 3


def test_a_translator_cannot_restore_the_source(pair, client_of):
    source = pair["zh-hans"]
    save(source, "第二版")
    data = {"revision": "1", "version": str(fresh(source).version)}
    assert client_of("translator").post(address("restore", source), data).status_code == 403
    assert fresh(source).title == "第二版"


def test_a_revision_of_another_text_is_404(text, pair, client_of):
    client = client_of("managing")
    data = {"revision": "3", "version": str(fresh(pair["zh-hans"]).version)}
    assert client.post(address("restore", pair["zh-hans"]), data).status_code == 404
    assert client.get(address("revisions", pair["zh-hans"]) + "?from=1&to=3").status_code == 404


def test_many_revisions_are_divided_and_cost_the_same_queries(
    text, screen, client_of, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of("managing")
    client.get(address("revisions", text))
    with CaptureQueriesContext(connection) as few:
        client.get(address("revisions", text))
    for number in range(4, 61):
        save(text, f"Title {number}")
    with django_assert_num_queries(len(few)):
        assert len(rows(screen_of(client, text))) == 50
    older = screen_of(client, text, "?page=2")
    assert list(rows(older))[-1] == "1"
    assert len(rows(older)) == 10
    assert older.soup.select(RESTORE % 10)


def screen_of(client, text, query: str = ""):
    return get(client, address("revisions", text) + query)
