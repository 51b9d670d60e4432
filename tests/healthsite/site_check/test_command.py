"""``manage.py check_site``: what it prints, and how it ends."""

import json
import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.share_cards import make_missing_cards, storing
from healthsite.management.commands import check_site
from healthsite.site_check import ALL_RULES
from tests.factories import make_published_article
from tests.healthsite.site_check.sites import ORIGIN


@pytest.fixture
def fake(tiny, monkeypatch, settings):
    settings.SITE_ORIGIN = ORIGIN
    monkeypatch.setattr(check_site, "get_internal_wsgi_application", lambda: tiny)
    return tiny


def run(**options) -> tuple[int, str]:
    """Exit code and what was printed."""
    out = StringIO()
    try:
        call_command("check_site", stdout=out, **options)
    except SystemExit as end:
        return end.code, out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_clean_site_ends_with_0(fake):
    code, text = run()
    assert code == 0
    assert len(text.splitlines()) == 1
    assert "5 pages" in text
    assert "0 findings" in text


def test_findings_are_grouped_by_rule_and_end_with_1(fake):
    for path in ("/en/", "/zh-hans/"):
        fake.change(path, "<h1", "<h2")
    fake.change("/en/", "</main>", '<a href="/gone/">Gone</a></main>')
    code, text = run()
    assert code == 1
    lines = text.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith("  ")][:-1] == [
        "broken-link",
        "heading",
    ]
    assert sum(line.startswith("  /") for line in lines) == 3
    assert "3 findings" in lines[-1]


def test_many_findings_of_one_rule_are_counted_not_printed(fake, monkeypatch):
    monkeypatch.setattr(check_site, "MAX_SHOWN", 1)
    for path in ("/en/", "/zh-hans/"):
        fake.change(path, "<h1", "<h2")
    _code, text = run()
    assert sum(line.startswith("  /") for line in text.splitlines()) == 1
    assert "1 more" in text


def test_json_has_every_finding(fake):
    fake.change("/en/", "<h1", "<h2")
    code, text = run(format="json")
    data = json.loads(text)
    assert code == 1
    assert data["pages"] == 5
    assert data["is_complete"] is True
    assert [(item["rule"], item["page"]) for item in data["findings"]] == [("heading", "/en/")]
    assert data["findings"][0]["what"]
    assert data["findings"][0]["mend"]


@pytest.mark.parametrize("status", ["503 Service Unavailable", "301 Moved Permanently"])
def test_site_that_does_not_answer_ends_with_2(fake, status):
    for reply in fake.replies.values():
        reply.status = status
    code, text = run()
    assert code == 2
    assert status[:3] in text


def test_limit_is_said_when_it_is_reached(fake):
    assert "limit" in run(limit=3)[1]
    assert "limit" not in run(limit=6)[1]
    assert run(limit=0)[0] == 2


def test_closed_site_is_said_to_be_closed(fake, settings):
    assert "closed" not in run()[1]
    settings.IS_CLOSED = True
    assert "closed" in run()[1]


def test_rules_are_listed_without_asking_the_site(fake):
    code, text = run(list=True)
    assert code == 0
    assert [line.split(":")[0] for line in text.splitlines()] == [rule.name for rule in ALL_RULES]
    assert fake.asked == []


def test_log_is_left_as_it_was(fake):
    run()
    fake.replies.clear()
    run()
    assert logging.root.manager.disable == logging.NOTSET


def test_own_pages_need_no_collected_files(fake):
    fake.change("/en/", "</head>", '<link rel="icon" href="/static/img/mark.svg"></head>')
    assert run()[0] == 0
    fake.change("/en/", "mark.svg", "no-mark.svg")
    assert run()[0] == 1


@pytest.mark.slow
def test_demo_site_and_what_an_editor_adds_have_nothing_to_mend(demo_site):
    # Published now, to the microsecond, as no text of the demo is.
    make_published_article(slug="light")
    # Cards are drawn after a commit, and a test has none; files of another test are not this one's.
    make_missing_cards()
    storing._site_card.cache_clear()
    code, text = run(format="json")
    data = json.loads(text)
    assert data["findings"] == []
    assert code == 0
    assert data["is_complete"]
    assert data["pages"] > 50


def test_site_is_asked_under_its_own_origin(fake):
    run()
    assert {environ["HTTP_HOST"] for environ in fake.asked} == {"health.example"}
    assert {environ["HTTP_X_FORWARDED_PROTO"] for environ in fake.asked} == {"https"}
