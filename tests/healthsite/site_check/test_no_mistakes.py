"""What looks odd and is no mistake: no rule may speak of it."""

import pytest

from tests.healthsite.site_check.sites import MODIFIED, ORIGIN, XML, FakeSite, page, sitemap

LIGHT = "/en/articles/light/"
SECTION = "/sitemap-pages-1.xml"
NOINDEX = '<meta name="robots" content="noindex"></head>'


def test_copy_that_names_its_original_repeats_its_words(tiny):
    tiny.replies["/en/copy/"] = tiny.replies[LIGHT]
    tiny.change("/en/", "</main>", '<a href="/en/copy/">Copy</a></main>')
    assert tiny.findings() == {}


def test_later_page_of_a_list_is_its_own_canonical_and_in_no_sitemap(tiny):
    later = page("/en/", "en", title="Page two").replace(
        f'canonical" href="{ORIGIN}/en/"', f'canonical" href="{ORIGIN}/en/?page=2"'
    )
    later = later.replace(f'og:url" content="{ORIGIN}/en/', f'og:url" content="{ORIGIN}/en/?page=2')
    head, _, rest = later.partition('<link rel="alternate"')
    tiny.add("/en/?page=2", head + rest[rest.index("<meta") :])
    tiny.change("/en/", "</main>", '<a href="?page=2">Older</a></main>')
    assert tiny.findings() == {}


def test_hidden_page_needs_no_description_canonical_or_place_in_the_sitemap(tiny):
    tiny.add("/en/log/", f'<html lang="en"><head><title>Log</title>{NOINDEX}<h1>Log</h1>')
    tiny.change("/en/", "</main>", '<a href="/en/log/">Log</a></main>')
    assert tiny.findings() == {}


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="#top">Up</a>',
        '<a href="#:~:text=light">Quoted</a>',
        '<a href="#">Nothing</a>',
        f'<a href="{LIGHT}#ref-1">A study</a>',
        '<a href="mailto:desk@health.example">Write</a>',
        '<a href="https://other.example/gone/">Elsewhere</a>',
        '<a href="/admin/login/">Desk</a>',
        '<svg viewBox="0 0 1 1"><title>A drawing</title><path/></svg>',
        '<svg width="1" height="1"><path/></svg>',
        '<svg aria-hidden="true"><use href="#top-heading"/></svg>',
        '<img src="/card.png" width="1" height="1" alt="">',
        '<form method="post" action="/nowhere/"></form>',
    ],
)
def test_markup_without_a_mistake_is_left_alone(tiny, markup):
    tiny.change("/en/", "</main>", f"{markup}</main>")
    assert tiny.findings() == {}


def test_article_inside_a_list_is_another_pages(tiny):
    listed = f"""<script type="application/ld+json">{{"@context": "https://schema.org",
"@type": "CollectionPage", "url": "{ORIGIN}/en/", "@id": "https://doi.org/10.1000/1",
"mainEntity": {{"@type": "ItemList", "itemListElement": [
{{"@type": "Article", "url": "{ORIGIN}{LIGHT}", "dateModified": "2020-01-01"}}]}}}}
</script></head>"""
    tiny.change("/en/", "</head>", listed)
    assert tiny.findings() == {}


def test_one_moment_may_be_written_in_two_time_zones(tiny):
    """In Auckland it is the next day already."""
    tiny.change(
        LIGHT,
        f'modified_time" content="{MODIFIED}',
        'modified_time" content="2026-03-02T21:00:00+13:00',
    )
    tiny.change(LIGHT, '"2026-03-01T08:00:00+00:00"', '"2026-03-02T12:00:00+13:00"')
    tiny.change(
        LIGHT,
        'published_time" content="2026-03-01',
        'published_time" content="2026-03-01T23:00:00Z',
    )
    tiny.change(SECTION, MODIFIED, "2026-03-02T08:00:00Z")
    assert tiny.findings() == {}


