"""From the overview to two public pages by what the screens say, as somebody new would go."""

import io
from dataclasses import dataclass

import pytest
from PIL import Image as Picture

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

LANGUAGES = {"zh-hans": "简体中文", "en": "English"}
SHORT_NAMES = {"zh-hans": "中文", "en": "English"}
OTHER = {"zh-hans": "en", "en": "zh-hans"}
STANDFIRSTS = {
    "zh-hans": "天黑以后，把家里的灯一盏一盏调暗，是一件今晚就能做的小事。",
    "en": "Turning the lights down one by one after dark is a small thing to do tonight.",
}
PASSAGES = {
    "zh-hans": (
        "太阳下山以后，屋子里的灯往往还和中午一样亮。",
        "## 从哪一盏灯开始",
        "先关掉头顶的大灯，只留一盏台灯。台灯放在低处，光照在桌面上，不直接照进眼睛。",
        "一周以后再看看，哪一盏灯其实从来不需要打开。",
    ),
    "en": (
        "After sunset, the lamps in a room are often as bright as at noon.",
        "## Which lamp to begin with",
        "Switch off the ceiling lamp first and leave one table lamp on. Put it low, so that it "
        "lights the table and does not shine into the eyes.",
        "Look again after a week: which lamp was never needed at all?",
    ),
}
ALTS = {
    "lamp": {
        "zh-hans": "一盏台灯放在低处，光落在桌面上。",
        "en": "A table lamp stands low; its light falls on the table.",
    },
    "evening": {
        "zh-hans": "一条线从左到右下降：灯光一小时比一小时暗。",
        "en": "A line falls from left to right: the light is dimmer every hour.",
    },
}
CAPTIONS = {
    "lamp": {"zh-hans": "台灯放得低一些。", "en": "A lamp that stands low."},
    "evening": {"zh-hans": "一个晚上的灯光。", "en": "The light of one evening."},
}
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120">'
    b'<path d="M10 20 310 100" fill="none" stroke="#333" stroke-width="4"/></svg>'
)


@dataclass(frozen=True)
class Walk:
    """One article: its titles, and the language it is written in first."""

    source: str
    titles: dict[str, str]
    has_script: bool = True


WALKS = [
    Walk("zh-hans", {"zh-hans": "傍晚把灯调暗", "en": "Dim the lights in the evening"}),
    Walk("en", {"zh-hans": "天黑以后的一盏灯", "en": "One lamp after dark"}),
    Walk("en", {"zh-hans": "今晚少开一盏灯", "en": "One lamp less tonight"}, has_script=False),
]


@pytest.mark.parametrize("walk", WALKS, ids=["zh-hans", "en", "en-without-script"])
def test_an_article_is_begun_illustrated_translated_and_published(desk_page, walk):
    """A writer writes both texts, a managing editor finds them on the overview and publishes."""
    options = {"language": walk.source, "script": walk.has_script}
    page = desk_page("/admin/", user="writing", **options)
    desk = Desk(page, walk.source)
    begin(desk, walk)
    write_source(desk, walk)
    page.get_by_role("link", name=LANGUAGES[OTHER[walk.source]], exact=True).last.click()
    translate(desk, walk)
    assert page.get_by_role("button", name=desk.words("Save and go on to publish")).count() == 0

    page = desk_page("/admin/", user="managing", **options)
    desk = Desk(page, walk.source)
    title = walk.titles[OTHER[walk.source]]
    page.get_by_role("link", name=title, exact=True).first.click()
    for language in (OTHER[walk.source], walk.source):
        publish(desk)
        if language != walk.source:
            page.get_by_role("navigation", name=desk.words("This text")).get_by_role(
                "link", name=LANGUAGES[walk.source]
            ).click()
    desk.follow("Public page")
    assert_public(page, walk, walk.source)
    for language in (OTHER[walk.source], walk.source):
        page.get_by_role("link", name=SHORT_NAMES[language], exact=True).first.click()
        page.wait_for_load_state()
        assert_public(page, walk, language)


