"""What the JSON-LD of a page says about that page (schema.org)."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PAGE_TYPES = frozenset(
    (
        "WebPage",
        "AboutPage",
        "CheckoutPage",
        "CollectionPage",
        "ContactPage",
        "FAQPage",
        "ItemPage",
        "MedicalWebPage",
        "ProfilePage",
        "QAPage",
        "SearchResultsPage",
    )
)
ARTICLE_TYPES = frozenset(
    (
        "Article",
        "BlogPosting",
        "MedicalScholarlyArticle",
        "NewsArticle",
        "Report",
        "ScholarlyArticle",
        "TechArticle",
    )
)


_ADDRESS = re.compile(r"https?://[^\s{}]+")


@dataclass(frozen=True, slots=True)
class Node:
    """The page or its article. ``addresses``: (property, URL) pairs that should name the page."""

    addresses: tuple[tuple[str, str], ...]
    published: str
    modified: str


@dataclass(frozen=True, slots=True)
class StructuredData:
    """All JSON-LD of a page; ``problems`` say why a script cannot be read."""

    nodes: tuple[Node, ...] = ()
    problems: tuple[str, ...] = ()


def read_json_ld(scripts: list[str]) -> tuple[StructuredData, list[str]]:
    """The page's own nodes in its ``application/ld+json`` scripts, and every URL in them.

    Only nodes at the top or in ``@graph`` describe the page itself: an article inside a list is
    another page's.
    """
    nodes: list[Node] = []
    problems: list[str] = []
    links: list[str] = []
    for text in scripts:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            problems.append(f"is no JSON: {error}")
            continue
        items = data if isinstance(data, list) else [data]
        if not all(isinstance(item, dict) and "@context" in item for item in items):
            problems.append("is not an object with @context")
        for item in items:
            nodes += [_node(found) for found in _described(item)]
        links += _links(data)
    return StructuredData(tuple(nodes), tuple(problems)), links


def _links(data: Any) -> Iterator[str]:
    """Absolute URLs of a graph. An @id only names a thing, and braces are a search's template."""
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [part for name, part in value.items() if name != "@id"]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and _ADDRESS.fullmatch(value):
            yield value


def _described(item: Any) -> Iterator[dict]:
    if not isinstance(item, dict):
        return
    graph = item.get("@graph")
    for node in graph if isinstance(graph, list) else [item]:
        if isinstance(node, dict) and _types(node) & (PAGE_TYPES | ARTICLE_TYPES):
            yield node


def _types(node: dict) -> set[str]:
    kinds = node.get("@type")
    return {kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if _is_text(kind)}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _node(node: dict) -> Node:
    main = node.get("mainEntityOfPage")
    addresses = [(name, node.get(name)) for name in ("@id", "url")]
    if isinstance(main, dict):
        addresses += [(f"mainEntityOfPage {name}", main.get(name)) for name in ("@id", "url")]
    else:
        addresses.append(("mainEntityOfPage", main))
    return Node(
        tuple((name, value) for name, value in addresses if isinstance(value, str) and value),
        _date(node, "datePublished"),
        _date(node, "dateModified"),
    )


def _date(node: dict, name: str) -> str:
    value = node.get(name)
    return value if isinstance(value, str) else ""
