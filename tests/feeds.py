"""Whether a feed is valid: Atom by RFC 4287, JSON Feed by its version 1.1."""

import datetime
import json
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = Path(__file__).parent / "data" / "feeds" / "atom.rng"

FEED_KEYS = {
    *("version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url"),
    *("icon", "favicon", "authors", "language", "expired", "hubs", "items"),
}
ITEM_KEYS = {
    *("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image"),
    *("banner_image", "date_published", "date_modified", "authors", "tags", "language"),
    "attachments",
}
ADDRESSES = {"home_page_url", "feed_url", "icon", "favicon", "url", "image", "banner_image"}


def checked_atom(document: bytes) -> etree._Element:
    """The root of a feed document. Fails where it is not valid."""
    root = etree.fromstring(document)
    _schema().assertValid(root)
    for element in (root, *root.iter(f"{ATOM}entry")):
        _check_links(element)
        # 4.1.1 and 4.1.2: the same entry is not said twice, and everything has an author.
        assert element.find(f"{ATOM}author") is not None or root.find(f"{ATOM}author") is not None
    ids = Counter(element.text for element in root.iter(f"{ATOM}id"))
    assert set(ids.values()) == {1}
    assert len(root.findall(f"{ATOM}link[@rel='self']")) == 1
    for name in ("updated", "published"):
        for element in root.iter(f"{ATOM}{name}"):
            moment_of(element.text)
    return root


def _check_links(element: etree._Element) -> None:
    """One alternate of each type and language (4.1.1 and 4.1.2)."""
    alternates = [
        (link.get("type"), link.get("hreflang"))
        for link in element.findall(f"{ATOM}link[@rel='alternate']")
    ]
    assert len(alternates) == len(set(alternates))
    assert "text/html" in dict(alternates)


@cache
def _schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMA))


def checked_json(document: bytes) -> dict:
    """The feed object. Fails where it is not valid."""
    feed = json.loads(document.decode("utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed.keys() <= FEED_KEYS
    _check_values(feed)
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    for item in feed["items"]:
        assert item.keys() <= ITEM_KEYS
        assert item["id"]
        assert item["content_html"]
        _check_values(item)
        for key in item.keys() & {"date_published", "date_modified"}:
            moment_of(item[key])
        assert all(isinstance(tag, str) and tag for tag in item.get("tags", []))
    return feed


def _check_values(values: dict) -> None:
    for key in values.keys() & ADDRESSES:
        assert urlsplit(values[key]).scheme in {"http", "https"}
        assert urlsplit(values[key]).netloc
    for person in values.get("authors", []):
        assert person.keys() <= {"name", "url", "avatar"}
        assert person["name"]


def moment_of(text: str) -> datetime.datetime:
    """A date and time by RFC 3339. Fails without a zone."""
    value = datetime.datetime.fromisoformat(text)
    assert "T" in text
    assert value.tzinfo is not None
    return value
