"""JSON-LD: the nodes that every page shares, and how a page's nodes become one linked graph.

Nodes are plain dictionaries with the names of schema.org (https://schema.org/docs/full.html).
Each thing has one ``@id`` on all pages and in all languages, so that search engines can join what
several pages say of it. Nothing is said here that the page does not show (Google: general
structured data guidelines).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from healthsite import languages
from healthsite.metadata import PageMeta, absolute_url, site_name

Node = dict[str, Any]
Links = Sequence[tuple[str, str]]
"""Pages on the way to one, or in a list: what each is called, and its path."""

LOGO = "img/logo.png"
LOGO_SIZE = 512
"""The mark as a square PNG, its side in pixels. Google wants at least 112 × 112 (Organization)."""

# HTML ends a script at "</", and JavaScript once ended a line there.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "&<>\u2028\u2029"}


def node(type_: str, id_: str = "", **properties: Any) -> Node:
    """A node of a graph. Empty values are left out: no text, no list, no node, None; never 0."""
    values = {"@type": type_, "@id": id_, **properties}
    return {name: value for name, value in values.items() if not _is_empty(value)}


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | tuple | dict) and not value)


def ref(id_: str) -> Node:
    """A reference to a node that stands elsewhere in the graph; empty where there is none."""
    return {"@id": id_} if id_ else {}


def organization_id() -> str:
    return absolute_url("/#organization")


def website_id(language: str) -> str:
    return absolute_url(f"/{language}/#website")


def site_nodes(language: str, policies: Mapping[str, str]) -> list[Node]:
    """The publisher and the site in one language.

    ``policies``: paths of the site pages published in this language, by slug. Without the editorial
    policy or the page of corrections nothing is said of them.
    """
    return [_organization(language, policies), _website(language)]


def _organization(language: str, policies: Mapping[str, str]) -> Node:
    return node(
        "Organization",
        organization_id(),
        **_names(language),
        url=absolute_url("/"),
        logo=node(
            "ImageObject",
            url=urljoin(settings.SITE_ORIGIN, static(LOGO)),
            width=LOGO_SIZE,
            height=LOGO_SIZE,
        ),
        publishingPrinciples=policy_url(policies, "editorial-policy"),
        correctionsPolicy=policy_url(policies, "corrections"),
    )


def policy_url(policies: Mapping[str, str], slug: str) -> str:
    """The address of a site page, or nothing where it is not published."""
    return absolute_url(policies[slug]) if policies.get(slug) else ""


def _website(language: str) -> Node:
    return node(
        "WebSite",
        website_id(language),
        url=absolute_url(f"/{language}/"),
        **_names(language),
        inLanguage=languages.BY_CODE[language].tag,
        publisher=ref(organization_id()),
        potentialAction=_search(language),
    )


def _search(language: str) -> Node:
    """The site's search. ``query-input`` is schema.org's notation for an action's input."""
    address = absolute_url(f"/{language}/search/?q={{search_term_string}}")
    return {
        **node("SearchAction", target=node("EntryPoint", urlTemplate=address)),
        "query-input": "required name=search_term_string",
    }


def _names(language: str) -> Node:
    """The site's name here, and its name in the other language, which every page prints too."""
    other = languages.other_languages(language)[0].code
    return {"name": site_name(language), "alternateName": site_name(other)}


def root_graph(meta: PageMeta, policies: Mapping[str, str]) -> list[Node]:
    """The choice of a language, where Google reads the name of the whole site.

    Google takes a site's name from WebSite on the home page of the host, ``/`` (Site names in
    Google Search), which is this page.
    """
    site = node(
        "WebSite",
        absolute_url("/#website"),
        url=absolute_url("/"),
        **_names(languages.DEFAULT.code),
        inLanguage=[item.tag for item in languages.LANGUAGES],
        publisher=ref(organization_id()),
        hasPart=[ref(website_id(code)) for code in languages.CODES],
    )
    page = node(
        "WebPage", meta.canonical, url=meta.canonical, name=meta.name, isPartOf=ref(site["@id"])
    )
    organization = _organization(languages.DEFAULT.code, policies)
    return [page, organization, site, *(_website(code) for code in languages.CODES)]


def linked_graph(
    meta: PageMeta,
    kind: str,
    policies: Mapping[str, str],
    *,
    here: str = "",
    trail: Links = (),
    nodes: Sequence[Node] = (),
    **properties: Any,
) -> list[Node]:
    """A page with the site around it and ``nodes`` in it, all linked by their ids.

    ``kind`` is schema.org's type of the page; ``here`` is its heading, empty on the home page, and
    ``trail`` the pages between the home page and this one; ``properties`` is what else is said of
    the page. A page without a canonical address is not for search engines: it says nothing.
    """
    if not meta.canonical:
        return []
    crumbs = breadcrumb(meta, here, trail)
    values = {
        "url": meta.canonical,
        "name": here or meta.name,
        "description": meta.description,
        "inLanguage": languages.BY_CODE[meta.language].tag,
        "isPartOf": ref(website_id(meta.language)),
        "breadcrumb": ref(crumbs.get("@id", "")),
        **properties,
    }
    page = node(kind, meta.canonical, **values)
    rest = [*site_nodes(meta.language, policies), crumbs, *nodes]
    return [page, *(item for item in rest if item)]


def list_graph(
    meta: PageMeta,
    policies: Mapping[str, str],
    items: Links,
    *,
    here: str = "",
    trail: Links = (),
    first: int = 1,
    **properties: Any,
) -> list[Node]:
    """A page whose content is a list of other pages. An empty list is left out.

    ``first`` is the place of the first item in the whole list, where that has several pages.
    """
    entries = [
        node("ListItem", position=position, name=name, url=absolute_url(path))
        for position, (name, path) in enumerate(items, first)
    ]
    shown = node("ItemList", f"{meta.canonical}#list", itemListElement=entries) if entries else {}
    return linked_graph(
        meta,
        "CollectionPage",
        policies,
        here=here,
        trail=trail,
        nodes=[shown],
        mainEntity=ref(shown.get("@id", "")),
        **properties,
    )


def breadcrumb(meta: PageMeta, here: str, trail: Links = ()) -> Node:
    """The way from the home page to a page called ``here``; nothing for the home page itself.

    Google wants two steps at least, and names as readers see them (Breadcrumb structured data).
    """
    if not here:
        return {}
    home = (site_name(meta.language), reverse("home", args=[meta.language]))
    steps = [*((name, absolute_url(path)) for name, path in (home, *trail)), (here, meta.canonical)]
    return node(
        "BreadcrumbList",
        f"{meta.canonical}#breadcrumb",
        itemListElement=[
            node("ListItem", position=number, name=name, item=address)
            for number, (name, address) in enumerate(steps, 1)
        ],
    )


def as_json(nodes: Sequence[Mapping[str, Any]]) -> SafeString:
    """The graph as text that is safe inside ``<script type="application/ld+json">``.

    What could end the script or start a comment in it is escaped as JSON allows (HTML, restrictions
    for contents of script elements), so that no text of an article can leave it.
    """
    graph = {"@context": "https://schema.org", "@graph": list(nodes)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 (escaped as JSON allows)
