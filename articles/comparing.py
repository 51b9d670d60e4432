"""What changed between two texts, for people to read. Pure: no database, no request.

``compare_texts`` shows two versions of one text as pieces that stayed, went and came;
``compare_documents`` does it unit by unit (see ``articles.units``), with moves shown as moves, and
``compare_facts`` compares what no unit says: grades, references, people, the product.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from articles.comparing_labels import label_of
from articles.document import Document
from articles.labels import GRADES, ROLES
from articles.markdown.blocks import CONTAINERS, LEAVES, TAG
from articles.markdown.extension import CITATION, CLAIM, HAN, TERM
from articles.units import Unit, units_of
from healthsite import languages

MAX_EDITS = 400
"""Tokens that may differ before a coarser comparison is tried: the search costs their square,
and with more than this the result would be confetti anyway."""

MAX_ISLAND = {True: 8, False: 24}
"""Characters (Chinese, other) from which an unchanged stretch between two changes always stays:
about a clause, long enough to be read as one."""

MIN_ISLAND = {True: 2, False: 4}
"""Characters below which an unchanged stretch between two changes is never worth showing: a
single 的, or an “of” with a space."""

# Several characters that mean one measure in Chinese; longer ones first.
_UNITS = (
    "国际单位|微克|毫克|千克|公斤|毫升|纳摩尔|微摩尔|毫摩尔|厘米|毫米|千卡|千焦|小时|分钟|个月|星期"
)
_LETTER = rf"(?:(?![{HAN}\d_])\w[\u0300-\u036f]*|(?<=\w)\d)"
_TOKEN = re.compile(
    rf"""
    {CITATION.pattern} | {CLAIM.pattern}                  # marks of the body
    | \[\[[^\[\]\n]*\]\] | \{{\#[^}}\s]*\}}
    | https?://[^\s()<>\[\]{HAN}]+
    | \d+(?:[.,:/\u2044]\d+)*[%‰°]?                       # numbers, dates, fractions, shares
    | {_UNITS}
    | {_LETTER}+(?:['’\-\u2010\u2011]{_LETTER}+)*      # words and units
    | \s+
    | .[\u0300-\u036f\ufe00-\ufe0f\u20dd-\u20e0]*          # one character with what sits on it
    """,
    re.X | re.S,
)
_SENTENCE = re.compile(r".*?(?:[。！？；]+[”’」』）]?|[.!?;]+[”’\")]?\s+|\n+|\Z)", re.S)
_LINE = re.compile(r"[^\n]*(?:\n+|\Z)")

_SENTENCE_END = "。！？；.!?;\n"
_PAUSE = "，、：,:（）()「」『』“”‘’—…"


@dataclass(frozen=True)
class Piece:
    """A stretch of text. ``op`` is ``same``, ``removed`` or ``added``."""

    op: str
    text: str


Tokens = list[str]


@dataclass
class _Segment:
    """A stretch of tokens: unchanged when ``same`` is not empty, else what went and what came."""

    same: Tokens
    removed: Tokens
    added: Tokens

    @property
    def is_change(self) -> bool:
        return not self.same

    @property
    def weight(self) -> int:
        """Characters of the longer side."""
        return max(_length(self.same), _length(self.removed), _length(self.added))


def compare_texts(old: str, new: str, language: str) -> tuple[Piece, ...]:
    """Two versions of one text as pieces in reading order, what went before what came.

    Han is compared by character, everything else by word; a number or a unit is never split.
    Joining ``same`` and ``removed`` gives the old text, ``same`` and ``added`` the new one.
    """
    is_chinese = languages.BY_CODE[language].is_chinese
    segments: list[_Segment] = []
    for segment in _segments(old, new):
        _push(segments, segment, is_chinese)
    pieces = []
    for segment in _trimmed(segments):
        for op in ("same", "removed", "added"):
            if text := "".join(getattr(segment, op)):
                pieces.append(Piece(op, text))
    return tuple(pieces)


def compare_values(old: object, new: object, language: str) -> tuple[Piece, ...]:
    """``compare_texts`` for two values of a form field; None is an empty text."""
    before, after = ("" if value is None else str(value) for value in (old, new))
    return compare_texts(before, after, language)


# One text


def _segments(old: str, new: str) -> Iterator[_Segment]:
    """The finest comparison that is still readable: tokens, then sentences, then lines."""
    for split in (_TOKEN, _SENTENCE, _LINE):
        left, right = _tokens(split, old), _tokens(split, new)
        matches = _matches(left, right)
        if matches is not None:
            return _aligned(left, right, matches)
    return iter([_Segment([], [old] if old else [], [new] if new else [])])


def _tokens(pattern: re.Pattern[str], text: str) -> Tokens:
    return [match[0] for match in pattern.finditer(text) if match[0]]


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]] | None:
    """Places of equal tokens in a shortest edit, or None where it takes over MAX_EDITS edits.

    E. W. Myers, An O(ND) Difference Algorithm and Its Variations, Algorithmica 1 (1986).
    """
    start = _common(zip(old, new, strict=False))
    rest = min(len(old), len(new)) - start
    end = min(rest, _common(zip(reversed(old), reversed(new), strict=False)))
    ends = [(len(old) - place, len(new) - place) for place in range(end, 0, -1)]
    middle = _shortest(old[start : len(old) - end], new[start : len(new) - end])
    if middle is None:
        return None
    shifted = [(left + start, right + start) for left, right in middle]
    return [(place, place) for place in range(start)] + shifted + ends


def _common(pairs: Iterable[tuple[str, str]]) -> int:
    count = 0
    for left, right in pairs:
        if left != right:
            break
        count += 1
    return count


def _shortest(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]] | None:
    reach = {1: 0}
    history = []
    for edits in range(min(len(old) + len(new), MAX_EDITS) + 1):
        history.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            is_down = diagonal == -edits or (
                diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1]
            )
            x = reach[diagonal + 1] if is_down else reach[diagonal - 1] + 1
            y = x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            reach[diagonal] = x
            if x >= len(old) and y >= len(new):
                return _walk_back(history, len(old), len(new))
    return None


def _walk_back(history: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    found = []
    for edits in range(len(history) - 1, -1, -1):
        reach, diagonal = history[edits], x - y
        is_down = diagonal == -edits or (
            diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1]
        )
        before = diagonal + 1 if is_down else diagonal - 1
        from_x = reach[before]
        from_y = from_x - before
        while x > max(from_x, 0) and y > max(from_y, 0):
            x, y = x - 1, y - 1
            found.append((x, y))
        x, y = from_x, from_y
    return found[::-1]


def _aligned(old: Tokens, new: Tokens, matches: list[tuple[int, int]]) -> Iterator[_Segment]:
    """Segments from matches, each lone insertion or removal slid to where it reads best."""
    segments: list[_Segment] = []
    x = y = 0
    for left, right in [*matches, (len(old), len(new))]:
        removed, added = old[x:left], new[y:right]
        if removed or added:
            segments.append(_Segment([], removed, added))
        if left < len(old):
            if segments and not segments[-1].is_change:
                segments[-1].same.append(old[left])
            else:
                segments.append(_Segment([old[left]], [], []))
        x, y = left + 1, right + 1
    for place, segment in enumerate(segments):
        if segment.is_change and bool(segment.removed) != bool(segment.added):
            _slide(segments, place)
    return iter(segments)


def _slide(segments: list[_Segment], place: int) -> None:
    """Move a lone change between its unchanged neighbours to the most natural boundaries.

    “the c[at c]ame” and “the [cat ]came” are the same edit; only the second can be read.
    """
    if place in {0, len(segments) - 1}:
        return
    side = "removed" if segments[place].removed else "added"
    before, after = segments[place - 1].same, segments[place + 1].same
    edit = getattr(segments[place], side)
    run, size = [*before, *edit, *after], len(edit)
    first = last = len(before)
    while first and run[first - 1] == run[first + size - 1]:
        first -= 1
    while last + size < len(run) and run[last] == run[last + size]:
        last += 1
    # Never empty a neighbour: two changes would meet there.
    starts = range(max(first, 1), min(last, len(run) - size - 1) + 1)
    best = max(starts, key=lambda start: (_ease(run, start) + _ease(run, start + size), start))
    before[:] = run[:best]
    edit[:] = run[best : best + size]
    after[:] = run[best + size :]


def _ease(run: Sequence[str], place: int) -> int:
    """How natural a cut before this token is: 3 at a sentence, 2 at a pause, 1 at a space."""
    before, after = run[place - 1], run[place]
    if before[-1] in _SENTENCE_END or "\n" in before + after:
        return 3
    if before[-1] in _PAUSE or after[0] in _PAUSE + _SENTENCE_END:
        return 2
    return int(before.isspace() or after.isspace())


def _push(segments: list[_Segment], segment: _Segment, is_chinese: bool) -> None:
    """Add a segment, and swallow unchanged islands too small to be read between two changes."""
    segments.append(segment)
    while (
        len(segments) > 2
        and segments[-1].is_change
        and _is_noise(segments[-2].same, segments[-3], segments[-1], is_chinese)
    ):
        last, island, first = segments.pop(), segments.pop().same, segments.pop()
        segments.append(
            _Segment(
                [],
                [*first.removed, *island, *last.removed],
                [*first.added, *island, *last.added],
            )
        )


def _trimmed(segments: list[_Segment]) -> Iterator[_Segment]:
    """Give back to the text what stands at the end of both sides of a swallowed island."""
    carried: Tokens = []
    for segment in segments:
        if not segment.is_change:
            yield _Segment([*carried, *segment.same], [], [])
            carried = []
            continue
        removed, added = segment.removed, segment.added
        end = _common(zip(reversed(removed), reversed(added), strict=False))
        carried = removed[len(removed) - end :]
        yield _Segment([], removed[: len(removed) - end], added[: len(added) - end])
    if carried:
        yield _Segment(carried, [], [])


def _is_noise(island: Tokens, before: _Segment, after: _Segment, is_chinese: bool) -> bool:
    """Whether an island only interrupts. A number that stayed is always worth seeing."""
    if not (before.is_change and after.is_change):
        return False
    size = _length(island)
    if size >= MAX_ISLAND[is_chinese] or any(token[0].isdigit() for token in island):
        return False
    if any(token[-1] in _SENTENCE_END for token in island):
        return False
    return size < MIN_ISLAND[is_chinese] or size <= min(before.weight, after.weight)


def _length(tokens: Tokens) -> int:
    return sum(len(token) for token in tokens)


# Whole documents


@dataclass(frozen=True)
class UnitChange:
    """What became of one unit. ``old`` or ``new`` is None where it is not.

    ``kind`` is ``same``, ``changed``, ``added``, ``removed`` or ``moved``; a unit that moved and
    changed is ``changed`` with ``is_moved``. ``was_below`` says from where a moved one came.
    """

    kind: str
    old: Unit | None
    new: Unit | None
    language: str
    is_moved: bool = False
    was_below: bool = False

    @property
    def unit(self) -> Unit:
        """The unit as it is, or as it was."""
        return self.new or self.old

    @property
    def id(self) -> str:
        return self.unit.id

    @property
    def label(self) -> str:
        """What people call it, in the language in force when it is printed."""
        return label_of(self.unit.id, self.unit.kind)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """What editors type, compared."""
        return self._compared(lambda unit: unit.text)

    @cached_property
    def plain_pieces(self) -> tuple[Piece, ...]:
        """What readers read, compared: without the marks of the body."""
        return self._compared(plain_text)

    @property
    def has_other_words(self) -> bool:
        """False for a change of marks only: an emphasis, the source of a statement."""
        return any(piece.op != "same" for piece in self.plain_pieces)

    def _compared(self, text_of: Callable[[Unit], str]) -> tuple[Piece, ...]:
        before, after = (text_of(unit) if unit else "" for unit in (self.old, self.new))
        return compare_texts(before, after, self.language)


def compare_documents(old: Document, new: Document) -> tuple[UnitChange, ...]:
    """Every unit of either document, in the reading order of the new one.

    Removed units stand where they were. Of the blocks that changed their order the fewest count
    as moved; what a body only places (a caption, a statement) has no place to move from.
    """
    return _compare_units(units_of(old), units_of(new), new.language)


def compare_facts(old: Document, new: Document) -> tuple[UnitChange, ...]:
    """What differs of grades, references, people and product; what is the same is left out."""
    changes = _compare_units(tuple(_facts(old)), tuple(_facts(new)), new.language)
    return tuple(change for change in changes if change.kind != "same")


def _compare_units(
    old: Sequence[Unit], new: Sequence[Unit], language: str
) -> tuple[UnitChange, ...]:
    before, after = _by_section(old), _by_section(new)
    return tuple(
        change
        for section in sorted(before.keys() | after.keys())
        for change in _compare_section(
            before.get(section, []), after.get(section, []), language, can_move=section == BODY
        )
    )


def _by_section(units: Iterable[Unit]) -> dict[int, list[Unit]]:
    """Units by section, each with an id of its own: a draft may name two headings alike."""
    sections: dict[int, list[Unit]] = {}
    seen: Counter[str] = Counter()
    for unit in units:
        seen[unit.id] += 1
        if seen[unit.id] > 1:
            unit = replace(unit, id=f"{unit.id}~{seen[unit.id]}")
        sections.setdefault(_section(unit), []).append(unit)
    return sections


_ORDER = ("title", "standfirst", "edition-note", "", "figure", "callout", "statement", "mention")
BODY = _ORDER.index("")


def _section(unit: Unit) -> int:
    """Where a unit stands in the reading order: units only ever change places in the body."""
    if unit.is_block:
        return BODY
    return _ORDER.index(unit.kind) if unit.kind in _ORDER else len(_ORDER)


def _compare_section(
    old: Sequence[Unit], new: Sequence[Unit], language: str, *, can_move: bool
) -> Iterator[UnitChange]:
    before = {unit.id: unit for unit in old}
    places = {unit.id: place for place, unit in enumerate(old)}
    order = [places[unit.id] for unit in new if unit.id in places]
    still = longest_increasing(order) if can_move else set(order)
    kept = {unit.id for unit in new}
    anchors = {unit.id for unit in old if unit.id in kept and places[unit.id] in still}
    removed = _removed_after(old, anchors, kept, language)
    yield from removed.get("", ())
    seen: set[str] = set()
    for unit in new:
        earlier = before.get(unit.id)
        if earlier is None:
            yield UnitChange("added", None, unit, language)
        else:
            is_moved = can_move and unit.id not in anchors
            kind = "same" if _says_the_same(earlier, unit) else "changed"
            yield UnitChange(
                "moved" if is_moved and kind == "same" else kind,
                earlier,
                unit,
                language,
                is_moved=is_moved,
                was_below=is_moved and _was_below(unit.id, places, anchors, seen),
            )
        if unit.id in anchors:
            seen.add(unit.id)
            yield from removed.get(unit.id, ())


def _says_the_same(old: Unit, new: Unit) -> bool:
    return (old.kind, old.digest) == (new.kind, new.digest)


def _was_below(unit: str, places: dict[str, int], anchors: set[str], seen: set[str]) -> bool:
    """Whether a moved unit stood after some unit that it stands before now."""
    return any(places[anchor] < places[unit] for anchor in anchors - seen)


def _removed_after(
    old: Sequence[Unit], anchors: set[str], kept: set[str], language: str
) -> dict[str, list[UnitChange]]:
    """Removed units by the id of the unit they stood after; "" at the very start."""
    removed: dict[str, list[UnitChange]] = {}
    last = ""
    for unit in old:
        if unit.id in anchors:
            last = unit.id
        elif unit.id not in kept:
            removed.setdefault(last, []).append(UnitChange("removed", unit, None, language))
    return removed


def longest_increasing(numbers: Sequence[int]) -> set[int]:
    """The numbers of a longest increasing subsequence. Each number occurs once.

    Patience sorting: for every length, the smallest number a run of that length can end with.
    """
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        before[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    found = set()
    number = ends[-1] if ends else None
    while number is not None:
        found.add(number)
        number = before[number]
    return found


# What readers read

_LINK = re.compile(r"\[([^\[\]\n]*)\]\(([^()\s]*)[^()\n]*\)")
_EMPHASIS = re.compile(r"(?<![\\*])\*{1,3}(?=\S)([^*\n]+?)(?<=\S)\*{1,3}(?!\*)")
_HEADING = re.compile(r"^#{1,6} (.*?)(?: \{#[^}\s]*\})?\Z", re.S)


def plain_text(unit: Unit) -> str:
    """A unit without the marks of the body: what a reader reads of it, or can look up."""
    text = _block_text(unit) if unit.is_block else unit.text
    text = CLAIM.sub("", text)
    text = CITATION.sub(lambda match: match[0].replace("@", ""), text)
    text = TERM.sub(lambda match: match[2] or match[1], text)
    text = _LINK.sub(r"\1 (\2)", text)
    return _EMPHASIS.sub(r"\1", text)


def _block_text(unit: Unit) -> str:
    if unit.kind in LEAVES:
        tag = TAG.match(unit.text)
        return (tag["title"] or tag["argument"] or "") if tag else ""
    if unit.kind == "rule":
        return ""
    if unit.kind == "heading":
        return _HEADING.sub(r"\1", unit.text)
    if unit.kind in CONTAINERS:
        lines = (_line_of_container(line) for line in unit.text.split("\n"))
        return "\n".join(lines).strip()
    return unit.text


def _line_of_container(line: str) -> str:
    """A block tag is read as its title alone."""
    tag = TAG.match(line)
    return line if tag is None or tag["name"] == "term" else (tag["title"] or "")


# Facts


def _facts(document: Document) -> Iterator[Unit]:
    """What a document says outside its texts, as units of one line each."""
    for statement in document.statements:
        yield _fact("grade", statement.claim, str(GRADES[statement.grade]))
    for reference in document.references:
        words = [reference.authors, str(reference.year or ""), reference.title or reference.label]
        words += [reference.container, reference.locator, reference.address]
        yield _fact("reference", reference.key, ". ".join(word for word in words if word))
    people: dict[str, list[str]] = {}
    for item in document.contributions:
        people.setdefault(item.author, []).append(str(ROLES[item.role]))
    for author, roles in people.items():
        yield _fact("person", author, " · ".join(roles))
    if document.mention:
        mention = document.mention
        words = [mention.brand, mention.name, mention.components, mention.label_note]
        words.append(mention.website)
        yield _fact("product", mention.product, " · ".join(word for word in words if word))


def _fact(kind: str, key: str, text: str) -> Unit:
    return Unit(f"@{kind}:{key}", kind, text, text)
