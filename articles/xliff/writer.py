"""A translation as an XLIFF 2.0 file for a translator's own program.

Marks of the site are inline codes, so that such a program protects them. Fingerprints in the
metadata module tell at the return whether the source or the translation has moved since.
"""

import xml.etree.ElementTree as etree
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.document import Document
from articles.markdown.blocks import clean_source
from articles.units import Unit, units_of
from articles.xliff.descriptions import describe
from articles.xliff.marks import Mark, Part, marks_of, parts_of
from articles.xliff.names import METADATA, NAMESPACE, fingerprint, to_token
from healthsite.languages import BY_CODE

_HOLDS_TEXT = ("source", "target", "note", "data", "mda:meta")


def export_xliff(
    source: Document,
    target: Document | None,
    target_language: str,
    *,
    original: str,
    stale: Collection[str] = (),
    version: int,
) -> bytes:
    """The file for one translation, in UTF-8: one unit for every text of the source with words.

    ``target`` is the translation as it is now, None if there is none; ``target_language`` a code
    of the site; ``original`` the article's slug; ``stale`` the ids of units whose source changed
    after they were translated; ``version`` the translation's version, for the return.
    """
    root = etree.Element(
        "xliff",
        {
            "xmlns": NAMESPACE,
            "xmlns:mda": METADATA,
            "version": "2.0",
            "srcLang": BY_CODE[source.language].tag,
            "trgLang": BY_CODE[target_language].tag,
        },
    )
    file = etree.SubElement(root, "file", {"id": "f1", "original": original})
    _add_metadata(file, {"article": original, "version": str(version)})
    _add_notes(file, _rules())
    present = {unit.id: unit.text for unit in units_of(target)} if target else {}
    for unit in units_of(source):
        if unit.has_words:
            _add_unit(file, unit, present.get(unit.id, ""), is_stale=unit.id in stale)
    _indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _rules() -> list[tuple[str, str]]:
    return [
        (
            "marks",
            _(
                "The protected marks are citations, graded claims, glossary terms, links, "
                "headings and blocks. Keep every mark once, and put it where the sentence needs "
                "it; translate the words inside a term or a link. Emphasis may be left out."
            ),
        ),
        (
            "states",
            _(
                "Texts in the state “initial” are to be translated, or their source has changed. "
                "Set the state “translated” also where a text can stay as it is."
            ),
        ),
    ]


def _add_unit(file: etree.Element, unit: Unit, present: str, *, is_stale: bool) -> None:
    codes = _Codes(
        parts_of(clean_source(unit.text)), parts_of(clean_source(present)), is_stale=is_stale
    )
    element = etree.SubElement(
        file, "unit", {"id": to_token(unit.id), "name": unit.id, "canResegment": "no"}
    )
    facts = {"source-digest": unit.digest, "target-digest": fingerprint(present)}
    _add_metadata(element, facts if present else {"source-digest": unit.digest})
    notes = [("kind", describe(unit))]
    if is_stale:
        notes.append(("stale", _("The source has changed since this was translated.")))
    _add_notes(element, notes)
    codes.add_data(element)
    state = "translated" if present and not is_stale else "initial"
    segment = etree.SubElement(element, "segment", {"state": state})
    codes.fill(_text_element(segment, "source"), codes.source)
    if present:
        codes.fill(_text_element(segment, "target"), codes.target)


@dataclass(frozen=True)
class _Code:
    """One mark with its number in the unit; ``can_delete`` is what a program may let happen."""

    number: int
    mark: Mark
    can_delete: bool


