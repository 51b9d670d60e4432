"""YAML with line numbers on the way in, and one fixed spelling on the way out."""

import datetime
import sys
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _


class YamlError(Exception):
    def __init__(self, line: int, message: str):
        self.line = line
        super().__init__(message)


@dataclass
class Mapping:
    """A YAML mapping that remembers the line of each key."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass
class Sequence:
    line: int
    items: list[Any] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


MAX_DEPTH = 12
MAX_NODES = 200_000


def load(text: str, first_line: int = 1) -> Any:
    """Parse YAML into Mapping, Sequence and scalars. Aliases are refused: they can explode.

    ``first_line`` is the line of the file the text starts at. Raises YamlError.
    """
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Mapping(first_line)
        return _Converter(loader, first_line).convert(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + first_line
        raise YamlError(
            line, _("This is not valid YAML: %(problem)s.") % {"problem": error.problem or ""}
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise YamlError(
            first_line,
            _("This is not valid YAML: %(problem)s.") % {"problem": str(error).split("\n")[0]},
        ) from None
    finally:
        loader.dispose()


class _Converter:
    def __init__(self, loader: yaml.SafeLoader, first_line: int):
        self.loader = loader
        self.first_line = first_line
        self.seen: set[int] = set()

    def convert(self, node: yaml.Node, depth: int = 0) -> Any:
        line = node.start_mark.line + self.first_line
        if id(node) in self.seen:
            raise YamlError(line, _("YAML aliases (*name) are not used here: write it out."))
        self.seen.add(id(node))
        if depth > MAX_DEPTH or len(self.seen) > MAX_NODES:
            raise YamlError(line, _("This YAML is nested too deep or too long."))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, line, depth)
        if isinstance(node, yaml.SequenceNode):
            sequence = Sequence(line)
            for item in node.value:
                sequence.items.append(self.convert(item, depth + 1))
                sequence.lines.append(item.start_mark.line + self.first_line)
            return sequence
        return self.loader.construct_object(node, deep=True)

    def _mapping(self, node: yaml.MappingNode, line: int, depth: int) -> Mapping:
        mapping = Mapping(line)
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + self.first_line
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlError(key_line, _("A field's name must be a plain word."))
            key = key_node.value
            if key in mapping.values:
                raise YamlError(key_line, _("The field “%(name)s” stands twice.") % {"name": key})
            mapping.values[key] = self.convert(value_node, depth + 1)
            mapping.lines[key] = key_line
        return mapping


class Flow(list):
    """A list written on one line."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str):
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_flow(dumper: yaml.SafeDumper, items: Flow):
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


def _represent_datetime(dumper: yaml.SafeDumper, value: datetime.datetime):
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", value.isoformat())


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(Flow, _represent_flow)
_Dumper.add_representer(datetime.datetime, _represent_datetime)


def dump(data: Any) -> str:
    """Plain data as YAML: fields in the order given, long lines unbroken, Han characters as such."""
    return yaml.dump(
        data,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=sys.maxsize,
    )


HEAD_MARK = "---\n"


def split_head(text: str) -> tuple[str, str, int]:
    """Head, body and the body's first line of a Markdown file with a YAML head."""
    if not text.startswith(HEAD_MARK):
        raise YamlError(1, _("The file must start with a line --- and its fields."))
    end = text.find(f"\n{HEAD_MARK}", len(HEAD_MARK) - 1)
    if end < 0:
        raise YamlError(1, _("The fields at the top must end with a line ---."))
    head = text[len(HEAD_MARK) : end + 1]
    body = text[end + 1 + len(HEAD_MARK) :]
    return head, body.removeprefix("\n"), head.count("\n") + 4


def join_head(head: str, body: str) -> str:
    """The inverse of ``split_head``."""
    return f"{HEAD_MARK}{head}{HEAD_MARK}\n{body}" if body else f"{HEAD_MARK}{head}{HEAD_MARK}"
