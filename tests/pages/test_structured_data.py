"""JSON-LD as pages really print it."""

import json

import pytest

from tests import schema_org
from tests.crawl import LANGUAGES, parse

SCRIPT = 'script[type="application/ld+json"]'
KINDS = {
    "/": "WebPage",
    "/{}/": "CollectionPage",
    "/{}/articles/evening-light/": "MedicalWebPage",
    "/{}/articles/evening-light/history/": "WebPage",
    "/{}/about/": "AboutPage",
    "/{}/topics/": "CollectionPage",
    "/{}/topics/sleep/": "CollectionPage",
    "/{}/authors/": "CollectionPage",
    "/{}/authors/ada/": "ProfilePage",
    "/{}/glossary/": "CollectionPage",
}


def graph_in(soup) -> list[dict]:
    scripts = soup.select(SCRIPT)
    if not scripts:
        return []
    [script] = scripts
    return json.loads(script.string)["@graph"]


def test_every_indexed_page_prints_one_good_graph_and_no_other_page_any(demo_pages):
    seen = 0
    for page in demo_pages.values():
        if not page.is_html:
            continue
        canonical = page.soup.find("link", rel="canonical")
        robots = page.soup.find("meta", attrs={"name": "robots"})
        graph = graph_in(page.soup)
        if canonical is None or "noindex" in robots["content"]:
            assert graph == [], page.url
            continue
        assert schema_org.problems(graph) == [], page.url
        assert schema_org.page_of(graph)["@id"] == canonical["href"], page.url
        seen += 1
    assert seen > 10


PRINTED = {"name", "headline", "alternativeHeadline", "caption", "creditText", "articleSection"}
OWNERS = ("Article", "DefinedTerm", "ImageObject", "ListItem", "Person", "ScholarlyArticle", "Book")


def squeezed(text: str) -> str:
    """Without the spaces and joiners that typesetting puts between the same words."""
    return "".join(text.replace("\u2060", "").split()).casefold()


def words_of(html: str) -> str:
    """What a page prints, without the numbers of its citations."""
    soup = parse(html)
    for cite in soup.select("sup.cite, script, style"):
        cite.decompose()
    return squeezed(soup.get_text())


def test_nothing_is_named_that_the_page_does_not_print(demo_pages):
    seen = set()
    for page in demo_pages.values():
        graph = graph_in(page.soup)
        words = words_of(page.html)
        for owner in OWNERS:
            for node in schema_org.of_type(graph, owner):
                for name in PRINTED & node.keys():
                    # A share card is seen where links are shared, and says the title again.
                    if "#share-" not in node.get("@id", ""):
                        assert squeezed(node[name]) in words, (page.url, node[name])
                        seen.add((owner, name))
    assert {owner for owner, _ in seen} == set(OWNERS)


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_page_says_what_kind_it_is(site, client, path, code):
    graph = graph_in(parse(client.get(path.format(code)).content))
    assert schema_org.page_of(graph)["@type"] == KINDS[path]
