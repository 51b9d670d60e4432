"""The pictures: their size and format, the same bytes again, and no boxes for unknown letters."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops

from articles.share_cards import drawing
from articles.share_cards.drawing import MissingGlyph, draw_square, draw_wide
from articles.share_cards.wording import Wording
from tests.conftest import require

PLAIN = Wording("zh-hans", "有据", "Wellgrounded", "补了维生素D3却没见效?关键在缺镁")
FULL = replace(
    PLAIN,
    seal="镁",
    topic="膳食补充剂",
    byline="原文作者：Louise W Lu、Alexandra V Goldberg",
    grades=(("moderate", 2), ("limited", 12), ("unverified", 1)),
    grades_label="各证据等级的论断数",
)
ENGLISH = Wording("en", "Wellgrounded", "有据", "Taking Vitamin D3 but Seeing No Results?", "Mg")
RARE = "㼆与镁"
SCENES = (1, 2, 3, 4, 5)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def in_full_colour(card: Image.Image) -> bytes:
    """A card without a palette, which changes everywhere with any of its colours."""
    stored = io.BytesIO()
    card.save(stored, "PNG")
    return stored.getvalue()


def changed_box(one: bytes, other: bytes) -> tuple[int, int, int, int] | None:
    """Where two cards in full colour differ: left, top, right, end."""
    return ImageChops.difference(opened(one), opened(other)).getbbox()


@pytest.mark.parametrize("words", [PLAIN, FULL, ENGLISH], ids=["plain", "full", "english"])
@pytest.mark.parametrize("scene", SCENES)
def test_pictures_have_the_sizes_that_services_ask_for(words, scene):
    words = replace(words, scene=scene)
    wide, square = draw_wide(words), draw_square(words)
    for data, size in ((wide, (1200, 630)), (square, (300, 300))):
        image = opened(data)
        image.verify()
        assert (image.format, image.size) == ("PNG", size)
    assert len(wide) < 150_000
    assert len(square) < 40_000


def test_same_words_give_the_same_bytes():
    assert draw_wide(FULL) == draw_wide(replace(FULL))
    assert draw_square(FULL) == draw_square(replace(FULL))


@pytest.mark.parametrize("change", [
    {"title": "镁"},
    {"seal": "钙"},
    {"topic": "骨骼"},
    {"byline": "Ada Example"},
    {"grades": (("strong", 2),)},
    {"grades_label": "证据"},
    {"scene": 3},
    {"site": "有"},
    {"other_site": "Grounded"},
])  # fmt: skip
def test_every_word_is_drawn(change):
    assert draw_wide(replace(FULL, **change)) != draw_wide(FULL)


@pytest.mark.parametrize("glyph", ["镁", "Mg", "Zz"])
def test_glyph_of_a_seal_stands_in_its_middle(glyph):
    seal = opened(draw_square(replace(PLAIN, seal=glyph))).convert("L").crop((84, 54, 216, 186))
    left, top, right, end = seal.point(lambda value: 255 if value > 170 else 0).getbbox()
    assert abs(left + right - seal.width) <= 3
    assert abs(top + end - seal.height) <= 3


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("shape", ["wide", "square"])
def test_no_hill_is_cut_off_at_its_top(shape, scene):
    art = drawing._art(shape, scene)
    # The sun may reach up to there; hills are blue and green.
    assert not [
        colour
        for colour in (art.getpixel((x, 0)) for x in range(art.width))
        if max(map(lambda one, two: abs(one - two), colour, art.getpixel((0, 0)))) > 24
        and colour[0] < colour[2]
    ]


@pytest.mark.parametrize("scene", SCENES)
def test_night_is_dark_and_the_others_are_light(scene):
    corner = opened(draw_wide(replace(PLAIN, scene=scene))).convert("L").getpixel((5, 5))
    assert (corner < 60) if scene == drawing.NIGHT_SCENE else (corner > 200)


@pytest.mark.parametrize("name", ["title", "topic", "byline"])
def test_nothing_long_runs_off_the_card_or_into_another_line(name, monkeypatch):
    """The box of what a long text draws: within the margins, and the topic short of the seal."""
    monkeypatch.setattr(drawing, "_encoded", in_full_colour)
    known = {"title": "", "topic": "", "byline": "", "seal": "", "grades": ()}
    empty = replace(FULL, **known)
    long = replace(empty, **{name: "Louise W Lu、维生素D，" * 12})
    left, top, right, end = changed_box(draw_wide(empty), draw_wide(long))
    assert left >= drawing.MARGIN - 4
    assert right <= 1200 - drawing.MARGIN + (4 if name != "topic" else -120)
    assert top >= drawing.BLOCK[0] - 4
    assert end <= drawing.BLOCK[1] + 24


def test_long_byline_gives_its_beginning():
    names = "、".join(["Louise W Lu"] * 20)
    cut = drawing._cut(names, 18, 1056)
    assert drawing._width(cut, 18) <= 1056
    assert names.startswith(cut.removesuffix("…"))
    assert cut.endswith("Lu…") or cut[-2].isalpha()
    assert drawing._cut("Ada", 18, 1056) == "Ada"


# Letters


def test_what_no_typeface_draws_is_told(monkeypatch):
    monkeypatch.setattr(drawing, "WHOLE_FONTS", ())
    assert not set(RARE) <= drawing._known()
    for draw, words in (
        (draw_wide, replace(PLAIN, title=RARE)),
        (draw_wide, replace(PLAIN, byline=RARE)),
        (draw_square, replace(PLAIN, seal=RARE[0])),
    ):
        with pytest.raises(MissingGlyph):
            draw(words)


def test_rare_characters_are_drawn_with_the_whole_typeface():
    require(drawing.WHOLE_FONTS[0].exists(), "fonts-noto-cjk")
    card = draw_wide(replace(PLAIN, title=RARE))
    assert card != draw_wide(replace(PLAIN, title=RARE[1:]))
    assert draw_square(replace(PLAIN, seal=RARE[0])) != draw_square(PLAIN)


def test_whole_typeface_draws_no_box_for_what_it_lacks():
    require(drawing.WHOLE_FONTS[0].exists(), "fonts-noto-cjk")
    with pytest.raises(MissingGlyph):
        draw_wide(replace(PLAIN, title="镁 \U0001f48a"))


def test_list_beside_the_typeface_is_what_it_holds():
    held = {chr(code) for code in TTFont(drawing.FONT).getBestCmap()}
    assert drawing._known() == held


def test_typeface_holds_what_titles_are_written_in():
    """GB 2312, the signs of doses and formulas, and Latin letters with accents."""
    gb2312 = {bytes([row, cell]).decode("gb2312", "ignore")
              for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)}  # fmt: skip
    assert {item for item in gb2312 if item} <= drawing._known()
    assert set("25(OH)D3 m² µg μg β ® ™ ≥ ℃ “”‘’…—–· éöüßāœ：？！，。、《》") <= drawing._known()


def test_licence_of_the_typeface_is_beside_it():
    text = (drawing.FONT.parent / "OFL.txt").read_text(encoding="utf-8")
    font = TTFont(drawing.FONT)
    assert re.search(r"^Copyright © [\d-]+ Adobe", text, re.M)
    assert "SIL OPEN FONT LICENSE" in text
    assert drawing.FONT.name in text
    assert "Adobe" in font["name"].getDebugName(0)
    assert "Open Font License" in font["name"].getDebugName(13)


def test_pictures_of_every_scene_are_there():
    art = Path(drawing.HERE) / "art"
    names = {path.name for path in art.iterdir()}
    assert names == {f"{shape}-{scene}.png" for shape in ("wide", "square") for scene in SCENES}
