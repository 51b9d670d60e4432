"""Decides whether a piece of HTML holds anything that a browser could execute, load or be led by.

Purpose: the judge of the XSS tests. `find_executable` needs no browser. It reads the HTML in three
ways that fail differently, and adds up what they see:

- BeautifulSoup with `html.parser`, a tree builder that is lenient in its own manner;
- `_scan`, which follows the HTML standard's rules for tags, attributes and comments, once taking
  the content of `<title>`, `<textarea>`, `<noscript>` and the like for plain text, once for markup.

`find_executable_in_browser` has a browser build the tree, three times: as a page with scripting on,
as a document with scripting off (`<noscript>` is read differently), and from its own serialisation
(mutation). Nothing runs while it looks. It is the better judge wherever Playwright is at hand.

Shapes: both take a `str` of HTML, a whole page or a part, and a `Policy`. Both return a sorted
`list[str]` without repeats, empty when nothing was found. A finding reads `<element>: what it is`.
`find_executable` errs on the safe side: it may report an unescaped `<` where a browser would read
plain text, and odd white space that only `html.parser` takes for a separator.
"""

from __future__ import annotations

import base64
import hashlib
import html as html_entities
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.exceptions import ParserRejectedMarkup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from playwright.sync_api import Page, Route

# Reported unless `Policy.embeds` names them. `meta-refresh` stands for <meta http-equiv=refresh>.
EMBEDS = frozenset(
    {
        "applet",
        "base",
        "embed",
        "fencedframe",
        "form",
        "frame",
        "frameset",
        "iframe",
        "meta-refresh",
        "object",
        "portal",
    }
)

# Parsers put these in by themselves, so an allow-list of elements need not name them.
IMPLIED = frozenset({"html", "head", "body", "tbody", "colgroup"})

# Attributes whose value is one URL. A name with a prefix, such as xlink:href, counts by its end.
URL_ATTRIBUTES = frozenset(
    {
        "action",
        "background",
        "cite",
        "classid",
        "code",
        "codebase",
        "data",
        "dynsrc",
        "formaction",
        "href",
        "icon",
        "longdesc",
        "lowsrc",
        "manifest",
        "poster",
        "profile",
        "src",
        "usemap",
    }
)

# Attributes whose value is several URLs, with or without descriptors.
URL_LIST_ATTRIBUTES = frozenset({"archive", "imagesrcset", "ping", "srcset"})

# SVG attributes that may hold url(…).
PAINT_ATTRIBUTES = frozenset(
    {
        "clip-path",
        "cursor",
        "fill",
        "filter",
        "marker",
        "marker-end",
        "marker-mid",
        "marker-start",
        "mask",
        "stroke",
    }
)

# SVG elements that set other attributes.
ANIMATIONS = frozenset({"animate", "animatecolor", "animatemotion", "animatetransform", "set"})

# HTML elements whose content a browser reads as plain text up to their end tag.
PLAIN_TEXT_ELEMENTS = frozenset(
    {"iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp"}
)

# How much of a hostile value a finding quotes.
QUOTED = 60

# The tokens of HTML as the standard cuts them; see `_scan`.
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_BOGUS_COMMENT = re.compile(r"<(?:[!?]|/(?![a-zA-Z]))[^>]*(?:>|\Z)")
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[a-zA-Z][^\t\n\f\r />]*)")
_TAG_PART = re.compile(
    r"""
    [\t\n\f\r /]*
    (?:
        (?P<end> > )
      |
        (?P<name> = [^\t\n\f\r />=]* | [^\t\n\f\r />=]+ )
        (?:
            [\t\n\f\r ]* = [\t\n\f\r ]*
            (?P<value> "[^"]*(?:"|\Z) | '[^']*(?:'|\Z) | [^\t\n\f\r >]* )
        )?
    )
    """,
    re.VERBOSE,
)

_WHITE_SPACE = re.compile(r"[\t\n\f\r ]+")
_TABS_AND_LINE_ENDS = re.compile(r"[\t\n\r]")
_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_PAINT_URL = re.compile(r"url\(\s*[\"']?([^\"')]*)", re.IGNORECASE)
_DESCRIPTOR = re.compile(r"[0-9.]+[wxh]", re.IGNORECASE)


