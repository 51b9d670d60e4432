"""The search page: what it finds, what it offers instead, and what it never gives away."""

import logging
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles import services
from articles.searching.indexing import index_missing
from tests import factories
from tests.crawl import LANGUAGES, TAGS, parse, say, text_of

both_languages = pytest.mark.parametrize("code", LANGUAGES)
WORD = {"zh-hans": "光线", "en": "light"}


@pytest.fixture
def indexed(site):
    index_missing()
    return site


def ask(client, code: str, words: str, **values):
    return client.get(f"/{code}/search/", {"q": words, **values})


def soup_of(response):
    assert response.status_code == 200
    return parse(response.content)


def links_of(soup) -> list[str]:
    return [link["href"] for link in soup.select(".result h3 a")]


def words_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["q"][0]


@both_languages
def test_words_find_the_article_and_show_where(indexed, client, code):
    soup = soup_of(ask(client, code, WORD[code]))
    assert links_of(soup)[0] == f"/{code}/articles/evening-light/"
    result = soup.select_one(".result")
    marks = [text_of(mark).casefold() for mark in result.select(".snippet mark")]
    assert marks
    assert set(marks) == {WORD[code]}
    other = result.select_one(".other")
    assert other["lang"] in set(TAGS.values()) - {TAGS[code]}
    assert "Ada Example" in text_of(result.select_one(".meta"))
    assert text_of(result.select_one(".topic")) == f"sleep {code}"
    assert result.find("time")["datetime"]


@both_languages
def test_number_of_results_is_announced_in_the_heading_of_their_section(indexed, client, code):
    soup = soup_of(ask(client, code, WORD[code]))
    section = soup.select_one(".result").find_parent("section")
    heading = soup.find(id=section["aria-labelledby"])
    assert heading.name == "h2"
    assert str(len(links_of(soup))) in text_of(heading)
    assert len(soup.find_all("h1")) == 1


@both_languages
def test_one_result_is_in_no_order(indexed, client, code):
    one = soup_of(ask(client, code, {"zh-hans": "手机", "en": "phone"}[code], topic="sleep"))
    assert text_of(one.select_one("#results-h")) == say(code, "1 result")
    assert len(links_of(one)) == 1


def test_site_page_comes_last_and_is_called_one(indexed, client):
    soup = soup_of(ask(client, "en", "light"))
    assert links_of(soup) == ["/en/articles/evening-light/", "/en/about/"]
    topics = [text_of(result.select_one(".topic")) for result in soup.select(".result")]
    assert topics[1] != topics[0]
    assert not soup.select(".result")[1].find("time")


@both_languages
def test_form_is_labelled_sends_by_get_and_keeps_the_words(indexed, client, code):
    for words in ("", "zz <b>", WORD[code]):
        soup = soup_of(ask(client, code, words))
        form = soup.select_one("main search form")
        field = form.find("input")
        assert text_of(form.find("label", attrs={"for": field["id"]}))
        assert form.get("method", "get") == "get"
        assert form["action"] == f"/{code}/search/"
        assert (field["name"], field["type"], field["value"]) == ("q", "search", words)
        assert text_of(form.find("button"))


@both_languages
@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%00", "?other=1"])
def test_without_words_there_is_the_form_and_topics_to_browse(indexed, client, code, query):
    response = client.get(f"/{code}/search/{query}")
    soup = soup_of(response)
    assert not soup.select(".result, .nothing")
    assert f"/{code}/topics/sleep/" in [link["href"] for link in soup.select(".topic-list a")]


@both_languages
def test_nothing_found_is_said_and_a_way_on_is_offered(indexed, client, code):
    words = f"{WORD[code]} zzzz"
    soup = soup_of(ask(client, code, words))
    assert words in text_of(soup.select_one(".nothing h2"))
    offered = [words_in(link["href"]) for link in soup.select(".nothing .chip-list a")]
    assert offered == [WORD[code]]
    assert soup.select(".topic-list a")
    other = soup.select_one(".nothing a[hreflang]")
    assert other["lang"] == other["hreflang"] != TAGS[code]
    assert words_in(other["href"]) == words
    assert urlsplit(other["href"]).path.endswith("/search/")


@both_languages
def test_language_switch_takes_the_words_along(indexed, client, code):
    soup = soup_of(ask(client, code, "镁 D3"))
    links = soup.select(".lang-switch a")
    assert len(links) == len(LANGUAGES)
    assert {words_in(link["href"]) for link in links} == {"镁 D3"}


@both_languages
@pytest.mark.parametrize("words", ["", "light 光线", "zzzz"])
def test_search_is_never_indexed_and_has_no_canonical_address(indexed, client, code, words):
    soup = soup_of(ask(client, code, words))
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert not soup.select("link[rel=canonical], link[hreflang], meta[property^=og]")


def test_words_are_kept_by_no_cache_and_the_bare_form_may_be(indexed, client):
    for words in ("light", "zzzz"):
        answer = ask(client, "en", words)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert not answer.cookies
    assert client.get("/en/search/").headers["Cache-Control"].startswith("public")


