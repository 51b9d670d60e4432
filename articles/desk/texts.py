"""Every block and every piece of text in a document, with where it stands: what rules scan.

Reading a document is the same work for every rule, so what is read once is kept on the document
itself, which cannot change.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.desk.findings import Finding
from articles.document import Block, Document
from articles.markdown.blocks import CONTAINERS, LEAVES, clean_source, split_body

_FIELD_NAMES: dict[str, Callable[[str], str]] = {
    "title": lambda key: _("Title"),
    "standfirst": lambda key: _("Standfirst"),
    "edition-note": lambda key: _("Edition note"),
    "seo-title": lambda key: capfirst(_("title for search engines")),
    "seo-description": lambda key: capfirst(_("description for search engines")),
    "figure": lambda key: _("Figure “%(key)s”") % {"key": key},
    "callout": lambda key: _("Callout “%(key)s”") % {"key": key},
    "statement": lambda key: _("Claim %(key)s") % {"key": key},
    "mention": lambda key: _("Product mention"),
    "references": lambda key: _("References"),
}


def name_of(unit: str) -> str:
    """A unit in the editor's words: “Figure “activation””; empty for a block."""
    kind, key, *_rest = [*unit.removeprefix("@").split(":"), ""]
    return _FIELD_NAMES[kind](key) if unit.startswith("@") else ""


@dataclass(frozen=True)
class Text:
    """A text and the unit it belongs to; ``line`` is its first line in the body, or 0.

    ``kind`` is a kind of block, or the last part of the name of a field (``alt``, ``caption``).
    """

    source: str
    unit: str
    line: int = 0
    kind: str = ""

    @property
    def block_id(self) -> str:
        return "" if self.unit.startswith("@") else self.unit

    @property
    def where(self) -> str:
        return name_of(self.unit)

    def finding(self, rule: str, severity: int, message: str, position: int = 0) -> Finding:
        """A finding at a position of ``source``."""
        above = self.source.count("\n", 0, position)
        line = self.line + above if self.line else 0
        return Finding(rule, severity, message, self.where, self.block_id, line, self.unit)


def all_blocks(document: Document) -> tuple[Block, ...]:
    """Every block in reading order, each with its line in the body.

    What stands inside a container follows it, under the container's id unless it has its own.
    """
    return _kept(
        document,
        "blocks",
        lambda: tuple(_with_inside(document.blocks, _lines_of_body(document))),
    )


def all_texts(document: Document) -> tuple[Text, ...]:
    """All Markdown: body blocks first, containers whole, then the fields that are printed."""
    return _kept(document, "texts", lambda: tuple(_markdown_texts(document)))


def printed_texts(document: Document) -> tuple[Text, ...]:
    """Everything that is printed, Markdown or not; containers in pieces, each under its unit.

    In reading order: title and standfirst, the body, then what it places.
    """
    return _kept(document, "printed", lambda: tuple(_printed_texts(document)))


def _kept(document: Document, name: str, make: Callable[[], Any]) -> Any:
    """Beside the document's own cached properties; a changed document is another object."""
    kept = document.__dict__.setdefault("_read_by_desk", {})
    if name not in kept:
        kept[name] = make()
    return kept[name]


def _with_inside(
    blocks: Iterable[Block], lines: list[str], outer: tuple[str, ...] = ()
) -> Iterator[Block]:
    for block in blocks:
        yield block
        if block.kind not in CONTAINERS:
            continue
        names = (*outer, block.kind)
        before = _first_line_inside(block, lines) - 1
        inside = (
            replace(inner, id=inner.id or block.id, line=before + inner.line if block.line else 0)
            for inner in split_body(block.source, names).blocks
        )
        yield from _with_inside(inside, lines, names)


def _first_line_inside(container: Block, lines: list[str]) -> int:
    """Below the opening tag and the empty lines after it, which are not part of the source."""
    line = container.line + 1
    while line <= len(lines) and not lines[line - 1]:
        line += 1
    return line


def _lines_of_body(document: Document) -> list[str]:
    return clean_source(document.body).split("\n")


def _markdown_texts(document: Document) -> Iterator[Text]:
    lines = _lines_of_body(document)
    for block in document.blocks:
        is_inside = block.kind in CONTAINERS and block.line
        first = _first_line_inside(block, lines) if is_inside else block.line
        yield Text(block.source, block.id, first, block.kind)
    yield Text(document.standfirst, "@standfirst", kind="standfirst")
    yield Text(document.edition_note, "@edition-note", kind="edition-note")
    for text in _placed_texts(document):
        if text.kind not in PLAIN_FIELDS:
            yield text


PLAIN_FIELDS = frozenset({"title", "alt", "label", "seo-title", "seo-description"})
"""Fields that are printed as they are typed, without Markdown."""


def _printed_texts(document: Document) -> Iterator[Text]:
    yield Text(document.title, "@title", kind="title")
    yield Text(document.standfirst, "@standfirst", kind="standfirst")
    yield Text(document.edition_note, "@edition-note", kind="edition-note")
    top = {id(block): block.id for block in document.blocks}
    unit = ""
    for block in all_blocks(document):
        # What stands inside a container belongs to the container's unit.
        unit = top.get(id(block), unit)
        if block.title:
            yield Text(block.title, unit, block.line, "title")
        if block.kind not in CONTAINERS + LEAVES:
            yield Text(block.source, unit, block.line, block.kind)
    yield from _placed_texts(document)
    yield Text(document.seo_title, "@seo-title", kind="seo-title")
    yield Text(document.seo_description, "@seo-description", kind="seo-description")


def _placed_texts(document: Document) -> Iterator[Text]:
    for figure in document.figures:
        for kind in ("alt", "caption", "text"):
            yield Text(getattr(figure, kind), f"@figure:{figure.key}:{kind}", kind=kind)
    for callout in document.callouts:
        for kind in ("label", "text"):
            yield Text(getattr(callout, kind), f"@callout:{callout.key}:{kind}", kind=kind)
    for statement in document.statements:
        for kind in ("text", "basis"):
            yield Text(getattr(statement, kind), f"@statement:{statement.claim}:{kind}", kind=kind)
    if document.mention:
        yield Text(document.mention.text, "@mention:text", kind="text")
