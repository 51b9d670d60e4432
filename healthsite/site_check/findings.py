"""A rule, and what it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from healthsite.site_check.site import Site


@dataclass(frozen=True, order=True)
class Finding:
    """``page`` is an address of the site, ``what`` a sentence, ``mend`` what to do about it."""

    page: str
    what: str
    mend: str


@dataclass(frozen=True)
class Rule:
    """``find`` yields the findings of a crawled site; ``source`` is where the rule comes from."""

    name: str
    source: str
    find: Callable[[Site], Iterable[Finding]]

    @property
    def summary(self) -> str:
        """The rule in one sentence: the first line of its docstring."""
        return (self.find.__doc__ or "").strip().splitlines()[0]


def rule(name: str, source: str) -> Callable[[Callable[[Site], Iterable[Finding]]], Rule]:
    """Make a rule of a function. The first line of its docstring is what ``--list`` prints."""
    return lambda find: Rule(name, source, find)
