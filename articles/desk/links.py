"""Do links say where they lead, and lead there."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.context import DeskContext
from articles.desk.findings import NOTE, WARN, Finding
from articles.desk.rules import CONTEXT, Rule
from articles.desk.texts import PLAIN_FIELDS, Text, all_blocks, name_of, printed_texts
from articles.desk.words import LINK, key_of, words_of
from articles.document import Document
from articles.markdown.blocks import RESERVED_ID

EMPTY_WORDS = frozenset(
    key_of(words)
    for words in (
        *("here", "click here", "click", "this", "this link", "this page", "this site", "link"),
        *("the link", "more", "read more", "see more", "learn more", "more here", "details"),
        *("see here", "find out more", "read on", "go", "website", "web page"),
        *("这里", "点击这里", "请点击这里", "点此", "点这里", "点击", "点击此处", "此处", "这儿"),
        *(
            "更多",
            "查看更多",
            "了解更多",
            "阅读更多",
            "更多信息",
            "详情",
            "查看详情",
            "看这里",
            "链接",
        ),
        *("这个链接", "此链接", "本链接", "网址", "网站", "戳这里", "见此", "阅读全文"),
    )
)
"""Link texts that say nothing when a screen reader lists the links of a page (WCAG 2.4.4, F84)."""

_AUTOLINK = re.compile(r"<(?P<target>https?://[^\s<>]+)>", re.I)
_BARE = re.compile(r"(?:https?://|www\.)\S+\Z", re.I)
_WEB = ("http", "https")


class Link(NamedTuple):
    """A link as it is typed: its words, its address, and the text and position it stands at."""

    words: str
    target: str
    text: Text
    position: int


def links_of(document: Document) -> list[Link]:
    """Every link in the Markdown of a document."""
    found = []
    for text in printed_texts(document):
        if text.kind in PLAIN_FIELDS:
            continue
        for match in LINK.finditer(text.source):
            found.append(Link(match["text"], match["target"], text, match.start()))
        for match in _AUTOLINK.finditer(text.source):
            found.append(Link(match["target"], match["target"], text, match.start()))
    return found


def base_path(document: Document) -> str:
    """The address of the document's own page, without the host."""
    folder = "articles/" if document.kind == "article" else ""
    return f"/{document.language}/{folder}{document.slug}/"


def internal_path(link: Link, document: Document, hosts: frozenset[str]) -> str:
    """Path and fragment on this site that a link leads to, or empty: ``/en/glossary/#iu``."""
    parts = urlsplit(link.target)
    if (parts.scheme and parts.scheme not in _WEB) or (parts.netloc and parts.netloc not in hosts):
        return ""
    path = urlsplit(urljoin(base_path(document), parts.path)).path if parts.path else ""
    path = path or (base_path(document) if not parts.netloc else "/")
    return f"{path}#{parts.fragment}" if parts.fragment else path


def link_texts_say_something(document: Document) -> Iterator[Finding]:
    """Words such as “here” or 点击这里, and addresses instead of words."""
    for link in links_of(document):
        words = words_of(link.words, document).strip()
        if _BARE.match(link.words.strip()):
            yield link.text.finding(
                "link-text",
                NOTE,
                _("The address itself is the link: say in words where it leads."),
                link.position,
            )
        elif not key_of(words) or key_of(words) in EMPTY_WORDS:
            yield link.text.finding(
                "link-text",
                WARN,
                _("The link “%(words)s” does not say where it leads: link the name of the page.")
                % {"words": words},
                link.position,
            )


def own_addresses_exist(document: Document) -> Iterator[Finding]:
    """Links to a place on the same page, and addresses that are no addresses."""
    own = base_path(document)
    ids = None
    for link in links_of(document):
        parts = urlsplit(link.target)
        is_strange = parts.scheme and parts.scheme not in (*_WEB, "mailto")
        if not link.target or is_strange or (parts.scheme in _WEB and not parts.netloc):
            yield _broken(
                link, _("“%(target)s” is no address of a page: the link is left out. Correct it.")
            )
            continue
        path, _mark, fragment = internal_path(link, document, frozenset()).partition("#")
        if path == own and fragment:
            ids = _ids_of(document) if ids is None else ids
            if not _has_id(fragment, ids):
                yield _broken(
                    link,
                    _(
                        "Nothing on this page has the address “%(target)s”: give a heading "
                        "{#address}, or correct the link."
                    ),
                )


