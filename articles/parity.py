"""Stable block ids: carrying them over an edit, and sharing them between two languages.

A block id names "the same thing said" in every language and over every edit. Paired reading,
staleness by block, comparisons and signatures rest on it, so ids are never guessed afresh when
an older block can be recognised.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
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


Pairs = list[tuple[Stamp, int]]
"""Older blocks, each with the place of the block that continues it."""


def stamps_of(blocks: Iterable[Block]) -> tuple[Stamp, ...]:
    return tuple(
        Stamp(block.id, block.digest, block.kind, block.source or block.argument)
        for block in blocks
    )


def carry_ids(previous: Sequence[Stamp], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give each block the id of the older block it continues.

    Explicit heading ids stay as typed. Unchanged blocks are recognised by digest wherever they
    moved; then, between two recognised neighbours, edited ones by likeness and rewritten ones by
    their place; then edited ones that moved. Blocks that continue nothing keep an empty id (see
    ``fill_ids``).
    """
    previous = list({stamp.id: stamp for stamp in previous if stamp.id}.values())
    ids = [block.id for block in blocks]
    taken = set(ids)
    free = [stamp for stamp in previous if stamp.id not in taken]
    _match_unchanged(free, blocks, ids)
    _match_in_gaps(previous, free, blocks, ids, _best_pairs)
    _match_in_gaps(previous, free, blocks, ids, _pairs_in_order)
    _match(free, ids, _best_pairs(free, _without_id(ids), blocks))
    return _with_ids(blocks, ids)


def align_ids(source: Sequence[Block], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give blocks without an id the id of the block at the same place of the source language.

    Places correspond where, between two blocks whose ids are shared already, the sequence of
    shapes (kind, level, key) does.
    """
    ids = [block.id for block in blocks]
    taken = set(ids)
    for there, here in _gaps([block.id for block in source], ids):
        matcher = SequenceMatcher(
            None,
            [block.shape for block in source[there]],
            [block.shape for block in blocks[here]],
            autojunk=False,
        )
        for match in matcher.get_matching_blocks():
            for offset in range(match.size):
                candidate = source[there.start + match.a + offset].id
                place = here.start + match.b + offset
                if not ids[place] and candidate not in taken:
                    ids[place] = candidate
                    taken.add(candidate)
    return _with_ids(blocks, ids)


def fill_ids(blocks: Sequence[Block], reserved: Iterable[str] = ()) -> tuple[Block, ...]:
    """Give every block still without an id a new one, made from its content and place.

    Derived rather than random, so that importing the same files twice gives the same ids.
    ``reserved`` are ids that mean something else already: of the other language, or of a block
    that has just been deleted.
    """
    taken = {block.id for block in blocks if block.id} | set(reserved)
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
    previous: Sequence[Stamp],
    free: list[Stamp],
    blocks: Sequence[Block],
    ids: list[str],
    choose: Callable[[list[Stamp], list[int], Sequence[Block]], Pairs],
) -> None:
    """Match what is left between two recognised neighbours."""
    waiting = set(free)
    for there, here in _gaps([stamp.id for stamp in previous], ids):
        old = [stamp for stamp in previous[there] if stamp in waiting]
        new = [place for place in range(here.start, here.stop) if not ids[place]]
        _match(free, ids, choose(old, new, blocks))


def _gaps(old: Sequence[str], new: Sequence[str]) -> list[tuple[slice, slice]]:
    """The stretches of two lists of ids between the ids that both have, in order."""
    gaps, there, here = [], 0, 0
    for match in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        gaps.append((slice(there, match.a), slice(here, match.b)))
        there, here = match.a + match.size, match.b + match.size
    return gaps


def _match(free: list[Stamp], ids: list[str], pairs: Pairs) -> None:
    for stamp, place in pairs:
        ids[place] = stamp.id
        free.remove(stamp)


def _without_id(ids: Sequence[str]) -> list[int]:
    return [place for place, found in enumerate(ids) if not found]


def _with_ids(blocks: Sequence[Block], ids: Sequence[str]) -> tuple[Block, ...]:
    return tuple(replace(block, id=found) for block, found in zip(blocks, ids, strict=True))


def _pairs_in_order(old: list[Stamp], new: list[int], blocks: Sequence[Block]) -> Pairs:
    """Same place and same kind is enough: a rewritten paragraph is still that paragraph."""
    if len(old) != len(new):
        return []
    return [
        (stamp, place)
        for stamp, place in zip(old, new, strict=True)
        if not stamp.kind or stamp.kind == blocks[place].kind
    ]


def _best_pairs(old: list[Stamp], new: list[int], blocks: Sequence[Block]) -> Pairs:
    """Old blocks with the new ones that are most like them."""
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
