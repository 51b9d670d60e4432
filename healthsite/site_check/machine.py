"""What is written for programs alone: sitemaps, feeds, robots.txt, Markdown."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

SITEMAP_NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE_NS = "{http://www.google.com/schemas/sitemap-image/1.1}"
XHTML_NS = "{http://www.w3.org/1999/xhtml}"
ATOM_NS = "{http://www.w3.org/2005/Atom}"

FEED_TYPES = ("application/atom+xml", "application/rss+xml", "application/feed+json")
XML_TYPES = ("application/xml", "text/xml", *FEED_TYPES[:2])
MARKDOWN_TYPE = "text/markdown"

_MARKDOWN_LINK = re.compile(r"\]\(<?(https?://[^\s<>()]+|/[^\s<>()]*)")


@dataclass(slots=True)
class Entry:
    """A page of a sitemap. ``alternates`` are (hreflang, URL)."""

    url: str
    modified: str = ""
    images: tuple[str, ...] = ()
    alternates: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Sitemap:
    """A sitemap, or an index of them (``sections``). ``problem``: why it cannot be read."""

    entries: list[Entry] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    problem: str = ""


@dataclass(slots=True)
class Feed:
    """``links`` are the addresses of its entries, ``own`` the one it says it has itself."""

    links: list[str] = field(default_factory=list)
    own: str = ""
    problem: str = ""


@dataclass(slots=True)
class Robots:
    """``groups``: rules by robot (lower case) as (allows, pattern) pairs, in their order."""

    groups: dict[str, list[tuple[bool, str]]] = field(default_factory=dict)
    sitemaps: list[str] = field(default_factory=list)

    def allows(self, robot: str, address: str) -> bool:
        """Whether a robot may fetch it: the longest match wins, then allow (RFC 9309, 2.2.2)."""
        rules = self.groups.get(robot, self.groups.get("*", []))
        matching = [(len(path), allows) for allows, path in rules if _matches(path, address)]
        return max(matching)[1] if matching else True


def _matches(pattern: str, address: str) -> bool:
    """``*`` is anything and a last ``$`` the end; an empty pattern matches nothing."""
    body, end = (pattern[:-1], r"\Z") if pattern.endswith("$") else (pattern, "")
    expression = ".*".join(re.escape(part) for part in body.split("*")) + end
    return bool(pattern) and re.match(expression, address, re.S) is not None


def read_robots(text: str) -> Robots:
    """Read robots.txt; lines that mean nothing are passed over, as RFC 9309 wants."""
    robots = Robots()
    current: list[str] = []
    is_naming = False
    for line in text.splitlines():
        name, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        name = name.lower()
        if name == "user-agent":
            current = [*current, value.lower()] if is_naming else [value.lower()]
            robots.groups.setdefault(value.lower(), [])
        elif name in {"allow", "disallow"}:
            for robot in current:
                robots.groups[robot].append((name == "allow", value))
        elif name == "sitemap":
            robots.sitemaps.append(value)
        is_naming = name == "user-agent" or (is_naming and not name)
    return robots


def read_xml(body: bytes, content_type: str) -> Sitemap | Feed | None:
    """A sitemap or a feed, told apart by their first element; None for other XML."""
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        problem = f"is not well-formed: {error}"
        return Feed(problem=problem) if content_type in FEED_TYPES else Sitemap(problem=problem)
    if root.tag == SITEMAP_NS + "sitemapindex":
        return Sitemap(sections=[_text(item, SITEMAP_NS + "loc") for item in root])
    if root.tag == SITEMAP_NS + "urlset":
        return Sitemap(entries=[_entry(item) for item in root.iter(SITEMAP_NS + "url")])
    if root.tag == ATOM_NS + "feed":
        return _atom(root)
    if root.tag == "rss":
        return _rss(root)
    if content_type in FEED_TYPES:
        return Feed(problem=f"begins with <{root.tag}>, which is no feed")
    return None


def _text(element: Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()


def _entry(item: Element) -> Entry:
    return Entry(
        _text(item, SITEMAP_NS + "loc"),
        _text(item, SITEMAP_NS + "lastmod"),
        tuple((found.text or "").strip() for found in item.iter(IMAGE_NS + "loc")),
        tuple(
            (found.get("hreflang", ""), found.get("href", ""))
            for found in item.iter(XHTML_NS + "link")
            if found.get("rel") == "alternate"
        ),
    )


def _atom(root: Element) -> Feed:
    """RFC 4287, 4.1.1 and 4.1.2: what a feed and its entries must have."""
    missing = [
        f"{kind} lacks {name}"
        for kind, part in (("feed", root), *(("entry", e) for e in root.findall(ATOM_NS + "entry")))
        for name in ("id", "title", "updated")
        if not _has(part, ATOM_NS + name)
    ]
    links = [
        link.get("href", "")
        for entry in root.findall(ATOM_NS + "entry")
        for link in entry.findall(ATOM_NS + "link")
        if link.get("rel", "alternate") == "alternate"
        and link.get("type", "text/html") == "text/html"
    ]
    own = [x.get("href", "") for x in root.findall(ATOM_NS + "link") if x.get("rel") == "self"]
    return Feed(links, own[0] if own else "", "; ".join(dict.fromkeys(missing)))


def _has(element: Element, tag: str) -> bool:
    """Whether a part is there and says something; a title may be XHTML, with text further in."""
    found = element.find(tag)
    return found is not None and any(text.strip() for text in found.itertext())


def _rss(root: Element) -> Feed:
    """RSS 2.0: the channel's required elements."""
    channel = root.find("channel")
    if channel is None:
        return Feed(problem="lacks channel")
    missing = [
        f"channel lacks {n}" for n in ("title", "link", "description") if not _text(channel, n)
    ]
    own = [x.get("href", "") for x in channel.findall(ATOM_NS + "link") if x.get("rel") == "self"]
    links = [_text(item, "link") for item in channel.findall("item") if _text(item, "link")]
    return Feed(links, own[0] if own else "", "; ".join(missing))


def read_json_feed(body: bytes) -> Feed:
    """JSON Feed 1.1: version, title and items are required, and an id in each item."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        return Feed(problem=f"is no JSON: {error}")
    if not isinstance(data, dict):
        return Feed(problem="is no JSON object")
    missing = [f"feed lacks {name}" for name in ("version", "title") if not data.get(name)]
    items = data.get("items")
    if not isinstance(items, list):
        items = []
        missing.append("feed lacks items")
    items = [item for item in items if isinstance(item, dict)]
    if any(not item.get("id") for item in items):
        missing.append("item lacks id")
    links = [str(item["url"]) for item in items if item.get("url")]
    return Feed(links, str(data.get("feed_url") or ""), "; ".join(missing))


def markdown_links(text: str) -> Iterator[str]:
    """Addresses of inline links with a scheme or a path from the root (CommonMark, 6.3)."""
    return (match[1] for match in _MARKDOWN_LINK.finditer(text))
