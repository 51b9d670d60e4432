"""YAML out, in one fixed spelling: the same data gives the same bytes, whatever PyYAML's version.

Made to be edited by hand: fields in the order given, one line for a text however long, ``|`` blocks
for texts of several lines, every script as itself, quotation marks only where YAML needs them.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import yaml


class Flow(list):
    """A list on one line."""


class FlowRecord(dict):
    """A mapping on one line; it may hold lists on one line."""


def dump(data: dict | list) -> str:
    """Mappings, lists of mappings, texts, whole numbers, dates and truth values as YAML."""
    lines = _list_lines(data, "") if isinstance(data, list) else _mapping_lines(data, "")
    return "".join(f"{line}\n" for line in lines)


def join_head(head: str, body: str) -> str:
    """A Markdown file with a YAML head; the inverse of ``split_head``."""
    return f"---\n{head}---\n\n{body}" if body else f"---\n{head}---\n"


def _mapping_lines(mapping: dict[str, Any], indent: str) -> Iterator[str]:
    for name, value in mapping.items():
        if isinstance(value, Flow | FlowRecord):
            yield f"{indent}{name}: {_flow(value)}"
        elif isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from _mapping_lines(value, f"{indent}  ")
        elif isinstance(value, list):
            yield f"{indent}{name}:"
            yield from _list_lines(value, indent)
        elif isinstance(value, str) and _fits_block(value):
            yield f"{indent}{name}: {_block_mark(value)}"
            yield from _block_lines(value, f"{indent}  ")
        else:
            yield f"{indent}{name}: {_scalar(value)}"


def _list_lines(items: list[Any], indent: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, Flow | FlowRecord):
            yield f"{indent}- {_flow(item)}"
            continue
        lines = _mapping_lines(item, f"{indent}  ")
        yield f"{indent}- {next(lines).removeprefix(indent + '  ')}"
        yield from lines


def _flow(value: Any) -> str:
    if isinstance(value, FlowRecord):
        return f"{{{', '.join(f'{name}: {_flow(item)}' for name, item in value.items())}}}"
    if isinstance(value, Flow):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value, is_flow=True)


# Texts of several lines


def _fits_block(text: str) -> bool:
    return "\n" in text and not _ESCAPED.search(text)


def _block_mark(text: str) -> str:
    """``|``, with what tells a reader where the text starts and ends when its lines do not."""
    indent = "2" if text[0] in " \t\n" else ""
    ends = len(text) - len(text.rstrip("\n"))
    # Of a text that is nothing but line ends, “keep” is the only one that keeps any.
    keep = "+" if ends > 1 or ends == len(text) else "" if ends else "-"
    return f"|{indent}{keep}"


def _block_lines(text: str, indent: str) -> Iterator[str]:
    for line in text.removesuffix("\n").split("\n"):
        yield f"{indent}{line}" if line else ""


# Texts of one line

# Line ends to YAML, though not to an editor; and what a text must not hold but might.
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SPECIAL_START = set("-?:,[]{}#&*!|>'\"%@`~=<.+")
_SPECIAL_INSIDE = re.compile(r": | #|[\n\t]|:$")
_SPECIAL_IN_FLOW = re.compile(r"[,?\[\]{}]")
_NUMBER_LIKE = re.compile(r"[0-9][0-9A-Fa-f_.:eEoxX+-]*")


def _scalar(value: Any, is_flow: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.date):  # a time is one too
        return value.isoformat()
    return value if _is_plain(value, is_flow) else _quoted(value)


def _is_plain(text: str, is_flow: bool) -> bool:
    """Whether a text can stand without quotation marks, for any reader of YAML 1.1 or 1.2."""
    return not (
        text.strip() != text
        or text[:1] in _SPECIAL_START
        or not text
        or _SPECIAL_INSIDE.search(text)
        or _ESCAPED.search(text)
        or (is_flow and _SPECIAL_IN_FLOW.search(text))
        or _NUMBER_LIKE.fullmatch(text)
        or _means_something(text)
    )


def _means_something(text: str) -> bool:
    """Whether other readers of YAML take the bare word for a truth value, a date or nothing."""
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers.get(text[0], ())
    return any(pattern.match(text) for _tag, pattern in resolvers)


def _quoted(text: str) -> str:
    if not re.search(r"['\n\t]", text) and not _ESCAPED.search(text):
        return f"'{text}'"
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + '"'
