"""Feeds as data and as documents: what is written, whatever is in it. No request, no database."""

import dataclasses
import datetime
import json
import string

import pytest
from bs4 import BeautifulSoup
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from articles.characters import xml_text
from articles.feeds import Entry, Feed, Person, Topic, feed_links
from articles.feeds.atom import image_type, write_atom
from articles.feeds.content import Picture, fit_for_readers
from articles.feeds.data import moment
from articles.feeds.identity import permanent_id
from articles.feeds.json_feed import write_json
from healthsite import languages
from tests.feeds import ATOM, checked_atom, checked_json

BASE = "https://example.org/en/articles/evening-light/"
AT = datetime.datetime(2026, 5, 4, 23, 30, 1, 999, tzinfo=datetime.UTC)

ENTRY = Entry(
    id="urn:uuid:26e86c2e-a557-5c95-95c6-1250e3bc8d18",
    title="A title",
    url=BASE,
    markdown_url="https://example.org/en/articles/evening-light.md",
    published=AT,
    updated=AT,
    authors=(Person("Ada Example", "https://example.org/en/authors/ada/"),),
    topics=(Topic("sleep", "Sleep"),),
    summary="A summary.",
    content_html="<p>Words.</p>",
    image="https://example.org/media/cards/a.png",
)
FEED = Feed(
    id="urn:uuid:713e8dc9-5288-551c-8efb-697251bb897e",
    language=languages.ENGLISH,
    title="A site",
    subtitle="What it is about",
    url="https://example.org/en/",
    atom_url="https://example.org/feeds/en/atom.xml",
    json_url="https://example.org/feeds/en/feed.json",
    topics_url="https://example.org/en/topics/",
    icon="https://example.org/static/img/mark.svg",
    updated=AT,
    publisher=Person("A site", "https://example.org/en/"),
    entries=(ENTRY,),
    rights="CC BY 4.0",
)


def feed_of(**changes) -> Feed:
    return dataclasses.replace(FEED, entries=(dataclasses.replace(ENTRY, **changes),))


def fitted(html: str, drawings=()) -> BeautifulSoup:
    return BeautifulSoup(fit_for_readers(html, BASE, drawings), "html.parser")


# Both formats


def test_full_feed_is_valid_in_both_formats():
    entry = checked_atom(write_atom(FEED)).find(f"{ATOM}entry")
    item = checked_json(write_json(FEED))["items"][0]
    assert entry.findtext(f"{ATOM}title") == item["title"] == "A title"
    assert entry.findtext(f"{ATOM}content") == item["content_html"] == "<p>Words.</p>"
    assert entry.findtext(f"{ATOM}updated") == item["date_modified"] == "2026-05-04T23:30:01Z"
    assert entry.findtext(f"{ATOM}rights") == "CC BY 4.0"
    assert item["image"] == ENTRY.image
    enclosure = entry.find(f"{ATOM}link[@rel='enclosure']")
    assert (enclosure.get("href"), enclosure.get("type")) == (ENTRY.image, "image/png")
    assert [item.get("label") for item in entry.iter(f"{ATOM}category")] == item["tags"]


def test_what_is_not_known_is_left_out_of_both_formats():
    feed = dataclasses.replace(
        feed_of(authors=(), topics=(), summary="", image=""), subtitle="", rights=""
    )
    root = checked_atom(write_atom(feed))
    entry = root.find(f"{ATOM}entry")
    for name in ("author", "category", "summary", "rights"):
        assert entry.find(f"{ATOM}{name}") is None
    assert root.find(f"{ATOM}author") is not None
    item = checked_json(write_json(feed))["items"][0]
    assert not item.keys() & {"authors", "tags", "summary", "image", "banner_image"}


def test_feed_without_entries_is_valid_in_both_formats():
    feed = dataclasses.replace(FEED, entries=())
    assert checked_atom(write_atom(feed)).find(f"{ATOM}entry") is None
    assert checked_json(write_json(feed))["items"] == []


@pytest.mark.parametrize(
    "text", ["a < b & c", "]]>", '"q"', "&amp;", "😀 维生素", "<script>", "-->", "a\u2028b"]
)
def test_awkward_text_arrives_as_it_was_written(text):
    feed = feed_of(title=text, summary=text, content_html=text, topics=(Topic("x", text),))
    entry = checked_atom(write_atom(feed)).find(f"{ATOM}entry")
    item = checked_json(write_json(feed))["items"][0]
    for name in ("title", "summary", "content"):
        assert entry.findtext(f"{ATOM}{name}") == text
    assert entry.find(f"{ATOM}category").get("label") == text
    assert item["title"] == item["summary"] == item["content_html"] == item["tags"][0] == text


