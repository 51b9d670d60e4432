"""Desk checks: rules that look at a document before publication.

Each rule is a function that takes a document and gives findings; the family it belongs to is its
file. All rules run, and everything found is reported at once.
"""

from dataclasses import replace

from django.utils.translation import gettext_lazy

from articles.desk import (
    evidence,
    figures,
    hedges,
    keys,
    languages,
    links,
    numbers,
    products,
    promotion,
    structure,
    style,
    upkeep,
)
from articles.desk.context import DeskContext, ForbiddenWords, Lapsing
from articles.desk.findings import NOTE, STOP, WARN, Finding
from articles.desk.rules import Family, Rule
from articles.document import Document

__all__ = [
    "FAMILIES",
    "NOTE",
    "RULES",
    "RULES_BY_CODE",
    "STOP",
    "WARN",
    "DeskContext",
    "Family",
    "Finding",
    "ForbiddenWords",
    "Lapsing",
    "Rule",
    "check_document",
]

FAMILIES = (
    Family("structure", gettext_lazy("Structure"), structure.RULES),
    Family("keys", gettext_lazy("Keys"), keys.RULES),
    Family("figures", gettext_lazy("Figures"), figures.RULES),
    Family("products", gettext_lazy("Products"), products.RULES),
    Family("promotion", gettext_lazy("Near a product"), promotion.RULES),
    Family("evidence", gettext_lazy("Evidence"), evidence.RULES),
    Family("languages", gettext_lazy("Both languages"), languages.RULES),
    Family("numbers", gettext_lazy("Numbers and units"), numbers.RULES),
    Family("hedges", gettext_lazy("Certainty"), hedges.RULES),
    Family("links", gettext_lazy("Links"), links.RULES),
    Family("style", gettext_lazy("Style"), style.RULES),
    Family("upkeep", gettext_lazy("Upkeep"), upkeep.RULES),
)
"""Every rule, by family, in the order in which editors read of them."""

RULES = tuple(rule for family in FAMILIES for rule in family.rules)
RULES_BY_CODE = {rule.code: rule for rule in RULES}


def check_document(
    document: Document, counterpart: Document | None, context: DeskContext | None = None
) -> list[Finding]:
    """Every finding about a document, worst first, then in reading order.

    ``counterpart`` is the other language's document and ``context`` what the site knows besides;
    where one is None, the rules that need it are silent.
    """
    findings = [
        _in_its_unit(finding, document)
        for rule in RULES
        for finding in rule.findings(document, counterpart, context)
    ]
    return sorted(findings, key=lambda finding: (finding.severity, finding.line))


def _in_its_unit(finding: Finding, document: Document) -> Finding:
    """What is found inside a container belongs to the container, the unit that editors see."""
    if not finding.block_id or finding.unit != finding.block_id:
        return finding
    if not finding.line or any(block.id == finding.unit for block in document.blocks):
        return finding
    above = [block.id for block in document.blocks if block.line <= finding.line]
    return replace(finding, unit=above[-1]) if above else finding
