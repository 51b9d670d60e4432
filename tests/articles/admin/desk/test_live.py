"""What the desk does while somebody types: keep it, say who else is here, check it."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from articles import services
from articles.admin.desk.state import PRESENT_FOR
from articles.models import ArticleTranslation, Autosave, Presence
from tests.articles.admin.desk.conftest import address

pytestmark = pytest.mark.django_db

NOTICE = "section[aria-labelledby=autosave-h]"
DISCARD = 'form[action$="autosave/discard/"]'


def fresh(text) -> ArticleTranslation:
    return ArticleTranslation.objects.select_related("article").get(pk=text.pk)


def keep(page, **values) -> None:
    """What the desk's script sends while somebody types."""
    fields = {**page.fields(), **{name: [value] for name, value in values.items()}}
    path = page.soup.select_one("form#desk")["data-autosave"]
    assert page.client.post(path, fields).status_code == 200


def test_what_was_typed_and_not_saved_is_offered_back(pair, open_desk):
    text = pair["en"]
    page = open_desk(text)
    keep(page, title="Typed before the crash", note="Why")
    assert fresh(text).title == text.title
    again = open_desk(text)
    assert again.fields()["title"] == [text.title]
    assert again.soup.select_one(f"{NOTICE} a")["href"] == "?recover"
    back = open_desk(text, query="?recover")
    assert back.fields()["title"] == ["Typed before the crash"]
    assert back.fields()["body"] == page.fields()["body"]
    assert back.fields()["note"] == ["Why"]
    assert not back.soup.select(NOTICE)
    assert back.send(_save="1").status == 302
    assert fresh(text).title == "Typed before the crash"
    assert not Autosave.objects.exists()


def test_the_last_typed_counts_and_secrets_are_not_kept(pair, open_desk):
    page = open_desk(pair["en"])
    keep(page, title="First")
    keep(page, title="Second", csrfmiddlewaretoken="secret")
    kept = Autosave.objects.get()
    assert kept.data["title"] == ["Second"]
    assert "csrfmiddlewaretoken" not in kept.data


def test_a_mistake_in_what_was_typed_is_shown_with_it(pair, open_desk):
    text = pair["en"]
    keep(open_desk(text), title="", standfirst="Kept.")
    back = open_desk(text, query="?recover")
    assert back.fields()["standfirst"] == ["Kept."]
    assert back.soup.select(".errors #id_title, #id_title ~ .errorlist")


def test_an_unsaved_text_is_kept_over_a_newer_version_and_merged(pair, open_desk):
    text = pair["en"]
    keep(open_desk(text), standfirst="Mine, never saved.")
    assert open_desk(text, "managing", "other").send(_save="1", title="Theirs").status == 302
    offered = open_desk(text)
    assert offered.soup.select(NOTICE)
    answer = open_desk(text, query="?recover").send(_save="1")
    assert answer.status == 409
    assert answer.send(_save="1").status == 302
    now = fresh(text)
    assert (now.title, now.standfirst) == ("Theirs", "Mine, never saved.")


def test_an_unsaved_text_is_thrown_away_when_its_editor_says_so(pair, open_desk):
    text = pair["en"]
    keep(open_desk(text), title="Not wanted")
    assert open_desk(text).send(DISCARD).status == 302
    assert not Autosave.objects.exists()
    assert not open_desk(text).soup.select(NOTICE)


def test_nobody_is_shown_what_somebody_else_has_not_saved(pair, open_desk, client_of):
    text = pair["en"]
    keep(open_desk(text), title="My secret")
    theirs = open_desk(text, "managing", "other")
    assert not theirs.soup.select(NOTICE)
    assert "My secret" not in open_desk(text, "managing", "other", "?recover").text
    client_of("managing", "other").post(address("discard", text))
    assert theirs.send(_save="1", standfirst="Theirs.").status == 302
    assert Autosave.objects.get().user.username == "managing"


@pytest.mark.parametrize("name", ["autosave", "discard", "presence", "checks"])
@pytest.mark.parametrize(("role", "language"), [("translator", "zh-hans"), ("reviewer", "en")])
def test_who_may_not_edit_a_text_leaves_no_trace(pair, client_of, role, language, name):
    text = pair[language]
    response = client_of(role).post(address(name, text), {"title": "x", "version": "1"})
    assert response.status_code == 403
    assert not Autosave.objects.exists()
    assert not Presence.objects.exists()


def be_here(client, text) -> dict:
    response = client.post(address("presence", text))
    assert response.status_code == 200
    return response.json()


def test_others_are_named_and_oneself_is_not(pair, client_of, open_desk):
    text, other = pair["en"], pair["zh-hans"]
    assert be_here(client_of("managing"), text)["present"] == []
    assert be_here(client_of("managing", "second"), text)["present"] == ["managing"]
    assert be_here(client_of("managing"), text)["present"] == ["second"]
    assert "second" in open_desk(text).soup.select_one("#presence").get_text()
    assert be_here(client_of("managing"), other)["present"] == []
    assert open_desk(other).soup.select_one("#presence").has_attr("hidden")


def test_who_has_left_is_forgotten(pair, client_of):
    text = pair["en"]
    be_here(client_of("managing", "second"), text)
    with time_machine.travel(timezone.now() + PRESENT_FOR - datetime.timedelta(seconds=5)):
        assert be_here(client_of("managing"), text)["present"] == ["second"]
    with time_machine.travel(timezone.now() + PRESENT_FOR + datetime.timedelta(seconds=5)):
        assert be_here(client_of("managing"), text)["present"] == []


def test_an_open_screen_hears_that_somebody_saved(pair, client_of):
    text = pair["en"]
    before = be_here(client_of("managing"), text)["version"]
    row = fresh(text)
    row.title = "Theirs"
    row.save()
    services.save_revision(row)
    assert be_here(client_of("managing"), text)["version"] == before + 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_is_typed_is_checked_as_a_piece_of_the_desk(pair, open_desk, client_of, language):
    text = pair["en"]
    page = open_desk(text)
    fields = {**page.fields(), "body": ["[[figure:nowhere]]"], "body-unit": [""]}
    client = client_of("managing", language=language)
    html = client.post(address("checks", text), fields).content.decode()
    assert "<html" not in html
    assert "finding--stop" in html
    assert "nowhere" in html
    assert fresh(text).body == text.body
    assert ("禁止" in html) == (language == "zh-hans")


def test_the_desk_asks_a_number_of_queries_that_does_not_grow(demo_site, client_of):
    """Neither with the passages of a text nor with its references."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories import make_reference

    client = client_of("managing")
    counts = []
    text = ArticleTranslation.objects.get(article__slug="d3-k2-magnesium", language="en")
    client.get(address("change", text))
    for step in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("change", text)).status_code == 200
        counts.append(len(queries))
        row = fresh(text)
        row.body += "\n\n".join(f"Passage {number}." for number in range(30))
        row.save()
        for number in range(10):
            make_reference(article=text.article, key=f"more{step}-{number}")
        services.save_revision(row)
    assert counts[0] == counts[1]
    assert counts[0] <= 76