def test_words_are_neither_logged_nor_stored(indexed, client, caplog):
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection) as queries:
        for page in ("1", "99", "x"):
            ask(client, "en", "verysecretword", page=page)
    # Django's own log of queries is on only while a test captures them.
    records = [record for record in caplog.records if record.name != "django.db.backends"]
    assert not [record for record in records if "verysecretword" in record.getMessage()]
    assert all(query["sql"].lstrip().startswith("SELECT") for query in queries)


# More than one page, and topics


def test_pages_hold_every_result_once_and_keep_words_and_topic(indexed, client, many_copies):
    many_copies(indexed.article, 29)
    index_missing()
    seen, query = [], f"?q={quote('light')}&topic=sleep"
    while query:
        soup = soup_of(client.get(f"/en/search/{query}"))
        seen.append(links_of(soup))
        following = soup.find("a", rel="next")
        query = following["href"] if following else ""
    assert [len(page) for page in seen] == [12, 12, 6]
    every = [link for page in seen for link in page]
    assert len(set(every)) == 30
    back = soup.find("a", rel="prev")["href"]
    assert links_of(soup_of(client.get(f"/en/search/{back}"))) == seen[1]


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "9" * 5000])
@pytest.mark.parametrize("words", ["", "light", "zzzz"])
def test_page_that_is_not_there_is_404(indexed, client, words, page):
    assert ask(client, "en", words, page=page).status_code == 404


def test_topics_narrow_the_search_and_an_unknown_one_does_not(indexed, client):
    bones = factories.make_topic(slug="bones")
    factories.make_published_article(slug="second", topics=[bones])
    index_missing()
    soup = soup_of(ask(client, "en", "light"))
    chips = soup.select(".filters a")
    assert chips[0]["aria-current"] == "true"
    assert len(links_of(soup)) == 3
    narrowed = {}
    for chip in chips[1:]:
        page = soup_of(client.get(f"/en/search/{chip['href']}"))
        narrowed[text_of(chip)] = links_of(page)
        assert text_of(page.select_one(".filters [aria-current]")) == text_of(chip)
    assert narrowed == {
        "bones en": ["/en/articles/second/"],
        "sleep en": ["/en/articles/evening-light/"],
    }
    unknown = soup_of(ask(client, "en", "light", topic="' OR 1"))
    assert links_of(unknown) == links_of(soup)


def test_one_topic_is_no_choice(indexed, client):
    assert not soup_of(ask(client, "en", "light")).select(".filters")


# Not for readers


def test_withdrawn_text_is_found_no_more(indexed, client):
    services.withdraw(indexed.article.translations.get(language="en"), note="Retracted.")
    assert links_of(soup_of(ask(client, "en", "light"))) == ["/en/about/"]
    first = soup_of(ask(client, "zh-hans", "光线")).select_one(".result")
    assert not first.select_one(".other")


@both_languages
def test_words_are_repeated_as_text(indexed, client, code):
    response = ask(client, code, '"><script>alert(1)</script> <mark>x')
    assert b"<script" not in response.content
    soup = soup_of(response)
    assert soup.select_one("#q")["value"] == '"><script>alert(1)</script> <mark>x'
    assert not soup.select("main mark")


ODD = (
    *("\x00", "%", "_", "%_%", "\\", ".*", "[a-z", "(((((", "a" * 10_000, "镁 " * 5_000),
    *("\u202e", "\ufeff", "\ud7ff\ue000", "'; DROP TABLE x; --", '"', "“", "０", "½", "ﷺ" * 100),
)


@pytest.mark.parametrize("words", ODD, ids=range(len(ODD)))
def test_odd_words_are_answered(indexed, client, words):
    for code in LANGUAGES:
        assert ask(client, code, words).status_code == 200


@pytest.mark.parametrize("raw", ["%00", "%ff%fe", "%ed%a0%80", "%u9541", "+", "&q=&q=x", "%"])
def test_odd_addresses_are_answered(indexed, client, raw):
    assert client.get("/en/search/", QUERY_STRING=f"q={raw}").status_code == 200


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60))
@example("İ ß ǆ ﬁ")
def test_anything_that_can_be_typed_is_answered(indexed, client, words):
    assert ask(client, "zh-hans", words.encode("utf-8", "replace").decode()).status_code == 200


# Cost


def count(client, query: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/en/search/{query}").status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("query", "limit"),
    [("?q=light", 5), ("?q=light&topic=sleep", 5), ("?q=zzzz", 2), ("?q=zzzz+light", 3)],
)
def test_search_costs_the_same_with_one_hit_and_with_fifty(
    indexed, client, many_copies, query, limit
):
    few = count(client, query)
    many_copies(indexed.article, 50)
    index_missing()
    assert count(client, query) == few == limit


def test_bare_form_costs_two_queries(indexed, client):
    # The topics, and when the content last changed.
    assert count(client, "") == 2
