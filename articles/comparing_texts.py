"""Two versions of one text as pieces that stayed, went and came. Pure and quick on any length."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from articles.markdown.extension import CITATION, CLAIM, HAN
from healthsite import languages

MAX_EDITS = 400
"""Tokens that may differ before a coarser comparison is tried: the search costs their square,
and with more than this the result would be confetti anyway."""

MAX_SHARE = 0.6
"""Share of all tokens that may differ: beyond it a text was rewritten, not edited."""

FEW_EDITS = 60
"""Tokens that may differ whatever their share: a search that costs next to nothing."""

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
        matches = equal_places(left, right)
        if matches is not None:
            return _aligned(left, right, matches)
    return iter([_Segment([], [old] if old else [], [new] if new else [])])


def _tokens(pattern: re.Pattern[str], text: str) -> Tokens:
    return [match[0] for match in pattern.finditer(text) if match[0]]


def equal_places(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]] | None:
    """Places of equal tokens in a shortest edit, or None where it takes too many edits.

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


def _common(pairs: Iterable[tuple[Hashable, Hashable]]) -> int:
    count = 0
    for left, right in pairs:
        if left != right:
            break
        count += 1
    return count


def _shortest(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]] | None:
    both = len(old) + len(new)
    most = min(both, MAX_EDITS, max(FEW_EDITS, int(both * MAX_SHARE)))
    # What only one side has is an edit wherever it stands.
    if both - 2 * (Counter(old) & Counter(new)).total() > most:
        return None
    reach = {1: 0}
    history = []
    for edits in range(most + 1):
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
