"""The pictures themselves, drawn with Pillow from the site's pigments (static/css/tokens.css)."""

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from articles.document import GRADES
from articles.share_cards.layout import ELLIPSIS, LOOSE, Setting, runs, set_title
from articles.share_cards.wording import Wording

HERE = Path(__file__).resolve().parent
FONT = HERE / "fonts" / "NotoSerifCJKsc-Bold-subset.otf"
WHOLE_FONTS = (Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"),)
"""Where Debian's fonts-noto-cjk puts the whole typeface, for rare characters; face 2 is SC."""
_SC = 2

WIDE, SQUARE = (1200, 630), (300, 300)
"""Pixels: what Open Graph's readers ask for, and WeChat's least for a thumbnail."""

SKY, NIGHT = (230, 240, 236), (19, 30, 37)
INK, MOON = (20, 33, 42), (225, 233, 230)
SOFT, MOON_SOFT = (69, 86, 97), (169, 184, 185)
MALACHITE, JADE = (23, 97, 78), (133, 205, 182)
PAPER, CINNABAR, SHELL = (250, 252, 251), (176, 55, 38), (255, 248, 242)
NIGHT_SCENE = 3

MARGIN = 72
TITLE_BOX = (1056, 214)
BLOCK = (136, 446)
"""From the site's name to the hills: topic, title and byline stand in the middle of that."""
TOPIC_HEIGHT, BYLINE_HEIGHT = 52, 46
TOPIC_WIDTH = 900
"""Short of the seal."""
TITLE_SIZES = (84, 76, 70, 64, 58, 52, 46, 42, 38)
LEADING = 1.22
AIR = 0.18
"""The gap between Chinese and Latin letters, as a part of the size."""

COLOURS = 192
FINER = 4
"""Shapes are drawn so many times larger and made smaller, which smooths their edges."""


class MissingGlyph(ValueError):
    """A text holds a character that no typeface at hand can draw."""


def draw_wide(words: Wording) -> bytes:
    """The picture for Open Graph as PNG. Raises MissingGlyph."""
    is_night = words.scene == NIGHT_SCENE
    ink, soft = (MOON, MOON_SOFT) if is_night else (INK, SOFT)
    accent = JADE if is_night else MALACHITE
    card = Image.new("RGB", WIDE, NIGHT if is_night else SKY)
    foot = 66 if words.grades else 0
    art = _art("wide", words.scene)
    card.paste(art, (0, WIDE[1] - foot - art.height))
    draw = ImageDraw.Draw(card)
    _identity(card, draw, words, ink, soft)
    if words.seal:
        _seal(card, words.seal, (WIDE[0] - MARGIN - 112, 40), 112)
    setting = _title(words)
    heights = (
        TOPIC_HEIGHT if words.topic else 0,
        len(setting.lines) * setting.size * LEADING,
        BYLINE_HEIGHT if words.byline else 0,
    )
    top = BLOCK[0] + max(0, BLOCK[1] - BLOCK[0] - sum(heights)) / 2
    _text(draw, (MARGIN, top), _cut(words.topic, 30, TOPIC_WIDTH), 30, accent)
    top += heights[0]
    for number, line in enumerate(setting.lines):
        _text(draw, (MARGIN, top + number * setting.size * LEADING), line, setting.size, ink)
    below = top + heights[1] + BYLINE_HEIGHT - 32
    size = _size_for(words.byline, 30)
    _text(draw, (MARGIN, below), _cut(words.byline, size, TITLE_BOX[0]), size, soft)
    if words.grades:
        _grades(card, draw, words, foot)
    return _encoded(card)


def draw_square(words: Wording) -> bytes:
    """The thumbnail as PNG: a seal over the landscape. Raises MissingGlyph."""
    is_night = words.scene == NIGHT_SCENE
    card = Image.new("RGB", SQUARE, NIGHT if is_night else SKY)
    art = _art("square", words.scene)
    card.paste(art, (0, SQUARE[1] - art.height))
    if words.seal:
        _seal(card, words.seal, (78, 48), 144)
    else:
        card.paste(*_mark(144, (78, 48)))
    return _encoded(card)


def _encoded(card: Image.Image) -> bytes:
    stored = io.BytesIO()
    card.quantize(COLOURS, dither=Image.Dither.NONE).save(stored, "PNG")
    return stored.getvalue()


# Type


@cache
def _font(size: int, path: Path = FONT) -> ImageFont.FreeTypeFont:
    index = _SC if path.suffix == ".ttc" else 0
    return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.BASIC)


@cache
def _known(path: Path = FONT) -> frozenset[str]:
    """Characters of the committed typeface; its list stands beside it."""
    return frozenset(path.with_suffix(".txt").read_text(encoding="utf-8"))


def _font_for(text: str, size: int) -> ImageFont.FreeTypeFont:
    if set(text) <= _known():
        return _font(size)
    for path in WHOLE_FONTS:
        if path.exists() and all(_is_drawn(character, path) for character in text):
            return _font(size, path)
    raise MissingGlyph(text)


@cache
def _is_drawn(character: str, path: Path) -> bool:
    """Whether a typeface draws a character otherwise than the box for what it lacks."""
    font = _font(24, path)
    missing = font.getmask("\U0010fffe")
    return character.isspace() or bytes(font.getmask(character)) != bytes(missing)


def _width(text: str, size: int) -> float:
    font = _font_for(text, size)
    parts = runs(text)
    return sum(font.getlength(part) for part in parts) + (len(parts) - 1) * size * AIR


def _size_for(text: str, size: int) -> int:
    """The size at which one line fits the card."""
    while size > 18 and _width(text, size) > TITLE_BOX[0]:
        size -= 2
    return size