@dataclass(frozen=True)
class Policy:
    """What the caller lets pass. The default, `STRICT`, has no allow-lists of names.

    `elements`: the allowed element names in lower case; `None` allows every name.
    `attributes`: the allowed attribute names in lower case, of whatever element; a name that ends
    in `*` allows all that begin so (`"aria-*"`); `None` allows every name.
    `style_hashes`: the allowed contents of style attributes and style elements, as `style_hash`
    makes them.
    `embeds`: those of `EMBEDS` that are allowed.
    `schemes`: the allowed protocols of URLs, without the colon. A URL without one is allowed.
    """

    elements: frozenset[str] | None = None
    attributes: frozenset[str] | None = None
    style_hashes: frozenset[str] = frozenset()
    embeds: frozenset[str] = frozenset()
    schemes: frozenset[str] = frozenset({"http", "https", "mailto", "tel"})


STRICT = Policy()


@dataclass(frozen=True)
class _Element:
    """A start tag as one of the readers saw it.

    `name` and the names of `attributes` are in lower case; values have their entities resolved.
    `text` is the content, of style elements only.
    """

    name: str
    attributes: dict[str, str]
    text: str = ""


def style_hash(css: str) -> str:
    """Return the hash of a style attribute or element as a CSP writes it: `sha256-…`."""
    digest = hashlib.sha256(css.encode("utf-8", "surrogatepass")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


def find_executable(html: str, policy: Policy = STRICT) -> list[str]:
    """Return what in `html` could execute, load or redirect, judged without a browser."""
    found = set(_judge(_scan(html), policy, _protocol))
    found.update(_judge(_scan(html, PLAIN_TEXT_ELEMENTS), policy, _protocol))
    try:
        found.update(_judge(_soup_elements(html), policy, _protocol))
    except (ParserRejectedMarkup, AssertionError, RecursionError):
        found.add("the markup is so broken that html.parser refuses it")
    return sorted(found)


def find_executable_in_browser(page: Page, html: str, policy: Policy = STRICT) -> list[str]:
    """Return what in `html` could execute, load or redirect, as the page's browser reads it.

    `page` is a page of Playwright's synchronous API, in a context with scripting on and without
    `bypass_csp`. It is left at about:blank. The HTML is served with a content security policy under
    which nothing runs or loads, so that no payload can tidy up after itself, and no request leaves
    the browser.
    """
    address = "https://oracle.invalid/page/"
    # A tag or comment left open at the end would swallow what follows it in a real page.
    body = (html + "\n<!-- end -->").encode("utf-8", "replace")
    served = False

    def answer(route: Route) -> None:
        nonlocal served
        if served or route.request.url != address:
            route.abort("aborted")
            return
        served = True
        route.fulfill(
            status=200,
            headers={
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": "default-src 'none'; form-action 'none'",
            },
            body=body,
        )

    page.route("**/*", answer)
    try:
        page.goto(address, wait_until="domcontentloaded")
        elements = [
            _Element(one["name"], dict(one["attributes"]), one["text"])
            for one in page.evaluate(_COLLECT, html)
        ]
        urls = sorted({url for element in elements for _, url in _urls(element)})
        protocols: dict[str, str | None] = dict(page.evaluate(_RESOLVE, urls))
    finally:
        page.goto("about:blank")
        page.unroute("**/*", answer)

    def protocol_of(url: str) -> str:
        known = protocols.get(url)
        return _protocol(url) if known is None else known

    return sorted(set(_judge(elements, policy, protocol_of)))


def _judge(
    elements: Iterable[_Element],
    policy: Policy,
    protocol_of: Callable[[str], str],
) -> Iterator[str]:
    """Yield a finding for all that `policy` does not let pass, whichever reader saw it."""
    for element in elements:
        whats = [
            *_judge_name(element, policy),
            *_judge_link(element, protocol_of),
            *_judge_attributes(element, policy),
            *_judge_urls(element, policy, protocol_of),
        ]
        for what in whats:
            yield f"<{_quote(element.name)}>: {what}"


def _judge_name(element: _Element, policy: Policy) -> Iterator[str]:
    """Yield why the element should not be there at all."""
    name, attributes = element.name, element.attributes
    if name == "script":
        yield "script element"
    if name in EMBEDS - policy.embeds:
        yield "element that frames, embeds, posts or redirects"
    refreshes = name == "meta" and attributes.get("http-equiv", "").strip().lower() == "refresh"
    if refreshes and "meta-refresh" not in policy.embeds:
        yield "meta refresh"
    if name == "style" and style_hash(element.text) not in policy.style_hashes:
        yield f"style element {_quote(element.text)}"
    if name in ANIMATIONS and _is_touchy(attributes.get("attributename", "")):
        yield f"animation of {_quote(attributes['attributename'])}"
    if policy.elements is not None and name not in policy.elements | IMPLIED:
        yield "element that is not in the allow-list"


def _judge_attributes(element: _Element, policy: Policy) -> Iterator[str]:
    """Yield what is wrong with the attributes, apart from the URLs in them."""
    for attribute, value in element.attributes.items():
        if attribute.startswith("on"):
            yield f"event handler {_quote(attribute)}"
        if attribute == "srcdoc":
            yield f"srcdoc {_quote(value)}"
        if attribute == "style" and style_hash(value) not in policy.style_hashes:
            yield f"style attribute {_quote(value)}"
        if not _is_allowed_attribute(attribute, policy):
            yield f"attribute {_quote(attribute)} that is not in the allow-list"


def _judge_urls(
    element: _Element,
    policy: Policy,
    protocol_of: Callable[[str], str],
) -> Iterator[str]:
    """Yield the URLs whose protocol the policy does not let pass."""
    for attribute, url in _urls(element):
        protocol = protocol_of(url)
        if protocol and protocol not in policy.schemes:
            yield f"{attribute} with the protocol {protocol}: {_quote(url)}"


def _judge_link(element: _Element, protocol_of: Callable[[str], str]) -> Iterator[str]:
    """Yield what is wrong with a link element: imports, and style sheets from elsewhere."""
    if element.name != "link":
        return
    relations = element.attributes.get("rel", "").lower().split()
    address = element.attributes.get("href", "")
    if "import" in relations:
        yield "HTML import"
    if "stylesheet" in relations and protocol_of(address):
        yield f"style sheet from another site {_quote(address)}"


def _is_touchy(attribute: str) -> bool:
    """Return whether an animation of this attribute could bring in a URL or a handler."""
    local = attribute.strip().lower().rpartition(":")[2]
    return local.startswith("on") or local in URL_ATTRIBUTES


def _is_allowed_attribute(attribute: str, policy: Policy) -> bool:
    """Return whether the allow-list has the attribute, itself or by a name that ends in `*`."""
    if policy.attributes is None or attribute in policy.attributes:
        return True
    return any(
        allowed.endswith("*") and attribute.startswith(allowed[:-1])
        for allowed in policy.attributes
    )


def _urls(element: _Element) -> Iterator[tuple[str, str]]:
    """Yield the name of an attribute and a URL in it, for every URL of an element."""
    for attribute, value in element.attributes.items():
        if attribute.rpartition(":")[2] in URL_ATTRIBUTES:
            yield attribute, value
        elif attribute in URL_LIST_ATTRIBUTES:
            for part in _WHITE_SPACE.split(value):
                url = part.strip(",")
                if url and not _DESCRIPTOR.fullmatch(url):
                    yield attribute, url
        elif attribute in PAINT_ATTRIBUTES:
            for url in _PAINT_URL.findall(value):
                yield attribute, url


def _protocol(url: str) -> str:
    """Return a URL's protocol in lower case, by the URL standard; empty for one of this site."""
    bare = _TABS_AND_LINE_ENDS.sub("", url.strip(_C0_AND_SPACE))
    if scheme := _SCHEME.match(bare):
        return scheme[1].lower()
    return "https" if re.match(r"[/\\]{2}", bare) else ""


def _soup_elements(html: str) -> Iterator[_Element]:
    """Yield the elements of BeautifulSoup's tree."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(
            html,
            "html.parser",
            multi_valued_attributes=None,
            on_duplicate_attribute="ignore",
        )
    for tag in soup.find_all(name=True):
        attributes: dict[str, str] = {}
        for name, value in tag.attrs.items():
            attributes.setdefault(name.lower(), value or "")
        text = "".join(map(str, tag.contents)) if tag.name.lower() == "style" else ""
        yield _Element(tag.name.lower(), attributes, text)


def _scan(html: str, plain_text_elements: frozenset[str] = frozenset()) -> Iterator[_Element]:
    """Yield the start tags that the HTML standard's tokeniser would cut.

    It knows no tree; the caller says the content of which elements is plain text. It also yields
    the tag that the end of `html` cuts short, since in a page something follows.
    """
    at = html.find("<")
    while at >= 0:
        end = at + 1
        if comment := _COMMENT.match(html, at) or _BOGUS_COMMENT.match(html, at):
            end = comment.end()
        elif tag := _TAG.match(html, at):
            attributes, end = _scan_attributes(html, tag.end())
            name = tag["name"].lower()
            if not tag["slash"]:
                text = _plain_text(html, end, name) if name in PLAIN_TEXT_ELEMENTS else ""
                yield _Element(name, attributes, text if name == "style" else "")
                if name in plain_text_elements:
                    end += len(text)
        at = html.find("<", end)


def _scan_attributes(html: str, start: int) -> tuple[dict[str, str], int]:
    """Return the attributes of the tag whose name ends at `start`, and where the tag ends."""
    attributes: dict[str, str] = {}
    end = start
    while part := _TAG_PART.match(html, end):
        end = part.end()
        if part["end"]:
            break
        attributes.setdefault(part["name"].lower(), _attribute_value(part["value"]))
    return attributes, end


def _attribute_value(written: str | None) -> str:
    """Return the value of an attribute from how it is written, with quotes or without."""
    value = written or ""
    if value[:1] in {'"', "'"}:
        value = value[1:].removesuffix(value[0])
    return html_entities.unescape(value).replace("\0", "\ufffd")


def _plain_text(html: str, start: int, name: str) -> str:
    """Return what stands between a start tag that ends at `start` and its end tag."""
    end = re.compile(rf"</{name}(?=[\t\n\f\r />]|\Z)", re.IGNORECASE).search(html, start)
    return html[start : end.start()] if end else html[start:]


def _quote(value: str) -> str:
    """Return the beginning of a value in plain ASCII on one line."""
    return ascii(value[:QUOTED])[1:-1]


# Walks every tree the browser can make of the HTML; returns names, attributes and style texts. The
# getters come from the prototypes, since <input name=attributes> and the like shadow the others.
_COLLECT = """
(html) => {
  const getter = (owner, name) => {
    const { get } = Object.getOwnPropertyDescriptor(owner.prototype, name);
    return (object) => get.call(object);
  };
  const attributesOf = getter(Element, 'attributes');
  const localNameOf = getter(Element, 'localName');
  const shadowRootOf = getter(Element, 'shadowRoot');
  const outerHtmlOf = getter(Element, 'outerHTML');
  const textOf = getter(Node, 'textContent');
  const contentOf = getter(HTMLTemplateElement, 'content');
  const documentElementOf = getter(Document, 'documentElement');
  const all = (root) => (root instanceof Document ? Document : DocumentFragment)
    .prototype.querySelectorAll.call(root, '*');
  const parse = (text) => new DOMParser().parseFromString(text, 'text/html');
  const found = [];
  const walk = (root) => {
    for (const element of all(root)) {
      const name = localNameOf(element).toLowerCase();
      found.push({
        name,
        attributes: [...attributesOf(element)].map((one) => [one.name.toLowerCase(), one.value]),
        text: name === 'style' ? textOf(element) : '',
      });
      if (element instanceof HTMLTemplateElement) walk(contentOf(element));
      if (shadowRootOf(element)) walk(shadowRootOf(element));
    }
  };
  walk(document);
  walk(parse(html));
  walk(parse(outerHtmlOf(documentElementOf(document))));
  return found;
}
"""

# Resolves URLs as links of the page; returns pairs of a URL and its protocol, which is empty for
# an address of the page's own site and null for what is no valid URL.
_RESOLVE = """
(urls) => {
  const base = Object.getOwnPropertyDescriptor(Node.prototype, 'baseURI').get.call(document);
  return urls.map((url) => {
    try {
      const { protocol, origin } = new URL(url, base);
      const own = protocol === location.protocol && origin === location.origin;
      return [url, own ? '' : protocol.slice(0, -1)];
    } catch {
      return [url, null];
    }
  });
}
"""