class _Codes:
    """Numbers the marks of a unit: a mark that both languages have has the same in both."""

    def __init__(
        self, source: tuple[Part, ...], target: tuple[Part, ...], *, is_stale: bool
    ) -> None:
        self.source, self.target = source, target
        missing = Counter(mark.identity for mark in marks_of(source))
        missing.subtract(mark.identity for mark in marks_of(target))
        may_miss = missing if target and not is_stale else Counter()
        self.codes: list[_Code] = []
        for mark in marks_of(source):
            is_missed = may_miss[mark.identity] > 0
            may_miss[mark.identity] -= is_missed
            self._number(mark, can_delete=is_missed or not mark.is_required)
        self.of_source = list(self.codes)
        self.of_target = self._pair_up(marks_of(target))

    def _number(self, mark: Mark, *, can_delete: bool) -> _Code:
        code = _Code(len(self.codes) + 1, mark, can_delete)
        self.codes.append(code)
        return code

    def _pair_up(self, marks: Iterable[Mark]) -> list[_Code]:
        # Those that may be left out come last: they are the ones that the target lacks.
        free = sorted(self.of_source, key=lambda code: code.can_delete)
        paired = []
        for mark in marks:
            same = next((code for code in free if code.mark.identity == mark.identity), None)
            if same is None:
                paired.append(self._number(mark, can_delete=True))
            else:
                free.remove(same)
                paired.append(same)
        return paired

    def add_data(self, unit: etree.Element) -> None:
        """The marks as they are typed. Nothing is added to a unit without any."""
        if not self.codes:
            return
        data = etree.SubElement(unit, "originalData")
        for code in self.codes:
            for name, typed in _data_of(code).items():
                etree.SubElement(data, "data", {"id": name, "xml:space": "preserve"}).text = typed

    def fill(self, element: etree.Element, parts: tuple[Part, ...]) -> None:
        """Write words and codes into a source or a target."""
        codes = self.of_source if parts is self.source else self.of_target
        _fill(element, parts, iter(codes))


def _data_of(code: _Code) -> dict[str, str]:
    if not code.mark.is_pair:
        return {f"d{code.number}": code.mark.opening}
    return {f"d{code.number}s": code.mark.opening, f"d{code.number}e": code.mark.closing}


def _fill(element: etree.Element, parts: Sequence[Part], codes: Iterator[_Code]) -> None:
    last = None
    for part in parts:
        if isinstance(part, Mark):
            code = next(codes)
            last = etree.SubElement(element, *_tag_of(code))
            _fill(last, part.inside, codes)
        elif last is None:
            element.text = (element.text or "") + part
        else:
            last.tail = (last.tail or "") + part


def _tag_of(code: _Code) -> tuple[str, dict[str, str]]:
    names = list(_data_of(code))
    flags = {"canCopy": "no", "canDelete": "yes" if code.can_delete else "no"}
    if code.mark.is_pair:
        return "pc", {
            "id": str(code.number),
            "dataRefStart": names[0],
            "dataRefEnd": names[1],
            "dispStart": code.mark.opening,
            "dispEnd": code.mark.closing,
            **flags,
        }
    return "ph", {
        "id": str(code.number),
        "dataRef": names[0],
        "disp": code.mark.opening,
        **flags,
    }


def _text_element(parent: etree.Element, name: str) -> etree.Element:
    return etree.SubElement(parent, name, {"xml:space": "preserve"})


def _add_metadata(parent: etree.Element, facts: dict[str, str]) -> None:
    metadata = etree.SubElement(parent, "mda:metadata")
    group = etree.SubElement(metadata, "mda:metaGroup", {"category": "hand-off"})
    for name, value in facts.items():
        etree.SubElement(group, "mda:meta", {"type": name}).text = value


def _add_notes(parent: etree.Element, notes: Iterable[tuple[str, str]]) -> None:
    holder = etree.SubElement(parent, "notes")
    for category, text in notes:
        etree.SubElement(holder, "note", {"category": category}).text = text


def _indent(element: etree.Element, depth: int = 1) -> None:
    """Put every element on a line of its own, but touch no blank inside a text."""
    if element.tag in _HOLDS_TEXT or not len(element):
        return
    element.text = "\n" + "  " * depth
    for child in element:
        _indent(child, depth + 1)
        child.tail = "\n" + "  " * depth
    element[-1].tail = "\n" + "  " * (depth - 1)
