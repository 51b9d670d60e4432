"""Every kind of screen Django's admin has: silent under the policy, and without barriers."""

import pytest
from playwright.sync_api import expect

from tests.browser import barriers
from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.browser

LANGUAGES = ["zh-hans", "en"]
WIDTHS = [320, 768, 1440]
SCREENS = {
    "app": "/admin/articles/",
    "list": "/admin/articles/topic/",
    "list-with-filters": "/admin/articles/publication/",
    "read-only": "/admin/articles/publication/1/change/",
    "form": "/admin/articles/topic/add/",
    "form-with-rows": "/admin/articles/topic/1/change/",
    "form-with-stacks": "/admin/authors/author/1/change/",
    "form-with-choosers": "/admin/auth/user/1/change/",
    "delete": "/admin/articles/topic/1/delete/",
    "history": "/admin/articles/topic/1/history/",
    "password": "/admin/password_change/",
    "not-found": "/admin/no-such-thing/",
}


def violations(page, **options) -> list:
    """What axe finds. On a tall window: what a row that stays at the bottom covers for the moment

    can be scrolled into view (see ``scroll-padding``), but axe does not scroll.
    """
    page.set_viewport_size({**page.viewport_size, "height": 9000})
    return barriers.violations(page, **options)


def assert_no_barrier(page, widths=WIDTHS) -> None:
    """One heading; no sideways scrolling and no barrier at any width, in light and in dark."""
    assert page.locator("h1").count() == 1
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    # axe at both ends; the middle width has the layout of one of them.
    for width, scheme in ((widths[0], "dark"), (widths[-1], "light")):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], (width, scheme)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SCREENS.values(), ids=SCREENS)
def test_screen_has_no_barrier_and_breaks_no_policy(desk_page, path, language):
    page = desk_page(path, user="owner", language=language)
    assert page.problems == []
    assert_no_barrier(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sign_in_has_no_barrier_and_works(desk_page, session_of, language):
    session_of("owner")
    page = desk_page("/admin/login/", user=None, language=language)
    assert_no_barrier(page)
    page.locator("#id_username").fill("owner")
    page.locator("#id_password").fill("wrong")
    page.keyboard.press("Enter")
    page.locator(".errornote").wait_for()
    assert_no_barrier(page)
    page.locator("#id_username").fill("owner")
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#user-tools").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_editor_changes_the_language_and_signs_out(desk_page, manage, session_of, script):
    session_of("leaving")
    page = desk_page("/admin/login/", user=None, language="en", script=script)
    page.locator("#id_username").fill("leaving")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#login-form [type=submit]").click()
    page.locator(".lang-switch [lang=zh-Hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.locator("#user-tools summary").click()
    page.locator("#logout-form button").click()
    expect(page.locator("#user-tools")).to_have_count(0)
    assert page.locator("h1").count() == 1
    if script:
        assert_no_barrier(page)


@pytest.mark.parametrize("width", [390, 820])
def test_sections_open_without_script_on_small_screens(desk_page, width):
    page = desk_page("/admin/articles/topic/", user="owner", width=width, script=False)
    rail = page.locator("#rail")
    assert not rail.is_visible()
    page.locator("[popovertarget=rail]").click()
    assert rail.is_visible()
    rail.locator("[href='/admin/authors/author/']").click()
    page.wait_for_url("**/admin/authors/author/")


def test_sections_stand_beside_the_page_on_a_laptop(desk_page):
    page = desk_page("/admin/articles/topic/1/change/", user="owner", script=False)
    rail, content = page.locator("#rail").bounding_box(), page.locator("#content").bounding_box()
    assert rail["x"] + rail["width"] <= content["x"]
    assert page.locator("#rail [aria-current]").count() == 1


@pytest.mark.parametrize("width", [390, 1440])
def test_fields_and_buttons_are_large_enough_for_fingers(desk_page, width):
    """40 px high, and text of 16 px: with less, a phone zooms into the field."""
    page = desk_page("/admin/articles/topic/1/change/", user="owner", width=width)
    fields = page.locator(
        "#content :is(input:not([type=hidden], [type=checkbox]), select, textarea):visible"
    )
    assert fields.count() > 5
    for field in fields.all():
        assert field.bounding_box()["height"] >= 40
        size = field.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
        assert size >= 16


def test_rows_of_fields_become_cards_on_a_phone(desk_page):
    page = desk_page("/admin/articles/topic/1/change/", user="owner", width=390)
    row = page.locator(".tabular tr.has_original").first
    left = {round(cell.bounding_box()["x"]) for cell in row.locator("td[class^=field-]").all()}
    assert len(left) == 1
    assert all(label.is_visible() for label in row.locator("td[class^=field-] label").all())


def test_messages_say_their_kind_in_words(desk_page):
    page = desk_page("/admin/articles/topic/1/change/", user="owner", language="en")
    page.locator("[name=_continue]").click()
    message = page.locator(".messagelist .success")
    assert message.locator("b").inner_text()
    assert_no_barrier(page)


def test_mistakes_in_a_form_have_no_barrier(desk_page):
    page = desk_page("/admin/articles/topic/1/change/", user="owner", language="zh-hans")
    page.locator("#id_translations-0-name").fill("")
    page.locator("[name=_continue]").click()
    page.locator(".errorlist").wait_for()
    assert_no_barrier(page)


def test_focus_is_never_hidden_behind_the_row_that_saves(desk_page):
    page = desk_page("/admin/auth/user/1/change/", user="owner")
    page.locator("#id_username").focus()
    for _step in range(30):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """() => {
                const at = document.activeElement.getBoundingClientRect();
                const row = document.querySelector('.submit-row');
                if (row.contains(document.activeElement)) return false;
                return at.top >= row.getBoundingClientRect().top;
            }"""
        )
        assert not hidden
