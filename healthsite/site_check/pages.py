"""Read an HTML page, and keep of it what the rules need."""

import gzip
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from healthsite.site_check.json_ld import StructuredData, read_json_ld
from healthsite.site_check.machine import FEED_TYPES, MARKDOWN_TYPE

_HEAD = re.compile(rb"<head\b[^>]*>(.*?)</head\s*>", re.S | re.I)
_STYLE = re.compile(rb"<style\b[^>]*>.*?</style\s*>", re.S | re.I)

_LINK_RELS = {
    "alternate",
    "apple-touch-icon",
    "canonical",
    "icon",
    "license",
    "manifest",
    "modulepreload",
    "next",
    "preload",
    "prev",
    "search",
    "stylesheet",
}
_SOURCES = {"img": "src", "source": "src", "script": "src", "iframe": "src", "use": "href"}
_DRAW_NOTHING = ("desc", "g", "title", "use")
_KEPT_META = ("og:url", "og:image", "article:published_time", "article:modified_time")


@dataclass(slots=True)
class Page:
    """Facts of one page. Addresses are as written; ``ids`` end in a newline each.

    ``alternates`` are (hreflang, address), ``machine_links`` (type, address) of feeds and Markdown,
    ``og`` the (property, content) pairs in their order; ``unsized`` and ``without_alt`` name
    pictures; ``head_bytes`` is the head without its style sheet, through gzip.
    """

    lang: str = ""
    base: str = ""
    titles: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    canonicals: list[str] = field(default_factory=list)
    alternates: list[tuple[str, str]] = field(default_factory=list)
    machine_links: list[tuple[str, str]] = field(default_factory=list)
    og: list[tuple[str, str]] = field(default_factory=list)
    data: StructuredData = field(default_factory=StructuredData)
    is_noindex: bool = False
    headings: int = 0
    unsized: list[str] = field(default_factory=list)
    without_alt: list[str] = field(default_factory=list)
    head_bytes: int = 0
    ids: str = "\n"

    @property
    def title(self) -> str:
        return self.titles[0] if self.titles else ""

    @property
    def description(self) -> str:
        return self.descriptions[0] if self.descriptions else ""

    def has_id(self, name: str) -> bool:
        """Whether an element has this id; names with white space cannot be ids."""
        return "\n" not in name and f"\n{name}\n" in self.ids

    def og_value(self, name: str) -> str:
        return next((value for key, value in self.og if key == name), "")


def read_page(body: bytes) -> tuple[Page, list[tuple[str, str]]]:
    """A page and its links as (element, address) pairs. Never raises, whatever the bytes."""
    reader = _Reader()
    try:
        reader.feed(body.decode("utf-8", errors="replace"))
        reader.close()
    except AssertionError:
        # How html.parser gives up on a broken declaration. What came before it is kept.
        pass
    page = reader.page
    page.titles = [_joined(title) for title in page.titles]
    page.data, addresses = read_json_ld(reader.scripts)
    page.ids = "\n" + "".join(f"{name}\n" for name in sorted(reader.ids))
    page.head_bytes = _head_bytes(body)
    return page, [*reader.links, *(("json-ld", address) for address in dict.fromkeys(addresses))]


def _joined(text: str) -> str:
    return " ".join(text.split())


def _head_bytes(body: bytes) -> int:
    match = _HEAD.search(body)
    return len(gzip.compress(_STYLE.sub(b"", match[1]), mtime=0)) if match else 0


