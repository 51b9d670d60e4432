"""Sitemaps and robots.txt."""

import re
from collections import Counter
from collections.abc import Iterator

from healthsite.site_check.addresses import query_of
from healthsite.site_check.findings import Finding, rule
from healthsite.site_check.machine import Robots, Sitemap
from healthsite.site_check.site import Site

START = "/sitemap.xml"
MOST_ENTRIES = 50_000
SEARCH_ROBOTS = ("*", "googlebot", "bingbot", "baiduspider")
"""Whose groups in robots.txt count. Others may be turned away on purpose."""

_W3C_DATE = re.compile(
    r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?", re.ASCII
)


@rule("sitemap", "sitemaps.org protocol 0.9")
def unreadable_sitemaps(site: Site) -> Iterator[Finding]:
    """An open site has a sitemap, and it and its sections keep to the protocol."""
    start = site.resources[START]
    is_there = start.status == 200 and isinstance(start.content, Sitemap)
    if not is_there and not site.is_closed:
        answer = f"answers {start.status} {start.content_type}"
        yield Finding(START, f"is no sitemap: {answer}", "Serve one.")
    for resource, sitemap in site.holding(Sitemap):
        for problem in _problems(site, sitemap):
            yield Finding(resource.address, problem, "Correct the builder of the sitemap.")


def _problems(site: Site, sitemap: Sitemap) -> Iterator[str]:
    if sitemap.problem:
        yield sitemap.problem
    if len(sitemap.entries) > MOST_ENTRIES:
        yield f"has {len(sitemap.entries)} entries; {MOST_ENTRIES} are allowed"
    for url in (*sitemap.sections, *(entry.url for entry in sitemap.entries)):
        if not site.origin.is_ours(url):
            yield f"has loc {url!r}, which is no absolute address of this site"
    for entry in sitemap.entries:
        if entry.modified and not _W3C_DATE.fullmatch(entry.modified):
            yield f"has lastmod {entry.modified!r}, which is no W3C date"
    for url, count in Counter(entry.url for entry in sitemap.entries).items():
        if count > 1:
            yield f"lists {url} {count} times"


@rule("sitemap-entry", "sitemaps.org; Google: build and submit a sitemap (canonical URLs alone)")
def unfit_entries(site: Site) -> Iterator[Finding]:
    """A page of the sitemap answers 200, may be indexed, and is its own canonical."""
    for sitemap, address, _modified in site.sitemap_entries():
        problem = site.problem_at(address)
        resource = site.resources.get(address)
        if not problem and resource and not site.is_own_canonical(resource):
            problem = f"names {site.canonical_of(resource)} as canonical"
        if problem:
            yield Finding(
                sitemap, f"lists {address}, which {problem}", "Leave it out of the sitemap."
            )


@rule("sitemap-missing", "Google: build and submit a sitemap")
def missing_entries(site: Site) -> Iterator[Finding]:
    """An indexable page that is its own canonical is in the sitemap, later pages of lists aside."""
    listed = {address for _sitemap, address, _modified in site.sitemap_entries()}
    if not listed:
        return
    for resource, _page in site.indexable():
        address = resource.address
        is_later = query_of(address).startswith("page=")
        if address not in listed and not is_later and site.is_own_canonical(resource):
            yield Finding(address, "is not in the sitemap", "Add it, or say noindex.")


@rule("sitemap-alternates", "Google: localized versions of your pages (sitemap)")
def disagreeing_alternates(site: Site) -> Iterator[Finding]:
    """The languages a sitemap lists for a page are those the page lists."""
    pages = {resource.address: page for resource, page in site.pages()}
    for resource, sitemap in site.holding(Sitemap):
        for entry in sitemap.entries:
            page = pages.get(site.origin.address_of(entry.url) or "")
            if page and entry.alternates and set(entry.alternates) != set(page.alternates):
                yield Finding(
                    resource.address,
                    f"lists other languages for {entry.url} than the page does",
                    "Take both from healthsite.metadata.alternates.",
                )


@rule("robots", "RFC 9309")
def forbidden_entries(site: Site) -> Iterator[Finding]:
    """robots.txt lets search engines fetch every page of the sitemap; a closed site need not."""
    resource = site.resources.get("/robots.txt")
    robots = resource.content if resource else None
    if site.is_closed or not isinstance(robots, Robots):
        return
    named = [robot for robot in SEARCH_ROBOTS if robot in robots.groups]
    for address in sorted({address for _sitemap, address, _modified in site.sitemap_entries()}):
        for robot in named:
            if not robots.allows(robot, address):
                yield Finding(
                    "/robots.txt",
                    f"forbids {address} to {robot}, and the sitemap lists it",
                    "Allow it, or leave it out of the sitemap.",
                )


RULES = (
    unreadable_sitemaps,
    unfit_entries,
    missing_entries,
    disagreeing_alternates,
    forbidden_entries,
)
