"""A document as the pieces of text that editors translate, compare and sign, each with an id.

A unit is a block of the body, or one text of something the body places: a title, the caption of a
figure, the words of a claim. Units of two languages with the same id say the same thing, so that
staleness, comparisons, hand-offs to translators and reviews all speak of the same pieces.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from articles.document import Document
from articles.markdown.blocks import LEAVES, block_source

MENTION = "@mention:text"
"""The id of what a text says of a product: the one unit that can be hidden."""


@dataclass(frozen=True)
class Unit:
    """``id`` is a block's id, or starts with @: ``@title``, ``@figure:activation:caption``.

    ``kind`` is a block kind or the name before the first colon; ``text`` is what an editor types;
    ``digest`` changes whenever the unit says something else.
    """

    id: str
    kind: str
    text: str
    digest: str

    @property
    def is_block(self) -> bool:
        return not self.id.startswith("@")

    @property
    def has_words(self) -> bool:
        """Whether there is anything to translate: a tag that only places something has none."""
        return not self.is_block or (self.kind not in LEAVES and self.kind != "rule")


def units_of(document: Document) -> tuple[Unit, ...]:
    """Every unit in reading order: title, standfirst, edition note, body, then what it places.

    Texts that are empty are no units.
    """
    return tuple(_units(document))


def digests_of(document: Document) -> dict[str, str]:
    """The digest of every unit by its id, in reading order."""
    return {unit.id: unit.digest for unit in _units(document)}


def _units(document: Document) -> Iterator[Unit]:
    yield from _fields(
        ("@title", document.title),
        ("@standfirst", document.standfirst),
        ("@edition-note", document.edition_note),
    )
    for block in document.blocks:
        yield Unit(block.id, block.kind, block_source(block), block.digest)
    for figure in document.figures:
        name = f"@figure:{figure.key}"
        yield from _fields(
            (f"{name}:alt", figure.alt),
            (f"{name}:caption", figure.caption),
            (f"{name}:text", figure.text),
        )
    for callout in document.callouts:
        name = f"@callout:{callout.key}"
        yield from _fields((f"{name}:label", callout.label), (f"{name}:text", callout.text))
    for statement in document.statements:
        name = f"@statement:{statement.claim}"
        yield from _fields((f"{name}:text", statement.text), (f"{name}:basis", statement.basis))
    mention = document.mention or document.hidden_mention
    if mention:
        yield from _fields((MENTION, mention.text))


def _fields(*named: tuple[str, str]) -> Iterator[Unit]:
    for name, text in named:
        if text.strip():
            kind = name[1:].split(":")[0]
            digest = hashlib.sha256(text.strip().encode()).hexdigest()[:8]
            yield Unit(name, kind, text, digest)
