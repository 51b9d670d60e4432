"""Crawl the site through its WSGI application and report what does not hold together."""

import json
import logging
import time
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application

from healthsite import languages
from healthsite.site_check import (
    ALL_RULES,
    DEFAULT_LIMIT,
    Finding,
    Rule,
    Site,
    SiteUnreachable,
    check,
    crawl,
)

MAX_SHOWN = 50
"""Findings printed for one rule; a mistake in a template is on every page."""

IS_CLEAN, HAS_FINDINGS, CANNOT_RUN = 0, 1, 2


class Command(BaseCommand):
    help = (
        "Fetch every public page without a network, and check links, languages, addresses, "
        "structured data, pictures, feeds and sitemaps. Exit code: 0 clean, 1 findings, 2 the "
        "site cannot be checked."
    )
    # The site is asked as it stands; its pages tell what is wrong better than system checks.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--limit",
            type=int,
            default=DEFAULT_LIMIT,
            help=f"pages to fetch at most ({DEFAULT_LIMIT})",
        )
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--list", action="store_true", help="print the rules and end")

    def handle(self, *args, limit: int, **options):
        if options["list"]:
            self._print_rules()
            return
        if limit < 1:
            raise CommandError("--limit is 1 or more.", returncode=CANNOT_RUN)
        started = time.monotonic()
        site = _crawl(limit)
        found = check(site)
        seconds = time.monotonic() - started
        if options["format"] == "json":
            self.stdout.write(json.dumps(_as_json(site, found, seconds), ensure_ascii=False))
        else:
            self._print(site, found, seconds)
        if found:
            raise SystemExit(HAS_FINDINGS)

    def _print_rules(self) -> None:
        for rule in ALL_RULES:
            self.stdout.write(f"{rule.name}: {rule.summary} [{rule.source}]")

    def _print(self, site: Site, found: dict[Rule, list[Finding]], seconds: float) -> None:
        for rule, findings in found.items():
            self.stdout.write(f"{rule.name} ({len(findings)}): {rule.summary}")
            for item in findings[:MAX_SHOWN]:
                self.stdout.write(f"  {item.page}: {item.what}. {item.mend}")
            if len(findings) > MAX_SHOWN:
                more = len(findings) - MAX_SHOWN
                self.stdout.write(f"  … and {more} more (--format json has all)")
        for note in _notes(site):
            self.stdout.write(note)
        count = sum(map(len, found.values()))
        self.stdout.write(
            f"{_page_count(site)} pages, {len(site.resources)} addresses, {site.links} links, "
            f"{count} findings, {seconds:.1f} s"
        )


def _crawl(limit: int) -> Site:
    """The site from its root and each language's home page; its 404s stay out of the log."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        return crawl(
            get_internal_wsgi_application(),
            settings.SITE_ORIGIN,
            ["/", *(f"/{code}/" for code in languages.CODES)],
            limit=limit,
            is_closed=settings.IS_CLOSED,
            find_static=_find_static,
        )
    except SiteUnreachable as error:
        raise CommandError(
            f"{error} Are the migrations applied, and is SITE_ORIGIN right?", returncode=CANNOT_RUN
        ) from None
    finally:
        logging.disable(before)


def _find_static(address: str) -> Path | None:
    """The file of a static address before ``collectstatic``; None for any other address."""
    if not address.startswith(settings.STATIC_URL):
        return None
    found = finders.find(address.removeprefix(settings.STATIC_URL))
    return Path(found) if found else None


def _page_count(site: Site) -> int:
    return sum(1 for _page in site.pages())


def _notes(site: Site) -> list[str]:
    notes = []
    if site.is_closed:
        notes.append(
            "The site is closed (SITE_CLOSED): noindex on every answer and a robots.txt that "
            "forbids everything are expected."
        )
    if not site.is_complete:
        notes.append(
            "The limit of pages was reached: what lies beyond was not looked at, nor were "
            "orphans. Give a larger --limit."
        )
    return notes


def _as_json(site: Site, found: dict[Rule, list[Finding]], seconds: float) -> dict:
    return {
        "pages": _page_count(site),
        "addresses": len(site.resources),
        "links": site.links,
        "seconds": round(seconds, 1),
        "is_complete": site.is_complete,
        "is_closed": site.is_closed,
        "findings": [
            {"rule": rule.name, "page": item.page, "what": item.what, "mend": item.mend}
            for rule, findings in found.items()
            for item in findings
        ],
    }
