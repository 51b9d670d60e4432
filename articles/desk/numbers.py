"""Do the numbers and units of both languages agree."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.findings import STOP, WARN, Finding
from articles.desk.quantities import (
    Quantity,
    names_in,
    quantities_in,
    unmatched,
    unmatched_names,
)
from articles.desk.rules import COUNTERPART, Rule
from articles.desk.texts import Text, printed_texts
from articles.desk.words import without_list_marks, words_of
from articles.document import Document


class _Piece(NamedTuple):
    """One text of a unit, and the numbers in its words."""

    text: Text
    quantities: tuple[Quantity, ...]


def numbers_agree(document: Document, counterpart: Document) -> Iterator[Finding]:
    """Every number, with its unit, that only one of two paired units has.

    Units are paired by their id; the order of the numbers inside a piece is free. A difference in a
    dose stops, because both languages cannot be right.
    """
    here, there = _units(document), _units(counterpart)
    names_here, names_there = _names_of(here), _names_of(there)
    for unit, ours in here.items():
        for piece, other in _paired(ours, there.get(unit, [])):
            left, right = unmatched(piece.quantities, other.quantities)
            left += unmatched_names(piece.quantities, other.quantities, names_there)
            right += unmatched_names(other.quantities, piece.quantities, names_here)
            if left or right:
                yield _finding(piece, left, right)


def _units(document: Document) -> dict[str, list[_Piece]]:
    units: dict[str, list[_Piece]] = {}
    for text in printed_texts(document):
        if not text.source.strip():
            continue
        words = without_list_marks(words_of(text.source, document))
        units.setdefault(text.unit, []).append(_Piece(text, quantities_in(words)))
    return units


def _names_of(units: dict[str, list[_Piece]]) -> frozenset[str]:
    return names_in(
        quantity for pieces in units.values() for piece in pieces for quantity in piece.quantities
    )


def _paired(ours: list[_Piece], theirs: list[_Piece]) -> list[tuple[_Piece, _Piece]]:
    """Piece by piece where a container is built alike, otherwise the unit as a whole."""
    if not theirs:
        return []
    if [piece.text.kind for piece in ours] == [piece.text.kind for piece in theirs]:
        return list(zip(ours, theirs, strict=True))
    return [(_joined(ours), _joined(theirs))]


def _joined(pieces: list[_Piece]) -> _Piece:
    return _Piece(pieces[0].text, tuple(item for piece in pieces for item in piece.quantities))


def _finding(piece: _Piece, left: list[Quantity], right: list[Quantity]) -> Finding:
    is_dose = any(quantity.has_dose_unit for quantity in (*left, *right))
    position = max(0, piece.text.source.find(left[0].text)) if left else 0
    if left and right:
        message = _("Here: %(here)s. In the other language: %(there)s. Correct the wrong one.")
    elif left:
        message = _("The other language does not have: %(here)s. Add it there, or correct it here.")
    else:
        message = _("Only the other language has: %(there)s. Add it here, or correct it there.")
    values = {"here": _listed(left), "there": _listed(right)}
    return piece.text.finding(
        "numbers-differ", STOP if is_dose else WARN, message % values, position
    )


def _listed(quantities: list[Quantity]) -> str:
    return " · ".join(dict.fromkeys(quantity.text for quantity in quantities))


RULES = (
    Rule(
        "numbers-differ",
        numbers_agree,
        gettext_lazy("Numbers and units agree in both languages"),
        gettext_lazy(
            "A dose, a limit or a result that differs between the languages is wrong in one of "
            "them, and a reader cannot tell which."
        ),
        gettext_lazy(
            "Compare both blocks with the source and correct the wrong one. How it is written is "
            "free: 400 IU and 400国际单位, four weeks and 4周, 1,000 and 1000 are the same."
        ),
        STOP,
        (COUNTERPART,),
    ),
)
