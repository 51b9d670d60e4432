"""What a result shows of its text: an excerpt around the first hit, with the hits marked."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from articles.markdown.extension import HAN
from articles.searching.folding import Folded, fold_with_places

HAN_WIDTH, OTHER_WIDTH = 20, 9
"""How much room a character takes, in a unit of its own."""

WIDTH = 90 * HAN_WIDTH
"""An excerpt: 90 Han characters, or 200 of other scripts."""

LEAD = WIDTH // 4
"""How much of it may stand before the first hit."""

_HAN = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uff60]")
_CAN_START = re.compile(r"(?<=[。！？；，、：])|(?<=\s)|(?<=[—…”’」）])")
_SENTENCE = re.compile(r"(?<=[。！？])|(?<=[.!?]\s)")
_LATIN = re.compile(rf"[^\W_{HAN}]")

Span = tuple[int, int]


def choose_line(lines: Iterable[str], terms: Sequence[str]) -> int:
    """Which of several texts to show: the first that holds the most terms; -1 where none does.

    ``lines`` and ``terms`` are folded. Of two with as many terms, running text is better than a
    heading.
    """
    best, best_score = -1, (0, False)
    for number, line in enumerate(lines):
        count = sum(term in line for term in terms)
        score = (count, bool(count) and _width(line) >= LEAD)
        if score > best_score:
            best, best_score = number, score
    return best


def highlight(text: str, terms: Sequence[str]) -> SafeString:
    """A whole text, escaped, its hits in ``<mark>``."""
    return _marked(text, (0, len(text)), find_hits(fold_with_places(text), terms))


def excerpt(text: str, terms: Sequence[str], is_chinese: bool) -> SafeString:
    """About ``WIDTH`` of a text around its first hit, escaped, hits in ``<mark>``.

    Without a hit: its beginning. Cuts are shown by an ellipsis of the language.
    """
    hits = find_hits(fold_with_places(text), terms)
    start, end = _window(text, hits[0] if hits else (0, 0))
    inner = [(max(a, start), min(b, end)) for a, b in hits if a < end and b > start]
    dots = "……" if is_chinese else "…"
    html = _marked(text, (start, end), inner)
    before = dots if text[:start].strip() else ""
    after = dots if text[end:].strip() else ""
    return mark_safe(f"{before}{html}{after}")  # noqa: S308 (escaped piece by piece)


def find_hits(folded: Folded, terms: Sequence[str]) -> list[Span]:
    """Where the terms stand in the original text, in order, without overlaps."""
    spans = []
    for term in terms:
        place = folded.text.find(term)
        while term and place >= 0:
            spans.append(folded.origin(place, place + len(term)))
            place = folded.text.find(term, place + len(term))
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _marked(text: str, window: Span, hits: Sequence[Span]) -> SafeString:
    place, parts = window[0], []
    for start, end in hits:
        parts += [escape(text[place:start]), f"<mark>{escape(text[start:end])}</mark>"]
        place = end
    parts.append(escape(text[place : window[1]]))
    return mark_safe("".join(parts))  # noqa: S308 (escaped piece by piece)


def _window(text: str, hit: Span) -> Span:
    """Where an excerpt begins and ends: the whole hit is inside, words are not cut."""
    if _width(text) <= WIDTH:
        return 0, len(text)
    start = _start(text, hit[0])
    room, end = WIDTH, start
    while end < len(text) and room > 0:
        room -= _width(text[end])
        end += 1
    end = max(end, hit[1])
    if end < len(text):
        while end > hit[1] and _LATIN.match(text[end - 1]) and _LATIN.match(text[end]):
            end -= 1
    return start, hit[1] if text[hit[1] : end].isspace() else end


def _start(text: str, hit: int) -> int:
    """The beginning of the hit's sentence, or a place near where a line may begin."""
    room, earliest = LEAD, hit
    while earliest > 0 and room > 0:
        earliest -= 1
        room -= _width(text[earliest])
    if earliest == 0:
        return 0
    for pattern in (_SENTENCE, _CAN_START):
        places = [match.start() for match in pattern.finditer(text, earliest, hit)]
        if places:
            return places[0]
    return hit


def _width(text: str) -> int:
    han = len(_HAN.findall(text))
    return han * HAN_WIDTH + (len(text) - han) * OTHER_WIDTH