def internal_links_lead_somewhere(document: Document, context: DeskContext) -> Iterator[Finding]:
    """Links to other pages of this site that readers cannot open."""
    for link in links_of(document):
        path = internal_path(link, document, context.site_hosts)
        if path and path.partition("#")[0] != base_path(document) and not context.has_path(path):
            yield _broken(
                link,
                _("This site has no public page at “%(target)s”: publish it, or correct the link."),
                "link-broken-page",
            )


def _broken(link: Link, message: str, rule: str = "link-broken") -> Finding:
    return link.text.finding(rule, WARN, message % {"target": link.target}, link.position)


def _ids_of(document: Document) -> set[str]:
    """What the page of a document can be asked for: see ``articles.rendering``."""
    blocks = all_blocks(document)
    ids = {block.id for block in blocks if block.id}
    placed = {block.argument for block in blocks if block.kind == "figure"}
    ids |= {f"fig-{key}" for key in placed if key in document.figures_by_key}
    if any(block.kind == "glossary" for block in blocks):
        ids |= {f"{mark}-{key}" for key in document.terms_by_key for mark in "gt"}
    if any(block.kind == "references" for block in blocks):
        numbers = range(1, len(document.references) + 1)
        ids |= {f"{mark}{number}" for number in numbers for mark in "rc"}
    return ids


def _has_id(fragment: str, ids: set[str]) -> bool:
    """Parts of the page's own (its byline, its foot) are there on every page."""
    is_counted = re.match(r"(?:fig|g|t)-|[rc]\d", fragment)
    return fragment in ids or (not is_counted and bool(RESERVED_ID.match(fragment)))


def outside_links_are_encrypted(document: Document) -> Iterator[Finding]:
    """Addresses that start with http://: in links, references and the product mention."""
    message = _("“%(target)s” is not encrypted: use https://, if the site has it.")
    for link in links_of(document):
        if link.target.casefold().startswith("http:"):
            yield link.text.finding(
                "link-https", WARN, message % {"target": link.target}, link.position
            )
    for reference in document.references:
        if reference.url.casefold().startswith("http:"):
            yield Finding(
                "link-https",
                WARN,
                message % {"target": reference.url},
                name_of("@references"),
                unit="@references",
            )
    if document.mention and document.mention.website.casefold().startswith("http:"):
        yield Finding(
            "link-https",
            WARN,
            message % {"target": document.mention.website},
            name_of("@mention"),
            unit="@mention:text",
        )


_BROKEN = {
    "title": gettext_lazy("Links lead somewhere"),
    "why": gettext_lazy(
        "A reader who follows a broken link finds nothing, and trusts the next one less."
    ),
    "how": gettext_lazy(
        "Type [words](#address) for a heading with {#address} on this page, or the path of a "
        "published page, for example /en/evidence-grades/."
    ),
}

RULES = (
    Rule(
        "link-text",
        link_texts_say_something,
        gettext_lazy("Links say where they lead"),
        gettext_lazy(
            "A screen reader can list the links of a page; “here” in such a list says nothing "
            "(WCAG 2.4.4)."
        ),
        gettext_lazy(
            "Link the words that name the page: [how we grade evidence](/en/evidence-grades/)."
        ),
        WARN,
    ),
    Rule("link-broken", own_addresses_exist, severity=WARN, **_BROKEN),
    Rule(
        "link-broken-page",
        internal_links_lead_somewhere,
        gettext_lazy("Links to other pages of this site lead somewhere"),
        _BROKEN["why"],
        gettext_lazy(
            "Publish the page first, or correct the address; the language is its first part."
        ),
        WARN,
        (CONTEXT,),
    ),
    Rule(
        "link-https",
        outside_links_are_encrypted,
        gettext_lazy("Links use https"),
        gettext_lazy(
            "On an unencrypted page anybody on the way can read along and change what is said, "
            "which health information cannot afford."
        ),
        gettext_lazy(
            "Try the address with https://; if it does not work there, look for another source."
        ),
        WARN,
    ),
)
