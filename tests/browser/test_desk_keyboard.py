"""The desk by keyboard alone: in which order one comes to what, what is seen, and all the way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk, make_texts
from tests.browser.test_admin import LANGUAGES

pytestmark = pytest.mark.browser

PLACES = """() => {
    const at = document.activeElement.closest(
        '.text-nav, .checks, #body-rows, .toolbar, [data-formset], .preview-controls, .submit-row'
    );
    return at && (at.dataset.formset || at.id || at.classList[0]);
}"""
"""What a reader of the screen would call the place that has the focus."""

IN_SIGHT = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect();
    const row = document.querySelector('.submit-row');
    const end = row.contains(at) ? innerHeight : row.getBoundingClientRect().top;
    return box.bottom > 0 && box.top < end;
}"""
HAS_RING = """() => {
    const style = getComputedStyle(document.activeElement);
    const isSeen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return isSeen || document.activeElement.matches('iframe');
}"""
"""Inside a frame it is the frame's own page that has the focus, and its ring."""


@pytest.fixture(scope="module")
def paths(manage, site) -> Iterator[str]:
    """Desks of texts that no other test writes."""
    return make_texts(manage, "keyboard", 11)


def tab_through(page: Page, until: str) -> Iterator[None]:
    """Press Tab until the focus is on ``until``; one step for each stop."""
    for _step in range(150):
        page.keyboard.press("Tab")
        yield
        if page.evaluate("selector => document.activeElement.matches(selector)", until):
            return
    pytest.fail(f"Tab does not lead to {until}")


@pytest.mark.parametrize("width", [820, 1440])
def test_focus_goes_down_the_screen_and_is_always_seen(desk_page, paths, width):
    page = desk_page(next(paths), user="writing", width=width)
    page.locator("h1").wait_for()
    places = []
    for _stop in tab_through(page, "#id_note"):
        assert page.evaluate(HAS_RING), page.evaluate("document.activeElement.outerHTML")
        assert page.evaluate(IN_SIGHT), page.evaluate("document.activeElement.outerHTML")
        place = page.evaluate(PLACES)
        if place and place not in places[-1:]:
            places.append(place)
    assert places == [
        *("text-nav", "checks", "toolbar", "body-rows", "figures", "callouts"),
        *("preview-controls", "submit-row"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_is_written_marked_checked_and_saved_by_keyboard(desk_page, paths, language):
    """Typed, given a block of the toolbar, checked and saved, and no hand on a mouse."""
    page = desk_page(next(paths), user="writing", language=language)
    desk = Desk(page, language)
    for _stop in tab_through(page, "textarea[data-block]"):
        pass
    page.keyboard.press("Control+End")
    page.keyboard.type(" Dim it.")
    while not page.evaluate("document.activeElement.matches('.picker:last-child summary')"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    for _stop in tab_through(page, "[data-insert='[[references]]']"):
        pass
    page.keyboard.press("Enter")
    first = desk.passages().first
    expect(first).to_be_focused()
    assert first.input_value().endswith("Dim it.\n\n[[references]]")
    for _stop in tab_through(page, ".submit-row [name=_check]"):
        pass
    page.keyboard.press("Enter")
    expect(page.locator("#findings")).to_be_visible()
    for _stop in tab_through(page, ".submit-row [name=_save]"):
        pass
    page.keyboard.press("Space")
    page.locator(".messagelist .success").wait_for()
    assert desk.passages().nth(1).input_value() == "[[references]]"


def test_finding_on_another_screen_leads_to_the_desk(desk_page, paths):
    path = next(paths)
    page = desk_page(path, user="managing")
    Desk(page, "zh-hans").passages().first.fill("A word.[@nobody1999]")
    page.locator("[name=_publish]").click()
    page.wait_for_url("**/publish/")
    page.locator(".findings a").first.click()
    page.wait_for_url(f"**{path}#unit-*")
    assert page.locator(":target").count() == 1


def test_escape_closes_a_picker(desk_page, paths):
    page = desk_page(next(paths), user="writing")
    picker = page.locator(".picker").first
    picker.locator("summary").press("Enter")
    assert picker.locator("button").first.is_visible()
    page.keyboard.press("Escape")
    assert not picker.locator("button").first.is_visible()


def test_every_finding_leads_to_its_place(desk_page, paths):
    page = desk_page(next(paths), user="writing")
    passage = Desk(page, "zh-hans").passages().first
    passage.fill("A word.[@nobody1999]")
    page.locator(".submit-row [name=_check]").click()
    links = page.locator("#findings a[href^='#']")
    links.first.wait_for()
    places = {link.get_attribute("href") for link in links.all()}
    assert len(places) > 1
    assert [place for place in places if page.locator(place).count() != 1] == []
    own = passage.locator("xpath=ancestor::*[@id][1]").get_attribute("id")
    page.locator(f"#findings a[href='#{own}']").press("Enter")
    box = page.locator(":target").bounding_box()
    assert 0 <= box["y"] < page.viewport_size["height"] - box["height"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_writer_goes_on_to_a_review_and_an_editor_to_publication(desk_page, paths, language):
    """Who may not publish is not offered it, and is told who does."""
    path = next(paths)
    page = desk_page(path, user="writing", language=language)
    assert page.locator("[name=_publish], a[href$='/publish/']").count() == 0
    page.locator(".submit-row [name=_review]").click()
    page.wait_for_url("**/review/")
    ask = page.locator("section[aria-labelledby=ask-h]")
    assert Desk(page, language).words("Ask for a review") in ask.locator("h2").inner_text()
    assert len(ask.locator("p").first.inner_text()) > 20
    page = desk_page(path, user="managing", language=language)
    assert page.locator("[name=_review]").count() == 0
    page.locator("[name=_publish]").click()
    page.wait_for_url("**/publish/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_preview_of_unsaved_text_needs_no_script(desk_page, paths, scheme):
    page = desk_page(next(paths), user="writing", script=False)
    words = f"Typed without script, {scheme}."
    Desk(page, "zh-hans").passages().first.fill(words)
    page.locator(f".live-preview [value={scheme}]").click()
    shown = page.frame_locator("iframe[name=preview]")
    expect(shown.get_by_text(words)).to_be_visible()
    assert page.url.endswith("/change/"), "the desk stays where it is"
