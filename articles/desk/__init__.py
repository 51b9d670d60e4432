"""Desk checks: rules that look at a document before publication.

Each rule is a function ``(document) -> findings``; the family it belongs to is its file. All
rules run, and everything found is reported at once.
"""

from articles.desk import evidence, figures, keys, languages, products, structure
from articles.desk.findings import NOTE, STOP, WARN, Finding
from articles.document import Document

__all__ = ["NOTE", "STOP", "WARN", "Finding", "check_document"]

RULES = (
    structure.block_tags_are_right,
    structure.title_is_given,
    structure.heading_levels_are_not_skipped,
    structure.tagged_nutrients_have_a_safety_block,
    keys.keys_are_known,
    figures.figures_have_alt_and_caption,
    products.product_mentions_are_disclosed,
    evidence.claims_have_grade_and_reference,
    evidence.references_are_cited,
    evidence.cited_articles_list_their_references,
)


def check_document(document: Document, counterpart: Document | None) -> list[Finding]:
    """Every finding about a document, worst first, then in reading order.

    ``counterpart`` is the other language's document; None leaves the comparison out.
    """
    findings = [finding for rule in RULES for finding in rule(document)]
    if counterpart:
        findings += languages.block_structures_agree(document, counterpart)
    return sorted(findings, key=lambda finding: (finding.severity, finding.line))
