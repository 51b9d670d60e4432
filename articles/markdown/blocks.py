"""Split a Markdown body into its top-level blocks, and put it together again.

The split is by lines, before Markdown sees anything, so that each block keeps its exact source:
identity, staleness, comparison and paired reading all need the source of one block.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.document import Block
from articles.markdown.extension import is_too_heavy

CONTAINERS = ("quote", "tip", "safety", "urgent")
"""Block tags with an end tag; their inside is Markdown again."""

LEAVES = ("figure", "callouts", "key-points", "product", "glossary", "references")
"""Block tags that stand for something kept elsewhere."""

KEYED = ("figure",)
"""Leaves that mean nothing without a key."""

ONCE = ("figure", "key-points", "glossary", "references")
"""Leaves with addresses of their own: printed twice, an address would have two places."""

INLINE = ("term",)

MAX_BODY = 200_000
"""Characters of a body, ten times the longest article; what is beyond is reported, not read."""

MAX_BLOCKS = 1_000
MAX_DEPTH = 2
"""How deep containers may stand inside one another."""

MAX_PROBLEMS = 100
"""Nobody mends more at a time."""

TAG = re.compile(
    r"^\[\[(?P<close>/)?(?P<name>[A-Za-z][\w-]*)"
    r"(?::(?P<argument>[^|\]\n]*))?(?:\|(?P<title>[^\n]*?))?\]\]\s*$"
)
HEADING_ID = re.compile(r"^[a-z][a-z0-9-]{0,39}\Z")
RESERVED_ID = re.compile(
    r"^(?:[rc]\d+|(?:fn|fnref|fig|d\d+[wn]|g|t|e|i|footer)-.*|.*-h|main|authors|edition)\Z"
)
"""Addresses that pages give to parts of their own."""

_HEADING = re.compile(r"^(#{1,6})(?:\s|\Z)")
_HEADING_ADDRESS = re.compile(r"\s\{#([^}\s]*)\}\Z")
_NEARLY_HEADING = re.compile(r"^(?:#{2,6}[^#\s]|＃)")
_LIST_ITEM = re.compile(r"^(?:[*+-]|\d{1,9}[.)])\s+")
_FOOTNOTE = re.compile(r"^\[\^[^\]\s]+\]:")
_FULL_WIDTH_TAG = re.compile(r"^(?:【【|［［|：：：|:::)")
_WHOLE_LINE_TAG = re.compile(r"^\[\[([^\[\]]*)\]\]\Z")
_TAG_IN_TEXT = re.compile(rf"\[\[/?(?P<name>{'|'.join(CONTAINERS + LEAVES)})(?![\w-])")
_FULL_WIDTH_MARK = re.compile(r"[【［](?:@|term)|\[(?:＠|term：)|｛claim|\{claim：")
_RULE = re.compile(r"^(?:-{3,}|\*{3,}|_{3,})$")
# Characters that no writer types and that Python-Markdown and this package use as markers.
_UNTYPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\uf8ff\u202a\u202b\u202d\u202e\ufeff\ufffe\uffff]"
)


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
    return _UNTYPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def split_body(body: str, outer: tuple[str, ...] = ()) -> SplitBody:
    """The blocks of a body, with their lines, and everything wrong with its block tags.

    ``outer`` names the containers that the text stands in, when it is the inside of one.
    """
    source = clean_source(body)
    splitter = _Splitter(source[:MAX_BODY].expandtabs(4).split("\n"), outer=outer)
    if len(source) > MAX_BODY:
        splitter.problem(
            source.count("\n", 0, MAX_BODY),
            _("The body is too long: nothing from here on is read. Divide the article."),
        )
    return splitter.split()


class _Splitter:
    """``offset`` counts the lines before these, ``outer`` names the containers around them."""

    def __init__(self, lines: list[str], offset: int = 0, outer: tuple[str, ...] = ()):
        self.lines = lines
        self.offset = offset
        self.outer = outer
        self.blocks: list[Block] = []
        self.inner_blocks: list[Block] = []
        self.problems: list[Problem] = []
        self.misplaced: list[str] = []

    def split(self) -> SplitBody:
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if not line.strip():
                index += 1
            elif len(self.blocks) >= MAX_BLOCKS:
                self.problem(
                    index,
                    _("The body is too long: nothing from here on is read. Divide the article."),
                )
                break
            elif tag := TAG.match(line):
                index = self._take_tag(tag, index)
            elif _HEADING.match(line):
                index = self._take_heading(index)
            else:
                index = self._take_prose(index)
        if not self.outer:
            self._refuse_repeats()
        found = sorted(self.problems, key=lambda problem: problem.line)
        return SplitBody(tuple(self.blocks), tuple(found[:MAX_PROBLEMS]))

    def problem(self, index: int, message: str) -> None:
        self.problems.append(Problem(self.offset + index + 1, message))

    def _add(self, kind: str, index: int, source: str = "", **values) -> None:
        self.blocks.append(Block(kind, source, line=self.offset + index + 1, **values))

    def _take_tag(self, tag: re.Match, index: int) -> int:
        name = tag["name"]
        if name in INLINE and not tag["close"]:
            return self._take_prose(index)
        if tag["close"]:
            self._refuse_close(name, index)
            return index + 1
        argument = ",".join(part.strip() for part in (tag["argument"] or "").split(","))
        words = {"argument": argument, "title": (tag["title"] or "").strip()}
        if name in LEAVES:
            if name in KEYED and not argument:
                self.problem(
                    index,
                    _("[[%(name)s]] needs a key, for example [[%(name)s:pathway]].")
                    % {"name": name},
                )
            self._add(name, index, **words)
        elif name not in CONTAINERS:
            self.problem(index, unknown_tag_message(name))
        elif name in self.outer or len(self.outer) >= MAX_DEPTH:
            self.problem(
                index,
                _("[[%(inner)s]] cannot stand inside [[%(name)s]].")
                % {"inner": name, "name": self.outer[-1]},
            )
            self.misplaced.append(name)
        else:
            return self._take_container(name, index, words)
        return index + 1

    def _refuse_close(self, name: str, index: int) -> None:
        if name in self.misplaced:
            self.misplaced.remove(name)
        elif self.outer:
            self.problem(
                index,
                _("[[/%(name)s]] closes a block that is not open here.") % {"name": name},
            )
        else:
            self.problem(
                index,
                _("[[/%(name)s]] closes a block that was never opened; add [[%(name)s]] above it.")
                % {"name": name},
            )

    def _take_container(self, name: str, index: int, words: dict[str, str]) -> int:
        end = self._end_of(name, index)
        lines = self.lines[index + 1 : end]
        inside = _Splitter(lines, self.offset + index + 1, (*self.outer, name))
        inner = inside.split()
        self.inner_blocks += [*inner.blocks, *inside.inner_blocks]
        self.problems += inner.problems
        self._add(name, index, "\n".join(lines).strip("\n"), **words)
        return end + 1

    def _end_of(self, name: str, start: int) -> int:
        closing = f"[[/{name}]]"
        for index in range(start + 1, len(self.lines)):
            if self.lines[index].strip() == closing:
                return index
        if self.outer:
            message = _("[[%(inner)s]] inside [[%(name)s]] is never closed.")
            self.problem(start, message % {"inner": name, "name": self.outer[-1]})
        else:
            message = _(
                "[[%(name)s]] is never closed; put [[/%(name)s]] on a line of its own after it."
            )
            self.problem(start, message % {"name": name})
        return len(self.lines)

    def _take_heading(self, index: int) -> int:
        line = self.lines[index]
        level = len(line) - len(line.lstrip("#"))
        text = _without_closing_marks(line[level:])
        address = _HEADING_ADDRESS.search(text)
        if address:
            text = _without_closing_marks(text[: address.start()])
        explicit = address[1] if address else ""
        if address and not HEADING_ID.match(explicit):
            self.problem(
                index,
                _(
                    "The heading's address {#%(id)s} may have lower-case letters, digits and "
                    "hyphens only, and starts with a letter."
                )
                % {"id": explicit},
            )
            explicit = ""
        elif RESERVED_ID.match(explicit):
            self.problem(
                index,
                _("The page itself uses the address {#%(id)s}; choose another.") % {"id": explicit},
            )
        if text:
            self._check_weight(text, index)
            self._add("heading", index, text, id=explicit, level=level)
        else:
            self.problem(index, _("Write the heading's words after its # marks."))
        return index + 1

    def _take_prose(self, start: int) -> int:
        """One paragraph, list, table, quotation or rule: up to the blank line that ends it."""
        first = self.lines[start]
        is_list = bool(_LIST_ITEM.match(first))
        is_footnote = bool(_FOOTNOTE.match(first))
        index = start
        while index < len(self.lines):
            line = self.lines[index]
            if line.strip():
                if index > start and self._starts_a_block(line, index):
                    break
                self._check_line(line, index)
                index += 1
                if _RULE.match(line.rstrip()):
                    break
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
        kind = _kind_of(source)
        if kind == "footnote" and self.outer:
            self.problem(
                start,
                _("Put the text of a footnote at the end of the body, outside [[%(name)s]].")
                % {"name": self.outer[0]},
            )
        self._check_weight(source, start)
        self._add(kind, start, source)
        return index

    def _starts_a_block(self, line: str, index: int) -> bool:
        """Whether a line ends the prose above it without a blank line."""
        tag = TAG.match(line)
        if tag and tag["name"] not in INLINE:
            self.problem(index, _("Leave a blank line before a block tag."))
            return True
        return bool(_HEADING.match(line) or _RULE.match(line.rstrip()))

    def _next_text(self, index: int) -> int | None:
        for following in range(index, len(self.lines)):
            if self.lines[following].strip():
                return following
        return None

    def _check_line(self, line: str, index: int) -> None:
        """Report what looks like a mark of ours but would be printed as it is typed."""
        text = line.strip()
        if _FULL_WIDTH_TAG.match(text):
            self.problem(
                index,
                _("Block tags are typed with straight brackets: [[figure:key]], not %(seen)s.")
                % {"seen": text[:12]},
            )
        elif tag := _TAG_IN_TEXT.search(text):
            self.problem(
                index,
                _("Put [[%(name)s]] on a line of its own, typed as in [[figure:key]].")
                % {"name": tag["name"]},
            )
        elif (whole := _WHOLE_LINE_TAG.match(text)) and not TAG.match(text):
            self.problem(index, unknown_tag_message(whole[1]))
        elif mark := _FULL_WIDTH_MARK.search(text):
            self.problem(
                index,
                _(
                    "Marks are typed with half-width signs: [@key], {claim:C1}, [[term:key]], "
                    "not %(seen)s."
                )
                % {"seen": text[mark.start() : mark.start() + 12]},
            )
        if _NEARLY_HEADING.match(line):
            self.problem(
                index,
                _("A heading is typed with half-width marks and a space: ## Text, not %(seen)s.")
                % {"seen": text[:12]},
            )

    def _check_weight(self, source: str, index: int) -> None:
        if is_too_heavy(source):
            self.problem(
                index,
                _(
                    "This block is too long, or opens too many brackets and marks, and is printed "
                    "as it is typed. Divide it."
                ),
            )

    def _refuse_repeats(self) -> None:
        seen: set[str] = set()
        for block in sorted([*self.blocks, *self.inner_blocks], key=lambda block: block.line):
            if block.id and block.id in seen:
                message = _("Two headings have the address {#%(id)s}; change one.")
                self.problem(block.line - 1, message % {"id": block.id})
            seen.add(block.id)
            if block.kind in ONCE:
                key = f":{block.argument}" if block.kind in KEYED else ""
                tag = f"[[{block.kind}{key}]]"
                if tag in seen:
                    message = _("%(tag)s stands in the body twice.")
                    self.problem(block.line - 1, message % {"tag": tag})
                seen.add(tag)


def _without_closing_marks(text: str) -> str:
    """``Heading ##`` → ``Heading``, but ``C#`` as it is."""
    text = text.strip()
    words = text.rstrip("# \u3000")
    marks = text[len(words) :]
    typed_against = marks[: len(marks) - len(marks.lstrip("#"))]
    return words + typed_against if words else ""


def unknown_tag_message(name: str) -> str:
    return _("[[%(name)s]] is not a block. The blocks are: %(known)s.") % {
        "name": name,
        "known": ", ".join(CONTAINERS + LEAVES),
    }


def _kind_of(source: str) -> str:
    first = source.split("\n", 1)[0]
    if _FOOTNOTE.match(first):
        return "footnote"
    if _RULE.match(first.rstrip()):
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
    opening = opening_tag(block)
    if block.kind in LEAVES:
        return opening
    return f"{opening}\n\n{block.source}\n\n[[/{block.kind}]]"


def opening_tag(block: Block) -> str:
    argument = f":{block.argument}" if block.argument else ""
    title = f"|{block.title}" if block.title else ""
    return f"[[{block.kind}{argument}{title}]]"
