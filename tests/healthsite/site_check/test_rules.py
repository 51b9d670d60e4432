"""Each rule finds the mistake it is for, and nothing on a site that has none."""

from collections.abc import Callable

import pytest

from healthsite.site_check import ALL_RULES
from healthsite.site_check.rules import sitemaps
from tests.healthsite.site_check.sites import (
    MODIFIED,
    ORIGIN,
    FakeSite,
    picture,
)

LIGHT = "/en/articles/light/"
ATOM = "/feeds/en/atom.xml"
SECTION = "/sitemap-pages-1.xml"
NOINDEX = '<meta name="robots" content="noindex"></head>'


def test_clean_site_has_no_finding(tiny):
    assert tiny.findings() == {}
    assert set(tiny.replies) <= set(tiny.crawl().resources)


def test_every_rule_has_a_name_a_sentence_and_a_source():
    assert len({rule.name for rule in ALL_RULES}) == len(ALL_RULES) > 30
    for rule in ALL_RULES:
        assert rule.summary.endswith("."), rule.name
        assert rule.source, rule.name


Mistake = Callable[[FakeSite], None]
MISTAKES: list[tuple[str, str, Mistake]] = []
"""Rule, the page it should speak of, and the mistake."""


def mistake(rule: str, at: str) -> Callable[[Mistake], Mistake]:
    def note(make: Mistake) -> Mistake:
        MISTAKES.append((rule, at, make))
        return make

    return note


def changed(rule: str, at: str, address: str, old: str, new: str) -> None:
    MISTAKES.append((rule, at, lambda site: site.change(address, old, new)))


def with_header(rule: str, at: str, name: str, value: str) -> None:
    MISTAKES.append((rule, at, lambda site: site.replies[at].headers.append((name, value))))


# Answers


@mistake("server-error", LIGHT)
def fails(site):
    site.replies[LIGHT].status = "500 Internal Server Error"


with_header("cookie", LIGHT, "Set-Cookie", "csrftoken=1")
with_header("vary-cookie", LIGHT, "Vary", "Accept-Encoding, Cookie")
with_header("vary-cookie", "/card.png", "Vary", "*")


@mistake("head-size", LIGHT)
def fills_its_head(site):
    noise = "".join(f"{number * number % 100_003:x}" for number in range(3000))
    site.change(LIGHT, "</head>", f'<meta name="noise" content="{noise}"></head>')


# Links

changed("broken-link", LIGHT, LIGHT, "</main>", '<a href="/en/gone/">Gone</a></main>')
changed("broken-link", LIGHT, LIGHT, "</main>", '<img src="/a.png" srcset="/card.png 1x, /b.png 2x"'
        ' width="1" height="1" alt=""></main>')  # fmt: skip
changed("broken-link", LIGHT, LIGHT, "</main>", '<form action="/en/find/?q=1"></form></main>')
changed("broken-link", "/en/articles/light.md", "/en/articles/light.md", "/en/", "/en/gone/")
changed(
    "broken-link", LIGHT, LIGHT, '"datePublished"', f'"image": "{ORIGIN}/no.png", "datePublished"'
)
changed("broken-fragment", LIGHT, LIGHT, "#ref-1", "#ref-2")
changed("broken-fragment", "/en/", "/en/", 'light/"', 'light/#absent"')
changed("orphan", LIGHT, "/en/", f'href="{LIGHT}"', 'href="#top"')


@mistake("redirected-link", "/en/")
def moves(site):
    site.add("/en/old/", "", status="301 Moved", headers=[("Location", LIGHT)])
    site.change("/en/", "</main>", '<a href="/en/old/">Old</a></main>')


# Head

changed("title", LIGHT, LIGHT, "<title>Light (en)</title>", "<title> </title>")
changed("title", LIGHT, LIGHT, "</title>", "</title><title>Again</title>")
changed("description", LIGHT, LIGHT, 'name="description"', 'name="describe"')
changed("description", LIGHT, LIGHT, "</title>", '</title><meta name="description" content="x">')
changed("heading", LIGHT, LIGHT, "h1", "h2")
changed("heading", LIGHT, LIGHT, "<main>", "<main><h1>Again</h1>")
changed("duplicate-title", "/en/", LIGHT, "<title>Light (en)", "<title>Home en")
changed("duplicate-description", "/en/", LIGHT, "What Light (en) says", "What Home en says")

# Canonical addresses

CANONICAL = f'<link rel="canonical" href="{ORIGIN}{LIGHT}">'
changed("canonical-count", LIGHT, LIGHT, CANONICAL, "")
changed("canonical-count", LIGHT, LIGHT, CANONICAL, CANONICAL + CANONICAL)
for wrong in (
    LIGHT,
    f"https://other.example{LIGHT}",
    f"{ORIGIN}{LIGHT}?ref=x",
    f"{ORIGIN}{LIGHT}#a",
):
    changed("canonical-form", LIGHT, LIGHT, CANONICAL, f'<link rel="canonical" href="{wrong}">')
