"""What changed between two texts, for people to read. Pure: no database, no request.

``compare_texts`` shows two versions of one text as pieces that stayed, went and came;
``compare_documents`` does it unit by unit (see ``articles.units``), with moves shown as moves, and
``compare_facts`` compares what no unit says: grades, references, people, the product.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from articles.comparing_labels import label_of
from articles.comparing_texts import Piece, compare_texts, compare_values
from articles.document import Document
from articles.labels import GRADES, ROLES
from articles.markdown.blocks import CONTAINERS, LEAVES, TAG
from articles.markdown.extension import CITATION, CLAIM, TERM
from articles.units import Unit, units_of

__all__ = [
    "GRADE",
    "Piece",
    "UnitChange",
    "compare_documents",
    "compare_facts",
    "compare_texts",
    "compare_values",
    "differences",
    "label_of",
    "plain_text",
]


@dataclass(frozen=True)
class UnitChange:
    """What became of one unit. ``old`` or ``new`` is None where it is not.

    ``kind`` is ``same``, ``changed``, ``added``, ``removed`` or ``moved``; a unit that moved and
    changed is ``changed`` with ``is_moved``. ``was_below`` says from where a moved one came.
    """

    kind: str
    old: Unit | None
    new: Unit | None
    language: str
    is_moved: bool = False
    was_below: bool = False

    @property
    def unit(self) -> Unit:
        """The unit as it is, or as it was."""
        return self.new or self.old

    @property
    def id(self) -> str:
        return self.unit.id

    @property
    def label(self) -> str:
        """What people call it, in the language in force when it is printed."""
        return label_of(self.unit.id, self.unit.kind)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """What editors type, compared."""
        return self._compared(lambda unit: unit.text)

    @cached_property
    def plain_pieces(self) -> tuple[Piece, ...]:
        """What readers read, compared: without the marks of the body."""
        return self._compared(plain_text)

    @property
    def has_other_words(self) -> bool:
        """False for a change of marks only: an emphasis, the source of a statement."""
        return any(piece.op != "same" for piece in self.plain_pieces)

    def _compared(self, text_of: Callable[[Unit], str]) -> tuple[Piece, ...]:
        before, after = (text_of(unit) if unit else "" for unit in (self.old, self.new))
        return compare_texts(before, after, self.language)


def compare_documents(old: Document, new: Document) -> tuple[UnitChange, ...]:
    """Every unit of either document, in the reading order of the new one.

    Removed units stand where they were. Of the blocks that changed their order the fewest count
    as moved; what a body only places (a caption, a statement) has no place to move from.
    """
    return _compare_units(units_of(old), units_of(new), new.language)


def compare_facts(old: Document, new: Document) -> tuple[UnitChange, ...]:
    """What differs of grades, references, people and product; what is the same is left out."""
    changes = _compare_units(tuple(_facts(old)), tuple(_facts(new)), new.language)
    return tuple(change for change in changes if change.kind != "same")


def differences(old: Document, new: Document) -> list[UnitChange]:
    """Everything that differs for a reader: passages first, then facts."""
    passages = compare_documents(old, new)
    return [*(item for item in passages if item.kind != "same"), *compare_facts(old, new)]


def _compare_units(
    old: Sequence[Unit], new: Sequence[Unit], language: str
) -> tuple[UnitChange, ...]:
    before, after = _by_section(old), _by_section(new)
    return tuple(
        change
        for section in sorted(before.keys() | after.keys())
        for change in _compare_section(
            before.get(section, []), after.get(section, []), language, can_move=section == BODY
        )
    )


def _by_section(units: Iterable[Unit]) -> dict[int, list[Unit]]:
    """Units by section, each with an id of its own: a draft may name two headings alike."""
    sections: dict[int, list[Unit]] = {}
    seen: Counter[str] = Counter()
    for unit in units:
        seen[unit.id] += 1
        if seen[unit.id] > 1:
            unit = replace(unit, id=f"{unit.id}~{seen[unit.id]}")
        sections.setdefault(_section(unit), []).append(unit)
    return sections


GRADE = "@grade:"
"""What ids of grades begin with, among the facts of a document."""

_ORDER = ("title", "standfirst", "edition-note", "", "figure", "callout", "statement", "mention")
BODY = _ORDER.index("")


def _section(unit: Unit) -> int:
    """Where a unit stands in the reading order: units only ever change places in the body."""
    if unit.is_block:
        return BODY
    return _ORDER.index(unit.kind) if unit.kind in _ORDER else len(_ORDER)


def _compare_section(
    old: Sequence[Unit], new: Sequence[Unit], language: str, *, can_move: bool
) -> Iterator[UnitChange]:
    before = {unit.id: unit for unit in old}
    places = {unit.id: place for place, unit in enumerate(old)}
    order = [places[unit.id] for unit in new if unit.id in places]
    still = longest_increasing(order) if can_move else set(order)
    kept = {unit.id for unit in new}
    anchors = {unit.id for unit in old if unit.id in kept and places[unit.id] in still}
    removed = _removed_after(old, anchors, kept, language)
    yield from removed.get("", ())
    seen: set[str] = set()
    for unit in new:
        earlier = before.get(unit.id)
        if earlier is None:
            yield UnitChange("added", None, unit, language)
        else:
            is_moved = can_move and unit.id not in anchors
            kind = "same" if _says_the_same(earlier, unit) else "changed"
            yield UnitChange(
                "moved" if is_moved and kind == "same" else kind,
                earlier,
                unit,
                language,
                is_moved=is_moved,
                was_below=is_moved and _was_below(unit.id, places, anchors, seen),
            )
        if unit.id in anchors:
            seen.add(unit.id)
            yield from removed.get(unit.id, ())


def _says_the_same(old: Unit, new: Unit) -> bool:
    return (old.kind, old.digest) == (new.kind, new.digest)


def _was_below(unit: str, places: dict[str, int], anchors: set[str], seen: set[str]) -> bool:
    """Whether a moved unit stood after some unit that it stands before now."""
    return any(places[anchor] < places[unit] for anchor in anchors - seen)


def _removed_after(
    old: Sequence[Unit], anchors: set[str], kept: set[str], language: str
) -> dict[str, list[UnitChange]]:
    """Removed units by the id of the unit they stood after; "" at the very start."""
    removed: dict[str, list[UnitChange]] = {}
    last = ""
    for unit in old:
        if unit.id in anchors:
            last = unit.id
        elif unit.id not in kept:
            removed.setdefault(last, []).append(UnitChange("removed", unit, None, language))
    return removed


def longest_increasing(numbers: Sequence[int]) -> set[int]:
    """The numbers of a longest increasing subsequence. Each number occurs once.

    Patience sorting: for every length, the smallest number a run of that length can end with.
    """
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        before[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    found = set()
    number = ends[-1] if ends else None
    while number is not None:
        found.add(number)
        number = before[number]
    return found


# What readers read

_LINK = re.compile(r"\[([^\[\]\n]*)\]\(([^()\s]*)[^()\n]*\)")
_EMPHASIS = re.compile(r"(?<![\\*])\*{1,3}(?=\S)([^*\n]+?)(?<=\S)\*{1,3}(?!\*)")
_HEADING = re.compile(r"^#{1,6} (.*?)(?: \{#[^}\s]*\})?\Z", re.S)


def plain_text(unit: Unit) -> str:
    """A unit without the marks of the body: what a reader reads of it, or can look up."""
    text = _block_text(unit) if unit.is_block else unit.text
    text = CLAIM.sub("", text)
    text = CITATION.sub(lambda match: match[0].replace("@", ""), text)
    text = TERM.sub(lambda match: match[2] or match[1], text)
    text = _LINK.sub(r"\1 (\2)", text)
    return _EMPHASIS.sub(r"\1", text)


def _block_text(unit: Unit) -> str:
    if unit.kind in LEAVES:
        tag = TAG.match(unit.text)
        return (tag["title"] or tag["argument"] or "") if tag else ""
    if unit.kind == "rule":
        return ""
    if unit.kind == "heading":
        return _HEADING.sub(r"\1", unit.text)
    if unit.kind in CONTAINERS:
        lines = (_line_of_container(line) for line in unit.text.split("\n"))
        return "\n".join(lines).strip()
    return unit.text


def _line_of_container(line: str) -> str:
    """A block tag is read as its title alone."""
    tag = TAG.match(line)
    return line if tag is None or tag["name"] == "term" else (tag["title"] or "")


# Facts


def _facts(document: Document) -> Iterator[Unit]:
    """What a document says outside its texts, as units of one line each."""
    for statement in document.statements:
        # The words are for readers, who know no keys; whether they changed is a unit's to say.
        grade = str(GRADES[statement.grade])
        words = " · ".join(word for word in (grade, statement.text) if word)
        yield Unit(f"{GRADE}{statement.claim}", "grade", words, statement.grade)
    for reference in document.references:
        words = [reference.authors, str(reference.year or ""), reference.title or reference.label]
        words += [reference.container, reference.locator, reference.address]
        yield _fact("reference", reference.key, ". ".join(word for word in words if word))
    people: dict[str, list[str]] = {}
    for item in document.contributions:
        people.setdefault(item.author, []).append(str(ROLES[item.role]))
    for author, roles in people.items():
        yield _fact("person", author, " · ".join(roles))
    if document.mention:
        mention = document.mention
        words = [mention.brand, mention.name, mention.components, mention.label_note]
        words.append(mention.website)
        yield _fact("product", mention.product, " · ".join(word for word in words if word))


def _fact(kind: str, key: str, text: str) -> Unit:
    return Unit(f"@{kind}:{key}", kind, text, text)
