"""HTML of a page made fit for a feed reader, which knows neither its address nor its styles.

First the page's own furniture goes and drawings become pictures (``html.parser``); then an
allow-list closes every tag and makes every address absolute (nh3). Pure: no database, no request.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin

import nh3

from articles.characters import xml_text

KEPT = 64
"""Texts that a process keeps: those of two full feeds, and a third of another. What it makes of a
text takes 25 ms and about 130 kB, and every feed that has the article shares it."""

VOID = frozenset({"br", "hr", "img", "source", "wbr"})
FURNITURE = frozenset({"zoom__close", "figure-links", "back"})
"""Classes of controls that only work on the page: enlarge, close, back to the text."""

TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote", "hr", "br"),
    *("section", "aside", "div", "figure", "figcaption", "details", "summary", "picture"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("a", "strong", "b", "em", "i", "q", "cite", "code", "small", "sup", "span", "time"),
    *("img", "source"),
}
ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href", "rel", "hreflang", "title"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height"},
    "ol": {"start"},
    "source": {"srcset", "sizes", "media", "type"},
    "th": {"scope"},
    "time": {"datetime"},
}
ADDRESSES = frozenset({"href", "src"})
NARROW = "(max-width: 39.99rem)"
"""Where the narrow layout of a figure is shown, as in components/picture.html."""

_DRAWING = re.compile(r"(<svg\b[^>]*>).*?</svg>", re.S)
"""Drawings are as many tags as the whole text, and none of them is wanted: do not parse them."""


@dataclass(frozen=True)
class Picture:
    """The file that stands for a drawing: absolute addresses, ``narrow`` may be empty."""

    src: str
    alt: str
    width: int
    height: int
    narrow: str = ""


@lru_cache(maxsize=KEPT)
def fit_for_readers(html: str, base: str, drawings: tuple[tuple[str, Picture], ...] = ()) -> str:
    """Rendered HTML without furniture, ids, classes and relative addresses.

    ``base`` is the absolute address of the page, ``drawings`` are pairs with the key of the figure
    first. A drawing of a figure that is not among them is left out; its caption and its words stay.
    """
    stripper = _Stripper(dict(drawings))
    stripper.feed(_DRAWING.sub(r"\1</svg>", html))
    stripper.close()
    clean = nh3.clean(
        "".join(stripper.pieces),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=lambda tag, name, value: _attribute(name, value, base),
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return xml_text(clean)


class _Stripper(HTMLParser):
    """Writes the same HTML again without furniture, decoration and empty spans."""

    def __init__(self, drawings: Mapping[str, Picture]) -> None:
        super().__init__(convert_charrefs=False)
        self.drawings = drawings
        self.pieces: list[str] = []
        self.left_out: list[str] = []  # elements open inside one that is left out, itself the first
        self.spans: list[bool] = []  # of each open span, whether it was written
        self.drawing: Picture | None = None  # of the figure that is open, until it is written

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if self.left_out or _is_left_out(tag, values):
            if tag == "svg" and not self.left_out:
                self._write_drawing(values)
            if tag not in VOID:
                self.left_out.append(tag)
            return
        if tag == "figure":
            self.drawing = self.drawings.get(values.get("id", "").removeprefix("fig-"))
        if tag == "span":
            self.spans.append("lang" in values)
            if not self.spans[-1]:
                return
        self.pieces.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Only drawings close elements this way; in HTML the slash means nothing.
        if tag in VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.left_out:
            if tag in self.left_out:
                while self.left_out.pop() != tag:
                    pass
            return
        if tag == "span" and self.spans and not self.spans.pop():
            return
        self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def _write(self, text: str) -> None:
        if not self.left_out:
            self.pieces.append(text)

    def _write_drawing(self, values: Mapping[str, str]) -> None:
        """Both layouts of a drawing are one picture: the first stands for them."""
        picture = self.drawing
        if picture is None or values.get("role") != "img":
            return
        self.drawing = None
        image = (
            f'<img src="{escape(picture.src)}" alt="{escape(picture.alt)}"'
            f' width="{picture.width}" height="{picture.height}">'
        )
        if picture.narrow:
            source = f'<source media="{NARROW}" srcset="{escape(picture.narrow)}">'
            image = f"<picture>{source}{image}</picture>"
        self.pieces.append(image)


def _is_left_out(tag: str, values: Mapping[str, str]) -> bool:
    """Furniture, and what is decoration for those who hear the page too."""
    return (
        tag in {"svg", "wbr"}
        or values.get("aria-hidden") == "true"
        or not FURNITURE.isdisjoint(values.get("class", "").split())
    )


def _attribute(name: str, value: str, base: str) -> str | None:
    if name in ADDRESSES:
        return _absolute(base, value)
    if name == "srcset":
        candidates = [part.split() for part in re.split(r",\s+", value) if part.strip()]
        found = [(_absolute(base, url), rest) for url, *rest in candidates]
        return ", ".join(" ".join([url, *rest]) for url, rest in found if url) or None
    return value


def _absolute(base: str, address: str) -> str | None:
    """None for what is no address at all, such as half an IPv6 address."""
    try:
        return urljoin(base, address)
    except ValueError:
        return None
