"""Import a content bundle (see docs/content-bundle.md)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.bundles import BundleRefused, import_bundle
from articles.models import Article

MAX_SHOWN = 100
"""Problems printed; what is wrong everywhere need not fill the screen."""


class Command(BaseCommand):
    help = "Import a folder of articles, authors and site pages. It goes in whole or not at all."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="the bundle, for example fixtures")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when the site has content"
        )

    def handle(self, *args, folder: Path, if_empty: bool, verbosity: int, **options):
        if if_empty and Article.objects.exists():
            return
        try:
            report = import_bundle(folder)
        except BundleRefused as refusal:
            raise CommandError(_refusal(refusal)) from None
        except OSError as error:
            raise CommandError(f"Nothing was imported. {error}") from None
        if verbosity:
            self.stdout.write(
                f"Imported {report.articles} articles and pages and {report.authors} authors; "
                f"{len(report.published)} texts published, {len(report.drafts)} drafts."
            )
            for warning in report.warnings:
                self.stderr.write(f"Draft: {warning}")


def _refusal(refusal: BundleRefused) -> str:
    problems = refusal.problems
    lines = [f"Nothing was imported. {len(problems)} problem(s):", *map(str, problems[:MAX_SHOWN])]
    if len(problems) > MAX_SHOWN:
        lines.append(f"… and {len(problems) - MAX_SHOWN} more.")
    return "\n".join(lines)
