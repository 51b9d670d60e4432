"""Every block and every piece of Markdown in a document, with where it stands: what rules scan."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from articles.document import Block, Document
from articles.markdown.blocks import CONTAINERS, clean_source, split_body


@dataclass(frozen=True)
class Text:
    """``line`` is the first line in the body, or 0 for a field."""

    source: str
    where: str
    block_id: str = ""
    line: int = 0


def all_blocks(document: Document) -> Iterator[Block]:
    """Every block in reading order, each with its line in the body.

    What stands inside a container follows it, under the container's id unless it has its own.
    """
    return _with_inside(document.blocks, _lines_of_body(document))


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


def all_texts(document: Document) -> Iterator[Text]:
    """Body blocks first, then the fields that are printed."""
    lines = _lines_of_body(document)
    for block in document.blocks:
        is_inside = block.kind in CONTAINERS and block.line
        first = _first_line_inside(block, lines) if is_inside else block.line
        yield Text(block.source, "", block.id, first)
    yield Text(document.standfirst, _("Standfirst"))
    yield Text(document.edition_note, _("Edition note"))
    for figure in document.figures:
        name = _("Figure “%(key)s”") % {"key": figure.key}
        yield Text(figure.caption, name)
        yield Text(figure.text, name)
    for callout in document.callouts:
        yield Text(callout.text, _("Callout “%(key)s”") % {"key": callout.key})
    for statement in document.statements:
        name = _("Claim %(key)s") % {"key": statement.claim}
        yield Text(statement.text, name)
        yield Text(statement.basis, name)
    if document.mention:
        yield Text(document.mention.text, _("Product mention"))
