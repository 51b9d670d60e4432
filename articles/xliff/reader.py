"""What a translator's file says. It knows no database: ``articles.xliff.applying`` compares."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from articles.markdown.blocks import MAX_BODY, clean_source
from articles.xliff.marks import marks_of, parts_of
from articles.xliff.names import (
    DONE,
    MAX_BYTES,
    METADATA,
    NAMESPACE,
    VERSIONS,
    code_of,
    fingerprint,
    from_token,
)
from articles.xliff.problems import HandoffProblem, HandoffRefused
from articles.xliff.tree import Node, parse

_OLD_NAMESPACE = "urn:oasis:names:tc:xliff:document:1."


@dataclass(frozen=True)
class HandoffUnit:
    """One text as it came back.

    ``source_digest`` is the unit's digest when the file was made, ``exported`` the fingerprint of
    the translation at that time (empty: there was none), ``is_confirmed`` whether the translator
    set a state that stands by the text. An empty ``target_text`` was not translated.
    """

    source_digest: str
    target_text: str
    exported: str = ""
    is_confirmed: bool = False
    line: int = 0

    @property
    def is_changed(self) -> bool:
        """Whether the translator wrote another text than the one that was handed off."""
        return bool(self.target_text.strip()) and fingerprint(self.target_text) != self.exported


@dataclass(frozen=True)
class Handoff:
    """A whole file. ``version`` is the translation's version when it was exported."""

    article: str
    source_language: str
    target_language: str
    version: int
    units: dict[str, HandoffUnit] = field(default_factory=dict)


def read_xliff(data: bytes) -> Handoff:
    """The hand-off in an uploaded file. Raises HandoffRefused with every problem at once."""
    handoff, problems = examine_xliff(data)
    if problems:
        raise HandoffRefused(problems)
    return handoff


def examine_xliff(data: bytes) -> tuple[Handoff, list[HandoffProblem]]:
    """What can be read of a file, and all that is wrong with it.

    Raises HandoffRefused where nothing can be read at all.
    """
    if not data.strip():
        raise HandoffRefused([HandoffProblem(_("The file is empty."))])
    if len(data) > MAX_BYTES:
        raise HandoffRefused([HandoffProblem(too_large_message())])
    root = parse(data)
    _refuse_other_formats(root)
    return _Reader().read(root)


def too_large_message() -> str:
    """The one sentence about a file above ``MAX_BYTES``."""
    return _("The file is larger than %(size)s MB. A hand-off of one article is far smaller.") % {
        "size": MAX_BYTES // 1_000_000
    }


def _refuse_other_formats(root: Node) -> None:
    version = root.attributes.get("version", "")
    if root.name == "xliff" and (
        root.namespace.startswith(_OLD_NAMESPACE) or version.startswith("1.")
    ):
        message = _("This is XLIFF 1. Save it as XLIFF 2.0 in the translation program.")
    elif root.namespace != NAMESPACE or root.name != "xliff":
        message = _("This is XML, but not XLIFF 2.0. Upload the file that was exported here.")
    elif version not in VERSIONS:
        message = _("This is XLIFF in the version “%(version)s”. Save it as XLIFF 2.0.") % {
            "version": version
        }
    else:
        return
    raise HandoffRefused([HandoffProblem(message, line=root.line)])