changed("canonical-target", LIGHT, LIGHT, CANONICAL, f'<link rel="canonical" href="{ORIGIN}/no/">')
changed("noindex-canonical", LIGHT, LIGHT, "</head>", NOINDEX)
with_header("noindex-canonical", LIGHT, "X-Robots-Tag", "noindex")
changed(
    "og-url", LIGHT, LIGHT, f'"og:url" content="{ORIGIN}{LIGHT}', f'"og:url" content="{ORIGIN}/'
)
changed("json-ld-address", LIGHT, LIGHT, f'"url": "{ORIGIN}{LIGHT}', f'"url": "{ORIGIN}/en/')
changed("json-ld-address", LIGHT, LIGHT, f'"@id": "{ORIGIN}{LIGHT}"', f'"@id": "{ORIGIN}/en/"')
changed("json-ld-address", LIGHT, LIGHT, f"{LIGHT}#article", "/en/#article")


@mistake("canonical-target", "/en/")
def names_a_page_that_names_another(site):
    site.change("/en/", f'canonical" href="{ORIGIN}/en/"', f'canonical" href="{ORIGIN}{LIGHT}"')
    site.change(LIGHT, f'canonical" href="{ORIGIN}{LIGHT}', f'canonical" href="{ORIGIN}/zh-hans/')


# Languages

changed("hreflang-tag", LIGHT, LIGHT, 'hreflang="zh"', 'hreflang="zh_CN"')
changed("hreflang-tag", LIGHT, LIGHT, 'hreflang="zh"', 'hreflang="zh-hans"')
changed("hreflang-tag", LIGHT, LIGHT, f'hreflang="en" href="{ORIGIN}', 'hreflang="en" href="')
changed("hreflang-self", LIGHT, LIGHT, f'hreflang="en" href="{ORIGIN}{LIGHT}"',
        f'hreflang="en" href="{ORIGIN}/en/"')  # fmt: skip
changed("hreflang-x-default", LIGHT, LIGHT, "x-default", "en-GB")
changed("hreflang-return", LIGHT, "/zh-hans/articles/light/", f"{ORIGIN}{LIGHT}", f"{ORIGIN}/en/")
changed("hreflang-lang", LIGHT, LIGHT, 'html lang="en"', 'html lang="de"')
changed("hreflang-lang", LIGHT, LIGHT, '<html lang="en">', "<html>")


@mistake("hreflang-return", "/zh-hans/articles/light/")
def is_hidden_in_one_language(site):
    site.change(LIGHT, "</head>", NOINDEX)


# Structured data and dates

changed("json-ld", LIGHT, LIGHT, '"dateModified"', "dateModified")
changed("json-ld", LIGHT, LIGHT, '"@context"', '"context"')
changed("dates", LIGHT, LIGHT, '"dateModified": "2026-03-02"', '"dateModified": "2026-03-05"')
changed("dates", LIGHT, LIGHT, '"dateModified": "2026-03-02"', '"dateModified": "yesterday"')
changed(
    "dates",
    LIGHT,
    LIGHT,
    'published_time" content="2026-03-01',
    'published_time" content="2025-03-01',
)
changed("dates", LIGHT, SECTION, MODIFIED, "2026-03-02T09:00:00+00:00")


@mistake("dates", LIGHT)
def was_changed_an_hour_before_it_was_there(site):
    site.change(LIGHT, 'published_time" content="2026-03-01', 'published_time" content="')
    site.change(LIGHT, "2026-03-01T08:00:00+00:00", "2026-03-02T22:00:00+13:00")


@mistake("dates", LIGHT)
def was_changed_before_it_was_there(site):
    site.change(LIGHT, "2026-03-01", "2026-03-09")


# Pictures

changed("image-size", LIGHT, LIGHT, 'width="120" height', "height")
changed("image-size", LIGHT, LIGHT, "</main>", "<svg><path d='M0 0'/></svg></main>")
changed("image-alt", LIGHT, LIGHT, 'alt="A lamp"', "")
changed("og-image", LIGHT, LIGHT, f'content="{ORIGIN}/card.png"', 'content="/card.png"')
changed("og-image", LIGHT, LIGHT, f'content="{ORIGIN}/card.png"', f'content="{ORIGIN}/gone.png"')
changed("og-image", LIGHT, LIGHT, f'content="{ORIGIN}/card.png"', f'content="{ORIGIN}/en/"')


@mistake("og-image", LIGHT)
def has_another_size(site):
    site.add("/card.png", picture(60, 63), "image/png")


@mistake("og-image", LIGHT)
def is_torn(site):
    site.add("/card.png", b"\x89PNG\r\n\x1a\n torn", "image/png")


# Feeds and Markdown

