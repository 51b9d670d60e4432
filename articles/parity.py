"""Stable block ids: carrying them over an edit, and sharing them between two languages.

A block id names "the same thing said" in every language and over every edit. Paired reading,
staleness by block, comparisons and signatures rest on it, so ids are never guessed afresh when
an older block can be recognised.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache

from articles.comparing_texts import equal_places
from articles.document import Block

MIN_SIMILARITY = 0.5
"""Share of common characters from which an edited block counts as the same block."""

MAX_WORK = 400_000
"""Characters of older blocks times those of newer ones up to which likeness is told exactly. It
costs more than their product; beyond this, a rewritten article would take seconds to recognise."""

MAX_PAIRS = 5_000
"""Blocks compared with each other at once: each with each of up to seventy, and of more only those
that stand at about the same place."""

MAX_SHAPES = 62_500
"""Shapes of one text times those of the other up to which the longest runs are looked for first.
That costs the cube of their number where shapes alternate (250 blocks: a quarter of a second)."""


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
        matches = _runs(
            [block.shape for block in source[there]], [block.shape for block in blocks[here]]
        )
        for left, right, size in matches:
            for offset in range(size):
                candidate = source[there.start + left + offset].id
                place = here.start + right + offset
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
    gaps = _gaps([block.shape for block in left], [block.shape for block in right])
    return tuple(
        ShapeDifference(
            tuple(block.id for block in left[there]), tuple(block.id for block in right[here])
        )
        for there, here in gaps
        if there.start < there.stop or here.start < here.stop
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


def _gaps(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[slice, slice]]:
    """The stretches of two lists between what both have, in order."""
    gaps, there, here = [], 0, 0
    for left, right, size in _runs(old, new):
        gaps.append((slice(there, left), slice(here, right)))
        there, here = left + size, right + size
    return gaps


def _runs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int, int]]:
    """Runs that two lists share, in order, as (place, place, length); an empty one at the end."""
    if len(old) * len(new) <= MAX_SHAPES or len(set(old)) == len(old):
        return SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    places = equal_places(old, new) or []
    return [*((left, right, 1) for left, right in places), (len(old), len(new), 0)]


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
    scored = sorted(_scored(old, new, blocks))
    pairs, used_old, used_new = [], set(), set()
    for _score, index, place in scored:
        if index not in used_old and place not in used_new:
            used_old.add(index)
            used_new.add(place)
            pairs.append((old[index], place))
    return pairs


def _scored(
    old: list[Stamp], new: list[int], blocks: Sequence[Block]
) -> Iterator[tuple[float, int, int]]:
    """Pairs that are alike, the most alike first when sorted."""
    texts = [blocks[place].source or blocks[place].argument for place in new]
    work = sum(len(stamp.source) for stamp in old) * sum(map(len, texts))
    likeness = _likeness if work <= MAX_WORK else _rough_likeness()
    reach = MAX_PAIRS // max(len(old), 1)
    for index, stamp in enumerate(old):
        middle = index * len(new) // len(old)
        for order in range(max(0, middle - reach), min(len(new), middle + reach + 1)):
            if not stamp.source or stamp.kind != blocks[new[order]].kind:
                continue
            score = likeness(stamp.source, texts[order])
            if score >= MIN_SIMILARITY:
                yield -score, index, new[order]


def _likeness(old: str, new: str) -> float:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= MIN_SIMILARITY else 0.0


def _rough_likeness() -> Callable[[str, str], float]:
    """Share of common neighbours (Dice's coefficient of pairs of characters): linear in length."""

    @cache
    def neighbours(text: str) -> Counter[str]:
        return Counter(text[place : place + 2] for place in range(len(text)))

    def likeness(old: str, new: str) -> float:
        total = len(old) + len(new)
        if 2 * min(len(old), len(new)) < MIN_SIMILARITY * total:
            return 0.0
        fewer, more = sorted((neighbours(old), neighbours(new)), key=len)
        return 2 * sum(min(count, more[pair]) for pair, count in fewer.items()) / total

    return likeness
