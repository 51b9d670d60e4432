"""Canonical addresses, and what must agree with them."""

import re
from collections.abc import Iterator

from healthsite.site_check.addresses import query_of
from healthsite.site_check.findings import Finding, rule
from healthsite.site_check.site import Resource, Site

_PAGE_QUERY = re.compile(r"page=[1-9][0-9]*")


@rule("canonical-count", "RFC 6596, 3; Google: consolidate duplicate URLs")
def canonical_counts(site: Site) -> Iterator[Finding]:
    """Every indexable page names one canonical address, and no page several."""
    for resource, page in site.pages():
        count = len(page.canonicals)
        if count > 1:
            yield Finding(resource.address, f"names {count} canonical addresses", "Keep one.")
        elif not count and site.may_index(resource):
            yield Finding(resource.address, "names no canonical address", "Let it name its own.")


@rule("canonical-form", "Google: consolidate duplicate URLs (absolute, no tracking, no fragment)")
def canonical_forms(site: Site) -> Iterator[Finding]:
    """A canonical address is absolute, ours, without fragment, with no query but page=."""
    for resource, page in site.pages():
        for url in page.canonicals:
            problem = _form_problem(site, url)
            if problem:
                yield Finding(
                    resource.address,
                    f"names the canonical address {url!r}, which {problem}",
                    f"Build it from SITE_ORIGIN ({site.origin.url}).",
                )


def _form_problem(site: Site, url: str) -> str:
    if not re.match(r"https?://", url):
        return "is not absolute"
    found = site.origin.resolve(url)
    if not found:
        return "is on another origin"
    query = query_of(found[0])
    if query and not _PAGE_QUERY.fullmatch(query):
        return f"has the query {query!r}"
    return "has a fragment" if found[1] else ""


@rule("canonical-target", "Google: consolidate duplicate URLs")
def canonical_targets(site: Site) -> Iterator[Finding]:
    """The canonical address is an indexable page that names itself, never a further one."""
    for resource, page in site.pages():
        target = site.resources.get(site.canonical_of(resource))
        if not page.canonicals or target is None or target is resource:
            continue
        problem = site.problem_at(target.address)
        if not problem and not site.is_own_canonical(target):
            problem = f"names {site.canonical_of(target)} in its turn"
        if problem:
            yield Finding(
                resource.address,
                f"names {target.address} as canonical, which {problem}",
                "Name the page that should be kept.",
            )


@rule("noindex-canonical", "Google: noindex and rel=canonical contradict each other")
def noindex_with_canonical(site: Site) -> Iterator[Finding]:
    """A page that says noindex names no canonical address; a closed site says it everywhere."""
    for resource, page in site.pages():
        if page.canonicals and not site.is_closed and not site.may_index(resource):
            yield Finding(
                resource.address,
                f"says noindex and names {page.canonicals[0]} as canonical",
                "Keep one of the two.",
            )


@rule("og-url", "ogp.me: og:url is the canonical URL")
def og_addresses(site: Site) -> Iterator[Finding]:
    """og:url is the canonical address."""
    for resource, page in site.pages():
        url = page.og_value("og:url")
        if url and url != _expected(site, resource):
            yield Finding(
                resource.address,
                f"has the og:url {url}, and its canonical address is {_expected(site, resource)}",
                "Fill both from the same value.",
            )


@rule("json-ld-address", "schema.org: url, mainEntityOfPage; Google: structured data guidelines")
def json_ld_addresses(site: Site) -> Iterator[Finding]:
    """url, mainEntityOfPage and @id of the page's JSON-LD name its canonical address."""
    for resource, page in site.pages():
        expected = _expected(site, resource)
        for name, value in sorted({pair for node in page.data.nodes for pair in node.addresses}):
            is_identifier = name.endswith("@id")
            # An @id may be any name (a DOI, a fragment); only one of ours is an address.
            if is_identifier and not site.origin.is_ours(value):
                continue
            found = value.partition("#")[0] if is_identifier else value
            if found != expected:
                yield Finding(
                    resource.address,
                    f"has the {name} {value} in its JSON-LD, "
                    f"and its canonical address is {expected}",
                    "Fill both from the same value.",
                )


def _expected(site: Site, resource: Resource) -> str:
    """The whole canonical URL of a page, or its own where it names none."""
    return site.origin.absolute(site.canonical_of(resource))


RULES = (
    canonical_counts,
    canonical_forms,
    canonical_targets,
    noindex_with_canonical,
    og_addresses,
    json_ld_addresses,
)
