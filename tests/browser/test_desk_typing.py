"""What happens under an editor's hands: input methods, keys, pasting, undoing, and the preview."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk, make_texts

pytestmark = pytest.mark.browser

DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">
<h2 dir="ltr"><span style="font-size:16pt">Evening light</span></h2>
<p dir="ltr"><span style="font-weight:400">Lamps are </span><span style="font-weight:700">bright
</span><span style="font-style:italic">after</span><span> dark. See </span><a
href="https://example.org/light"><span>this page</span></a><span>.</span></p>
<ul><li dir="ltr"><p role="presentation"><span>one lamp</span></p>
<ul><li><p>by the bed</p></li></ul></li>
<li><p>two lamps</p></li></ul></b><br class="Apple-interchange-newline">"""
FROM_DOCS = """## Evening light

Lamps are **bright** *after* dark. See [this page](https://example.org/light).

- one lamp
    - by the bed
- two lamps"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>x</title>
<style>p.MsoNormal { margin: 0 }</style></head><body lang="EN-GB"><!--StartFragment-->
<h1>Evening light<o:p></o:p></h1>
<p class="MsoNormal" style="margin:0cm">Lamps are <b style="mso-bidi-font-weight:normal">bright
</b>after<o:p></o:p></p>
<p class="MsoListParagraphCxSpFirst" style="text-indent:-18pt;mso-list:l0 level1 lfo1"><span
style="font-family:Symbol"><span style="mso-list:Ignore">·<span style="font:7pt Times">&nbsp;&nbsp;
</span></span></span>one lamp<o:p></o:p></p>
<p class="MsoListParagraphCxSpLast" style="text-indent:-18pt;mso-list:l0 level1 lfo1"><span
style="mso-list:Ignore">·<span>&nbsp;</span></span>two lamps<o:p></o:p></p>
<p class="MsoListParagraph" style="mso-list:l1 level1 lfo2"><span
style="mso-list:Ignore">1.<span>&nbsp;</span></span>the first<o:p></o:p></p>
<table class="MsoTableGrid"><tr><td><p>Hour</p></td><td><p><b>Lamps</b></p></td></tr>
<tr><td><p>20:00</p></td><td><p>2</p></td></tr></table>
<p class="MsoNormal"><o:p>&nbsp;</o:p></p><!--EndFragment--></body></html>"""
FROM_WORD = """## Evening light

Lamps are **bright** after

- one lamp
- two lamps

1. the first

| Hour | **Lamps** |
|---|---|
| 20:00 | 2 |"""


@pytest.fixture(scope="module")
def paths(manage, site) -> Iterator[str]:
    """Desks of texts that no other test writes; long ones, so that a preview has to be scrolled."""
    return make_texts(manage, "typing", 8, length=12)


@pytest.fixture
def desk(desk_page, paths) -> Desk:
    return Desk(desk_page(next(paths), language="en"), "en")


def asked(page: Page) -> list[str]:
    """The desk's own requests from now on, by their last part; its signs of life are left out."""
    found: list[str] = []

    def note(request) -> None:
        name = request.url.rstrip("/").rpartition("/")[2]
        if name in {"autosave", "checks", "preview"}:
            found.append(name)

    page.on("request", note)
    return found


def preview(desk: Desk):
    """The frame that is seen; the next one waits unseen until it is complete."""
    return desk.page.locator("iframe:not(.is-coming)")


def in_preview(desk: Desk, code: str):
    return preview(desk).element_handle().content_frame().evaluate(code)


def test_nothing_is_asked_while_an_input_method_puts_letters_together(desk):
    page = desk.page
    # The page's clock is ours, so that minutes pass at once.
    page.clock.install()
    page.reload()
    desk.press("Show, light")
    expect(page.frame_locator("iframe:not(.is-coming)").locator("h1")).to_be_visible()
    passage = desk.passages().first
    passage.press("Control+End")
    page.keyboard.type(" a")
    requests = asked(page)
    keyboard = page.context.new_cdp_session(page)
    for letters in ("d", "de", "den", "deng"):
        keyboard.send(
            "Input.imeSetComposition",
            {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)},
        )
        page.clock.run_for(15_000)
    assert passage.input_value().endswith(" adeng")
    assert requests == []
    keyboard.send("Input.insertText", {"text": "灯"})
    assert passage.input_value().endswith(" a灯")
    with page.expect_response("**/autosave/"), page.expect_response("**/checks/"):
        page.clock.run_for(5_000)
    assert sorted(requests) == ["autosave", "checks", "preview"]


def test_control_s_saves_and_leaves_the_cursor_where_it_was(desk):
    passage = desk.passages().nth(2)
    passage.fill("Cells in the eye tell the brain how bright it is.")
    passage.press("Control+s")
    desk.page.locator(".messagelist .success").wait_for()
    expect(desk.passages().nth(2)).to_be_focused()
    assert passage.input_value() == "Cells in the eye tell the brain how bright it is."
    desk.page.reload()
    assert passage.input_value() == "Cells in the eye tell the brain how bright it is."


@pytest.mark.parametrize(
    ("html", "markdown"), [(DOCS, FROM_DOCS), (WORD, FROM_WORD)], ids=["docs", "word"]
)
def test_what_is_pasted_from_a_word_processor_becomes_markdown(desk, html, markdown):
    passage = desk.passages().first
    before = passage.input_value()
    passage.press("Control+a")
    passage.evaluate(
        """(area, html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", "plain");
            const options = { clipboardData: data, bubbles: true, cancelable: true };
            area.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        html,
    )
    assert passage.input_value() == markdown
    passage.press("Control+z")
    assert passage.input_value() == before


@pytest.mark.parametrize(
    ("picker", "code", "expected"),
    [
        ("Text", "****", "Evening light affects sleep.****"),
        ("Block", "[[references]]", "Evening light affects sleep.\n\n[[references]]"),
    ],
)
def test_what_the_toolbar_inserts_can_be_undone(desk, picker, code, expected):
    passage = desk.passages().first
    before = passage.input_value()
    passage.click()
    passage.press("Control+End")
    desk.insert(picker, code)
    assert passage.input_value() == expected
    expect(passage).to_be_focused()
    desk.page.keyboard.press("Control+z")
    assert passage.input_value() == before


def test_the_preview_has_the_width_and_the_colours_one_asks_for(desk):
    desk.press("Show, light")
    shown = desk.page.frame_locator("iframe:not(.is-coming)")
    expect(shown.locator("h1")).to_be_visible()
    background = "getComputedStyle(document.body).backgroundColor"
    light = in_preview(desk, background)
    desk.page.get_by_label(desk.words("Phone"), exact=True).check()
    assert in_preview(desk, "innerWidth") < 400
    desk.page.get_by_label(desk.words("Desktop"), exact=True).check()
    assert in_preview(desk, "innerWidth") > 1200
    old = preview(desk).get_attribute("name")
    desk.press("Show, dark")
    expect(preview(desk)).not_to_have_attribute("name", old)
    assert in_preview(desk, background) != light


def test_the_preview_follows_the_text_and_keeps_its_place(desk):
    desk.press("Show, light")
    shown = desk.page.frame_locator("iframe:not(.is-coming)")
    expect(shown.locator("h1")).to_be_visible()
    in_preview(desk, "scrollTo({ top: 500, behavior: 'instant' })")
    history = desk.page.evaluate("history.length")
    desk.passages().nth(2).fill("A lamp by the bed is enough.")
    expect(shown.locator("main")).to_contain_text("A lamp by the bed is enough.")
    assert in_preview(desk, "scrollY") == 500
    assert desk.page.evaluate("history.length") == history
