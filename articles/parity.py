"""Stable block ids: carrying them over an edit, and sharing them between two languages.

A block id names "the same thing said" in every language and over every edit. Paired reading,
staleness by block, comparisons and signatures rest on it, so ids are never guessed afresh when
an older block can be recognised.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from articles.document import Block

MIN_SIMILARITY = 0.5
"""Share of common characters from which an edited block counts as the same block."""


@dataclass(frozen=True)
class Stamp:
    """What is remembered of a block: its id and digest, and its content where it is at hand."""

    id: str
    digest: str
    kind: str = ""
    source: str = ""


def stamps_of(blocks: Iterable[Block]) -> tuple[Stamp, ...]:
    return tuple(
        Stamp(block.id, block.digest, block.kind, block.source or block.argument)
        for block in blocks
    )


def carry_ids(previous: Sequence[Stamp], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give each block the id of the older block it continues.

    Explicit heading ids stay as typed. Unchanged blocks are recognised by digest wherever they
    moved; edited ones by kind and likeness, nearest place first. Blocks that continue nothing
    keep an empty id (see ``fill_ids``).
    """
    taken = {block.id for block in blocks if block.id}
    free = [stamp for stamp in previous if stamp.id not in taken]
    ids = [block.id for block in blocks]
    _match_unchanged(free, blocks, ids)
    _match_in_gaps(previous, free, blocks, ids)
    _match_alike(free, blocks, ids)
    return tuple(
        replace(block, id=found) if found else block
        for block, found in zip(blocks, ids, strict=True)
    )


def align_ids(source: Sequence[Block], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give blocks without an id the id of the block at the same place of the source language.

    Places correspond where the sequence of shapes (kind, level, key) does.
    """
    taken = {block.id for block in blocks if block.id}
    ids = [block.id for block in blocks]
    matcher = SequenceMatcher(
        None, [block.shape for block in source], [block.shape for block in blocks], autojunk=False
    )
    for match in matcher.get_matching_blocks():
        for offset in range(match.size):
            candidate = source[match.a + offset].id
            place = match.b + offset
            if not ids[place] and candidate not in taken:
                ids[place] = candidate
                taken.add(candidate)
    return tuple(
        replace(block, id=found) if found else block
        for block, found in zip(blocks, ids, strict=True)
    )


def fill_ids(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give every block still without an id a new one, made from its content and place.

    Derived rather than random, so that importing the same files twice gives the same ids.
    """
    taken = {block.id for block in blocks if block.id}
    filled = []
    for place, block in enumerate(blocks):
        if not block.id:
            block = replace(block, id=_new_id(block, place, taken))
            taken.add(block.id)
        filled.append(block)
    return tuple(filled)


@dataclass(frozen=True)
class ShapeDifference:
    """A place where two languages differ: the ids on either side (either may be empty)."""

    source_ids: tuple[str, ...]
    ids: tuple[str, ...]


def shape_differences(
    source: Sequence[Block], blocks: Sequence[Block]
) -> tuple[ShapeDifference, ...]:
    """Where the sequence of shapes of two languages differs. Footnotes do not count."""
    left = [block for block in source if block.kind != "footnote"]
    right = [block for block in blocks if block.kind != "footnote"]
    matcher = SequenceMatcher(
        None, [block.shape for block in left], [block.shape for block in right], autojunk=False
    )
    return tuple(
        ShapeDifference(
            tuple(block.id for block in left[a1:a2]), tuple(block.id for block in right[b1:b2])
        )
        for tag, a1, a2, b1, b2 in matcher.get_opcodes()
        if tag != "equal"
    )


def _new_id(block: Block, place: int, taken: set[str]) -> str:
    salt = 0
    while True:
        seed = f"{block.kind}\x1f{block.argument}\x1f{block.source}\x1f{place}\x1f{salt}"
        candidate = "b" + hashlib.sha256(seed.encode()).hexdigest()[:4]
        if candidate not in taken:
            return candidate
        salt += 1


def _match_unchanged(free: list[Stamp], blocks: Sequence[Block], ids: list[str]) -> None:
    by_digest: dict[str, list[Stamp]] = {}
    for stamp in free:
        by_digest.setdefault(stamp.digest, []).append(stamp)
    for place, block in enumerate(blocks):
        if not ids[place] and (candidates := by_digest.get(block.digest)):
            stamp = candidates.pop(0)
            ids[place] = stamp.id
            free.remove(stamp)


def _match_in_gaps(
    previous: Sequence[Stamp], free: list[Stamp], blocks: Sequence[Block], ids: list[str]
) -> None:
    """Between two recognised neighbours, match what is left in order when it is alike."""
    places = {stamp.id: index for index, stamp in enumerate(previous)}
    waiting = set(free)
    edges = [(-1, -1)]
    for place, found in enumerate(ids):
        if found in places and places[found] > edges[-1][0]:
            edges.append((places[found], place))
    edges.append((len(previous), len(blocks)))
    for (old_start, new_start), (old_end, new_end) in zip(edges, edges[1:], strict=False):
        old = [stamp for stamp in previous[old_start + 1 : old_end] if stamp in waiting]
        new = [place for place in range(new_start + 1, new_end) if not ids[place]]
        if len(old) == len(new):
            pairs = zip(old, new, strict=True)
        else:
            pairs = _best_pairs(old, new, blocks)
        for stamp, place in pairs:
            if _may_continue(stamp, blocks[place]):
                ids[place] = stamp.id
                free.remove(stamp)
                waiting.discard(stamp)


def _match_alike(free: list[Stamp], blocks: Sequence[Block], ids: list[str]) -> None:
    new = [place for place, found in enumerate(ids) if not found]
    for stamp, place in _best_pairs(list(free), new, blocks):
        ids[place] = stamp.id
        free.remove(stamp)


def _best_pairs(
    old: list[Stamp], new: list[int], blocks: Sequence[Block]
) -> list[tuple[Stamp, int]]:
    scored = sorted(
        (
            (-likeness, index, place)
            for index, stamp in enumerate(old)
            for place in new
            if (likeness := _likeness(stamp, blocks[place])) >= MIN_SIMILARITY
        ),
    )
    pairs, used_old, used_new = [], set(), set()
    for _score, index, place in scored:
        if index not in used_old and place not in used_new:
            used_old.add(index)
            used_new.add(place)
            pairs.append((old[index], place))
    return pairs


def _likeness(stamp: Stamp, block: Block) -> float:
    if stamp.kind != block.kind or not stamp.source:
        return 0.0
    matcher = SequenceMatcher(None, stamp.source, block.source or block.argument, autojunk=False)
    if matcher.quick_ratio() < MIN_SIMILARITY:
        return 0.0
    return matcher.ratio()


def _may_continue(stamp: Stamp, block: Block) -> bool:
    """Same place and same kind is enough: a rewritten paragraph is still that paragraph."""
    return not stamp.kind or stamp.kind == block.kind
