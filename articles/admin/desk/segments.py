"""A body as the pieces an editor types into: one for each block, each beside its counterpart.

The pieces are exact slices of the body, so that opening and saving a text changes nothing. A piece
may be typed into at will: it may hold several blocks, or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

from articles.document import Block
from articles.markdown.blocks import clean_source, split_body
from articles.parity import Stamp, carry_ids

validate_no_nul = ProhibitNullCharactersValidator()


@dataclass(frozen=True)
class Segment:
    """``unit`` is the id of the block that the piece held when it was shown, or empty."""

    unit: str
    text: str


def segments_of(body: str, blocks: Sequence[Block]) -> list[Segment]:
    """A body cut before each of its ``blocks`` (with ids and lines, as ``build_blocks`` gives)."""
    lines = clean_source(body).split("\n")
    starts = [block.line - 1 for block in blocks]
    ends = [*starts, len(lines)]
    segments = [
        Segment(block.id, "\n".join(lines[start:end]).strip("\n").rstrip())
        for block, start, end in zip(blocks, starts, ends[1:], strict=True)
    ]
    before = "\n".join(lines[: ends[0]]).strip()
    return [Segment("", before), *segments] if before else segments


def join_segments(segments: Sequence[Segment]) -> str:
    """The body that pieces make: one empty line between them."""
    texts = [segment.text.replace("\r\n", "\n").strip("\n").rstrip() for segment in segments]
    filled = [text for text in texts if text.strip()]
    return "\n\n".join(filled) + ("\n" if filled else "")


def stamps_of_segments(segments: Sequence[Segment], blocks: Sequence[Block]) -> list[str]:
    """Ids with digests for what was typed: the first like block of a piece continues its block.

    ``blocks`` are those of the text as it was shown. What stood in a piece that is empty now may
    have moved: its old stamp stays in the list, so that it is recognised elsewhere.
    """
    shown = {block.id: block for block in blocks}
    stamps: list[str] = []
    left: list[str] = []
    for segment in segments:
        if not segment.unit:
            continue
        old = shown.get(segment.unit)
        typed = split_body(segment.text).blocks
        if not typed:
            left += [f"{old.id}:{old.digest}"] if old else []
            continue
        stamps += [f"{block.id}:{block.digest}" for block in _carried(segment.unit, old, typed)]
    return list(dict.fromkeys([*stamps, *left]))


def _carried(unit: str, old: Block | None, typed: Sequence[Block]) -> list[Block]:
    """The blocks typed into one piece that have an id now."""
    known = [Stamp(unit, old.digest, old.kind, old.source or old.argument)] if old else []
    carried = carry_ids(known, typed)
    if known and any(block.id == unit for block in carried):
        return [block for block in carried if block.id]
    first, *rest = carried
    if not first.id:
        first = Block(
            first.kind, first.source, unit, first.level, first.argument, first.title, first.line
        )
    return [first, *(block for block in rest if block.id)]


class SegmentsWidget(forms.Textarea):
    """Many text areas of one name, and hidden fields that say which block each one held."""

    def value_from_datadict(self, data, files, name):
        if name not in data:
            return None
        texts = data.getlist(name) if hasattr(data, "getlist") else data[name]
        units = data.getlist(f"{name}-unit") if hasattr(data, "getlist") else []
        units = [*units, *[""] * (len(texts) - len(units))]
        return [Segment(unit, text) for unit, text in zip(units, texts, strict=False)]

    def value_omitted_from_data(self, data, files, name):
        return name not in data


class SegmentsField(forms.Field):
    """A body that arrives in pieces. Its clean value is a list of ``Segment``."""

    widget = SegmentsWidget

    def to_python(self, value) -> list[Segment]:
        """A form without a body was not made by the desk, and must not empty the text."""
        if value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        for segment in value:
            validate_no_nul(segment.text)
        return list(value)

    def has_changed(self, initial, data) -> bool:
        return join_segments(initial or []) != join_segments(data or [])
