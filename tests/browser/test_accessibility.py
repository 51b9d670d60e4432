"""axe-core (WCAG 2.2 A and AA, and best practice) on every page kind."""

import pytest

from tests.browser.barriers import assert_no_violation
from tests.browser.pages import PATHS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", [path for _kind, path in PATHS])
def test_axe_finds_nothing_on_phones_and_laptops_in_light_and_dark(open_page, path):
    assert_no_violation(open_page(path, width=320))


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
