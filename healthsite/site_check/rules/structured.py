"""JSON-LD that can be read, and dates that agree wherever they are written."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from healthsite.site_check.findings import Finding, rule
from healthsite.site_check.pages import Page
from healthsite.site_check.site import Site


@rule("json-ld", "JSON-LD 1.1; Google: introduction to structured data")
def unreadable_json_ld(site: Site) -> Iterator[Finding]:
    """Every JSON-LD script is JSON, an object or a list of objects, with @context."""
    for resource, page in site.pages():
        for problem in page.data.problems:
            yield Finding(resource.address, f"has JSON-LD that {problem}", "Correct its builder.")


@rule("dates", "Google: article structured data, byline dates, sitemap lastmod; ogp.me: article")
def dates(site: Site) -> Iterator[Finding]:
    """JSON-LD, article:modified_time and the sitemap's lastmod name the same moment."""
    lastmods = defaultdict(list)
    for sitemap, address, modified in site.sitemap_entries():
        lastmods[address].append((f"lastmod in {sitemap}", modified))
    for resource, page in site.pages():
        published, modified = _written(page)
        modified = [*modified, *lastmods.get(resource.address, [])]
        for kind, values in (("published", published), ("modified", modified)):
            for what in _disagreements(kind, values):
                yield Finding(resource.address, what, "Fill them from one value.")
        if _is_before(modified, published):
            yield Finding(
                resource.address, "was modified before it was published", "Correct the dates."
            )


Dates = list[tuple[str, str]]
"""Where a date is written, and the date as written."""


def _written(page: Page) -> tuple[Dates, Dates]:
    published = [("datePublished", node.published) for node in page.data.nodes]
    modified = [("dateModified", node.modified) for node in page.data.nodes]
    published.append(("article:published_time", page.og_value("article:published_time")))
    modified.append(("article:modified_time", page.og_value("article:modified_time")))
    return published, modified


def _disagreements(kind: str, values: Dates) -> Iterator[str]:
    values = list(dict.fromkeys((name, value) for name, value in values if value))
    for name, value in values:
        if _read(value) is None:
            yield f"has {name} {value!r}, which is no date"
    # The most exact one first: all others are held against it.
    read = sorted((item for item in values if _read(item[1])), key=lambda item: "T" not in item[1])
    for name, value in read[1:]:
        if not _agree(read[0][1], value):
            yield f"says it was {kind} {read[0][1]} ({read[0][0]}) and {value} ({name})"


def _is_before(modified: Dates, published: Dates) -> bool:
    """Whether any modification lies before any publication; by days where one has no time."""
    return any(
        later < earlier if "T" in last and "T" in first else last[:10] < first[:10]
        for _name, last in modified
        for _other, first in published
        if (later := _read(last)) and (earlier := _read(first))
    )


def _read(value: str) -> datetime | None:
    """A W3C date or date and time; a time without an offset counts as UTC."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _agree(first: str, second: str) -> bool:
    """The same second, or the same day where one of them is a day alone. Both can be read."""
    one, other = _read(first), _read(second)
    if one and other and "T" in first and "T" in second:
        return one.replace(microsecond=0) == other.replace(microsecond=0)
    return first[:10] == second[:10]


RULES = (unreadable_json_ld, dates)
