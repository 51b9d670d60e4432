"""Addresses: which of them are ours, and one spelling for each."""

from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?"


class Origin:
    """Scheme and host of the site (RFC 6454), for example ``https://health.example.org``."""

    def __init__(self, origin: str):
        self.url = origin.rstrip("/")
        parts = urlsplit(self.url)
        self.scheme = parts.scheme
        self.host = parts.netloc
        # Menus and footers are on every page: most links of a crawl were seen before.
        self._resolve_known = lru_cache(maxsize=50_000)(self._resolve)

    def absolute(self, address: str) -> str:
        """The whole URL of an address of ours (``/en/`` and the like)."""
        return self.url + address

    def is_ours(self, url: str) -> bool:
        """Whether an absolute URL has this origin. Relative and unreadable ones have none."""
        try:
            parts = urlsplit(url.strip())
        except ValueError:
            return False
        return parts.scheme == self.scheme and parts.netloc.lower() == self.host.lower()

    def resolve(self, link: str, base: str = "/") -> tuple[str, str] | None:
        """Address (path and query) and fragment of a link on the page at ``base``.

        None for what is not fetched: other origins, other schemes, and what cannot be read.
        """
        if link.startswith("#"):
            return base, unquote(link[1:])
        return self._resolve_known(link, "/" if link.startswith("/") else base)

    def _resolve(self, link: str, base: str) -> tuple[str, str] | None:
        try:
            url = urljoin(self.absolute(base), link.strip())
            parts = urlsplit(url)
        except ValueError:
            return None
        if not self.is_ours(url):
            return None
        address = quote(parts.path or "/", safe=_PATH_SAFE)
        if parts.query:
            address += "?" + quote(parts.query, safe=_QUERY_SAFE)
        return address, unquote(parts.fragment)

    def address_of(self, link: str, base: str = "/") -> str | None:
        """As ``resolve``, without the fragment."""
        found = self.resolve(link, base)
        return found[0] if found else None


def path_of(address: str) -> str:
    """An address without its query."""
    return address.partition("?")[0]


def query_of(address: str) -> str:
    return address.partition("?")[2]