@given(st.text(st.characters(), min_size=1))
def test_any_text_at_all_makes_a_document(text):
    feed = feed_of(title=f"t{text}", summary=f"s{text}", topics=(Topic("x", f"n{text}"),))
    entry = checked_atom(write_atom(feed)).find(f"{ATOM}entry")
    assert checked_json(write_json(feed))["items"][0]["title"] == f"t{xml_text(text)}"
    # A parser of XML reads every line end as one line feed (XML 1.0, 2.11).
    expected = f"t{xml_text(text)}".replace("\r\n", "\n").replace("\r", "\n")
    assert entry.findtext(f"{ATOM}title") == expected


def test_characters_that_xml_forbids_are_dropped_and_no_others():
    assert xml_text("a\x00\x08\x0b\x0c\x1f\ud800\udfff\ufffe\uffffb") == "ab"
    kept = string.printable.replace("\x0b", "").replace("\x0c", "") + "\x7f\ue000\ufffd\U0010ffff"
    assert xml_text(kept) == kept


def test_moment_is_in_utc_whatever_its_zone():
    auckland = datetime.timezone(datetime.timedelta(hours=12))
    assert moment(datetime.datetime(2026, 5, 5, 1, 2, 3, 4, auckland)) == "2026-05-04T13:02:03Z"


@pytest.mark.parametrize(
    ("address", "expected"),
    [("https://x/a.png", "image/png"), ("https://x/a.JPG", "image/jpeg"), ("https://x/a", "")],
)
def test_image_type_follows_the_name(address, expected):
    assert image_type(address) == expected


# Names that stay


def test_permanent_id_follows_the_host_alone(settings):
    settings.SITE_ORIGIN = "http://example.org:8000"
    first = permanent_id("article", "en", "evening-light")
    settings.SITE_ORIGIN = "https://example.org"
    assert permanent_id("article", "en", "evening-light") == first
    others = {
        permanent_id("article", "zh-hans", "evening-light"),
        permanent_id("article", "en", "morning"),
        permanent_id("topic-feed", "en", "evening-light"),
    }
    settings.SITE_ORIGIN = "https://example.com"
    others.add(permanent_id("article", "en", "evening-light"))
    assert len(others) == 4
    assert first not in others


# Content


