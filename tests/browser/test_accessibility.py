"""axe-core (WCAG 2.2 A and AA, and best practice) on every page kind."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import PATHS

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("path", [path for _kind, path in PATHS])
def test_axe_finds_nothing_in_light_and_dark(open_page, path, width):
    page = open_page(path, width=width)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
        found = [
            (violation["id"], [node["target"] for node in violation["nodes"]][:5])
            for violation in results.response["violations"]
        ]
        assert found == [], scheme


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
