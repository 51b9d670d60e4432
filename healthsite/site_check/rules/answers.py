"""How the site answers, whatever is asked."""

from collections.abc import Iterator

from healthsite.site_check.findings import Finding, rule
from healthsite.site_check.site import Site

HEAD_LIMIT = 4096
"""Bytes of a head through gzip, without its style sheet; about a third of the first round trip."""


@rule("server-error", "RFC 9110, 15.6")
def server_errors(site: Site) -> Iterator[Finding]:
    """No address answers 5xx."""
    for address, resource in sorted(site.resources.items()):
        if resource.status >= 500:
            yield Finding(address, f"answers {resource.status}", "The log has the cause.")


@rule("cookie", "docs/operating.md: public pages set no cookie")
def cookies(site: Site) -> Iterator[Finding]:
    """No public answer sets a cookie."""
    for address, resource in sorted(site.resources.items()):
        if resource.sets_cookie:
            yield Finding(
                address,
                "sets a cookie",
                "Public views must leave session, messages and CSRF tokens alone.",
            )


@rule("vary-cookie", "RFC 9110, 12.5.5; RFC 9111, 4.1")
def varies_on_cookies(site: Site) -> Iterator[Finding]:
    """No public answer varies on cookies or on everything: no shared cache could keep it."""
    for address, resource in sorted(site.resources.items()):
        fields = {name.strip().lower() for name in resource.vary.split(",")}
        if fields & {"cookie", "*"}:
            yield Finding(
                address,
                f"varies on {resource.vary}",
                "Find what reads the session or the visitor on this page.",
            )


@rule("head-size", "a budget of this project: the head comes in the first packets (RFC 6928)")
def heavy_heads(site: Site) -> Iterator[Finding]:
    """The head of a page is 4 KB at most through gzip, not counting its inline style sheet."""
    for resource, page in site.pages():
        if page.head_bytes > HEAD_LIMIT:
            yield Finding(
                resource.address,
                f"has a head of {page.head_bytes} bytes through gzip, style sheet not counted; "
                f"{HEAD_LIMIT} are allowed",
                "Shorten its JSON-LD and meta elements.",
            )


RULES = (server_errors, cookies, varies_on_cookies, heavy_heads)
