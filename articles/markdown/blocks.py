"""Split a Markdown body into its top-level blocks, and put it together again.

The split is by lines, before Markdown sees anything, so that each block keeps its exact source:
identity, staleness, comparison and paired reading all need the source of one block.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.document import Block

CONTAINERS = ("quote", "tip", "safety", "urgent")
"""Block tags with an end tag; their inside is Markdown again."""

LEAVES = ("figure", "callouts", "key-points", "product", "glossary", "references")
"""Block tags that stand for something kept elsewhere."""

KEYED = ("figure",)
"""Leaves that mean nothing without a key."""

INLINE = ("term",)

TAG = re.compile(
    r"^\[\[(?P<close>/)?(?P<name>[A-Za-z][\w-]*)"
    r"(?::(?P<argument>[^|\]\n]*))?(?:\|(?P<title>[^\n]*?))?\]\]\s*$"
)
HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<text>.*?)(?:\s+\{#(?P<id>[^}\s]*)\})?\s*#*\s*$")
HEADING_ID = re.compile(r"^[a-z][a-z0-9-]{0,39}$")
_LIST_ITEM = re.compile(r"^(?:[*+-]|\d{1,9}[.)])\s+")
_FOOTNOTE = re.compile(r"^\[\^[^\]\s]+\]:")
_FULL_WIDTH_TAG = re.compile(r"^(?:【【|［［|：：：|:::)")
_RULE = re.compile(r"^(?:-{3,}|\*{3,}|_{3,})$")


@dataclass(frozen=True)
class Problem:
    """Something wrong in a body: the line (1-based) and a sentence for the editor."""

    line: int
    message: str


@dataclass(frozen=True)
class SplitBody:
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]


def clean_source(text: str) -> str:
    """Normalise line ends and drop characters that no writer types.

    Control and private-use characters are used as markers inside Python-Markdown and this
    package; a body must not be able to forge them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character
        for character in text
        if character in "\n\t"
        or not (
            ord(character) < 0x20
            or 0x7F <= ord(character) < 0xA0
            or 0xD800 <= ord(character) <= 0xF8FF
            or character in "\u202a\u202b\u202d\u202e\ufeff\uffff\ufffe"
        )
    )


def split_body(body: str) -> SplitBody:
    """The blocks of a body, with their lines, and everything wrong with its block tags."""
    return _Splitter(clean_source(body).expandtabs(4).split("\n")).split()


