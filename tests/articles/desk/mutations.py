"""Documents with one number or unit changed: what the comparison of two languages must notice."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from articles.document import Document

HIDDEN = re.compile(
    r"\[@[^\]]*\]|\{claim[^}]*\}|\]\([^)]*\)|\[\[[\w-]+:[^|\]]*\|?|\{#[^}]*\}|^\s*\d+\. ", re.M
)
"""Marks whose digits nobody reads as a number: keys, addresses, and the numbers of a list."""

UNIT = re.compile(
    r"(?<=\d)[\s\u00a0-]?(?:IU|µg|mg|g\b|mmol|pmol|nmol|%|(?:minute|hour|day|week|month|year)(?=s?\b))"
    r"|(?<=[\d一二三四五六七八九])[\s\u00a0]?(?:IU|µg|mg|g(?![a-z])|mmol|pmol|nmol|%|周|个月|年(?![/版轻])|小时|分钟)"
)
OTHER_UNIT = {
    **{"IU": "µg", "µg": "mg", "mg": "µg", "g": "mg", "mmol": "µmol", "pmol": "nmol"},
    **{"nmol": "pmol", "%": " IU", "minute": "hour", "hour": "minute", "day": "week"},
    **{"week": "month", "month": "year", "year": "month", "周": "天", "个月": "年"},
    **{"年": "个月", "小时": "分钟", "分钟": "小时"},
}


class Mutation(NamedTuple):
    """What was changed, in words for a failing test, and the document it gives."""

    what: str
    document: Document


def mutations(document: Document, counterpart: Document) -> Iterator[Callable[[], Mutation]]:
    """Every change of one digit or one unit, as something to call."""
    for name, source, put, others in _texts(document, counterpart):
        hidden = [match.span() for match in HIDDEN.finditer(source)]
        for match in re.finditer(r"\d", source):
            if not _is_in(hidden, match.start()) and not _is_unpaired(source, match, others):
                for digit in "0123456789".replace(match[0], ""):
                    yield _mutation(name, source, match.span(), digit, put)
        for match in UNIT.finditer(source):
            unit = match[0].lstrip(" \u00a0-")
            is_calendar = re.search(r"(?:1[89]|20)\d\d(?:/\d\d)?\Z", source[: match.start()])
            if not _is_in(hidden, match.start()) and not is_calendar:
                span = (match.end() - len(unit), match.end())
                yield _mutation(name, source, span, OTHER_UNIT[unit], put)


def _is_in(spans: list[tuple[int, int]], position: int) -> bool:
    return any(start <= position < end for start, end in spans)


def _is_unpaired(source: str, digit: re.Match, others: str) -> bool:
    """A name (K2) where the other language says “it”: nothing there could contradict it."""
    name = re.search(r"[A-Za-z]+-?\d*\Z", source[: digit.start()])
    return bool(name) and f"{name[0]}{digit[0]}" not in others


def _mutation(
    name: str, source: str, span: tuple[int, int], new: str, put: Callable[[str], Document]
) -> Callable[[], Mutation]:
    start, end = span
    changed = source[:start] + new + source[end:]
    around = f"{name}: …{source[max(0, start - 12) : end + 12]}… → {new}"
    return lambda: Mutation(around, put(changed))


def _texts(
    document: Document, counterpart: Document
) -> Iterator[tuple[str, str, Callable[[str], Document], str]]:
    """Every paired text: its name, its words, how to change it, and the other language's words."""
    for name in ("title", "standfirst"):
        yield (
            name,
            getattr(document, name),
            lambda words, name=name: replace(document, **{name: words}),
            getattr(counterpart, name),
        )
    there = {block.id: block for block in counterpart.blocks}
    yield from _parts(document, "blocks", ("source",), lambda item: there.get(item.id))
    figures, callouts = counterpart.figures_by_key, counterpart.callouts_by_key
    statements = counterpart.statements_by_claim
    yield from _parts(
        document, "figures", ("alt", "caption", "text"), lambda item: figures.get(item.key)
    )
    yield from _parts(document, "callouts", ("label", "text"), lambda item: callouts.get(item.key))
    yield from _parts(
        document, "statements", ("text", "basis"), lambda item: statements.get(item.claim)
    )


def _parts(document: Document, name: str, fields: tuple[str, ...], find) -> Iterator:
    parts = getattr(document, name)
    for place, part in enumerate(parts):
        if other := find(part):
            for field in fields:

                def put(words, place=place, part=part, field=field):
                    changed = replace(part, **{field: words})
                    return replace(
                        document, **{name: (*parts[:place], changed, *parts[place + 1 :])}
                    )

                yield f"{name}[{place}].{field}", getattr(part, field), put, getattr(other, field)
