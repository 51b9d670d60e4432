"""Titles, descriptions and headings."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from healthsite.site_check.findings import Finding, rule
from healthsite.site_check.pages import Page
from healthsite.site_check.site import Site


@rule("title", "HTML: the title element; WCAG 2.4.2")
def titles(site: Site) -> Iterator[Finding]:
    """Every page has one title that says something."""
    for resource, page in site.pages():
        if not page.title:
            yield Finding(resource.address, "has no title", "Give it one.")
        elif len(page.titles) > 1:
            yield Finding(resource.address, f"has {len(page.titles)} titles", "Keep one.")


@rule("description", "Google: control your snippets")
def descriptions(site: Site) -> Iterator[Finding]:
    """Every page that may be indexed has one description."""
    for resource, page in site.indexable():
        if not page.description:
            yield Finding(resource.address, "has no description", "Give it one.")
        elif len(page.descriptions) > 1:
            yield Finding(
                resource.address, f"has {len(page.descriptions)} descriptions", "Keep one."
            )


@rule("heading", "WCAG 2.4.6; HTML: headings and outlines")
def headings(site: Site) -> Iterator[Finding]:
    """Every page has one h1."""
    for resource, page in site.pages():
        if page.headings != 1:
            count = page.headings or "no"
            yield Finding(resource.address, f"has {count} h1", "Give every page exactly one.")


@rule("duplicate-title", "Google: influencing title links")
def duplicate_titles(site: Site) -> Iterator[Finding]:
    """No two indexable pages of one language have the same title."""
    return _duplicates(site, "title", lambda page: page.title)


@rule("duplicate-description", "Google: control your snippets")
def duplicate_descriptions(site: Site) -> Iterator[Finding]:
    """No two indexable pages of one language have the same description."""
    return _duplicates(site, "description", lambda page: page.description)


def _duplicates(site: Site, kind: str, text_of: Callable[[Page], str]) -> Iterator[Finding]:
    """Pages with one text. A page that names another as its canonical is a copy on purpose."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for resource, page in site.indexable():
        text = text_of(page)
        if text and site.is_own_canonical(resource):
            groups[page.lang.lower(), text].append(resource.address)
    for (_language, text), (first, *others) in sorted(groups.items()):
        if others:
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            yield Finding(
                first,
                f"has the same {kind} as {others[0]}{more}: {text[:80]}",
                "Say in each what is different about it.",
            )


RULES = (titles, descriptions, headings, duplicate_titles, duplicate_descriptions)
