"""The parsers: what they read, and that nothing makes them raise."""

import json

from hypothesis import given
from hypothesis import strategies as st

from healthsite.site_check.addresses import Origin
from healthsite.site_check.json_ld import read_json_ld
from healthsite.site_check.machine import (
    Sitemap,
    markdown_links,
    read_json_feed,
    read_robots,
    read_xml,
)
from healthsite.site_check.pages import read_page

# Pieces that meet in odd ways more often than letters do.
PIECES = st.sampled_from(
    [
        "<html lang=en>",
        "<head>",
        "</head>",
        "<title>",
        "</title>",
        "<svg>",
        "<svg/>",
        "</svg>",
        '<script type="application/ld+json">',
        "</script>",
        '{"@graph": [{"@type": ["Article", 1], "mainEntityOfPage": []}]}',
        "<![CDATA[",
        "<![x[",
        "<!",
        "<!--",
        "<?",
        "&#xD800;",
        "&#99999999999;",
        "<img srcset=',, ,a b,'>",
        "<link rel=alternate hreflang href=//[>",
        "<meta property=og:image content>",
        "<a href=http://[::1>",
        "<base href='::'>",
        "\x00",
    ]
)
SOUP = st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)


@given(SOUP.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary())
def test_page_of_any_bytes_is_read(body):
    page, links = read_page(body)
    assert all(isinstance(link, str) for _element, link in links)
    assert page.headings >= 0


@given(
    st.text() | st.sampled_from(["//[", "http://[::1/", "///", "?", "#", "http://health.example"])
)
def test_any_link_is_ours_with_a_path_or_nobodys(link):
    found = Origin("https://health.example").resolve(link, "/en/")
    assert found is None or (found[0].startswith("/") and found[0].isascii())


JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5) | st.sampled_from(["Article", "WebPage"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@context", "@graph", "@type", "@id", "url", "items", "id", "version"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
).map(json.dumps)


@given(JSON | st.text())
def test_json_of_any_shape_is_read(text):
    for node in read_json_ld([text])[0].nodes:
        assert all(isinstance(value, str) for _name, value in node.addresses)
    read_json_feed(text.encode("utf-8", "surrogatepass"))


@given(st.binary() | SOUP.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_xml_of_any_bytes_is_read(body):
    found = read_xml(body, "application/xml")
    assert found is None or found.problem


@given(st.text(), st.text(alphabet="/*$ae", max_size=8))
def test_robots_of_any_text_are_read(text, pattern):
    robots = read_robots(f"{text}\nUser-agent: *\nDisallow: {pattern}")
    assert robots.allows("*", "/a/e") in {True, False}


def test_deep_json_is_a_problem_and_no_crash():
    assert read_json_ld(["[" * 100_000])[0].problems
    assert read_json_feed(b"[" * 100_000).problem


def test_addresses_of_json_are_links_but_names_and_templates_are_not():
    data = {"@id": "https://x/#a", "a": [{"url": "https://x/1"}], "t": "https://x/?q={q}", "n": 1}
    assert read_json_ld([json.dumps(data)])[1] == ["https://x/1"]


def test_entities_are_refused():
    """A few lines can grow to gigabytes (billion laughs)."""
    bomb = b'<!DOCTYPE u [<!ENTITY a "aa">]><urlset>&a;</urlset>'
    found = read_xml(bomb, "application/xml")
    assert isinstance(found, Sitemap)
    assert found.problem


def test_broken_declaration_ends_the_page_and_keeps_what_was_read():
    page, links = read_page(b"<title>Kept</title><a href=/x>x</a><![odd[ <a href=/y>")
    assert page.title == "Kept"
    assert ("a", "/x") in links


def test_title_of_a_drawing_is_not_the_pages():
    page, _links = read_page(
        b"<title>A &amp; B</title><svg viewBox='0 0 1 1'><title>D</title></svg>"
    )
    assert page.titles == ["A & B"]


def test_first_of_two_attributes_counts():
    _page, links = read_page(b"<a href=/first href=/second>")
    assert links == [("a", "/first")]


def test_srcset_is_split_at_commas_with_white_space():
    _page, links = read_page(b'<img src=/a srcset="/b,1.png 1x,\n /c.png 2x, /d.png">')
    assert [link for _element, link in links] == ["/a", "/b,1.png", "/c.png", "/d.png"]


def test_id_is_found_whole():
    page, _links = read_page("<p id=ref-10><p id=参考>".encode())
    assert page.has_id("ref-10")
    assert page.has_id("参考")
    assert not page.has_id("ref-1")
    assert not page.has_id("")


def test_links_of_markdown_are_read():
    text = "[a](https://x.example/a) [b](/en/b/ 'B') [c](relative) ![d](</d.png>)"
    assert list(markdown_links(text)) == ["https://x.example/a", "/en/b/", "/d.png"]


def test_robots_groups_share_rules_and_the_longest_wins():
    robots = read_robots("User-agent: A\nUser-agent: B\nDisallow: /x # no\nAllow: /x/y\n\nnoise")
    assert not robots.allows("a", "/x")
    assert not robots.allows("b", "/x/z")
    assert robots.allows("b", "/x/y/z")
    assert robots.allows("c", "/x")
    assert not read_robots("User-agent: *\nDisallow: /").allows("unknown", "/x")