def _cut(text: str, size: int, width: int) -> str:
    """A line that fits a width even where no size would do, then with an ellipsis."""
    while len(text) > 1 and _width(text, size) > width:
        text = text[:-2].rstrip(LOOSE) + ELLIPSIS
    return text


def _text(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, fill) -> None:
    """One line from its left upper corner, where the em box starts."""
    font, x = _font_for(text, size), at[0]
    for part in runs(text):
        # Baselines and not boxes: a line without descenders stands where others do.
        draw.text((x, at[1] + size * 0.88), part, font=font, fill=fill, anchor="ls")
        x += font.getlength(part) + size * AIR


def _title(words: Wording) -> Setting:
    return set_title(
        words.title,
        words.is_chinese,
        lambda size: lambda text: _width(text, size),
        width=TITLE_BOX[0],
        height=TITLE_BOX[1],
        sizes=TITLE_SIZES,
        leading=LEADING,
        protected=words.protected,
    )


# Shapes


@cache
def _art(shape: str, scene: int) -> Image.Image:
    return Image.open(HERE / "art" / f"{shape}-{scene}.png").convert("RGB")


def _identity(card: Image.Image, draw: ImageDraw.ImageDraw, words: Wording, ink, soft) -> None:
    """The mark and the site's two names, as in the head of every page."""
    card.paste(*_mark(52, (MARGIN, 42)))
    _text(draw, (MARGIN + 70, 50), words.site, 36, ink)
    left = MARGIN + 70 + _width(words.site, 36) + 16
    _text(draw, (left, 56), words.other_site, 28, soft)


def _mark(size: int, at: tuple[int, int]) -> tuple[Image.Image, tuple[int, int], Image.Image]:
    """The logo (static/img/mark.svg), as ``paste`` takes it."""
    scale = size * FINER / 36
    tile = Image.new("RGBA", (size * FINER, size * FINER))
    draw = ImageDraw.Draw(tile)
    draw.rounded_rectangle((0, 0, 36 * scale - 1, 36 * scale - 1), 4.2 * scale, fill=CINNABAR)
    draw.circle((18 * scale, 9.6 * scale), 3.9 * scale, fill=SHELL)
    for left, right, y in ((13.5, 22.5, 18), (10, 26, 23.2), (6.5, 29.5, 28.4)):
        box = (left - 1.35, y - 1.35, right + 1.35, y + 1.35)
        draw.rounded_rectangle([side * scale for side in box], 1.35 * scale, fill=SHELL)
    tile = tile.resize((size, size), Image.Resampling.LANCZOS)
    return tile.convert("RGB"), at, tile.getchannel("A")


def _seal(card: Image.Image, glyph: str, at: tuple[int, int], size: int) -> None:
    """The article's seal: one Chinese character, or one or two Latin letters."""
    tile = Image.new("RGBA", (size * FINER, size * FINER))
    draw = ImageDraw.Draw(tile)
    draw.rounded_rectangle((0, 0, size * FINER - 1, size * FINER - 1), size * 0.3, fill=CINNABAR)
    middle, type_size = size * FINER / 2, int(size * FINER * (0.66 if len(glyph) == 1 else 0.46))
    font = _font_for(glyph, type_size)
    # The middle of what is seen: that of the line box sets letters without strokes above too low.
    left, top, right, bottom = draw.textbbox((0, 0), glyph, font=font)
    corner = (middle - (left + right) / 2, middle - (top + bottom) / 2)
    draw.text(corner, glyph, font=font, fill=SHELL)
    tile = tile.resize((size, size), Image.Resampling.LANCZOS)
    card.paste(tile.convert("RGB"), at, tile.getchannel("A"))


_LAYERS = ((2, 18, 17), (4.5, 15.5, 12.4), (6.7, 13.3, 7.8), (9, 11, 3.2))
"""The evidence pyramid from its ground up: left, right and height of each layer (sprite.html)."""
_FIRM = {"strong": 4, "moderate": 3, "limited": 2, "mechanistic": 1, "unverified": 0}


def _grades(card: Image.Image, draw: ImageDraw.ImageDraw, words: Wording, foot: int) -> None:
    """A strip of paper along the foot: how many claims stand on how firm a ground."""
    top = WIDE[1] - foot
    draw.rectangle((0, top, WIDE[0], WIDE[1]), fill=PAPER)
    left = MARGIN
    label = _size_for(words.grades_label, 24)
    right = WIDE[0] - MARGIN - _width(words.grades_label, label)
    _text(draw, (right, top + 20), words.grades_label, label, SOFT)
    for grade, count in sorted(words.grades, key=lambda item: GRADES.index(item[0])):
        card.paste(*_pyramid(_FIRM[grade], 36, (left, top + 14)))
        _text(draw, (left + 46, top + 17), str(count), 30, MALACHITE)
        left += 46 + int(_width(str(count), 30)) + 34


@cache
def _pyramid(layers: int, size: int, at: tuple[int, int]):
    scale = size * FINER / 20
    tile = Image.new("RGBA", (size * FINER, size * FINER))
    draw = ImageDraw.Draw(tile)
    for number, (left, right, y) in enumerate(_LAYERS):
        colour = (*MALACHITE, 255 if number < layers else 70)
        box = (left * scale, (y - 1.2) * scale, right * scale, (y + 1.2) * scale)
        draw.rounded_rectangle(box, 1.2 * scale, fill=colour)
    tile = tile.resize((size, size), Image.Resampling.LANCZOS)
    return tile.convert("RGB"), at, tile.getchannel("A")
