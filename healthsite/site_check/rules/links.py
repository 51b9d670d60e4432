"""Links: where they lead, and that every page can be reached."""

from collections.abc import Iterator

from healthsite.site_check.addresses import path_of
from healthsite.site_check.findings import Finding, rule
from healthsite.site_check.pages import Page
from healthsite.site_check.site import Site

_BROWSER_FRAGMENTS = ("top", ":~:")
"""Fragments that browsers serve themselves: the top of the page (HTML), text fragments."""


@rule("broken-link", "RFC 9110, 15.5")
def broken_links(site: Site) -> Iterator[Finding]:
    """Every address that the site names answers 200; server errors are a rule of their own."""
    for target, sources in sorted(site.inbound.items()):
        resource = site.resources.get(target)
        if resource and resource.status != 200 and resource.status < 500 and not resource.location:
            yield Finding(
                sources.first,
                f"names {target}{sources}, which answers {resource.status}",
                "Correct the link or take it out.",
            )


@rule("redirected-link", "Google: redirects and Google Search; RFC 9110, 15.4")
def redirected_links(site: Site) -> Iterator[Finding]:
    """No address that the site names is a redirect."""
    for target, sources in sorted(site.inbound.items()):
        resource = site.resources.get(target)
        if resource and resource.location:
            final = site.final_address(target)
            yield Finding(
                sources.first,
                f"names {target}{sources}, which redirects to {final or 'itself, without end'}",
                f"Link to {final}." if final else "Break the circle of redirects.",
            )


@rule("broken-fragment", "HTML: scrolling to a fragment")
def broken_fragments(site: Site) -> Iterator[Finding]:
    """Every fragment of a link is an id on the page it leads to."""
    for (target, fragment), sources in sorted(site.fragments.items()):
        resource = site.resources.get(target)
        page = resource.content if resource else None
        is_ours = not fragment.startswith(_BROWSER_FRAGMENTS)
        if is_ours and isinstance(page, Page) and not page.has_id(fragment):
            yield Finding(
                sources.first,
                f"links to {target}#{fragment}{sources}, and nothing there has that id",
                "Correct the fragment, or give the passage its id back.",
            )


@rule("orphan", "Google: make your links crawlable")
def orphans(site: Site) -> Iterator[Finding]:
    """Every page of the sitemap is linked from another page."""
    if not site.is_complete:
        return
    for address in sorted({address for _sitemap, address, _modified in site.sitemap_entries()}):
        sources = site.inbound.get(address)
        is_root = path_of(address) == "/"
        if not is_root and sources and not sources.is_followed:
            yield Finding(
                address,
                "is in the sitemap, and no page links to it",
                "Link to it from a list, or leave it out of the sitemap.",
            )


RULES = (broken_links, redirected_links, broken_fragments, orphans)
