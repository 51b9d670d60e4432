"""The rows of the desk: what an editor types, beside the same passage in the other language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from articles.admin.desk.segments import Segment
from articles.building import build_document
from articles.comparing import compare_texts
from articles.desk import Finding
from articles.document import Document, FigureData
from articles.markdown.blocks import LEAVES
from articles.models import ArticleTranslation
from articles.rendering import render_blocks
from articles.services.saving import source_of
from articles.units import Unit, units_of

LOOK_BACK = 60
"""Revisions of the source that are searched for the passage a translation was made from."""

_ADDRESS = re.compile(r' (?:id|for|aria-labelledby|aria-describedby|tabindex)="[^"]*"')
_LINK = re.compile(r"<(/?)a\b[^>]*>")


@dataclass(frozen=True)
class Counterpart:
    """One passage of the other language: how it is typed and how it looks."""

    unit: Unit
    html: SafeString


@dataclass(frozen=True)
class Staleness:
    """What happened to the source of one passage. ``pieces`` is the difference, if it is known."""

    unit: str
    change: str
    pieces: Sequence[Any] = ()


@dataclass
class Row:
    """``unit`` names the passage; either side may be missing."""

    unit: str
    segment: Segment | None = None
    other: Counterpart | None = None
    stale: Staleness | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return anchor_of(self.unit)

    @property
    def lines(self) -> int:
        """Rows of the text area, for browsers that cannot fit it to its text."""
        text = self.segment.text if self.segment else (self.other.unit.text if self.other else "")
        wide = sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
        return min(40, max(1, text.count("\n") + 1, -(-wide // 62)))

    @property
    def is_behind(self) -> bool:
        """Whether there is more to say about the source than that its passage is missing here,
        which the empty field says."""
        return bool(self.stale) and not (self.stale.change == "missing" and self.segment is None)

    @property
    def is_heading(self) -> bool:
        text = self.segment.text if self.segment else ""
        return text.startswith("#")


def anchor_of(unit: str) -> str:
    """The address of a passage on the screen; what a finding links to."""
    return "unit-" + re.sub(r"[^a-zA-Z0-9-]+", "-", unit.lstrip("@"))


class Pairing:
    """Both languages of a text, passage by passage, and what the source changed since."""

    def __init__(self, translation: ArticleTranslation):
        self.translation = translation
        self.other = other_of(translation)
        self.document = build_document(self.other) if self.other else None
        self.units = {unit.id: unit for unit in units_of(self.document)} if self.document else {}
        source = source_of(translation)
        self.source = source
        is_pair = source is not None and self.other is not None and source.pk == self.other.pk
        self.stale = _stale(translation, source, self.units) if is_pair else {}

    def counterparts(self) -> dict[str, Counterpart]:
        """Every passage of the other language by its id."""
        if self.document is None:
            return {}
        rendered = render_blocks(self.document)
        figures = self.document.figures_by_key
        return {
            unit.id: Counterpart(unit, _shown(unit, rendered, figures))
            for unit in self.units.values()
        }

    def rows(self, segments: Sequence[Segment], *, is_whole: bool) -> list[Row]:
        """The body's rows: own pieces and the other language's blocks, side by side in order."""
        found = self.counterparts()
        if is_whole:
            first = segments[0] if segments else Segment("", "")
            return [Row("body", first)]
        theirs = [unit.id for unit in self.units.values() if unit.is_block]
        rows = [
            Row(
                unit=segment.unit if segment else unit,
                segment=segment,
                other=found.get(unit),
                stale=self.stale.get(segment.unit if segment else unit),
            )
            for segment, unit in _aligned(segments, theirs)
        ]
        if not rows or (rows[-1].segment and rows[-1].segment.text.strip()):
            rows.append(Row("end"))
        for place, row in enumerate(rows):
            row.unit = row.unit or f"new-{place}"
        return rows


def other_of(translation: ArticleTranslation) -> ArticleTranslation | None:
    """The text beside this one: the source, or for the source the other language."""
    others = translation.article.translations.exclude(pk=translation.pk).select_related("article")
    ordered = sorted(
        others, key=lambda other: other.language != translation.article.source_language
    )
    return ordered[0] if ordered else None


def _aligned(segments: Sequence[Segment], units: Sequence[str]):
    """Pairs of (piece, id of the other's block), either None where the other has nothing."""
    own = [segment.unit for segment in segments]
    matcher = SequenceMatcher(None, own, units, autojunk=False)
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(segments[a1:a2], units[b1:b2], strict=True)
        else:
            yield from ((segment, "") for segment in segments[a1:a2])
            yield from ((None, unit) for unit in units[b1:b2])


def _shown(
    unit: Unit, rendered: Mapping[str, SafeString], figures: Mapping[str, FigureData]
) -> SafeString:
    """One passage as it looks, to be read beside one's own.

    Addresses inside are dropped, because the screen has its own; links too, because on a keyboard
    each would be one more stop between two fields.
    """
    if not unit.is_block:
        return mark_safe(f"<p>{escape(unit.text)}</p>")  # noqa: S308 (escaped)
    if unit.kind in LEAVES:
        return mark_safe(f"<p><code>{escape(unit.text)}</code></p>")  # noqa: S308 (escaped)
    html = _LINK.sub(r"<\1span>", rendered[unit.id])
    return mark_safe(_ADDRESS.sub("", html))  # noqa: S308 (rendered and cleaned)


def _stale(
    translation: ArticleTranslation,
    source: ArticleTranslation,
    units: Mapping[str, Unit],
) -> dict[str, Staleness]:
    """Of each passage that is behind, what happened to its source."""
    known = translation.source_hashes
    changed = {
        unit.id: known[unit.id]
        for unit in units.values()
        if unit.id in known and known[unit.id] != unit.digest
    }
    texts = former_texts(source, changed)
    stale = {
        unit: Staleness(
            unit,
            "changed",
            compare_texts(texts[unit], units[unit].text, source.language) if unit in texts else (),
        )
        for unit in changed
    }
    for unit in units.values():
        if unit.id not in known:
            stale[unit.id] = Staleness(unit.id, "missing")
    for unit in known.keys() - units.keys():
        stale[unit] = Staleness(unit, "removed")
    return stale


def former_texts(source: ArticleTranslation, wanted: Mapping[str, str]) -> dict[str, str]:
    """What passages said when they had the digests given; unknown where no revision has them."""
    left = dict(wanted)
    found: dict[str, str] = {}
    if not left:
        return found
    for revision in source.revisions.order_by("-number")[:LOOK_BACK]:
        for unit in units_of(revision.as_document()):
            if left.get(unit.id) == unit.digest:
                found[unit.id] = unit.text
                del left[unit.id]
        if not left:
            break
    return found


def texts_of(document: Document | None) -> dict[str, str]:
    """Every passage's typed text by its id."""
    return {unit.id: unit.text for unit in units_of(document)} if document else {}
