"""Every rule, in the order in which findings are printed: worst first."""

from healthsite.site_check.findings import Finding, Rule
from healthsite.site_check.rules import (
    answers,
    canonical,
    feeds,
    head,
    images,
    language_versions,
    links,
    sitemaps,
    structured,
)
from healthsite.site_check.site import Site

ALL_RULES: tuple[Rule, ...] = (
    *answers.RULES,
    *links.RULES,
    *head.RULES,
    *canonical.RULES,
    *language_versions.RULES,
    *structured.RULES,
    *images.RULES,
    *feeds.RULES,
    *sitemaps.RULES,
)


def check(site: Site) -> dict[Rule, list[Finding]]:
    """Findings by rule, for the rules that have any; the same site gives the same order."""
    found = {rule: sorted(set(rule.find(site))) for rule in ALL_RULES}
    return {rule: findings for rule, findings in found.items() if findings}
