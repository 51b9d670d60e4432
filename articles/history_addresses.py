"""Where the public log of a text, its versions and their comparisons are."""

from django.urls import reverse

NAMESPACES = {"article": "articles", "page": "pages"}
"""Where the addresses of each ``Article.Kind`` are listed."""

NUMBER = "[1-9][0-9]{0,5}"
"""The number of a version, spelled in one way only. Six digits are one an hour for a century."""


def history_address(kind: str, language: str, slug: str) -> str:
    """The public log of an ``Article.Kind``."""
    return reverse(f"{NAMESPACES[kind]}:history", args=[language, slug])


def version_address(kind: str, language: str, slug: str, number: int) -> str:
    """One version as it was published."""
    return reverse(f"{NAMESPACES[kind]}:version", args=[language, slug, number])


def comparison_address(kind: str, language: str, slug: str, old: int, new: int) -> str:
    """The comparison of two versions, the older one first."""
    return reverse(f"{NAMESPACES[kind]}:comparison", args=[language, slug, old, new])