changed("feed", ATOM, ATOM, "</feed>", "")
changed("feed", ATOM, ATOM, "<title>T</title>", "<title> </title>")
changed("feed", ATOM, ATOM, f'"self" href="{ORIGIN}{ATOM}', f'"self" href="{ORIGIN}/feeds/')
changed("feed", "/feeds/en/feed.json", "/feeds/en/feed.json", '"items"', "items")
changed("feed", "/feeds/en/feed.json", "/feeds/en/feed.json", '"version"', '"v"')
changed("feed-entry", ATOM, ATOM, f"{ORIGIN}{LIGHT}", f"{ORIGIN}/en/gone/")
changed("feed-entry", ATOM, ATOM, f"{ORIGIN}{LIGHT}", f"{ORIGIN}/card.png")
changed("feed-entry", ATOM, ATOM, f"{ORIGIN}{LIGHT}", f"https://other.example{LIGHT}")
changed("feed-entry", ATOM, LIGHT, "</head>", NOINDEX)
changed("feed-link", LIGHT, LIGHT, 'href="/feeds/en/atom.xml"', 'href="/feeds/en/none.xml"')
changed("feed-link", LIGHT, LIGHT, 'href="/feeds/en/atom.xml"', 'href="/feeds/en/feed.json"')
changed("markdown", LIGHT, LIGHT, "/en/articles/light.md", "/en/articles/dark.md")
changed("markdown", LIGHT, LIGHT, "/en/articles/light.md", "/zh-hans/articles/light.md")


changed("feed-entry", ATOM, ATOM, f"{ORIGIN}{LIGHT}", "http://[broken")
changed("feed", "/feeds/en/feed.json", "/feeds/en/feed.json", '"id"', '"name"')


@mistake("feed", ATOM)
def is_another_document(site):
    site.add(ATOM, "<html/>", "application/atom+xml")


@mistake("feed", "/feeds/en/feed.json")
def is_a_list(site):
    site.add("/feeds/en/feed.json", "[]", "application/feed+json")


@mistake("markdown", LIGHT)
def names_no_canonical(site):
    site.replies["/en/articles/light.md"].headers.clear()


@mistake("feed", "/feeds/en/rss.xml")
def is_an_rss_feed_without_a_title(site):
    site.add(
        "/feeds/en/rss.xml", "<rss><channel><link>x</link></channel></rss>", "application/rss+xml"
    )
    site.change("/en/", "</main>", '<a href="/feeds/en/rss.xml">RSS</a></main>')


# Sitemaps and robots.txt

changed("sitemap", SECTION, SECTION, "</urlset>", "")
changed("sitemap", SECTION, SECTION, MODIFIED, "yesterday")
changed("sitemap", SECTION, SECTION, f"<loc>{ORIGIN}/en/<", "<loc>/en/<")
changed("sitemap", SECTION, SECTION, f"<loc>{ORIGIN}/en/<", f"<loc>{ORIGIN}/<")
changed("sitemap-entry", SECTION, SECTION, f"<loc>{ORIGIN}/en/<", f"<loc>{ORIGIN}/gone/<")
changed("sitemap-entry", SECTION, LIGHT, "</head>", NOINDEX)
changed("sitemap-entry", SECTION, LIGHT, CANONICAL, f'<link rel="canonical" href="{ORIGIN}/en/">')
changed("sitemap-missing", "/en/", SECTION, f"<loc>{ORIGIN}/en/<", f"<loc>{ORIGIN}/zh-hans/<")
changed("robots", "/robots.txt", "/robots.txt", "Allow: /", "Disallow: /en/")
changed("robots", "/robots.txt", "/robots.txt", "Allow: /", "Disallow: /*/articles/light/$")
changed(
    "robots", "/robots.txt", "/robots.txt", "Sitemap", "User-agent: Bingbot\nDisallow: /\nSitemap"
)


@mistake("sitemap", "/sitemap.xml")
def has_no_sitemap(site):
    del site.replies["/sitemap.xml"]


@mistake("sitemap-alternates", SECTION)
def lists_one_language_in_the_sitemap(site):
    link = f'<xhtml:link rel="alternate" hreflang="en" href="{ORIGIN}{LIGHT}"/></url>'
    site.change(SECTION, f"<lastmod>{MODIFIED}</lastmod></url>", link)
    site.change(SECTION, "<urlset", '<urlset xmlns:xhtml="http://www.w3.org/1999/xhtml"')


@pytest.mark.parametrize(
    ("rule", "at", "make"), MISTAKES, ids=[f"{item[0]}-{n}" for n, item in enumerate(MISTAKES)]
)
def test_mistake_is_found_where_it_is(tiny, rule, at, make):
    make(tiny)
    assert at in tiny.findings().get(rule, [])


def test_every_rule_has_a_mistake_that_it_finds():
    assert {rule.name for rule in ALL_RULES} == {rule for rule, _at, _make in MISTAKES}


def test_sitemap_may_not_be_longer_than_the_protocol_allows(tiny, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST_ENTRIES", 4)
    assert tiny.findings() == {"sitemap": [SECTION]}
    monkeypatch.setattr(sitemaps, "MOST_ENTRIES", 5)
    assert tiny.findings() == {}
