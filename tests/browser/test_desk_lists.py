"""Lists, log, reports and rules in a browser: silent under the policy, and without barriers."""

import pytest

from tests.browser.test_admin import LANGUAGES, assert_no_barrier

pytestmark = pytest.mark.browser

SCREENS = {
    "texts": "/admin/articles/articletranslation/",
    "texts-none": "/admin/articles/articletranslation/?state=ready&checks=unchecked",
    "articles": "/admin/articles/article/",
    "log": "/admin/articles/auditentry/",
    "requests": "/admin/articles/reviewrequest/",
    "links": "/admin/articles/previewlink/",
    "phrases": "/admin/articles/forbiddenphrase/",
    "registrations": "/admin/authors/registration/",
    "rules": "/admin/articles/article/rules/",
    "reports": "/admin/articles/article/reports/",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SCREENS.values(), ids=SCREENS)
def test_screen_has_no_barrier_and_breaks_no_policy(desk_page, path, language):
    page = desk_page(path, user="managing", language=language)
    assert page.problems == []
    assert_no_barrier(page)


@pytest.mark.parametrize("user", ["writing", "translating", "reviewing", "managing"])
def test_overview_of_each_role_has_no_barrier(desk_page, user):
    page = desk_page("/admin/", user=user, language="en")
    assert page.locator(".tally a").count() == 5
    assert_no_barrier(page)


def test_overview_needs_no_script(desk_page):
    page = desk_page("/admin/", language="en", script=False)
    page.locator(".tally a").first.click()
    assert page.url.endswith("#waiting")
    assert page.locator("#waiting").is_visible()