@pytest.mark.parametrize(
    ("given_address", "expected"),
    [
        ("#r1", f"{BASE}#r1"),
        ("/en/about/", "https://example.org/en/about/"),
        ("../other/", "https://example.org/en/articles/other/"),
        ("?page=2", f"{BASE}?page=2"),
        ("https://doi.org/10.1/x", "https://doi.org/10.1/x"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_addresses_become_absolute(given_address, expected):
    assert fitted(f'<a href="{given_address}">x</a>').a["href"] == expected


@pytest.mark.parametrize("address", ["http://[", "javascript:alert(1)", "data:text/html,x"])
def test_what_is_no_web_address_leads_nowhere(address):
    link = fitted(f'<p><a href="{address}">x</a></p>').a
    assert link.text == "x"
    assert not link.get("href")


def test_every_address_of_a_photograph_becomes_absolute():
    picture = fitted(
        '<picture><source type="image/avif" srcset="/m/a-4.avif 400w, /m/a-8.avif 800w"'
        ' sizes="9rem">'
        '<img src="/m/a.jpg" srcset="/m/a.jpg 2x" alt="Night" width="8" height="5"'
        ' loading="lazy"></picture>'
    )
    assert picture.source["srcset"] == (
        "https://example.org/m/a-4.avif 400w, https://example.org/m/a-8.avif 800w"
    )
    assert picture.img.attrs == {
        "src": "https://example.org/m/a.jpg",
        "srcset": "https://example.org/m/a.jpg 2x",
        "alt": "Night",
        "width": "8",
        "height": "5",
    }


FIGURE = (
    '<figure class="diagram" id="fig-{key}"><div class="zoom" id="fig-{key}-large">'
    '<svg class="tall" role="img" aria-label="A to B"><text>A &gt; B</text></svg>'
    '<svg class="wide" role="img" aria-label="A to B"><g><path d="M0 0"/></g></svg>'
    '<a class="zoom__close btn" href="#fig-{key}">Close</a></div>'
    '<figcaption><b>Figure 1</b> Caption <p class="figure-links"><a class="zoom__open" href="#x">'
    'Enlarge<span class="visually-hidden">: Figure 1</span></a></p></figcaption></figure>'
)


def test_drawing_becomes_one_picture_with_its_words():
    drawing = Picture("https://x/wide.svg", 'A "to" <B>', 840, 311, "https://x/tall.svg")
    soup = fitted(FIGURE.format(key="path"), (("path", drawing),))
    assert soup.img.attrs == {
        "src": "https://x/wide.svg",
        "alt": 'A "to" <B>',
        "width": "840",
        "height": "311",
    }
    assert len(soup.select("img")) == len(soup.select("source")) == 1
    assert soup.source["srcset"] == "https://x/tall.svg"
    assert not soup.select("svg, a")
    assert " ".join(soup.text.split()) == "Figure 1 Caption"


def test_drawing_without_a_file_leaves_caption_alone():
    soup = fitted(FIGURE.format(key="path"), (("other", Picture("https://x/a.svg", "", 1, 1)),))
    assert not soup.select("img, svg")
    assert " ".join(soup.text.split()) == "Figure 1 Caption"


def test_two_figures_have_each_their_own_picture():
    drawings = tuple((key, Picture(f"https://x/{key}.svg", key, 2, 1)) for key in ("a", "b"))
    soup = fitted(FIGURE.format(key="a") + FIGURE.format(key="b"), drawings)
    assert [image["src"] for image in soup.select("img")] == ["https://x/a.svg", "https://x/b.svg"]


def test_furniture_goes_and_words_for_everybody_stay():
    soup = fitted(
        '<h3 id="h"><span class="visually-hidden">Urgent: </span>维<wbr>生素</h3>'
        '<span class="seal" aria-hidden="true">Q <b>x</b></span>'
        '<p>Text.<sup class="cite"><a href="#r1" id="c1" aria-label="Reference 1">1</a></sup>'
        ' <a class="back" href="#c1">↩</a> <span lang="en">Title</span>'
        ' <i lang="zh-Hans">镁</i></p>'
        "<style>p{}</style><script>x</script>"
    )
    assert soup.h3.text == "Urgent: 维生素"
    assert " ".join(soup.text.split()) == "Urgent: 维生素Text.1 Title 镁"
    assert [(tag.name, tag["lang"]) for tag in soup.find_all(lang=True)] == [
        ("span", "en"),
        ("i", "zh-Hans"),
    ]
    left = {name for tag in soup.find_all() for name in tag.attrs}
    assert left == {"lang", "href"}


def test_rel_of_a_paid_link_stays():
    soup = fitted('<a href="https://x.example/" rel="sponsored nofollow noopener">x</a>')
    assert set(soup.a["rel"]) == {"sponsored", "nofollow", "noopener"}


def test_entities_and_characters_keep_their_meaning():
    assert (
        fitted("<p>a &lt; b &amp;amp; 5&nbsp;&#181;g &#x1F600;</p>").text
        == "a < b &amp; 5\xa0µg 😀"
    )
    assert fitted("<p>a\x0b&#11;\ufffeb</p>").text == "ab"


MARKUP = st.lists(
    st.sampled_from(
        [
            *("<p>", "</p>", "<span>", '<span lang="en">', "</span>", '<b aria-hidden="true">'),
            *("</b>", "<svg>", '<svg role="img">', "</svg>", "<br>", "<wbr>", "&lt;", "&", "<"),
            *('<a class="back" href="#x">', "</a>", '<img src="a.png" alt="">', "<!--", "-->", ">"),
            *('<figure id="fig-a">', "</figure>", "<details>", "</details>", "<path/>", "x", "维"),
        ]
    )
)


@given(MARKUP)
def test_any_markup_comes_out_closed_and_clean(parts):
    drawings = (("a", Picture("https://x/a.svg", "a", 1, 1)),)
    html = fit_for_readers("".join(parts), BASE, drawings)
    assert fit_for_readers(html, BASE) == html
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.select("svg, wbr, [id], [class], [aria-hidden]")
    assert all(image["src"].startswith("https://") for image in soup.select("img"))


# Links


@pytest.mark.parametrize("code", languages.CODES)
def test_feed_links_name_the_closest_feeds_first(code):
    with translation.override(code):
        links = feed_links(code, topic="sleep", name="Sleep")
        assert links[2:] == feed_links(code)
        assert [link.path for link in links] == [
            f"/feeds/{code}/topics/sleep/atom.xml",
            f"/feeds/{code}/topics/sleep/feed.json",
            f"/feeds/{code}/atom.xml",
            f"/feeds/{code}/feed.json",
        ]
        assert [link.type for link in links[:2]] == [
            "application/atom+xml",
            "application/feed+json",
        ]
        assert len({link.title for link in links}) == 4
        assert all("Sleep" in link.title for link in links[:2])
        assert feed_links(code, author="ada", name="Ada")[0].path.endswith("/authors/ada/atom.xml")


def test_json_is_sent_as_utf_8_without_escapes():
    document = write_json(feed_of(title="维生素😀"))
    assert "维生素😀" in document.decode()
    assert json.loads(document)["items"][0]["title"] == "维生素😀"
