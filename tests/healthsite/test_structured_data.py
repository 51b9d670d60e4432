"""The site's own nodes, the links between nodes, safe printing; and that the checker checks."""

import json
import re
from dataclasses import replace

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from hypothesis import example, given
from hypothesis import strategies as st

from healthsite import languages, structured_data
from healthsite.metadata import page_meta
from healthsite.structured_data import (
    as_json,
    linked_graph,
    list_graph,
    node,
    root_graph,
    site_nodes,
)
from tests import schema_org

POLICIES = {"editorial-policy": "/en/editorial-policy/", "corrections": "/en/corrections/"}
META = page_meta("en", "Privacy", paths={"en": "/en/privacy/"})

texts = st.text(st.characters(exclude_categories=["Cs"]))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def graph(**properties) -> list[dict]:
    return linked_graph(META, "WebPage", POLICIES, here="Privacy", **properties)


# Printing


@given(st.lists(st.dictionaries(texts, json_values, max_size=4), max_size=3))
@example([{"name": "</script><!--<script>&amp;\u2028\u2029\x00]]>"}])
def test_json_comes_back_as_it_was_and_cannot_leave_its_element(nodes):
    text = as_json(nodes)
    assert json.loads(text) == {"@context": "https://schema.org", "@graph": nodes}
    assert not re.search("[<>&\u2028\u2029]", text)


def test_template_prints_json_as_it_is():
    printed = Template("<script>{{ text }}</script>").render(Context({"text": as_json([{"a": 1}])}))
    assert printed == '<script>{"@context":"https://schema.org","@graph":[{"a":1}]}</script>'


def test_json_is_compact_and_prints_chinese_as_it_is():
    text = as_json([{"name": "维生素", "position": 1}])
    assert '"name":"维生素","position":1' in text


# Nodes


@pytest.mark.parametrize("nothing", ["", None, [], (), {}])
def test_node_leaves_out_what_is_empty(nothing):
    assert node("Thing", nothing or "", name=nothing) == {"@type": "Thing"}


@pytest.mark.parametrize("value", [0, False, "0"])
def test_node_keeps_what_is_not_empty(value):
    assert node("Thing", name=value)["name"] == value


@pytest.mark.parametrize("code", languages.CODES)
def test_site_names_itself_in_each_language(code, settings):
    organization, website = site_nodes(code, POLICIES)
    other = languages.other_languages(code)[0].code
    for item in (organization, website):
        assert item["name"] == settings.SITE_NAMES[code]
        assert item["alternateName"] == settings.SITE_NAMES[other]
    assert website["inLanguage"] == languages.BY_CODE[code].tag
    assert website["url"].endswith(f"/{code}/")


def test_publisher_is_one_thing_and_the_site_one_in_each_language():
    pairs = [site_nodes(code, POLICIES) for code in languages.CODES]
    assert len({organization["@id"] for organization, _ in pairs}) == 1
    assert len({website["@id"] for _, website in pairs}) == len(languages.CODES)


def test_policies_are_named_only_where_they_are_published():
    named = site_nodes("en", POLICIES)[0]
    assert named["publishingPrinciples"].endswith("/en/editorial-policy/")
    assert named["correctionsPolicy"].endswith("/en/corrections/")
    assert not {"publishingPrinciples", "correctionsPolicy"} & site_nodes("en", {})[0].keys()


def test_addresses_follow_the_configured_origin(settings):
    settings.SITE_ORIGIN = "https://health.example.org"
    organization, website = site_nodes("en", POLICIES)
    target = website["potentialAction"]["target"]["urlTemplate"]
    for address in (organization["@id"], organization["logo"]["url"], website["url"], target):
        assert address.startswith("https://health.example.org/")
    assert target.endswith("?q={search_term_string}")


