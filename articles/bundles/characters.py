"""Characters that no writer types: never stored from a bundle, and never written to one."""

import unicodedata

from django.utils.translation import gettext as _

from articles.markdown.blocks import clean_source


def first_untyped(text: str) -> str:
    """The first control or private-use character of a text with Unix line ends, or nothing."""
    if clean_source(text) == text:
        return ""
    return next(character for character in text if clean_source(character) != character)


def name_of(character: str) -> str:
    """How an editor can look a character up: `U+FEFF ZERO WIDTH NO-BREAK SPACE`."""
    name = unicodedata.name(character, "") or _("control character")
    return f"U+{ord(character):04X} {name}"
