"""The stored HTML of a text as a small tree. Drawings and hints for line ends are left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "source", "wbr"})
"""Elements without an end tag (HTML, 13.1.2) that a page of ours may hold."""


@dataclass
class Element:
    """One element. ``children`` are elements and the text between them, in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def elements(self) -> list["Element"]:
        """The children that are elements."""
        return [child for child in self.children if isinstance(child, Element)]

    def all(self, tag: str) -> Iterator["Element"]:
        """Every element of that name inside this one, in reading order."""
        for child in self.elements:
            if child.tag == tag:
                yield child
            yield from child.all(tag)

    def first(self, name: str) -> "Element | None":
        """The first child with that tag or class."""
        return next(
            (child for child in self.elements if name == child.tag or name in child.classes), None
        )


def parse_html(html: str) -> Element:
    """The tree of well-formed HTML: what the renderer stored, cleaned. The root has no name."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.root


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]
        self.drawings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "svg":
            self.drawings += 1
        if self.drawings:
            return
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.drawings and tag != "svg":
            self.open[-1].children.append(Element(tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self.drawings = max(0, self.drawings - 1)
        elif not self.drawings and len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.drawings:
            self.open[-1].children.append(data)
