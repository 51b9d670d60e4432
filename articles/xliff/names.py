"""The names that writer and reader of a hand-off file agree on."""

import hashlib
import re

from articles.markdown.blocks import clean_source
from healthsite.languages import LANGUAGES

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
"""XLIFF 2.0 and 2.1 share it (OASIS standards of 2014 and 2018)."""

METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
"""The metadata module, which every tool has to hand back untouched."""

VERSIONS = ("2.0", "2.1")

MAX_BYTES = 5_000_000
"""The longest article with both texts takes a tenth of it."""

DONE = ("translated", "reviewed", "final")
"""Segment states that say a translator stands by the text; the fourth one is ``initial``."""

_ESCAPED = re.compile(r"[^A-Za-z0-9:.-]")
_ESCAPE = re.compile(r"_([0-9a-f]+)_")


def to_token(unit_id: str) -> str:
    """A unit's id as XLIFF allows ids (NMTOKEN, without @): ``@title`` → ``_40_title``."""
    return _ESCAPED.sub(lambda found: f"_{ord(found[0]):x}_", unit_id)


def from_token(token: str) -> str:
    """The id that ``to_token`` spelled; a token it never made comes back in some form."""
    return _ESCAPE.sub(_character, token)


def _character(found: re.Match) -> str:
    # sys.maxunicode; a longer number is none that ``to_token`` wrote.
    code = int(found[1][:8], 16)
    return chr(code) if code <= 0x10FFFF else found[0]


def fingerprint(text: str) -> str:
    """Tells whether a translated text was touched: 64 bits of SHA-256, blank ends left out."""
    return hashlib.sha256(clean_source(text).strip().encode()).hexdigest()[:16]


def code_of(tag: str) -> str:
    """The site's code of a BCP 47 tag (``zh-Hans`` → ``zh-hans``), or nothing."""
    for language in LANGUAGES:
        if language.tag.lower() == tag.strip().lower():
            return language.code
    return ""
