"""Cut the typeface of share cards: Noto Serif CJK SC Bold with what titles are written in.

    python docs/make_share_font.py [/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc]

Needs fonttools and Debian's fonts-noto-cjk. The characters are all of GB 2312 (6,763 Chinese
characters and its signs), and what the typeface has of Latin, Greek and general punctuation.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

SOURCE = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
TARGET = Path(__file__).resolve().parent.parent / "articles" / "share_cards" / "fonts"
NAME = "NotoSerifCJKsc-Bold-subset.otf"
FACE = "Noto Serif CJK SC"


def characters() -> set[int]:
    """Code points of GB 2312 in its rows 1 to 87, and of Latin and Greek texts."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    for first, last in ((0x20, 0x17F), (0x370, 0x3FF), (0x2010, 0x2044), (0x2070, 0x209C)):
        found.update(range(first, last + 1))
    return found | {ord(character) for character in "®™µ−≤≥±×→℃‰㎎"}


def main() -> None:
    """Write the subset. The same source gives the same bytes."""
    source = sys.argv[1] if len(sys.argv) > 1 else SOURCE
    fonts = TTCollection(source).fonts
    font = next(item for item in fonts if item["name"].getDebugName(1) == FACE)
    options = subset.Options(
        layout_features=[], hinting=False, desubroutinize=False, name_IDs=[0, 1, 2, 4, 6, 13, 14]
    )
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "DSIG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(TARGET / NAME)
    # What it holds, so that nobody has to read the file to know.
    known = sorted(TTFont(TARGET / NAME).getBestCmap())
    listing = (TARGET / NAME).with_suffix(".txt")
    listing.write_text("".join(map(chr, known)), encoding="utf-8", newline="")
    print((TARGET / NAME).stat().st_size, "bytes")  # noqa: T201


if __name__ == "__main__":
    main()
