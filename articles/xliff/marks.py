"""The marks inside a text that a translator must not type: what becomes an inline code.

A text is taken apart into words and marks such that putting the parts together gives exactly the
text, whatever it is. A mark around words (a term, a link, emphasis) is one mark with an inside.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.markdown.blocks import CONTAINERS, LEAVES
from articles.markdown.extension import CITATION, CLAIM, FOOTNOTE

MAX_DEPTH = 4
"""Marks around marks that are still told apart; a title, a link, bold and italic inside each."""


@dataclass(frozen=True)
class Mark:
    """``opening`` is the whole mark when ``closing`` is empty: it stands alone, without words.

    ``is_required``: the translation must have it too. Emphasis may go, a citation may not.
    """

    opening: str
    closing: str = ""
    inside: tuple["str | Mark", ...] = ()
    is_required: bool = True

    @property
    def is_pair(self) -> bool:
        return bool(self.closing)

    @property
    def identity(self) -> tuple[str, str]:
        """What two marks that mean the same have in common."""
        return (self.opening, self.closing)


Part = str | Mark

_NAMES = "|".join(CONTAINERS + LEAVES)
# Three blanks in a row are nobody's address; without a limit, a thousand would take seconds.
_TARGET = (
    r"\(\s{0,2}(?:<[^<>\n]*>|(?:[^\s()<>]|\([^\s()<>]*\))*)"
    r"""(?:\s{1,2}(?:"[^"\n]*"|'[^'\n]*'))?\s{0,2}\)"""
)
# Alternatives in the order in which they win. Every one starts with a character of its own or at
# the start of a line, and none can match the same characters in two ways.
_MARK = re.compile(
    rf"""
    (?P<tag>^\[\[/?(?:{_NAMES})(?::[^|\]\n]*)?\]\][ \t]*$)
    |(?P<title_opening>^\[\[(?:{_NAMES})(?::[^|\]\n]*)?\|)
        (?P<title_inside>[^\n\[\]]+)(?P<title_closing>\]\][ \t]*$)
    |(?P<hashes>^\#{{1,6}}[ ]+(?=\S))
    |(?P<address>[ ]\{{\#[^}}\s]*\}}$)
    |(?P<columns>^(?=[^\n|]*\|)(?=[^\n-]*-)[ \t|:-]+$)
    |(?P<term_opening>\[\[term:[^|\[\]\n]*\|)(?P<term_inside>[^\[\]\n]+)(?P<term_closing>\]\])
    |(?P<term>\[\[term:[^|\[\]\n]*\|?\]\])
    |(?P<citation>{CITATION.pattern})
    |(?P<footnote>^{FOOTNOTE.pattern}:|{FOOTNOTE.pattern})
    |(?P<claim>{CLAIM.pattern})
    |(?P<link_opening>\[)(?P<link_inside>(?:[^\[\]\n]|\[[^\[\]\n]*\])+)
        (?P<link_closing>\]{_TARGET})
    |(?P<address_as_link><(?:https?://|mailto:)[^<>\s]+>)
    |(?P<bold_opening>(?<!\*)\*\*)(?P<bold_inside>[^*\n]+)(?P<bold_closing>\*\*(?!\*))
    |(?P<italic_opening>(?<!\*)\*(?![*\s]))(?P<italic_inside>[^*\n]+)(?P<italic_closing>\*(?!\*))
    """,
    re.MULTILINE | re.VERBOSE,
)
_PAIRS = ("title", "term", "link", "bold", "italic")
_OPTIONAL = ("bold", "italic")


def parts_of(text: str) -> tuple[Part, ...]:
    """A text as words and marks, in order; ``text_of`` is the inverse."""
    return tuple(_parts(text, MAX_DEPTH))


def text_of(parts: tuple[Part, ...]) -> str:
    """What was typed."""
    return "".join(
        part if isinstance(part, str) else part.opening + text_of(part.inside) + part.closing
        for part in parts
    )


def marks_of(parts: tuple[Part, ...]) -> Iterator[Mark]:
    """Every mark, also inside others, in the order in which they open."""
    for part in parts:
        if isinstance(part, Mark):
            yield part
            yield from marks_of(part.inside)


def _parts(text: str, depth: int) -> Iterator[Part]:
    position = 0
    for found in _MARK.finditer(text) if depth else ():
        if found.start() > position:
            yield text[position : found.start()]
        yield _mark(found, depth)
        position = found.end()
    if position < len(text):
        yield text[position:]


def _mark(found: re.Match, depth: int) -> Mark:
    for name in _PAIRS:
        if found[f"{name}_opening"]:
            return Mark(
                found[f"{name}_opening"],
                found[f"{name}_closing"],
                tuple(_parts(found[f"{name}_inside"], depth - 1)),
                is_required=name not in _OPTIONAL,
            )
    return Mark(found[0])
