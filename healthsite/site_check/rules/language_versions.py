"""hreflang: the same page in other languages (Google: localized versions of your pages)."""

import re
from collections.abc import Iterator

from healthsite.site_check.findings import Finding, rule
from healthsite.site_check.pages import Page
from healthsite.site_check.site import Resource, Site

_GOOGLE = "Google: localized versions of your pages"
X_DEFAULT = "x-default"

_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*", re.I
)
"""Language, script, region and variants of BCP 47 (RFC 5646, 2.1)."""


def _own_addresses(site: Site, resource: Resource) -> set[str]:
    return {resource.address, site.canonical_of(resource)}


def _targets(site: Site, resource: Resource, page: Page) -> list[tuple[str, str | None]]:
    """(tag, address) of every alternate; None for another origin."""
    return [(tag, site.origin.address_of(link, resource.address)) for tag, link in page.alternates]


def _listing(site: Site) -> Iterator[tuple[Resource, Page]]:
    return ((resource, page) for resource, page in site.pages() if page.alternates)


@rule("hreflang-tag", "BCP 47 (RFC 5646); " + _GOOGLE)
def tags(site: Site) -> Iterator[Finding]:
    """Every hreflang is a valid language tag, named once, with an absolute address."""
    for resource, page in _listing(site):
        seen: set[str] = set()
        for tag, link in page.alternates:
            problem = ""
            if tag.lower() != X_DEFAULT and not _TAG.fullmatch(tag):
                problem = "is no language tag"
            elif tag.lower() in seen:
                problem = "is listed twice"
            elif not re.match(r"https?://", link):
                problem = f"has the address {link!r}, which is not absolute"
            seen.add(tag.lower())
            if problem:
                yield Finding(
                    resource.address,
                    f"lists hreflang {tag!r}, which {problem}",
                    "Take the alternates from healthsite.metadata.alternates.",
                )


@rule("hreflang-self", _GOOGLE)
def self_listed(site: Site) -> Iterator[Finding]:
    """A page that lists its languages lists itself."""
    for resource, page in _listing(site):
        listed = {address for _tag, address in _targets(site, resource, page)}
        if not listed & _own_addresses(site, resource):
            yield Finding(
                resource.address, "lists other languages but not itself", "List it as well."
            )


@rule("hreflang-x-default", _GOOGLE)
def default_listed(site: Site) -> Iterator[Finding]:
    """A page that lists its languages says which one is for everybody else."""
    for resource, page in _listing(site):
        if X_DEFAULT not in {tag.lower() for tag, _link in page.alternates}:
            yield Finding(resource.address, "lists languages without x-default", "Add x-default.")


@rule("hreflang-return", _GOOGLE)
def returned(site: Site) -> Iterator[Finding]:
    """Every page that is listed lists back, and is a page to keep."""
    for resource, page in _listing(site):
        own = _own_addresses(site, resource)
        for address in sorted(
            {target for _tag, target in _targets(site, resource, page) if target}
        ):
            other = site.resources.get(address)
            if other is None or address in own:
                continue
            problem = site.problem_at(address)
            if not problem and isinstance(other.content, Page):
                back = {target for _tag, target in _targets(site, other, other.content)}
                problem = "" if own & back else "does not list it back"
            if problem:
                yield Finding(
                    resource.address,
                    f"lists {address} as its other language, which {problem}",
                    "List each from the other, or neither.",
                )


@rule("hreflang-lang", "HTML: the lang attribute; RFC 4647, 3.3.1; " + _GOOGLE)
def in_the_language_they_say(site: Site) -> Iterator[Finding]:
    """The html element of a listed page has the language it is listed in; every page has one."""
    for resource, page in site.pages():
        if not page.lang:
            yield Finding(resource.address, "has no lang on its html element", "Set it.")
        for tag, address in _targets(site, resource, page):
            other = site.resources.get(address or "")
            if tag.lower() == X_DEFAULT or other is None or not isinstance(other.content, Page):
                continue
            language = other.content.lang
            if language and not f"{language}-".lower().startswith(f"{tag}-".lower()):
                yield Finding(
                    resource.address,
                    f"lists {address} as {tag}, and that page is in {language}",
                    "Correct the hreflang or the lang of the page.",
                )


RULES = (tags, self_listed, default_listed, returned, in_the_language_they_say)
