"""What a crawl brings home: every answer, and who links to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from healthsite.site_check.addresses import Origin
from healthsite.site_check.machine import Feed, Robots, Sitemap
from healthsite.site_check.pages import Page

FOLLOWED = ("a", "area")
"""Elements that a reader follows; what the others name, only programs fetch."""

MAX_HOPS = 10


@dataclass(frozen=True, slots=True)
class Picture:
    """Size of a raster picture in pixels; 0 by 0 for one that cannot be read."""

    width: int
    height: int


@dataclass(slots=True)
class Resource:
    """One answer, without its body: what the body said is in ``content``."""

    address: str
    status: int
    content_type: str = ""
    location: str = ""
    canonical: str = ""
    is_noindex: bool = False
    sets_cookie: bool = False
    vary: str = ""
    content: "Page | Sitemap | Feed | Robots | Picture | None" = None


@dataclass(slots=True)
class Sources:
    """Who names an address: the first page that did, and how many do."""

    first: str
    count: int = 0
    is_followed: bool = False

    def __str__(self) -> str:
        return f" (and on {self.count - 1} more)" if self.count > 1 else ""


@dataclass
class Site:
    """``is_complete`` is False where the limit ended the crawl; ``is_closed`` is the setting."""

    origin: Origin
    is_closed: bool = False
    is_complete: bool = True
    links: int = 0
    resources: dict[str, Resource] = field(default_factory=dict)
    inbound: dict[str, Sources] = field(default_factory=dict)
    fragments: dict[tuple[str, str], Sources] = field(default_factory=dict)

    def pages(self) -> Iterator[tuple[Resource, Page]]:
        """HTML pages that were answered 200, by address."""
        for address in sorted(self.resources):
            resource = self.resources[address]
            if resource.status == 200 and isinstance(resource.content, Page):
                yield resource, resource.content

    def indexable(self) -> Iterator[tuple[Resource, Page]]:
        """Pages that search engines may keep."""
        return ((resource, page) for resource, page in self.pages() if self.may_index(resource))

    def may_index(self, resource: Resource) -> bool:
        """Whether an answer may be kept by search engines, by its header and its robots element.

        A closed site says noindex everywhere. There, a page counts that names itself as canonical:
        it will be kept once the site is open, and the rules are wanted before that.
        """
        page = resource.content
        if self.is_closed and isinstance(page, Page):
            return bool(page.canonicals) and self.is_own_canonical(resource)
        return not resource.is_noindex and not (isinstance(page, Page) and page.is_noindex)

    def holding(self, kind: type) -> Iterator[tuple[Resource, object]]:
        """Answers with 200 that hold a Sitemap, a Feed, …, by address."""
        for address in sorted(self.resources):
            resource = self.resources[address]
            if resource.status == 200 and isinstance(resource.content, kind):
                yield resource, resource.content

    def sitemap_entries(self) -> Iterator[tuple[str, str, str]]:
        """Sitemap, address and lastmod of every page a sitemap names, ours alone."""
        for resource, sitemap in self.holding(Sitemap):
            for entry in sitemap.entries:
                address = self.origin.address_of(entry.url)
                if address:
                    yield resource.address, address, entry.modified

    def canonical_of(self, resource: Resource) -> str:
        """The address a page says is its own; its address where it says nothing, or nonsense."""
        page = resource.content
        if isinstance(page, Page) and page.canonicals:
            found = self.origin.address_of(page.canonicals[0], resource.address)
            return found or resource.address
        return resource.address

    def is_own_canonical(self, resource: Resource) -> bool:
        return self.canonical_of(resource) == resource.address

    def final_address(self, address: str) -> str:
        """Where redirects end: an address of ours, or a whole URL elsewhere; "" for a loop."""
        for _hop in range(MAX_HOPS):
            resource = self.resources.get(address)
            if resource is None or not resource.location:
                return address
            following = self.origin.address_of(resource.location, address)
            if following is None:
                return resource.location
            address = following
        return ""

    def problem_at(self, address: str) -> str:
        """Why an address is no page to name: "" if it is a page to keep, or was not fetched."""
        resource = self.resources.get(address)
        if resource is None:
            return ""
        if resource.status != 200:
            return f"answers {resource.status}"
        if not isinstance(resource.content, Page):
            return f"is no page but {resource.content_type or 'something without a type'}"
        return "" if self.is_closed or self.may_index(resource) else "says noindex"
