"""Where the lines of a title end, and how large it is set. Pure: widths come from the caller."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from articles.markdown.extension import HAN
from articles.markdown.typesetting import clauses, phrases

Measure = Callable[[str], float]
"""The width of a run of text in pixels."""

NOT_FIRST = "、。，．：；？！?!,.:;)）]】》」』”’%％…—·～℃°"
NOT_LAST = "（([【《「『“‘$￥"
"""Characters that no line starts or ends with (JIS X 4051; GB/T 15834, 5.1)."""

_CLAUSE = re.compile(r"[。，：；？！?!]+[”’」』）》]*|[.:;,](?=\s)")
_CLAUSE_END = re.compile(r"(?:[。，：；？！?!]+[”’」』）》]*|[.:;,])$")
FOR_CLAUSES = 0.7
"""How much smaller a title may be set for the sake of lines that end where its clauses do."""
# Latin and Greek letters with accents, digits and the signs inside words: Sjögren, Mg²⁺, D₂.
_WORD = re.compile(r"[A-Za-z0-9À-ɏͰ-Ͽ²³µ¹⁰-ₜ®™'’+\-./%°]+|.", re.S)
_SPACED = re.compile(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%+)])(?=[{HAN}])")
ELLIPSIS = "…"
LOOSE = f" 、。，：；.,:;—·{NOT_LAST}"
"""What is left out before an ellipsis; not %, ℃ or a bracket, which change what is said."""


@dataclass(frozen=True)
class Setting:
    """A title set in lines: ``size`` is that of the type, in pixels."""

    size: int
    lines: tuple[str, ...]


def runs(line: str) -> list[str]:
    """The parts of a line between which Chinese and Latin letters get some air."""
    return _SPACED.split(line)


def pieces(text: str, is_chinese: bool, protected: tuple[str, ...] = ()) -> list[str]:
    """A text cut where a line may end. English pieces keep the space behind them."""
    text = " ".join(text.split())
    if is_chinese:
        # The model of phrases knows words in ASCII alone, and cuts Sjögren.
        whole = (*protected, *{word for word in _WORD.findall(text) if len(word) > 1})
        parts = (phrases(clause, whole) for clause in clauses(text, whole))
        return list(_bound(piece for clause in parts for piece in clause))
    return list(_bound(re.findall(r"\S+\s*", text)))


def set_title(
    text: str,
    is_chinese: bool,
    measure_at: Callable[[int], Measure],
    *,
    width: int,
    height: int,
    sizes: Sequence[int],
    leading: float,
    protected: tuple[str, ...] = (),
) -> Setting:
    """The largest of ``sizes`` (pixels, falling) in which a title fits a box.

    ``leading`` is the height of a line as a part of the size. What is too long for the smallest
    size ends with an ellipsis.
    """
    parts = pieces(text, is_chinese, protected)
    if not parts:
        return Setting(sizes[0], ())
    fitting: list[Setting] = []
    for size in sizes:
        if fitting and size < fitting[0].size * FOR_CLAUSES:
            break
        found = settings_of(parts, measure_at(size), width, int(height // (size * leading)))
        fitting += [Setting(size, lines) for lines in found]
    if fitting:
        return next((item for item in fitting if _keeps_clauses(item.lines, text)), fitting[0])
    size = sizes[-1]
    most = max(1, int(height // (size * leading)))
    return Setting(size, _shortened(text, parts, measure_at(size), width, most))


def _keeps_clauses(lines: Sequence[str], text: str) -> bool:
    """Whether every clause ends where a line does."""
    text = text.rstrip()
    inside = [match for match in _CLAUSE.finditer(text) if match.end() < len(text)]
    ends = [line for line in lines[:-1] if _CLAUSE_END.search(line)]
    return len(inside) == len(ends)


def break_lines(
    parts: Sequence[str], measure: Measure, width: int, most: int
) -> tuple[str, ...] | None:
    """Lines of much the same width, as few as the width allows; None where they are too many."""
    return next(settings_of(parts, measure, width, most), None)


def settings_of(
    parts: Sequence[str], measure: Measure, width: int, most: int
) -> Iterator[tuple[str, ...]]:
    """The best lines of each number of them: as few as the width allows, then one more."""
    measure = cache(measure)
    parts = list(_no_wider(parts, measure, width))
    fewest = len(_filled(parts, measure, width))
    for count in range(fewest, most + 1):
        found = _balanced(parts, measure, width, count)
        if found:
            yield found


def _filled(parts: Sequence[str], measure: Measure, width: int) -> list[int]:
    """Where each line ends, as a number of parts, when every line takes as many as it can."""
    ends, start = [], 0
    for end in range(1, len(parts) + 1):
        if end - start > 1 and measure(_line(parts, start, end)) > width:
            ends.append(end - 1)
            start = end - 1
    return [*ends, len(parts)] if parts else []


def _line(parts: Sequence[str], start: int, end: int) -> str:
    return "".join(parts[start:end]).rstrip()


def _balanced(
    parts: Sequence[str], measure: Measure, width: int, count: int
) -> tuple[str, ...] | None:
    """Exactly ``count`` lines whose squares of free space are least in sum."""
    best: dict[tuple[int, int], tuple[float, tuple[str, ...]]] = {(0, 0): (0.0, ())}
    for line in range(1, count + 1):
        for end in range(line, len(parts) + 1):
            choices = []
            for start in range(end - 1, line - 2, -1):
                text = _line(parts, start, end)
                taken = measure(text)
                if taken > width:
                    # With more parts in front it is wider still.
                    break
                is_last = end == len(parts)
                if (start, line - 1) in best and not (is_last and start and len(text) == 1):
                    cost, lines = best[start, line - 1]
                    penalty = _penalty(text, (width - taken) / width, is_last)
                    choices.append((cost + penalty, (*lines, text)))
            if choices:
                best[end, line] = min(choices)
    found = best.get((len(parts), count))
    return found[1] if found else None


def _penalty(text: str, free: float, is_last: bool) -> float:
    """What a line costs; ``free`` is the part of the width that it leaves."""
    # A line that ends where a clause does reads better than a full one.
    return free**2 - (0.3 if _CLAUSE_END.search(text) and not is_last else 0)


def _no_wider(parts: Sequence[str], measure: Measure, width: int) -> Iterator[str]:
    """Parts that fit a line; a wider one is cut between characters, and Latin words last of all."""
    for part in parts:
        if measure(part.rstrip()) <= width:
            yield part
        else:
            yield from _units(part)


def _units(text: str) -> Iterator[str]:
    """Characters with those that must not part from them; Latin words whole if they are short."""
    words = ([word] if len(word) <= 24 else list(word) for word in _WORD.findall(text))
    return _bound(token for word in words for token in word)


def _bound(parts: Iterable[str]) -> Iterator[str]:
    """Parts joined where no line may end; white space stands behind the part before it."""
    held = ""
    for part in parts:
        rest = part.lstrip()
        held += part[: len(part) - len(rest)]
        if not rest:
            continue
        if held and rest[0] not in NOT_FIRST and held.rstrip()[-1:] not in NOT_LAST:
            yield held
            held = ""
        held += rest
    if held:
        yield held


def _shortened(
    text: str, parts: Sequence[str], measure: Measure, width: int, most: int
) -> tuple[str, ...]:
    """As many lines as there is room for, the last with an ellipsis."""
    # Single characters where even a row of marks is wider than a line.
    for units in (list(_no_wider(parts, measure, width)), list(text.strip())):
        ends = _filled(units, measure, width)[:most]
        for length in range(ends[-1], 0, -1):
            last = units[length - 1].rstrip(LOOSE)
            kept = [*units[: length - 1], last + ELLIPSIS]
            lines = break_lines(kept, measure, width, most) if last else None
            if lines:
                return lines
    return (ELLIPSIS,)