class _Reader(HTMLParser):
    """Collects the facts in one pass; ``links`` hold no address twice for one element."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.ids: set[str] = set()
        self.scripts: list[str] = []
        self._links: dict[tuple[str, str], None] = {}
        self._into = ""
        self._svg: list[dict[str, str]] = []

    def updatepos(self, i: int, j: int) -> int:
        """Lines are not counted: nobody asks for them, and it is a tenth of the time."""
        return j

    @property
    def links(self) -> list[tuple[str, str]]:
        return list(self._links)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Of an attribute that is written twice, the first counts (HTML).
        given = {name: value or "" for name, value in reversed(attrs)}
        if name := given.get("id"):
            self.ids.add(name)
        if self._svg and tag not in _DRAW_NOTHING:
            self._svg[-1]["draws"] = "yes"
        if tag == "svg":
            self._svg.append(given)
        self._note_links(tag, given)
        handler = getattr(self, f"_start_{tag}", None)
        if handler:
            handler(given)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"title", "script"}:
            self._into = ""
        elif tag == "svg" and self._svg:
            self._end_drawing(self._svg.pop())

    def handle_data(self, data: str) -> None:
        if self._into == "title":
            self.page.titles[-1] += data
        elif self._into == "script":
            self.scripts[-1] += data

    # Links

    def _note_links(self, tag: str, given: dict[str, str]) -> None:
        if tag in {"a", "area"} and "href" in given:
            self._note(tag, given["href"])
        elif tag in _SOURCES:
            self._note(tag, given.get(_SOURCES[tag], ""))
            for candidate in _candidates(given.get("srcset", "")):
                self._note(tag, candidate)
        elif tag == "form" and given.get("method", "get").lower() == "get":
            self._note(tag, given.get("action", "").partition("?")[0])

    def _note(self, tag: str, address: str) -> None:
        if address:
            self._links[tag, address] = None

    # What a page says about itself

    def _start_html(self, given: dict[str, str]) -> None:
        self.page.lang = self.page.lang or given.get("lang", "")

    def _start_base(self, given: dict[str, str]) -> None:
        self.page.base = self.page.base or given.get("href", "")

    def _start_title(self, given: dict[str, str]) -> None:
        # A drawing has a title too: the name of the drawing.
        if not self._svg:
            self.page.titles.append("")
            self._into = "title"

    def _start_script(self, given: dict[str, str]) -> None:
        if given.get("type", "").strip().lower() == "application/ld+json":
            self.scripts.append("")
            self._into = "script"

    def _start_h1(self, given: dict[str, str]) -> None:
        self.page.headings += 1

    def _start_meta(self, given: dict[str, str]) -> None:
        name = (given.get("name") or given.get("property", "")).strip().lower()
        content = given.get("content", "")
        if name == "description":
            self.page.descriptions.append(_joined(content))
        elif name == "robots":
            words = {word.strip() for word in content.lower().split(",")}
            self.page.is_noindex |= bool(words & {"noindex", "none"})
        elif name.startswith(_KEPT_META):
            self.page.og.append((name, content.strip()))
            if name in {"og:image", "og:image:url", "og:image:secure_url"}:
                self._note("og:image", content)

    def _start_link(self, given: dict[str, str]) -> None:
        rels = set(given.get("rel", "").lower().split())
        href = given.get("href", "")
        kind = given.get("type", "").partition(";")[0].strip().lower()
        if rels & _LINK_RELS:
            self._note("link", href)
            for candidate in _candidates(given.get("imagesrcset", "")):
                self._note("link", candidate)
        if "canonical" in rels:
            self.page.canonicals.append(href)
        if "alternate" in rels and kind in {*FEED_TYPES, MARKDOWN_TYPE}:
            self.page.machine_links.append((kind, href))
        elif "alternate" in rels and given.get("hreflang"):
            self.page.alternates.append((given["hreflang"].strip(), href))

    # Pictures

    def _start_img(self, given: dict[str, str]) -> None:
        name = given.get("src", "")[:120] or "a picture without src"
        if not (given.get("width") and given.get("height")):
            self.page.unsized.append(name)
        if "alt" not in given:
            self.page.without_alt.append(name)

    def _end_drawing(self, given: dict[str, str]) -> None:
        """A drawing that only shows a symbol has that symbol's own viewBox."""
        has_size = given.get("width") and given.get("height")
        if given.get("draws") and "viewbox" not in given and not has_size:
            self.page.unsized.append(given.get("class") or given.get("id") or "a drawing")


def _candidates(srcset: str) -> list[str]:
    """Addresses of a ``srcset``: a comma inside an address is no separator (HTML)."""
    return [
        part.split()[0].rstrip(",") for part in re.split(r",\s+", srcset) if part.strip(", \t\n")
    ]