def test_logo_of_another_host_keeps_its_address(settings, monkeypatch):
    monkeypatch.setattr(structured_data, "static", lambda name: f"https://cdn.example.org/{name}")
    logo = site_nodes("en", POLICIES)[0]["logo"]["url"]
    assert logo.startswith("https://cdn.example.org/img/")


def test_logo_is_a_png_of_the_size_that_is_said():
    path = finders.find(structured_data.LOGO)
    with open(path, "rb") as file:
        head = file.read(24)
    assert head.startswith(b"\x89PNG")
    width, height = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    assert width == height == structured_data.LOGO_SIZE


# Graphs


def test_page_graph_has_no_problems():
    assert schema_org.problems(graph()) == []
    assert schema_org.problems(graph(trail=[("About", "/en/about/")])) == []


def test_page_without_canonical_address_says_nothing():
    meta = page_meta("en", "Style guide", paths={"en": "/en/style-guide/"}, is_indexed=False)
    assert linked_graph(meta, "WebPage", POLICIES, here="Style guide") == []


def test_later_page_of_a_list_has_its_own_address():
    meta = page_meta("en", "Topics (page 2)", paths={"en": "/en/topics/?page=2"})
    found = linked_graph(meta, "CollectionPage", POLICIES, here="Topics")
    page = schema_org.page_of(found)
    assert page["@id"] == page["url"] == meta.canonical
    assert schema_org.problems(found) == []


def test_breadcrumb_counts_from_the_home_page_to_the_page_itself(settings):
    [crumbs] = schema_org.of_type(graph(trail=[("About", "/en/about/")]), "BreadcrumbList")
    steps = crumbs["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert [step["name"] for step in steps] == [settings.SITE_NAMES["en"], "About", "Privacy"]
    assert [step["item"] for step in steps] == [
        f"{settings.SITE_ORIGIN}{path}" for path in ("/en/", "/en/about/", "/en/privacy/")
    ]


def test_home_page_has_no_breadcrumb():
    home = page_meta("en", "", paths={"en": "/en/"})
    found = linked_graph(home, "CollectionPage", POLICIES)
    assert schema_org.of_type(found, "BreadcrumbList") == []
    assert schema_org.problems(found) == []


def test_list_counts_from_the_place_of_its_first_item():
    meta = page_meta("en", "Authors", paths={"en": "/en/authors/"})
    people = [("Ada", "/en/authors/ada/"), ("Bo", "/en/authors/bo/")]
    found = list_graph(meta, POLICIES, people, here="Authors", first=13)
    shown = schema_org.resolve(found, schema_org.page_of(found)["mainEntity"])
    assert [item["position"] for item in shown["itemListElement"]] == [13, 14]
    assert [item["name"] for item in shown["itemListElement"]] == ["Ada", "Bo"]
    assert schema_org.problems(found) == []
    assert "mainEntity" not in schema_org.page_of(list_graph(meta, POLICIES, [], here="Authors"))


def test_language_choice_names_the_whole_site_with_its_languages(settings):
    paths = {code: f"/{code}/" for code in languages.CODES}
    found = root_graph(page_meta("zh-hans", "中文 / English", paths=paths, path="/"), POLICIES)
    assert schema_org.problems(found) == []
    page = schema_org.page_of(found)
    whole = schema_org.resolve(found, page["isPartOf"])
    assert whole["url"] == page["url"] == f"{settings.SITE_ORIGIN}/"
    parts = [schema_org.resolve(found, part)["url"] for part in whole["hasPart"]]
    assert parts == [f"{settings.SITE_ORIGIN}{path}" for path in paths.values()]


@pytest.mark.parametrize("name", ["Organization", "BreadcrumbList", "WebSite"])
def test_site_wide_nodes_hold_what_google_asks_for(name):
    found = graph()
    [owner] = schema_org.of_type(found, name)
    assert schema_org.google_problems(found, name, owner) == []


# The checker


def broken(**changes) -> list[dict]:
    """A good graph whose page was changed; a value of ``...`` takes the property away."""
    page, *rest = graph()
    values = {**page, **changes}
    return [{name: value for name, value in values.items() if value is not ...}, *rest]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"@type": "HealthPage"}, "unknown type"),
        ({"@id": "/en/privacy/"}, "no absolute address"),
        ({"colour": "red"}, "unknown property colour"),
        ({"isbn": "1"}, "isbn belongs to"),
        ({"isBasedOnUrl": "https://example.org/"}, "replaced by isBasedOn"),
        ({"url": "/en/privacy/"}, "no absolute address"),
        ({"license": "CC BY 4.0"}, "no absolute address"),
        ({"name": "/en/privacy/"}, "no absolute address"),
        ({"name": ""}, "is empty"),
        ({"keywords": ["a", ""]}, "is empty"),
        ({"publisher": "Somebody"}, "takes no text"),
        ({"publisher": node("Thing", name="It")}, "takes another type"),
        ({"datePublished": "5 March 2026"}, "ISO 8601"),
        ({"datePublished": "2026-03-05T10:00:00"}, "ISO 8601"),
        ({"lastReviewed": "2026-03-05T10:00:00+13:00"}, "ISO 8601"),
        ({"termCode": "x"}, "termCode belongs to"),
        ({"isAccessibleForFree": "yes"}, "takes no text"),
        ({"name": 5}, "is no number"),
        ({"name": True}, "is no boolean"),
        ({"mainEntity": {"@id": "https://example.org/#nobody"}}, "leads nowhere"),
        ({"breadcrumb": {"@id": "http://testserver/#organization"}}, "takes no Organization"),
        ({"breadcrumb": ...}, "nothing leads to"),
        ({"hasPart": node("Product", name="A jar")}, "takes another type"),
    ],
)
def test_checker_finds(changes, word):
    assert any(word in problem for problem in schema_org.problems(broken(**changes)))


