"""YAML in: plain data that remembers its lines.

Scalars stay the text that was typed: what a value means is for the schema to say. So `no`, `1e3`,
`12:30` and `2026-01-01` are texts where a text is expected, and nothing is guessed. Anchors, tags
and whatever else can make a small file large, or do things, is refused.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from articles.bundles.characters import first_untyped, name_of

# libyaml where PyYAML was built with it (the wheels are): it reads about ten times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# YAML would end a line here, and no editor would show it.
_FOREIGN_LINE_END = re.compile("[\x85\u2028\u2029]")
_EMPTY = {"", "~", "null", "Null", "NULL"}

MAX_DEPTH = 12
MAX_VALUES = 100_000


class YamlError(Exception):
    """What is wrong, on which line of the file."""

    def __init__(self, line: int, message: str):
        self.line = line
        super().__init__(message)


@dataclass(slots=True)
class Mapping:
    """Fields by name, and the line each of them starts on."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Sequence:
    line: int
    items: list[Any] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def load(text: str, first_line: int = 1) -> Mapping | Sequence | str | None:
    """Parse one YAML document. None stands for nothing at all: an empty value, `null`, `~`.

    ``first_line`` is the line of the file that the text starts on. Raises YamlError.
    """
    if foreign := _FOREIGN_LINE_END.search(text):
        line = text.count("\n", 0, foreign.start()) + first_line
        raise YamlError(line, _("Remove the character %(name)s.") % {"name": name_of(foreign[0])})
    loader = _Loader(text)
    try:
        return _Builder(loader, first_line).document()
    except yaml.MarkedYAMLError as error:
        raise _explained(error, text, first_line) from None
    except yaml.YAMLError as error:
        problem = str(error).split("\n")[0]
        raise YamlError(first_line, _not_yaml(problem)) from None
    finally:
        loader.dispose()


class _Builder:
    """Builds values from events, so that the limits hold before anything large is in memory."""

    def __init__(self, loader, first_line: int):
        self.next_event = loader.get_event
        self.first_line = first_line
        self.count = 0

    def document(self) -> Any:
        self.next_event()
        if isinstance(self.next_event(), yaml.StreamEndEvent):
            return None
        value = self._value(self.next_event(), 0)
        self.next_event()
        event = self.next_event()
        if not isinstance(event, yaml.StreamEndEvent):
            raise YamlError(self._line(event), _("A second line --- is not allowed here."))
        return value

    def _line(self, event: yaml.Event) -> int:
        return event.start_mark.line + self.first_line

    def _value(self, event: yaml.Event, depth: int) -> Any:
        line = self._line(event)
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_VALUES:
            raise YamlError(line, _("This YAML is nested too deep or too long."))
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise YamlError(
                line,
                _(
                    "YAML anchors and aliases (&name, *name) are not used here: write the text "
                    "out, or put it in quotation marks."
                ),
            )
        if event.tag is not None:
            raise YamlError(
                line,
                _("YAML tags (!name) are not used here: put the text in quotation marks."),
            )
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(line, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(line, depth)
        return _scalar(event, line)

    def _mapping(self, line: int, depth: int) -> Mapping:
        mapping = Mapping(line)
        while not isinstance(event := self.next_event(), yaml.MappingEndEvent):
            key_line = self._line(event)
            name = self._value(event, depth + 1)
            if not isinstance(name, str):
                raise YamlError(key_line, _("A field's name must be a plain word."))
            if name in mapping.values:
                raise YamlError(key_line, _("The field “%(name)s” stands twice.") % {"name": name})
            mapping.values[name] = self._value(self.next_event(), depth + 1)
            mapping.lines[name] = key_line
        return mapping

    def _sequence(self, line: int, depth: int) -> Sequence:
        sequence = Sequence(line)
        while not isinstance(event := self.next_event(), yaml.SequenceEndEvent):
            sequence.items.append(self._value(event, depth + 1))
            sequence.lines.append(self._line(event))
        return sequence


def _scalar(event: yaml.ScalarEvent, line: int) -> str | None:
    if not event.style and event.value in _EMPTY:
        return None
    # Escapes such as "\0" can spell what the file itself must not hold.
    if character := first_untyped(event.value):
        raise YamlError(line, _("Remove the character %(name)s.") % {"name": name_of(character)})
    return event.value


def _not_yaml(problem: str) -> str:
    return _("This is not valid YAML: %(problem)s.") % {"problem": problem}


def _explained(error: yaml.MarkedYAMLError, text: str, first_line: int) -> YamlError:
    """The parser's message for the slips that editors make, said so that they can be mended."""
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark or error.context_mark
    if "quoted scalar" in context and "end of stream" in problem:
        mark, message = error.context_mark, _("The quotation mark opened here is never closed.")
    elif "flow" in context and ("expected ','" in problem or "did not find" in problem):
        mark, message = (
            error.context_mark,
            _("The bracket opened here is not closed, or a comma is missing after it."),
        )
    elif "mapping values are not allowed" in problem:
        message = _(
            "A text with a colon and a space in it belongs in quotation marks; "
            "otherwise check how far the line is indented."
        )
    elif "tab character" in problem or _character_at(text, mark) == "\t":
        message = _("Indent with spaces, not with tabs.")
    elif "cannot start any token" in problem:
        message = _("A text that starts with %(character)s belongs in quotation marks.") % {
            "character": _character_at(text, mark)
        }
    elif "did not find expected" in problem or "could not find expected" in problem:
        message = _("Expected “field: value” or “- ”: check how far the line is indented.")
    else:
        message = _not_yaml(problem)
    last_line = text.rstrip("\n").count("\n")
    return YamlError(min(mark.line if mark else 0, last_line) + first_line, message)


def _character_at(text: str, mark: yaml.Mark | None) -> str:
    lines = text.split("\n")
    if mark is None or mark.line >= len(lines):
        return ""
    return lines[mark.line][mark.column : mark.column + 1]


_MARK = "---"


def split_head(text: str) -> tuple[str, str, int]:
    """Head, body and the body's first line of a Markdown file with a YAML head."""
    if not text.startswith(f"{_MARK}\n"):
        raise YamlError(1, _("The file must start with a line --- and its fields."))
    start = len(_MARK) + 1
    # One line end may belong to both marks: a head can be empty.
    end = f"{text}\n".find(f"\n{_MARK}\n", start - 1)
    if end < 0:
        raise YamlError(1, _("The fields at the top must end with a line ---."))
    body = text[end + len(_MARK) + 2 :]
    first_line = text.count("\n", 0, end) + 3
    if body.startswith("\n"):
        return text[start : end + 1], body[1:], first_line + 1
    return text[start : end + 1], body, first_line
