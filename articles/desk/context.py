"""What a check may know beside the two documents: plain data, gathered by ``articles.checking``."""

import datetime
from collections.abc import Callable, Container
from dataclasses import dataclass


@dataclass(frozen=True)
class ForbiddenWords:
    """A phrase that no text may use of a product, in one language, and why."""

    phrase: str
    language: str
    note: str = ""


@dataclass(frozen=True)
class Lapsing:
    """An entry in a professional register that ends on a known day."""

    author: str
    registration: str
    valid_until: datetime.date


@dataclass(frozen=True)
class DeskContext:
    """``paths`` answers whether this site has an address, with its fragment (``/en/a/#b``).

    ``site_hosts`` are the hosts whose addresses count as internal. ``review_due_on`` is None for a
    text that is not public yet. ``unnamed`` are people of the byline who have no
    name in this language.
    """

    today: datetime.date
    forbidden: tuple[ForbiddenWords, ...] = ()
    paths: Container[str] | Callable[[str], bool] = frozenset()
    lapsing: tuple[Lapsing, ...] = ()
    review_due_on: datetime.date | None = None
    site_hosts: frozenset[str] = frozenset()
    unnamed: tuple[str, ...] = ()

    def has_path(self, path: str) -> bool:
        """Whether readers find something at an internal address."""
        return self.paths(path) if callable(self.paths) else path in self.paths
