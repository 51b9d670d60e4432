"""Two editors changed one text: put together what can be, and name what cannot. Pure.

A three-way merge by passage: what only one side changed is taken from that side; what both changed
differently stays as the second editor typed it, and is reported.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from articles.document import Block, Document
from articles.units import Unit, units_of

Item = TypeVar("Item")

FIELDS_WITHOUT_UNIT = ("seal", "original_label", "seo_title", "seo_description")
FIELDS = ("title", "standfirst", "edition_note", *FIELDS_WITHOUT_UNIT)


@dataclass(frozen=True)
class Merged:
    """``taken`` are parts (``parts_of``) that came from the other editor, ``clashes`` those that
    both changed."""

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
    mention = _by_attribute(
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
    """One row, attribute by attribute; of one that both added, also what only one filled in."""
    if base is None and mine is not None and theirs is not None:
        values = {item.name: getattr(mine, item.name) for item in fields(mine)}
        return replace(
            mine, **{name: value or getattr(theirs, name) for name, value in values.items()}
        )
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
    """The order of the side that moved something (mine where both did), with every item of each.

    An item that one side deleted and the other changed stays: nothing that was typed is lost.
    """
    old, ours, new = (_named(items, name) for items in (base, mine, theirs))
    merged = []
    for key in _merge_order(old, ours, new):
        before, own, other = old.get(key), ours.get(key), new.get(key)
        if own is None and other == before or other is None and own == before:
            continue
        chosen = choose(before, own, other)
        merged.append(chosen if chosen is not None else own if own is not None else other)
    return tuple(merged)


def _named(items: Iterable[Item], name: Callable[[Item], Hashable]) -> dict[Hashable, Item]:
    """Items by their name. One that an earlier item has already is told apart by a number."""
    seen: Counter[Hashable] = Counter()
    named = {}
    for item in items:
        key = name(item)
        named[key, seen[key]] = item
        seen[key] += 1
    return named


def _merge_order(
    old: Mapping[Hashable, Any], ours: Mapping[Hashable, Any], new: Mapping[Hashable, Any]
) -> list[Hashable]:
    """Every name of both sides: what only one of them has stands behind what precedes it there."""
    has_moved = [key for key in ours if key in old] != [key for key in old if key in ours]
    leading, following = (ours, new) if has_moved else (new, ours)
    order = list(leading)
    before = None
    for key in following:
        if key not in leading:
            order.insert(order.index(before) + 1 if before is not None else 0, key)
        before = key
    return order


def _report(
    base: Document, mine: Document, theirs: Document, merged: Document
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, own, new, now = (
        {part.id: part.digest for part in parts_of(document)}
        for document in (base, mine, theirs, merged)
    )
    moved_there = [part for part in {**new, **old} if new.get(part) != old.get(part)]
    clashes = tuple(
        part
        for part in moved_there
        if own.get(part) != old.get(part) and own.get(part) != new.get(part)
    )
    taken = tuple(
        part
        for part in moved_there
        if part not in clashes and now.get(part) == new.get(part) and own.get(part) != new.get(part)
    )
    return taken, clashes


def parts_of(document: Document) -> tuple[Unit, ...]:
    """Everything an editor can change at the desk, in reading order: the units of a document, and
    what is chosen or typed beside them. No two have the same id."""
    seen: Counter[str] = Counter()
    parts = []
    for part in (*units_of(document), *_choices(document)):
        seen[part.id] += 1
        number = seen[part.id]
        parts.append(part if number == 1 else replace(part, id=f"{part.id}~{number}"))
    return tuple(parts)


def _choices(document: Document) -> Iterator[Unit]:
    """What has no unit: fields that nobody translates, pictures, icons and the product."""
    for name in FIELDS_WITHOUT_UNIT:
        yield from _part(f"@{name.replace('_', '-')}", getattr(document, name))
    for figure in document.figures:
        yield from _part(f"@figure:{figure.key}:image", figure.image.key)
        narrow = figure.narrow_image.key if figure.narrow_image else ""
        yield from _part(f"@figure:{figure.key}:narrow-image", narrow)
    for callout in document.callouts:
        yield from _part(f"@callout:{callout.key}:icon", callout.icon)
    mention = document.mention or document.hidden_mention
    if mention:
        yield from _part("@mention:product", mention.product)


def _part(name: str, text: str) -> Iterator[Unit]:
    if text.strip():
        yield Unit(name, name[1:].split(":")[0], text, text)
