"""``/llms.txt``: one page of links for programs that read texts."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import llms, services
from tests import factories
from tests.crawl import LANGUAGES, say

ENTRY = re.compile(r"- \[(?P<name>(?:\\.|[^\]])+)\]\((?P<url>\S+)\)(?:: (?P<note>.+))?")


def fetch(client) -> str:
    response = client.get("/llms.txt")
    assert response.status_code == 200
    return response.content.decode()


def sections(text: str) -> dict[str, list[re.Match]]:
    """The links of each section, by its heading."""
    found = {}
    for part in text.split("\n## ")[1:]:
        title, lines = part.split("\n", 1)
        found[title] = [ENTRY.fullmatch(line) for line in lines.strip().split("\n")]
    return found


def links(text: str) -> list[str]:
    return [entry["url"] for entries in sections(text).values() for entry in entries]


def test_it_has_the_parts_of_the_convention_in_their_order(site, client, settings):
    lines = fetch(client).split("\n")
    assert lines[0] == f"# {settings.SITE_NAMES['zh-hans']} {settings.SITE_NAMES['en']}"
    assert lines[2].startswith("> ")
    parsed = sections("\n".join(lines))
    assert all(all(entries) for entries in parsed.values())
    assert list(parsed)[-1] == "Optional"
    assert not [line for line in lines if line.startswith("###")]


def test_it_is_plain_text_for_everybody(site, client):
    response = client.get("/llms.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert {"site", "articles", *LANGUAGES} == set(response.headers["Cache-Tag"].split(","))
    assert "Content-Language" not in response.headers
    assert client.post("/llms.txt").status_code == 405


def test_every_link_leads_somewhere(demo_site, client):
    addresses = links(fetch(client))
    assert len(addresses) == len(set(addresses))
    for address in addresses:
        response = client.get(address.removeprefix("http://testserver"))
        assert response.status_code == 200
        b"".join(response)  # read to its end, the client closes it


@pytest.mark.parametrize("code", LANGUAGES)
def test_policy_pages_are_listed_where_they_are_published(demo_site, client, code):
    addresses = links(fetch(client))
    own = [address for address in addresses if re.search(rf"/{code}/[a-z-]+\.md", address)]
    assert own == [f"http://testserver/{code}/{slug}.md" for slug in llms.PAGES]


@pytest.mark.parametrize("code", LANGUAGES)
def test_newest_articles_come_first(site, client, code, many_copies):
    many_copies(site.article, 3)
    entries = sections(fetch(client))
    (own,) = (items for items in entries.values() if f"/{code}/articles/" in items[0]["url"])
    slugs = [item["url"].rpartition("/")[2] for item in own]
    assert slugs == ["evening-light.md", *(f"evening-light-0{n}.md" for n in (1, 2, 3))]
    assert {item["note"] for item in own} == {factories.STANDFIRSTS[code]}


def test_only_what_readers_can_read_is_listed(site, client):
    factories.make_translation(article=factories.make_article(slug="draft"), language="en")
    services.withdraw(site.article.translations.get(language="en"), note="Retracted.")
    text = fetch(client)
    assert "draft" not in text
    assert "/en/articles/" not in text
    assert "/zh-hans/articles/evening-light.md" in text


def test_list_has_an_end(site, client, many_copies, monkeypatch):
    monkeypatch.setattr(llms, "MAX_ARTICLES", 2)
    many_copies(site.article, 4)
    articles = [address for address in links(fetch(client)) if "/articles/" in address]
    assert len(articles) == 2 * len(LANGUAGES)


def test_odd_titles_do_not_break_their_line(db, client):
    article = factories.make_article(slug="odd")
    title = "Is [D3] *enough*? \\ `x`"
    text = factories.make_translation(article=article, language="en", title=title)
    factories.make_publication(translation=text)
    (entry,) = (
        item for items in sections(fetch(client)).values() for item in items if "odd" in item["url"]
    )
    assert re.sub(r"\\(.)", r"\1", entry["name"]) == title


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_says_what_the_texts_are_and_are_not(site, client, settings, code):
    page = client.get(f"/{code}/").content.decode()
    (words,) = re.findall(r'<section class="disclaimer".*?<p>(.*?)</p>', page, re.S)
    text = fetch(client)
    assert re.sub("<[^>]+>", "", words) in text
    assert say(code, "none stated") in text
    settings.TEXT_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
    assert text.count(settings.TEXT_LICENCE) == 0
    assert fetch(client).count(settings.TEXT_LICENCE) == len(LANGUAGES)


def test_empty_site_has_no_empty_sections(db, client):
    assert list(sections(fetch(client))) == ["Optional"]


def test_queries_stay_the_same_with_many_articles(site, client, many_copies):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            fetch(client)
        return len(queries)

    few = count()
    many_copies(site.article, 20)
    # Pages, articles of two languages, and when the content last changed.
    assert count() == few == 4