class _Reader:
    """Reads one tree; ``problems`` collects what is wrong on the way."""

    def __init__(self) -> None:
        self.problems: list[HandoffProblem] = []
        self.units: dict[str, HandoffUnit] = {}

    def problem(self, message: str, node: Node, unit: str = "") -> None:
        self.problems.append(HandoffProblem(message, unit, node.line))

    def read(self, root: Node) -> tuple[Handoff, list[HandoffProblem]]:
        source = self._language(root, "srcLang")
        target = self._language(root, "trgLang")
        files = list(root.find_all(NAMESPACE, "file"))
        article, version = "", 0
        if len(files) == 1:
            article, version = self._about(files[0])
            for node in _units_in(files[0]):
                self._read_unit(node)
            self._check_size(files[0])
        else:
            self.problem(_("The file must hold one article, not %(n)s.") % {"n": len(files)}, root)
        handoff = Handoff(article, source, target, version, self.units)
        return handoff, self.problems

    def _language(self, root: Node, name: str) -> str:
        tag = root.attributes.get(name, "")
        code = code_of(tag)
        if not code:
            self.problem(
                _("%(name)s says “%(tag)s”, which is no language of this site.")
                % {"name": name, "tag": tag},
                root,
            )
        return code

    def _about(self, file: Node) -> tuple[str, int]:
        facts = _facts(file)
        version = facts.get("version", "")
        # A version is a count of saves; ten digits are more than any column holds.
        if not facts.get("article") or not (version.isascii() and version.isdigit()):
            self.problem(
                _(
                    "The file lost the notes that tell which article and version it is. "
                    "Export it anew."
                ),
                file,
            )
            return "", 0
        return facts["article"], int(version[:10])

    def _check_size(self, file: Node) -> None:
        if sum(len(unit.target_text) for unit in self.units.values()) > MAX_BODY:
            self.problem(_("The translation is longer than an article can be."), file)

    def _read_unit(self, node: Node) -> None:
        unit = from_token(node.attributes.get("id", ""))
        facts = _facts(node)
        if unit in self.units:
            self.problem(_("This unit stands in the file twice."), node, unit)
            return
        if not facts.get("source-digest"):
            self.problem(
                _("The unit lost the fingerprint of its source. Export the file anew."), node, unit
            )
        text, line = self._target(node, unit, facts.get("target-digest", ""))
        states = [
            segment.attributes.get("state", "initial")
            for segment in node.find_all(NAMESPACE, "segment")
        ]
        self.units[unit] = HandoffUnit(
            source_digest=facts.get("source-digest", ""),
            target_text=text,
            exported=facts.get("target-digest", ""),
            is_confirmed=bool(states) and all(state in DONE for state in states),
            line=line,
        )

    def _target(self, node: Node, unit: str, exported: str) -> tuple[str, int]:
        """The unit's translated text and the line it starts on; marks are checked if it is new."""
        data = _data_of(node)
        source, target = _Text(data), _Text(data)
        line, translated, left = node.line, 0, 0
        for segment in node.find_all(NAMESPACE, "segment", "ignorable"):
            words = next(segment.find_all(NAMESPACE, "source"), None)
            answer = next(segment.find_all(NAMESPACE, "target"), None)
            if words:
                source.read(words)
            if answer and answer.children:
                target.read(answer)
                translated += segment.name == "segment"
                line = answer.line if translated == 1 else line
            elif segment.name == "ignorable" and words:
                target.read(words)
            else:
                left += 1
        if not translated or not target.text.strip():
            return "", line
        text = clean_source(target.text)
        if left:
            self.problem(_("A part of this unit is not translated."), node, unit)
        elif fingerprint(text) != exported:
            self._check_marks(unit, line, source, target, text)
        return text, line

    def _check_marks(
        self, unit: str, line: int, source: "_Text", target: "_Text", text: str
    ) -> None:
        found = Counter(mark.identity for mark in marks_of(parts_of(text)) if mark.is_required)
        known = Counter(source.marks)
        available = Counter(source.data.values())
        messages = [
            _("An inline code, number %(id)s, is not one of this unit’s.") % {"id": code}
            for code in target.unknown
        ]
        for mark, wanted in Counter(source.required).items():
            if found[mark] < wanted:
                messages.append(_("The mark %(mark)s is missing.") % {"mark": _show(mark)})
        for mark, count in found.items():
            # Those that only the translation had are in the unit's data and not in its source.
            allowed = max(known[mark], min(available[part] for part in mark if part))
            if 0 < allowed < count:
                messages.append(
                    _("The mark %(mark)s stands more often than in the source.")
                    % {"mark": _show(mark)}
                )
        self.problems += [HandoffProblem(message, unit, line) for message in messages]


class _Text:
    """Puts words and codes together again, and keeps which codes it met.

    ``data`` holds what each code stands for by the name of its entry in ``originalData``.
    """

    def __init__(self, data: dict[str, str]) -> None:
        self.data = data
        self.text = ""
        self.marks: list[tuple[str, str]] = []
        self.required: list[tuple[str, str]] = []
        self.unknown: list[str] = []

    def read(self, node: Node) -> None:
        for child in node.children:
            if isinstance(child, str):
                self.text += child
            elif child.namespace != NAMESPACE or child.name in ("mrk", "sm", "em", "cp"):
                # Remarks of the program around words, and characters that no writer types.
                self.read(child)
            elif child.name == "pc":
                opening = self._look_up(child, "dataRefStart")
                closing = self._look_up(child, "dataRefEnd")
                self._met(child, (opening, closing))
                self.text += opening
                self.read(child)
                self.text += closing
            else:
                typed = self._look_up(child, "dataRef")
                if child.name == "ph":
                    self._met(child, (typed, ""))
                self.text += typed

    def _look_up(self, node: Node, name: str) -> str:
        typed = self.data.get(node.attributes.get(name, ""))
        if typed is None:
            self.unknown.append(node.attributes.get("id", "?"))
        return typed or ""

    def _met(self, node: Node, mark: tuple[str, str]) -> None:
        self.marks.append(mark)
        if node.attributes.get("canDelete") == "no":
            self.required.append(mark)


def _units_in(node: Node) -> Iterator[Node]:
    for child in node.find_all(NAMESPACE, "unit", "group"):
        if child.name == "unit":
            yield child
        else:
            yield from _units_in(child)


def _facts(node: Node) -> dict[str, str]:
    """What the metadata right inside an element says, by the type of each entry."""
    return {
        meta.attributes.get("type", ""): meta.text.strip()
        for metadata in node.find_all(METADATA, "metadata")
        for group in metadata.find_all(METADATA, "metaGroup")
        for meta in group.find_all(METADATA, "meta")
    }


def _data_of(unit: Node) -> dict[str, str]:
    return {
        data.attributes.get("id", ""): data.text
        for holder in unit.find_all(NAMESPACE, "originalData")
        for data in holder.find_all(NAMESPACE, "data")
    }


def _show(mark: tuple[str, str]) -> str:
    opening, closing = mark
    return f"{opening.strip()}…{closing.strip()}" if closing else opening.strip()
