"""Fetch a site through the test client and follow its links, as a reader or a robot would."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urldefrag, urljoin

from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

LANGUAGES = ("zh-hans", "en")
TAGS = {"zh-hans": "zh-Hans", "en": "en"}


@dataclass(frozen=True)
class Page:
    """One answer. Its soup is shared by tests: read it, never change it."""

    url: str
    status: int
    headers: dict[str, str]
    html: str
    linked_from: set[str] = dataclasses.field(default_factory=set, compare=False)

    @cached_property
    def soup(self) -> BeautifulSoup:
        return parse(self.html)

    @cached_property
    def ids(self) -> list[str]:
        return [tag["id"] for tag in self.soup.find_all(id=True)]

    @property
    def is_html(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")

    @property
    def language(self) -> str:
        """The language its address is in."""
        return self.url.split("/")[1] if self.is_html else ""

    def links(self) -> Iterable[tuple[str, str]]:
        """Address and fragment of every link to this site, in ``<a>`` and in drawings alike."""
        for tag in self.soup.find_all(href=True):
            if tag.name == "link" and ("icon" in tag.get("rel", []) or tag.get("type")):
                continue
            address, fragment = urldefrag(urljoin(f"http://testserver{self.url}", tag["href"]))
            if address.startswith("http://testserver/"):
                yield address.removeprefix("http://testserver"), unquote(fragment)


def parse(html: str | bytes) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def fetch(client: Client, url: str, **extra) -> Page:
    response = client.get(url, **extra)
    content = b"".join(response) if response.streaming else response.content
    is_text = response.headers.get("Content-Type", "").startswith("text/")
    html = content.decode() if is_text else ""
    return Page(url, response.status_code, dict(response.headers), html)


def crawl(client: Client, starts: Iterable[str]) -> dict[str, Page]:
    """Every page that can be reached, by address; each knows the pages that link to it."""
    pages: dict[str, Page] = {}
    waiting = [(start, "") for start in starts]
    while waiting:
        url, source = waiting.pop(0)
        if url not in pages:
            page = pages[url] = fetch(client, url)
            if page.is_html:
                waiting += [(address, url) for address, _fragment in page.links()]
        if source:
            pages[url].linked_from.add(source)
    return pages


def text_of(tag: Tag | None) -> str:
    """What is read of an element, with its white space joined. Line-break hints are no space."""
    return " ".join(tag.get_text("").split()) if tag is not None else ""


def language_of(tag: Tag) -> str:
    """The language an element is in: its own ``lang`` or that of the nearest element around it."""
    while tag is not None and not tag.get("lang"):
        tag = tag.parent
    return tag["lang"] if tag is not None else ""


def say(code: str, message: str, **values) -> str:
    """Words of the interface in a language; the translators choose them, not the tests."""
    with translation.override(code):
        return gettext(message) % values if values else gettext(message)
