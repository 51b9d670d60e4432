"""Checks graphs of JSON-LD against the vocabulary of schema.org and against Google's rules.

The vocabulary is a file beside the tests (``tests/data/schema_org``): nothing is fetched.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Node = Mapping[str, Any]

_FILE = Path(__file__).parent / "data" / "schema_org" / "vocabulary.json"
VOCABULARY = json.loads(_FILE.read_text(encoding="utf-8"))
TYPES: dict[str, list[str]] = VOCABULARY["types"]
PROPERTIES: dict[str, dict[str, Any]] = VOCABULARY["properties"]

_URL = re.compile(r"https?://[^\s/]+(/\S*)?")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})")
# Numbers of pixels: schema.org asks for a Distance or a QuantitativeValue, Google for a number.
_NUMBERS = {"Number", "Integer", "Float", "Distance", "QuantitativeValue"}


# Google wants the address of a breadcrumb's page where schema.org has a Thing; as JSON-LD reads it,
# an address stands for the thing that has it.
_ADDRESS_FOR_THING = {"item"}


def problems(graph: Sequence[Node]) -> list[str]:
    """Everything that is wrong with a graph, in words; empty for a good one."""
    return [
        *(problem for node in graph for problem in _problems_of(node)),
        *_problems_of_links(graph),
    ]


def nodes_in(value: Any) -> Iterator[Node]:
    """Every node in a value, at any depth, itself included. A bare reference is no node."""
    if isinstance(value, Mapping):
        if not is_reference(value):
            yield value
        for inner in value.values():
            yield from nodes_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from nodes_in(inner)


def is_reference(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"@id"}


def of_type(graph: Sequence[Node], name: str) -> list[Node]:
    """The nodes of exactly this type, at any depth."""
    return [node for node in nodes_in(list(graph)) if node.get("@type") == name]


def page_of(graph: Sequence[Node]) -> Node:
    """The page that the graph is about: the one WebPage at its top."""
    [page] = [node for node in graph if "WebPage" in ancestry(node.get("@type", ""))]
    return page


def ancestry(name: str) -> set[str]:
    """A type and all it is a kind of; empty for an unknown one."""
    if name not in TYPES:
        return set()
    return {name}.union(*(ancestry(parent) for parent in TYPES[name]))


# Types, properties and values


def _problems_of(node: Node) -> Iterator[str]:
    for item in nodes_in(node):
        kinds = ancestry(item.get("@type", ""))
        if not kinds:
            yield f"unknown type: {item.get('@type')!r}"
            continue
        if "@id" in item and not _URL.fullmatch(item["@id"]):
            yield f"@id is no absolute address: {item['@id']!r}"
        for name, value in item.items():
            if not name.startswith("@"):
                yield from _problems_of_property(item["@type"], kinds, name, value)


def _problems_of_property(type_: str, kinds: set[str], name: str, value: Any) -> Iterator[str]:
    # schema.org/docs/actions.html: an input of an action is named after its property.
    rule = PROPERTIES.get(name.removesuffix("-input"))
    if rule is None:
        yield f"{type_}: unknown property {name}"
        return
    if "replaced_by" in rule:
        yield f"{type_}: {name} is replaced by {rule['replaced_by']}"
    if not kinds.intersection(rule["on"]):
        yield f"{type_}: {name} belongs to {', '.join(rule['on'])}"
    takes = {*rule["takes"], *(["URL"] if name in _ADDRESS_FOR_THING else [])}
    for item in value if isinstance(value, list | tuple) else [value]:
        if problem := _problem_of_value(item, takes):
            yield f"{type_}: {name} {problem}: {item!r}"


def _problem_of_value(value: Any, takes: set[str]) -> str:
    if is_reference(value):
        return ""  # What it leads to is judged with the links.
    if isinstance(value, Mapping):
        return "" if ancestry(value.get("@type", "")) & takes else "takes another type"
    if value in ("", None, [], {}):
        return "is empty"
    if isinstance(value, bool):
        return "" if "Boolean" in takes else "is no boolean"
    if isinstance(value, int | float):
        return "" if takes & _NUMBERS else "is no number"
    return _problem_of_text(value, takes)


def _problem_of_text(value: str, takes: set[str]) -> str:
    if value.startswith("/"):
        return "is no absolute address"
    if "Text" in takes:
        return ""
    if takes & {"Date", "DateTime"}:
        pattern_fits = ("Date" in takes and _DATE.fullmatch(value)) or (
            "DateTime" in takes and _MOMENT.fullmatch(value)
        )
        return "" if pattern_fits else "is no date as ISO 8601 writes it"
    if "URL" in takes:
        return "" if _URL.fullmatch(value) else "is no absolute address"
    return "takes no text"


# Links


def _problems_of_links(graph: Sequence[Node]) -> Iterator[str]:
    ids = [node["@id"] for node in nodes_in(list(graph)) if "@id" in node]
    yield from (f"two nodes are {id_}" for id_ in sorted({i for i in ids if ids.count(i) > 1}))
    kinds = {node["@id"]: node.get("@type", "") for node in nodes_in(list(graph)) if "@id" in node}
    named = set()
    for node in nodes_in(list(graph)):
        for name, value in node.items():
            for item in value if isinstance(value, list | tuple) else [value]:
                if not is_reference(item):
                    continue
                if item["@id"] != node.get("@id"):
                    named.add(item["@id"])
                yield from _problems_of_reference(node, name, item["@id"], kinds)
    pages = [node for node in graph if "WebPage" in ancestry(node.get("@type", ""))]
    if len(pages) != 1:
        yield f"{len(pages)} pages in one graph"
    for node in graph:
        if node not in pages and node.get("@id") not in named:
            yield f"nothing leads to {node.get('@id') or node.get('@type')}"


def _problems_of_reference(
    node: Node, name: str, id_: str, kinds: Mapping[str, str]
) -> Iterator[str]:
    if id_ not in kinds:
        yield f"{node.get('@type')}: {name} leads nowhere: {id_}"
    elif name in PROPERTIES and not ancestry(kinds[id_]) & set(PROPERTIES[name]["takes"]):
        yield f"{node.get('@type')}: {name} takes no {kinds[id_]}"


# Google's rules

RULES: dict[str, dict[str, Any]] = {
    # https://developers.google.com/search/docs/appearance/structured-data/article
    "Article": {
        "required": [],
        "recommended": [
            *("author", "author.name", "author.url", "dateModified", "datePublished"),
            *("headline", "image"),
        ],
    },
    # https://developers.google.com/search/docs/appearance/structured-data/breadcrumb
    "BreadcrumbList": {
        "required": [
            *("itemListElement", "itemListElement.item", "itemListElement.name"),
            "itemListElement.position",
        ],
        "recommended": [],
    },
    # https://developers.google.com/search/docs/appearance/structured-data/profile-page
    "ProfilePage": {
        "required": ["mainEntity", "mainEntity.name"],
        "recommended": [
            *("dateCreated", "dateModified", "mainEntity.alternateName"),
            *("mainEntity.description", "mainEntity.identifier", "mainEntity.image"),
            *("mainEntity.interactionStatistic", "mainEntity.agentInteractionStatistic"),
            "mainEntity.sameAs",
        ],
    },
    # https://developers.google.com/search/docs/appearance/structured-data/organization
    "Organization": {
        "required": [],
        "recommended": [
            *("address", "alternateName", "contactPoint", "description", "email", "logo", "name"),
            *("sameAs", "telephone", "url", "legalName", "foundingDate", "numberOfEmployees"),
        ],
    },
    # https://developers.google.com/search/docs/appearance/structured-data/image-license-metadata
    # Required is the address and one of four: ``ONE_OF``.
    "ImageObject": {
        "required": ["contentUrl"],
        "recommended": [
            *("acquireLicensePage", "copyrightNotice", "creator", "creditText", "license"),
        ],
    },
    # https://developers.google.com/search/docs/appearance/site-names
    # The search box itself is history since November 2024, and the markup does no harm:
    # https://developers.google.com/search/blog/2024/10/sitelinks-search-box
    "WebSite": {
        "required": ["name", "url"],
        "recommended": [
            *("alternateName", "potentialAction", "potentialAction.target.urlTemplate"),
            "potentialAction.query-input",
        ],
    },
}

ONE_OF = {"ImageObject": ["creator", "creditText", "copyrightNotice", "license"]}

_OPTIONAL_PERSON = "printed on the page where it is known, and only then"
LEFT_OUT = {
    ("ProfilePage", "dateCreated"): "no date is kept for what is said of an author",
    ("ProfilePage", "dateModified"): "no date is kept for what is said of an author",
    ("ProfilePage", "mainEntity.alternateName"): "the page prints one name",
    ("ProfilePage", "mainEntity.identifier"): "only a registration that an editor has confirmed",
    ("ProfilePage", "mainEntity.image"): _OPTIONAL_PERSON,
    ("ProfilePage", "mainEntity.description"): _OPTIONAL_PERSON,
    ("ProfilePage", "mainEntity.sameAs"): _OPTIONAL_PERSON,
    ("ProfilePage", "mainEntity.interactionStatistic"): "nothing is counted on this site",
    ("ProfilePage", "mainEntity.agentInteractionStatistic"): "nothing is counted on this site",
    ("Organization", "address"): "no address is printed",
    ("Organization", "contactPoint"): "the page of contacts is free text",
    ("Organization", "description"): "the site says what it is in the words of its pages",
    ("Organization", "email"): "the page of contacts is free text",
    ("Organization", "sameAs"): "no other address of the publisher is known",
    ("Organization", "telephone"): "no number is printed",
    ("Organization", "legalName"): "not known to the site",
    ("Organization", "foundingDate"): "not known to the site",
    ("Organization", "numberOfEmployees"): "not known to the site",
    ("ImageObject", "acquireLicensePage"): "not recorded",
    ("ImageObject", "copyrightNotice"): "not recorded",
    ("ImageObject", "creator"): "a credit line does not say who is a person",
    ("ImageObject", "license"): "only licences that have an address",
}
"""Recommended properties that a page may be without, and why."""


def google_problems(graph: Sequence[Node], name: str, owner: Node) -> list[str]:
    """What Google asks of a node of type ``name`` and ``owner`` does not have."""
    rule = RULES[name]
    found = [
        f"{name}: {path} is missing"
        for path in (*rule["required"], *rule["recommended"])
        if not _has(graph, owner, path.split(".")) and (name, path) not in LEFT_OUT
    ]
    choices = ONE_OF.get(name, [])
    if choices and not any(choice in owner for choice in choices):
        found.append(f"{name}: one of {', '.join(choices)} is missing")
    return found


def _has(graph: Sequence[Node], owner: Node, path: Sequence[str]) -> bool:
    """Whether a value is there; in a list every item must have it."""
    value = owner.get(path[0])
    if value in (None, "", [], ()):
        return False
    items = value if isinstance(value, list | tuple) else [value]
    return len(path) == 1 or all(_has(graph, resolve(graph, item), path[1:]) for item in items)


def resolve(graph: Sequence[Node], value: Node) -> Node:
    """The node that a reference leads to; any other node as it is."""
    if not is_reference(value):
        return value
    return next(node for node in nodes_in(list(graph)) if node.get("@id") == value["@id"])
