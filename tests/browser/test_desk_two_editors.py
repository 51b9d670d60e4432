"""Two editors at one text, and an editor whose browser goes away: nobody's words are lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk, make_texts

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def paths(manage, site) -> Iterator[str]:
    """Desks of texts that no other test writes."""
    return make_texts(manage, "two-editors", 5)


def presence(desk: Desk):
    return desk.page.locator("#presence")


def names_of(desk: Desk, *names: str) -> str:
    return desk.words("Also here: ") + ", ".join(names)


def test_each_editor_sees_that_the_other_is_there(desk_page, paths):
    path = next(paths)
    first = Desk(desk_page(path, user="managing", language="en"), "en")
    expect(presence(first)).to_be_hidden()
    second = Desk(desk_page(path, user="writing", language="en"), "en")
    expect(presence(second)).to_have_text(names_of(second, "Managing"))
    first.page.reload()
    expect(presence(first)).to_have_text(names_of(first, "Writing"))


@pytest.mark.parametrize("script", [True, False])
def test_the_later_save_shows_both_texts_and_then_holds_both(desk_page, paths, script):
    path = next(paths)
    first = Desk(desk_page(path, user="managing", language="en", script=script), "en")
    second = Desk(desk_page(path, user="writing", language="en", script=script), "en")

    first.field("standfirst").fill("Lamps are bright after dark.")
    first.passages().nth(0).fill("After sunset the lamps are as bright as at noon.")
    first.save()

    second.field("standfirst").fill("Turn the lamps down after dark.")
    second.passages().nth(2).fill("Cells in the eye tell the brain how bright it is.")
    if script:
        expect(presence(second)).to_have_text(
            second.words("Somebody has just saved this text. Saving yours will show both.")
        )
    with second.page.expect_navigation() as navigation:
        second.page.get_by_role("button", name=second.words("Save draft"), exact=True).click()
    assert navigation.value.status == 409
    notice = second.page.get_by_role("alert")
    for theirs in ("Lamps are bright after dark.", "the lamps are as bright as at noon"):
        expect(notice).to_contain_text(theirs)
    expect(notice).to_contain_text("Turn the lamps down after dark.")

    second.save()
    first.page.reload()
    assert first.field("standfirst").input_value() == "Turn the lamps down after dark."
    assert [field.input_value() for field in first.passages().all()][:3] == [
        "After sunset the lamps are as bright as at noon.",
        "## Why",
        "Cells in the eye tell the brain how bright it is.",
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_text_that_was_never_saved_is_offered_after_a_crash(desk_page, paths, language):
    path, words = next(paths), "A lamp by the bed is enough."
    crashed = Desk(desk_page(path, language=language), language)
    crashed.passages().first.fill(words)
    expect(crashed.page.locator("#kept")).to_contain_text(crashed.words("Kept for you"))
    crashed.page.context.close()

    desk = Desk(desk_page(path, language=language), language)
    assert desk.passages().first.input_value() != words
    desk.follow("Bring it back")
    assert desk.passages().first.input_value() == words
    desk.save()
    assert desk.passages().first.input_value() == words
    assert desk.page.get_by_role("link", name=desk.words("Bring it back")).count() == 0
