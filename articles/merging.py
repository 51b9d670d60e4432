"""Two editors changed one text: put together what can be, and name what cannot. Pure.

A three-way merge by passage: what only one side changed is taken from that side; what both changed
differently stays as the second editor typed it, and is reported.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from articles.document import Block, Document
from articles.units import units_of

Item = TypeVar("Item")

FIELDS = (
    *("title", "standfirst", "seal", "original_label", "edition_note"),
    *("seo_title", "seo_description"),
)


@dataclass(frozen=True)
class Merged:
    """``taken`` are units that came from the other editor, ``clashes`` those that both changed."""

    document: Document
    taken: tuple[str, ...]
    clashes: tuple[str, ...]


def merge_documents(base: Document, mine: Document, theirs: Document) -> Merged:
    """What ``mine`` becomes when the other editor's changes since ``base`` are put in.

    Only what a text holds is merged; what belongs to its article is as it is in ``theirs``.
    """
    values: dict[str, Any] = {
        name: _choose(getattr(base, name), getattr(mine, name), getattr(theirs, name))
        for name in FIELDS
    }
    mention = _choose(
        base.mention or base.hidden_mention,
        mine.mention or mine.hidden_mention,
        theirs.mention or theirs.hidden_mention,
    )
    is_hidden = theirs.hidden_mention is not None or mine.hidden_mention is not None
    merged = replace(
        theirs,
        **values,
        blocks=_merge_lists(base.blocks, mine.blocks, theirs.blocks, _id, _choose),
        figures=_merge_lists(base.figures, mine.figures, theirs.figures, _key, _by_attribute),
        callouts=_merge_lists(base.callouts, mine.callouts, theirs.callouts, _key, _by_attribute),
        statements=_merge_lists(
            base.statements,
            mine.statements,
            theirs.statements,
            lambda statement: statement.claim,
            _by_attribute,
        ),
        mention=None if is_hidden else mention,
        hidden_mention=mention if is_hidden else None,
    )
    return Merged(merged, *_report(base, mine, theirs, merged))


def _id(block: Block) -> str:
    return block.id


def _key(row) -> str:
    return row.key


def _choose(base, mine, theirs):
    """The side that changed; mine where both did."""
    return theirs if mine == base else mine


def _by_attribute(base, mine, theirs):
    """One row, attribute by attribute."""
    if base is None or mine is None or theirs is None:
        return _choose(base, mine, theirs)
    return replace(
        mine,
        **{
            item.name: _choose(
                getattr(base, item.name), getattr(mine, item.name), getattr(theirs, item.name)
            )
            for item in fields(mine)
        },
    )


def _merge_lists(
    base: Sequence[Item],
    mine: Sequence[Item],
    theirs: Sequence[Item],
    name: Callable[[Item], Hashable],
    choose: Callable[[Item | None, Item | None, Item | None], Item | None],
) -> tuple[Item, ...]:
    """My order, with the other's new items behind the item that precedes them there.

    An item that one side deleted and the other changed stays: nothing that was typed is lost.
    """
    old = {name(item): item for item in base}
    ours = {name(item): item for item in mine}
    new = {name(item): item for item in theirs}
    order = list(ours)
    before = None
    for key in new:
        is_lost = key not in ours and (key not in old or new[key] != old[key])
        if is_lost:
            order.insert(order.index(before) + 1 if before in order else 0, key)
        before = key
    merged = []
    for key in order:
        if key in old and key not in new and ours.get(key) == old[key]:
            continue
        item = choose(old.get(key), ours.get(key), new.get(key))
        chosen = item if item is not None else ours.get(key, new.get(key))
        if chosen is not None:
            merged.append(chosen)
    return tuple(merged)


def _report(
    base: Document, mine: Document, theirs: Document, merged: Document
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, own, new, now = (
        {unit.id: unit.digest for unit in units_of(document)}
        for document in (base, mine, theirs, merged)
    )
    moved_there = [unit for unit in {**new, **old} if new.get(unit) != old.get(unit)]
    clashes = tuple(
        unit
        for unit in moved_there
        if own.get(unit) != old.get(unit) and own.get(unit) != new.get(unit)
    )
    taken = tuple(
        unit
        for unit in moved_there
        if unit not in clashes and now.get(unit) == new.get(unit) and own.get(unit) != new.get(unit)
    )
    return taken, clashes