def test_picture_on_another_host_is_not_asked_for(tiny):
    tiny.change(LIGHT, f'content="{ORIGIN}/card.png"', 'content="https://cdn.example/card.png"')
    assert tiny.findings() == {}


def test_style_sheet_does_not_count_as_head(tiny):
    sheet = "".join(f".c{number * number}{{order:{number}}}" for number in range(3000))
    tiny.change("/en/", "</head>", f"<style>{sheet}</style></head>")
    assert tiny.findings() == {}


def test_robot_that_is_no_search_engine_may_be_turned_away(tiny):
    tiny.change("/robots.txt", "Sitemap", "User-agent: GPTBot\nDisallow: /\n\nSitemap")
    assert tiny.findings() == {}


def test_longer_rule_of_robots_wins(tiny):
    tiny.change("/robots.txt", "Allow: /", "Disallow: /en/\nAllow: /en/\nDisallow: /admin/")
    assert tiny.findings() == {}


def close(site: FakeSite) -> None:
    """As SITE_CLOSED does: noindex in every header and head, no sitemap, no robots."""
    for address, reply in site.replies.items():
        reply.headers.append(("X-Robots-Tag", "noindex"))
        if address.endswith("/"):
            site.change(address, "</head>", NOINDEX)
    del site.replies["/sitemap.xml"]
    site.add("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")


def test_closed_site_says_noindex_everywhere(tiny):
    close(tiny)
    assert tiny.findings(is_closed=True) == {}
    assert "noindex-canonical" in tiny.findings()


def test_pages_of_a_closed_site_are_looked_at_before_it_is_opened(tiny):
    close(tiny)
    tiny.change(LIGHT, 'name="description"', 'name="describe"')
    tiny.add("/en/log/", f'<html lang="en"><head><title>Log</title>{NOINDEX}<h1>Log</h1>')
    tiny.change("/en/", "</main>", '<a href="/en/log/">Log</a></main>')
    assert tiny.findings(is_closed=True) == {"description": [LIGHT]}


def test_fault_of_a_page_is_not_a_fault_of_every_link_to_it(tiny):
    tiny.add("/en/report/", "", status="503 Service Unavailable")
    tiny.change("/en/", "</main>", '<a href="/en/report/">Report</a></main>')
    assert tiny.findings() == {"server-error": ["/en/report/"]}


def test_site_without_machine_parts_is_looked_at_all_the_same(tiny):
    """No sitemap, feed, Markdown, picture or robots.txt: said once, and nothing breaks."""
    kept = {address: reply for address, reply in tiny.replies.items() if address.endswith("/")}
    tiny.replies = kept
    for code in ("en", "zh-hans"):
        home = f"/{code}/"
        tiny.replies[f"{home}articles/light/"].body = page(
            f"{home}articles/light/", code, title=f"Light {code}"
        ).encode()
    assert tiny.findings() == {"sitemap": ["/sitemap.xml"]}


def test_orphan_is_not_decided_on_half_a_site(tiny):
    tiny.change("/en/", f'href="{LIGHT}"', 'href="#top"')
    tiny.replies[SECTION].body = sitemap(("/", ""), (LIGHT, MODIFIED)).encode()
    assert "orphan" in tiny.findings()
    assert "orphan" not in tiny.findings(limit=3)


def test_mistake_of_a_template_is_one_finding_for_a_target(tiny):
    for address in ("/en/", LIGHT):
        tiny.change(address, "</main>", '<a href="/en/gone/">Gone</a></main>')
    assert tiny.findings()["broken-link"] == ["/en/"]


def test_other_xml_is_no_sitemap(tiny):
    tiny.add("/opensearch.xml", "<OpenSearchDescription/>", XML)
    tiny.change("/en/", "</head>", '<link rel="search" href="/opensearch.xml"></head>')
    assert tiny.findings() == {}
