"""Look at the running site as robots do, and say what does not hold together.

``crawl`` asks any WSGI application for its pages, ``check`` holds them against every rule. Rules
read what an answer says, never the database or the templates: whatever made a mistake, they see it.
"""

from healthsite.site_check.crawler import DEFAULT_LIMIT, SiteUnreachable, crawl
from healthsite.site_check.findings import Finding, Rule
from healthsite.site_check.rules import ALL_RULES, check
from healthsite.site_check.site import Site

__all__ = [
    "ALL_RULES",
    "DEFAULT_LIMIT",
    "Finding",
    "Rule",
    "Site",
    "SiteUnreachable",
    "check",
    "crawl",
]
