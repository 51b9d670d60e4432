"""How long a text takes to read, for Chinese and for English."""

import math
import re

from articles.markdown.extension import HAN

HAN_PER_MINUTE = 350
"""Han characters an adult reads silently in a minute: editorial, between the 255 read *aloud*
in the IReST texts (Trauzettel-Klosinski and Dietz 2012, Invest Ophthalmol Vis Sci 53:5452) and
the 400 and more reported for easy texts; health texts carry numbers and terms."""

WORDS_PER_MINUTE = 230
"""English words in a minute: just below the 238 of Brysbaert 2019 (J Mem Lang 109:104047)."""

_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(r"\w[\w'’.,()\-%]*")


def count_units(text: str) -> tuple[int, int]:
    """Han characters, and words in any other script, of a plain text."""
    without_han = _HAN.sub(" ", text)
    return len(_HAN.findall(text)), len(_WORD.findall(without_han))


def reading_minutes(text: str) -> int:
    """Whole minutes, at least one; both scripts count, so that mixed texts come out right."""
    han, words = count_units(text)
    return max(1, math.ceil(han / HAN_PER_MINUTE + words / WORDS_PER_MINUTE - 0.25))
