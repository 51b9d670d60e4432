"""Running text: emphasis, links, code, citations."""

import re
from collections.abc import Sequence
from urllib.parse import urljoin

from articles.plain_markdown.escaping import (
    code_span,
    escape_line_start,
    escape_text,
    is_punctuation,
    is_space,
    link_target,
    one_space,
)
from articles.plain_markdown.tree import Element

Node = Element | str

INLINE = frozenset(
    {"a", "abbr", "b", "br", "cite", "code", "em", "i", "small", "span", "strong", "sup", "wbr"}
)
EMPHASIS = {"strong": "strong", "b": "strong", "em": "em", "cite": "em"}
"""Elements that are emphasis. ``i`` is none: it marks Chinese words in an English text."""

STARS = {"strong": "**", "em": "*"}

BETWEEN_CODE = "<!-- -->"
"""What keeps the backticks of two pieces of code apart."""

LEFT_OUT = frozenset({"back", "zoom__open", "zoom__close", "figure-links"})
"""Classes of what only a page needs: the way back to the text, the larger picture."""

# Characters that no stored text holds (articles.markdown.blocks.clean_source) stand for what can
# be written only when its neighbours are known.
_BREAK, _GUARD, _CODE = "\ue000", "\ue001", "\ue006"
_OPEN = {"strong": "\ue002", "em": "\ue003"}
_CLOSE = {"strong": "\ue004", "em": "\ue005"}
_KINDS = {mark: kind for marks in (_OPEN, _CLOSE) for kind, mark in marks.items()}
_BREAKS = re.compile(f" ?{_BREAK} ?")
_MARKS = re.compile(f"[{''.join(_KINDS)}]")
# A citation's brackets before these would make a link of the two.
_GUARDED = re.compile(f"{_GUARD}(?=[(:])")
_INVISIBLE = re.compile("[\ue000-\ue006]")


def is_left_out(node: Node) -> bool:
    """Whether a node says nothing by itself: hidden from listeners, or only a page needs it."""
    return isinstance(node, Element) and (
        node.attributes.get("aria-hidden") == "true" or not LEFT_OUT.isdisjoint(node.classes)
    )


def words_of(node: Node) -> str:
    """All the text of a node as it stands."""
    return node if isinstance(node, str) else "".join(map(words_of, node.children))


class InlineWriter:
    """``address``: the absolute address of the page, which its links are relative to."""

    def __init__(self, address: str) -> None:
        self.address = address

    def inline(self, nodes: Sequence[Node]) -> str:
        """Nodes as one paragraph, each of its lines safe to start a line."""
        text = one_space("".join(map(self._node, nodes))).strip(f" {_BREAK}")
        text = _GUARDED.sub(r"\\", text).replace(_GUARD, "")
        text = text.replace(_CODE * 2, BETWEEN_CODE).replace(_CODE, "")
        return "\\\n".join(map(escape_line_start, _BREAKS.split(_with_emphasis(text))))

    def _node(self, node: Node) -> str:
        if isinstance(node, str):
            return escape_text(_INVISIBLE.sub("", node))
        if is_left_out(node):
            return ""
        if node.tag == "br":
            return _BREAK
        if node.tag == "code":
            return f"{_CODE}{code_span(words_of(node))}{_CODE}"
        if node.tag == "sup" and "cite" in node.classes:
            return _citation(node)
        inner = "".join(map(self._node, node.children))
        if node.tag in EMPHASIS and inner.strip():
            return _marked(inner, EMPHASIS[node.tag])
        return self._link(node, inner) if node.tag == "a" else inner

    def _link(self, node: Element, words: str) -> str:
        target = node.attributes.get("href", "")
        if "term" in node.classes or not target or not words.strip():
            return words
        url = urljoin(self.address, target)
        if "nofollow" in node.attributes.get("rel", "").split():
            # Markdown cannot say that a link is sponsored: the address stands there as words.
            return f"{words} ({code_span(url)})"
        title = one_space(node.attributes.get("title", ""))
        quoted = title.replace("\\", "\\\\").replace('"', '\\"')
        return f"[{words}]({link_target(url)}" + (f' "{quoted}")' if title else ")")


def _citation(mark: Element) -> str:
    """``[1, 2]`` for the list of references, ``[^1]`` for a footnote: numbers as on the page."""
    if "cite--note" in mark.classes:
        links = mark.all("a")
        return "".join(f"[^{link.attributes['href'].removeprefix('#fn-')}]" for link in links)
    numbers = [words_of(link) for link in mark.all("a")] or [words_of(mark)]
    return f"[{', '.join(numbers)}]{_GUARD}"


def _marked(inner: str, kind: str) -> str:
    """Emphasis around words, with the blanks at their ends outside it."""
    inner = one_space(inner)
    before = " " if inner.startswith(" ") else ""
    after = " " if inner.endswith(" ") else ""
    return f"{before}{_OPEN[kind]}{inner.strip()}{_CLOSE[kind]}{after}"


def _with_emphasis(text: str) -> str:
    """Write the marks of emphasis: stars where they work, else tags, which always do."""
    written: dict[int, str] = {}
    waiting: list[int] = []
    for mark in _MARKS.finditer(text):
        if mark[0] in _OPEN.values():
            waiting.append(mark.start())
            continue
        start, end, kind = waiting.pop(), mark.start(), _KINDS[mark[0]]
        is_starred = _is_flanking(text[start + 1], text[start - 1 : start]) and _is_flanking(
            text[end - 1], text[end + 1 : end + 2]
        )
        written[start] = STARS[kind] if is_starred else f"<{kind}>"
        written[end] = STARS[kind] if is_starred else f"</{kind}>"
    return _MARKS.sub(lambda mark: written[mark.start()], text)


def _is_flanking(inside: str, outside: str) -> bool:
    """Whether stars between two characters work (CommonMark 0.31, 6.2: flanking runs).

    Chinese has no blanks, so a bold phrase that ends with a stop often stands before a letter:
    there stars would be printed. Stars beside stars would run together.
    """
    if inside in _KINDS or outside in _KINDS:
        return False
    if not is_punctuation(inside):
        return True
    return is_space(outside) or outside == _BREAK or is_punctuation(outside)
