"""Blocks of text: paragraphs, headings, lists, tables, quotations, code."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from articles.plain_markdown.escaping import code_block, without_hard_breaks
from articles.plain_markdown.inline import INLINE, InlineWriter, Node, is_left_out, words_of
from articles.plain_markdown.tree import Element

HEADING = re.compile(r"h[1-6]\Z")
ALIGNMENTS = {"align-left": ":--", "align-center": ":-:", "align-right": "--:"}

_LAST_HASH = re.compile(r"(?<!\\)((?:\\\\)*)#\Z")
_LIST = re.compile(r"-|\d+\.")
BETWEEN_LISTS = "<!-- -->"
"""What keeps two lists in a row apart (CommonMark 0.31, 5.3)."""

Rule = Callable[[Element], list[str]]


def join(blocks: Iterable[str]) -> str:
    """Blocks with a blank line between them; two lists in a row do not become one."""
    blocks = [block for block in blocks if block]
    parts = blocks[:1]
    for before, block in pairwise(blocks):
        if _list_kind(before) and _list_kind(before) == _list_kind(block):
            parts.append(BETWEEN_LISTS)
        parts.append(block)
    return "\n\n".join(parts)


def heading(level: int, words: str) -> str:
    """A heading of one line. A last ``#`` would be taken for the end of its mark."""
    words = _LAST_HASH.sub(r"\1\\#", without_hard_breaks(words).replace("\n", " "))
    return f"{'#' * level} {words}"


def quote(blocks: Iterable[str]) -> str:
    """A block quotation."""
    return "\n".join(f"> {line}".rstrip() for line in join(blocks).split("\n"))


def item(marker: str, blocks: Iterable[str]) -> str:
    """A list item; what follows its first line stands below its text, not below its marker."""
    indent = " " * (len(marker) + 1)
    lines = join(blocks).split("\n")
    rest = [f"{indent}{line}".rstrip() for line in lines[1:]]
    return "\n".join([f"{marker} {lines[0]}".rstrip(), *rest])


def join_items(items: Sequence[str]) -> str:
    """A list: tight where every item is one paragraph."""
    return ("\n\n" if any("\n\n" in text for text in items) else "\n").join(items)


def _list_kind(block: str) -> str:
    marker = block.split(" ", 1)[0]
    return marker[-1] if _LIST.fullmatch(marker) else ""


class BlockWriter(InlineWriter):
    """``rules``: how elements of a class are written; by default, as elements of their kind are."""

    rules: dict[str, Rule]

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.rules = {}
        self.by_tag: dict[str, Rule] = {
            "p": lambda node: [self.inline(node.children)],
            "summary": lambda node: [self.bold(node)],
            "hr": lambda node: ["---"],
            "ul": self._list,
            "ol": self._list,
            "dl": self._definitions,
            "pre": lambda node: [code_block(words_of(node))],
            "blockquote": lambda node: [quote(self.blocks(node.children))],
            "table": self._table,
        }

    def blocks(self, nodes: Iterable[Node]) -> list[str]:
        """Nodes as blocks, in order. Running text between blocks is a paragraph of its own."""
        found: list[str] = []
        running: list[Node] = []
        for node in nodes:
            if isinstance(node, str) or node.tag in INLINE or is_left_out(node):
                running.append(node)
                continue
            found += [self.inline(running), *self.block(node)]
            running = []
        return [text for text in [*found, self.inline(running)] if text]

    def block(self, node: Element) -> list[str]:
        """One element as blocks."""
        for name in node.classes:
            if name in self.rules:
                return self.rules[name](node)
        if node.tag in self.by_tag:
            return self.by_tag[node.tag](node)
        if HEADING.match(node.tag):
            return [heading(int(node.tag[1]), self.inline(node.children))]
        return self.blocks(node.children)

    def bold(self, node: Element) -> str:
        """The words of an element as one bold line: a label, or the title of a box."""
        return self.inline([Element("strong", children=node.children)])

    def _list(self, node: Element) -> list[str]:
        start = node.attributes.get("start", "1")
        first = int(start) if start.isascii() and start.isdigit() else 1
        markers = (
            "-" if node.tag == "ul" else f"{number}."
            for number in range(first, first + len(node.elements))
        )
        return [
            join_items(
                [
                    item(marker, self.block(child))
                    for marker, child in zip(markers, node.elements, strict=True)
                ]
            )
        ]

    def _definitions(self, node: Element) -> list[str]:
        """A list of terms in bold, each with what it means behind it: GFM has no other form."""
        groups: list[tuple[str, list[str]]] = []
        for child in self._terms_and_meanings(node):
            if child.tag == "dt":
                groups.append((self.bold(child), []))
            elif groups:
                groups[-1][1].extend(self.blocks(child.children))
        return [join_items([item("-", self._labelled(*group)) for group in groups])]

    def _terms_and_meanings(self, node: Element) -> Iterable[Element]:
        """The parts of a definition list, which may stand in groups."""
        for child in node.elements:
            yield from child.elements if child.tag == "div" else [child]

    def _labelled(self, label: str, blocks: list[str]) -> list[str]:
        """The label in front of the first block's words."""
        return [f"{label}{self.colon}{blocks[0]}", *blocks[1:]] if blocks else [label]

    @property
    def colon(self) -> str:
        """What stands between a label and its text in the language in force."""
        return _(": ")

    def _table(self, node: Element) -> list[str]:
        rows = [[self._cell(cell) for cell in row.elements] for row in node.all("tr")]
        if not rows:
            return []
        first = next(node.all("tr"))
        rules = [
            next((ALIGNMENTS[name] for name in cell.classes if name in ALIGNMENTS), "---")
            for cell in first.elements
        ]
        lines = [rows[0], rules, *rows[1:]]
        return ["\n".join(f"| {' | '.join(line)} |" for line in lines)]

    def _cell(self, node: Element) -> str:
        """The blocks of a cell on one line, which is all that a cell of GFM can hold."""
        lines = without_hard_breaks("\n".join(self.blocks(node.children))).split("\n")
        text = "<br>".join(line.removeprefix("> ") for line in lines if line.strip("> "))
        return text.replace("|", r"\|")  # also in code, where nothing else is escaped