def begin(desk: Desk, walk: Walk) -> None:
    """From the overview to an empty source text."""
    desk.follow("New article")
    for language, title in walk.titles.items():
        desk.field("Title in %(language)s", language=LANGUAGES[language]).fill(title)
    page = desk.page
    page.get_by_role("radio", name=LANGUAGES[walk.source], exact=True).check()
    page.get_by_role("group", name=desk.words("topics")).get_by_role("checkbox").first.check()
    desk.press("Begin")


def write_source(desk: Desk, walk: Walk) -> None:
    """The whole text in one go, both figures beside it, then each in its place."""
    language = walk.source
    desk.field("standfirst").fill(STANDFIRSTS[language])
    desk.passages().first.click()
    desk.page.keyboard.insert_text("\n\n".join(PASSAGES[language]))
    add_figures(desk, walk, language)
    assert [field.input_value() for field in desk.passages().all()] == [*PASSAGES[language], ""]
    place_figures(desk, walk, after=(0, 2))


def translate(desk: Desk, walk: Walk) -> None:
    """Each passage beside its source, then figures in the words of this language."""
    language = OTHER[walk.source]
    desk.field("standfirst").fill(STANDFIRSTS[language])
    words = iter(PASSAGES[language])
    for passage in desk.passages().all():
        beside = passage.locator("xpath=ancestor::*[contains(@class,'pair ')][1]")
        shown = beside.inner_text()
        passage.fill(shown if "[[figure:" in shown else next(words, ""))
    add_figures(desk, walk, language)


def add_figures(desk: Desk, walk: Walk, language: str) -> None:
    """Two new pictures, sent with the text. Without script each save gives one blank entry."""
    fill_figure(desk, "lamp", language, "lamp.png", photograph(), "image/png")
    if walk.has_script:
        desk.press("Add another figure")
    else:
        desk.save()
    fill_figure(desk, "evening", language, "evening.svg", DRAWING, "image/svg+xml")
    desk.save()


def fill_figure(desk: Desk, key: str, language: str, name: str, data: bytes, kind: str) -> None:
    entry = desk.page.get_by_role("group", name=desk.words("New figure"), exact=True).last
    desk.field("key", entry).fill(key)
    desk.field("Or a new picture", entry).set_input_files(
        {"name": name, "mimeType": kind, "buffer": data}
    )
    desk.field("text in place of the picture", entry).fill(ALTS[key][language])
    desk.field("caption", entry).fill(CAPTIONS[key][language])


def photograph() -> bytes:
    output = io.BytesIO()
    Picture.linear_gradient("L").resize((640, 360)).save(output, "PNG")
    return output.getvalue()


def place_figures(desk: Desk, walk: Walk, after: tuple[int, int]) -> None:
    """Each figure behind a passage: by the toolbar, or typed where no script runs it."""
    for place, key in zip(after, ALTS, strict=True):
        passage = desk.passages().nth(place)
        passage.click()
        passage.press("Control+End")
        if walk.has_script:
            desk.insert("Figure", f"[[figure:{key}]]")
        else:
            desk.page.keyboard.insert_text(f"\n\n[[figure:{key}]]")
    desk.save()


def publish(desk: Desk) -> None:
    desk.press("Save and go on to publish")
    desk.press("Publish")
    desk.page.locator(".messagelist .success").wait_for()


def assert_public(page, walk: Walk, language: str) -> None:
    """The page a reader gets, in this language."""
    tag = "zh-Hans" if language == "zh-hans" else "en"
    assert page.locator("html").get_attribute("lang") == tag
    assert page.locator("h1").inner_text() == walk.titles[language]
    assert page.locator("main figure").count() == len(ALTS)
    for key, alts in ALTS.items():
        figure = page.locator("main figure").filter(has_text=CAPTIONS[key][language])
        assert figure.get_by_role("img", name=alts[language]).count() == 1