class _Splitter:
    def __init__(self, lines: list[str]):
        self.lines = lines
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []

    def split(self) -> SplitBody:
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if not line.strip():
                index += 1
            elif tag := TAG.match(line):
                index = self._take_tag(tag, index)
            elif heading := HEADING.match(line):
                index = self._take_heading(heading, index)
            else:
                index = self._take_prose(index)
        self._refuse_repeated_ids()
        return SplitBody(tuple(self.blocks), tuple(self.problems))

    def _problem(self, index: int, message: str) -> None:
        self.problems.append(Problem(index + 1, message))

    def _take_tag(self, tag: re.Match, index: int) -> int:
        name = tag["name"]
        if tag["close"]:
            self._problem(
                index,
                _("[[/%(name)s]] closes a block that was never opened; add [[%(name)s]] above it.")
                % {"name": name},
            )
            return index + 1
        argument = ",".join(part.strip() for part in (tag["argument"] or "").split(","))
        block = {"argument": argument, "title": (tag["title"] or "").strip(), "line": index + 1}
        if name in LEAVES:
            if name in KEYED and not argument:
                self._problem(
                    index,
                    _("[[%(name)s]] needs a key, for example [[%(name)s:pathway]].")
                    % {"name": name},
                )
            self.blocks.append(Block(name, **block))
            return index + 1
        if name in CONTAINERS:
            end = self._end_of(name, index)
            source = "\n".join(self.lines[index + 1 : end]).strip("\n")
            self._check_inside(name, index + 1, end)
            self.blocks.append(Block(name, source=source, **block))
            return end + 1
        if name in INLINE:
            return self._take_prose(index)
        self._problem(index, unknown_tag_message(name))
        return index + 1

    def _end_of(self, name: str, start: int) -> int:
        closing = f"[[/{name}]]"
        for index in range(start + 1, len(self.lines)):
            if self.lines[index].strip() == closing:
                return index
        self._problem(
            start,
            _("[[%(name)s]] is never closed; put [[/%(name)s]] on a line of its own after it.")
            % {"name": name},
        )
        return len(self.lines)

    def _check_inside(self, name: str, start: int, end: int) -> None:
        """Report the tags inside a container that cannot stand there."""
        opened: list[str] = []
        for index in range(start, min(end, len(self.lines))):
            line = self.lines[index]
            self._refuse_full_width(line, index)
            tag = TAG.match(line)
            if not tag or tag["name"] in INLINE:
                continue
            inner = tag["name"]
            if tag["close"] and opened and opened[-1] == inner:
                opened.pop()
            elif tag["close"]:
                self._problem(
                    index,
                    _("[[/%(name)s]] closes a block that is not open here.") % {"name": inner},
                )
            elif (inner in CONTAINERS and inner != name) and not opened:
                opened.append(inner)
            elif inner not in LEAVES:
                self._problem(
                    index,
                    _("[[%(inner)s]] cannot stand inside [[%(name)s]].")
                    % {"inner": inner, "name": name}
                    if inner in CONTAINERS
                    else unknown_tag_message(inner),
                )
        for inner in opened:
            self._problem(
                start - 1,
                _("[[%(inner)s]] inside [[%(name)s]] is never closed.")
                % {"inner": inner, "name": name},
            )

    def _take_heading(self, heading: re.Match, index: int) -> int:
        level = len(heading["marks"])
        explicit = heading["id"] or ""
        if heading["id"] is not None and not HEADING_ID.match(explicit):
            self._problem(
                index,
                _(
                    "The heading's address {#%(id)s} may have lower-case letters, digits and "
                    "hyphens only, and starts with a letter."
                )
                % {"id": explicit},
            )
            explicit = ""
        self.blocks.append(
            Block("heading", heading["text"], id=explicit, level=level, line=index + 1)
        )
        return index + 1

    def _take_prose(self, start: int) -> int:
        """One paragraph, list, table, quotation or rule: up to the blank line that ends it."""
        first = self.lines[start]
        is_list = bool(_LIST_ITEM.match(first))
        is_footnote = bool(_FOOTNOTE.match(first))
        index = start
        while index < len(self.lines):
            line = self.lines[index]
            self._refuse_full_width(line, index)
            if line.strip():
                if index > start and self._is_tag(line):
                    self._problem(index, _("Leave a blank line before a block tag."))
                    break
                index += 1
                continue
            following = self._next_text(index)
            if following is None:
                break
            text = self.lines[following]
            goes_on = (is_list and (text.startswith("  ") or _LIST_ITEM.match(text))) or (
                is_footnote and text.startswith("    ")
            )
            if not goes_on:
                break
            index = following
        source = "\n".join(self.lines[start:index]).rstrip()
        self.blocks.append(Block(_kind_of(source), source, line=start + 1))
        return index

    def _is_tag(self, line: str) -> bool:
        tag = TAG.match(line)
        return bool(tag and tag["name"] not in INLINE)

    def _next_text(self, index: int) -> int | None:
        for following in range(index, len(self.lines)):
            if self.lines[following].strip():
                return following
        return None

    def _refuse_full_width(self, line: str, index: int) -> None:
        if _FULL_WIDTH_TAG.match(line.strip()):
            self._problem(
                index,
                _("Block tags are typed with straight brackets: [[figure:key]], not %(seen)s.")
                % {"seen": line.strip()[:12]},
            )

    def _refuse_repeated_ids(self) -> None:
        seen: set[str] = set()
        for block in self.blocks:
            if block.id and block.id in seen:
                self._problem(
                    block.line - 1,
                    _("Two headings have the address {#%(id)s}; change one.") % {"id": block.id},
                )
            seen.add(block.id)


def unknown_tag_message(name: str) -> str:
    return _("[[%(name)s]] is not a block. The blocks are: %(known)s.") % {
        "name": name,
        "known": ", ".join(CONTAINERS + LEAVES),
    }


def _kind_of(source: str) -> str:
    first = source.split("\n", 1)[0]
    if _FOOTNOTE.match(first):
        return "footnote"
    if _RULE.match(first.strip()):
        return "rule"
    if _LIST_ITEM.match(first):
        return "list"
    if first.startswith(">"):
        return "quotation"
    lines = source.split("\n")
    if len(lines) > 1 and "|" in lines[0] and re.match(r"^[\s|:-]+$", lines[1]):
        return "table"
    return "paragraph"


def join_blocks(blocks: tuple[Block, ...]) -> str:
    """The body a tuple of blocks came from, in its normal form (one blank line between blocks)."""
    return "\n\n".join(block_source(block) for block in blocks) + ("\n" if blocks else "")


def block_source(block: Block) -> str:
    """One block as it is typed."""
    if block.kind == "heading":
        address = f" {{#{block.id}}}" if HEADING_ID.match(block.id) else ""
        return f"{'#' * block.level} {block.source}{address}"
    if block.kind not in CONTAINERS + LEAVES:
        return block.source
    argument = f":{block.argument}" if block.argument else ""
    title = f"|{block.title}" if block.title else ""
    opening = f"[[{block.kind}{argument}{title}]]"
    if block.kind in LEAVES:
        return opening
    return f"{opening}\n\n{block.source}\n\n[[/{block.kind}]]"
