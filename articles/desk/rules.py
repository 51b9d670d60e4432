"""What a rule is: a check with a name, a reason and a way to mend what it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from articles.desk.context import DeskContext
from articles.desk.findings import Finding
from articles.document import Document

COUNTERPART, CONTEXT = "counterpart", "context"
"""What a check may need besides the document; without it the check is silent."""


@dataclass(frozen=True)
class Rule:
    """``check`` takes the document, then what ``needs`` names, and gives findings.

    ``title``, ``why`` and ``how`` are lazy translations; ``severity`` is the worst it can give.
    """

    code: str
    check: Callable[..., Iterable[Finding]]
    title: str
    why: str
    how: str
    severity: int
    needs: tuple[str, ...] = ()

    def findings(
        self, document: Document, counterpart: Document | None, context: DeskContext | None
    ) -> Iterable[Finding]:
        """What the check finds, or nothing where something it needs is not there."""
        at_hand = {COUNTERPART: counterpart, CONTEXT: context}
        needed = [at_hand[name] for name in self.needs]
        return () if None in needed else self.check(document, *needed)


@dataclass(frozen=True)
class Family:
    """Rules that look at the same side of a text; ``key`` is the name of their module."""

    key: str
    title: str
    rules: tuple[Rule, ...]
