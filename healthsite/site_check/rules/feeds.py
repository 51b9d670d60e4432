"""Feeds, and the Markdown beside each article."""

from collections.abc import Iterator

from healthsite.site_check.findings import Finding, rule
from healthsite.site_check.machine import FEED_TYPES, MARKDOWN_TYPE, Feed
from healthsite.site_check.pages import Page
from healthsite.site_check.site import Resource, Site


@rule("feed", "RFC 4287; JSON Feed 1.1; RSS 2.0")
def unreadable_feeds(site: Site) -> Iterator[Finding]:
    """Every feed can be read, has what its format requires, and knows its own address."""
    for resource, feed in site.holding(Feed):
        problem = feed.problem
        if not problem and feed.own and feed.own != site.origin.absolute(resource.address):
            problem = f"says its own address is {feed.own}"
        if problem:
            yield Finding(resource.address, problem, "Correct the builder of the feed.")


@rule("feed-entry", "RFC 4287, 4.2.7.2 (alternate); JSON Feed 1.1 (url)")
def feed_entries(site: Site) -> Iterator[Finding]:
    """Every entry of a feed leads to an indexable page of ours, by its absolute address."""
    for resource, feed in site.holding(Feed):
        for link in dict.fromkeys(feed.links):
            if site.origin.is_ours(link):
                problem = site.problem_at(site.origin.address_of(link) or "")
            else:
                problem = "is no address of this site"
            if problem:
                yield Finding(
                    resource.address,
                    f"has an entry for {link}, which {problem}",
                    "Only what readers may read belongs in a feed.",
                )


@rule("feed-link", "RFC 4287, 7; HTML: link type alternate")
def feed_links(site: Site) -> Iterator[Finding]:
    """Every feed that a page announces is there, in the format it is announced in."""
    for resource, kind, other in _announced(site, FEED_TYPES):
        if other.status != 200 or other.content_type != kind:
            yield Finding(
                resource.address,
                f"announces a feed {other.address} of {kind}, "
                f"which answers {other.status} {other.content_type}",
                "Correct the link or its type.",
            )


@rule("markdown", "RFC 7763 (text/markdown); RFC 6596 and RFC 8288 (canonical in a Link header)")
def markdown_links(site: Site) -> Iterator[Finding]:
    """The Markdown that a page announces is there and names the page as canonical."""
    for resource, kind, other in _announced(site, (MARKDOWN_TYPE,)):
        expected = site.origin.absolute(site.canonical_of(resource))
        problem = ""
        if other.status != 200 or other.content_type != kind:
            problem = f"answers {other.status} {other.content_type}"
        elif other.canonical != expected:
            problem = f"names {other.canonical or 'nothing'} as canonical, not {expected}"
        if problem:
            yield Finding(
                resource.address,
                f"announces {other.address} as its Markdown, which {problem}",
                "Correct the link, or the Link header of the Markdown.",
            )


def _announced(site: Site, kinds: tuple[str, ...]) -> Iterator[tuple[Resource, str, Resource]]:
    """Pages, the type they announce, and the answer at that address."""
    for resource, page in site.pages():
        for kind, link in _links_of(page, kinds):
            other = site.resources.get(site.origin.address_of(link, resource.address) or "")
            if other is not None:
                yield resource, kind, other


def _links_of(page: Page, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(kind, link) for kind, link in page.machine_links if kind in kinds]


RULES = (unreadable_feeds, feed_entries, feed_links, markdown_links)
