"""What works without script, what is asked of the network, and what is printed."""

import brotli
import pytest

from tests.browser.pages import ARTICLE

pytestmark = pytest.mark.browser

LANGUAGES = ["zh-hans", "en"]
MAX_HTML = 23_000
"""Bytes: the text, 53 references, two drawings in two layouts each, and 1.5 kB of JSON-LD."""
MAX_CSS = 10_000


@pytest.mark.parametrize("code", LANGUAGES)
def test_article_needs_few_requests(open_page, code):
    """The page, the landscape and the icon: nothing else before a reader can read."""
    page = open_page(f"/{code}/{ARTICLE}", width=390)
    page.wait_for_load_state("networkidle")
    assert len(page.requested) <= 3


@pytest.mark.parametrize("code", LANGUAGES)
def test_article_is_small_after_compression(open_page, code):
    page = open_page(f"/{code}/{ARTICLE}")
    html = page.request.get(page.url).text()
    start, end = html.index("<style>"), html.index("</style>")
    style, rest = html[start:end], html[:start] + html[end:]
    assert len(brotli.compress(rest.encode(), quality=11)) <= MAX_HTML
    assert len(brotli.compress(style.encode(), quality=11)) <= MAX_CSS


@pytest.mark.parametrize("code", LANGUAGES)
def test_figure_enlarges_and_closes_without_script(open_page, code):
    page = open_page(f"/{code}/{ARTICLE}", width=390, script=False)
    figure = page.locator("figure.diagram").first
    drawing = figure.locator(".zoom > svg").first
    before = drawing.bounding_box()["width"]
    figure.locator(".zoom__open").click()
    assert drawing.bounding_box()["width"] > before * 1.3
    figure.locator(".zoom__close").click()
    assert drawing.bounding_box()["width"] == before


@pytest.mark.parametrize("code", LANGUAGES)
def test_evidence_badge_opens_without_script(open_page, code):
    page = open_page(f"/{code}/{ARTICLE}", width=390, script=False)
    note = page.locator(".symptom details.why").first
    assert not note.locator("p").is_visible()
    note.locator("summary").click()
    assert note.locator("p").is_visible()


@pytest.mark.parametrize("code", LANGUAGES)
def test_language_switch_leads_to_the_same_article(open_page, code):
    page = open_page(f"/{code}/{ARTICLE}", script=False)
    page.locator(".lang-switch a:not([aria-current])").click()
    other = "en" if code == "zh-hans" else "zh-hans"
    page.wait_for_url(f"**/{other}/{ARTICLE}")


@pytest.mark.parametrize("code", LANGUAGES)
def test_dark_scheme_is_dark(open_page, code):
    """Colours come back as rgb(r, g, b)."""
    backgrounds = {}
    for scheme in ("light", "dark"):
        page = open_page(f"/{code}/", scheme=scheme)
        backgrounds[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    light = [int(n) for n in backgrounds["light"].strip("rgb()").split(",")]
    dark = [int(n) for n in backgrounds["dark"].strip("rgb()").split(",")]
    assert min(light) > 200
    assert max(dark) < 60


@pytest.mark.parametrize("code", LANGUAGES)
def test_print_view_shows_reasons_and_hides_navigation(open_page, code):
    page = open_page(f"/{code}/{ARTICLE}")
    page.emulate_media(media="print")
    assert not page.locator(".site-nav").is_visible()
    assert not page.locator(".toc").is_visible()
    assert page.locator(".tip").is_visible()
    assert page.locator(".references").is_visible()
    assert len(page.pdf()) > 20_000


@pytest.mark.parametrize("code", LANGUAGES)
def test_page_makes_sense_without_styles(open_page, code):
    """Document order: header, title, byline, disclosure, body, references, authors, footer."""
    page = open_page(f"/{code}/{ARTICLE}")
    order = page.evaluate(
        """() => ['.site-header', 'h1', '.byline', '.top-note--commercial', '.at-a-glance',
                  '.safety', '.references', '#authors', '.site-footer']
            .map(selector => document.querySelector(selector))
            .every((element, i, all) => !i || (all[i - 1].compareDocumentPosition(element) & 4))"""
    )
    assert order


@pytest.mark.parametrize("code", LANGUAGES)
def test_citation_and_its_reference_lead_to_each_other(open_page, code):
    page = open_page(f"/{code}/{ARTICLE}", script=False)
    page.locator("sup.cite a").first.click()
    number = page.url.rpartition("#r")[2]
    page.locator(f"#r{number} .back").click()
    assert page.url.endswith(f"#c{number}")


def test_link_that_is_pressed_is_fetched_ahead_and_the_policy_has_no_word_against_it(open_page):
    """Speculation rules come as a header, so that no script stands in the page."""
    page = open_page("/en/")
    page.wait_for_load_state("networkidle")
    assert any(url.endswith("/speculation-rules.json") for url in page.requested)
    answer = page.request.get(page.url.replace("/en/", "/speculation-rules.json"))
    assert answer.headers["content-type"] == "application/speculationrules+json"
    assert page.problems == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_share_panel_is_printed_without_its_links(open_page, code):
    page = open_page(f"/{code}/{ARTICLE}")
    page.emulate_media(media="print")
    assert page.locator(".share .qr").is_visible()
    assert page.locator(".share .short").is_visible()
    assert not page.locator(".share ul").is_visible()
