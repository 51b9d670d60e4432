"""Every page kind in a browser: its policy, its width, and axe-core (WCAG 2.2 A and AA)."""

import pytest

from tests.browser.barriers import assert_no_violation
from tests.browser.pages import PATHS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", [path for _kind, path in PATHS])
def test_page_is_sound(open_page, site, path):
    """One load of a page answers for all three, which saves half of the time."""
    page = open_page(path, width=320)
    page.wait_for_load_state("networkidle")
    assert_keeps_its_policy(page, site)
    assert_fits(page)
    assert_no_violation(page)
    assert page.problems == []


def assert_keeps_its_policy(page, site: str) -> None:
    """No script, no inline style, no request elsewhere, nothing the browser complains about."""
    assert page.problems == []
    assert [url for url in page.requested if not url.startswith(site)] == []
    # JSON-LD is data, which no browser runs.
    assert page.locator('script:not([type="application/ld+json"])').count() == 0
    assert page.locator("main [style], header [style], footer [style]").count() == 0


def assert_fits(page) -> None:
    """No sideways scrolling. 320 px is a 1280 px window at 400 % zoom as well (WCAG 1.4.10)."""
    for width in (320, 390, 768, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["/zh-hans/articles/d3-k2-magnesium/", "/en/"])
def test_first_tab_stop_is_the_skip_link_and_it_works(open_page, path):
    page = open_page(path, width=390)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.wait_for_timeout(300)  # it slides in
    box = page.locator(".skip-link").bounding_box()
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