def test_checker_finds_islands_doubles_and_missing_pages():
    page, *rest = good = graph()
    for found, word in (
        ([*good, node("Thing", name="An island")], "nothing leads to"),
        ([*good, node("Thing", "https://example.org/#island")], "nothing leads to"),
        ([*good, rest[0]], "two nodes are"),
        (rest, "0 pages"),
        ([*good, {**page, "@id": "https://example.org/"}], "2 pages"),
    ):
        assert any(word in problem for problem in schema_org.problems(found))


@pytest.mark.parametrize(
    "moment", ["2026", "2026-03-05", "2026-03-05T10:00:00Z", "2026-03-05T10:00:00+13:00"]
)
def test_checker_takes_dates_as_iso_8601_writes_them(moment):
    assert schema_org.problems(broken(datePublished=moment)) == []


def test_rules_of_google_name_a_reason_for_what_is_left_out():
    known = {
        (name, path)
        for name, rule in schema_org.RULES.items()
        for path in (*rule["required"], *rule["recommended"])
    }
    assert schema_org.LEFT_OUT.keys() <= known
    assert (
        not {(name, path) for name, rule in schema_org.RULES.items() for path in rule["required"]}
        & schema_org.LEFT_OUT.keys()
    )


def test_rules_of_google_find_what_is_missing():
    found = graph()
    [crumbs] = schema_org.of_type(found, "BreadcrumbList")
    nameless = [{**item, "name": ""} for item in crumbs["itemListElement"]]
    spoilt = {**crumbs, "itemListElement": nameless}
    assert schema_org.google_problems(found, "BreadcrumbList", spoilt)
    picture = node("ImageObject", contentUrl="https://example.org/a.png")
    assert schema_org.google_problems(found, "ImageObject", picture)


def test_description_of_the_page_is_that_of_its_head():
    meta = replace(META, description="What we keep, and what we do not.")
    page = schema_org.page_of(linked_graph(meta, "WebPage", POLICIES, here="Privacy"))
    assert page["description"] == meta.description
