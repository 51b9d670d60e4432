"""One form for everything that a reader would call the same, and the way back to the text.

Texts and words searched for are folded alike, so that finding is plain comparison of characters,
the same in every database. Folded are: compatibility forms (NFKC: full-width letters, µ and μ, D₃),
case, kinds of quotes, dashes and spaces, characters that nobody sees, spaces around Han characters
and between a number and its unit, and commas in thousands.

``START`` stands before each word of letters or digits in the folded form. Searched for together
with a word, it finds the beginnings of words only: “iron” is not in “environment”.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from articles.markdown.extension import HAN

START = "\x1f"
"""Before each word; no text can hold it, because white space is folded into plain spaces."""

_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
# A character with the marks that join it: NFKC may make one of them.
_CLUSTER = re.compile(rf"(?s:.)[{_MARKS}]*")
_JOINED = re.compile(f"[{_MARKS}]")
# Every alternative starts with the character that goes, which the regex engine finds fast.
_DROPPED = re.compile(
    rf" (?<=\A ) *| +(?=\Z|[{HAN}])| (?<=[{HAN}] ) *"  # no space at the ends and beside Han
    r"| (?<=\d ) *(?=[^\W\d_]|[%‰°])"  # 500 mg is 500mg
    r"| +(?= )"  # one space, not several
    r"|,(?<=\d,)(?=\d{3}(?!\d))"  # 2,000 is 2000
)
# A unit is a word of its own behind its number: “mg” finds 500mg.
_WORD = re.compile(rf"\d+|[^\W\d_{HAN}]+\d*")
_LIKE = str.maketrans({"‘": "'", "’": "'", "‛": "'", "ʼ": "'", "“": '"', "”": '"', "−": " "})
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


@dataclass(frozen=True)
class Folded:
    """A folded text. Its character i came from ``[starts[i], ends[i])`` of the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text, not empty, stands in the original."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> str:
    """The folded form of a piece of text without markup: one line."""
    if _JOINED.search(text):
        whole = "".join(map(_fold_cluster, _CLUSTER.findall(text)))
    else:
        whole = text.translate(_CHARACTERS)
    return _WORD.sub(rf"{START}\g<0>", _DROPPED.sub("", whole))


def fold_with_places(text: str) -> Folded:
    """``fold`` with the way back; slower, for the few texts that are shown."""
    raw: list[str] = []
    places: list[tuple[int, int]] = []
    for match in _CLUSTER.finditer(text):
        for character in _fold_cluster(match[0]):
            raw.append(character)
            places.append(match.span())
    whole = "".join(raw)
    gone = {place for match in _DROPPED.finditer(whole) for place in range(*match.span())}
    kept = [place for place in range(len(whole)) if place not in gone]
    joined = "".join(whole[place] for place in kept)
    begins = {match.start() for match in _WORD.finditer(joined)}
    characters: list[str] = []
    origins: list[tuple[int, int]] = []
    for number, (character, place) in enumerate(zip(joined, kept, strict=True)):
        if number in begins:
            characters.append(START)
            origins.append(places[place])
        characters.append(character)
        origins.append(places[place])
    return Folded(
        "".join(characters), tuple(start for start, _ in origins), tuple(end for _, end in origins)
    )


@lru_cache(maxsize=4096)
def _fold_cluster(cluster: str) -> str:
    """One character with its marks, folded; empty for what nobody sees."""
    # Case folding can undo the normal form (Unicode, section 3.13), so it is made again.
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    return "".join(_fold_character(character) for character in text.translate(_LIKE))


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() or category == "Pd":
        return " "
    return "" if category in _UNSEEN else character


class _Characters(dict):
    """Characters by their number, folded: filled as they are met, for ``str.translate``."""

    def __missing__(self, number: int) -> str:
        self[number] = _fold_cluster(chr(number))
        return self[number]


_CHARACTERS = _Characters()
