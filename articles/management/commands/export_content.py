"""Export everything as a content bundle (see docs/content-bundle.md)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.bundles import ExportRefused, export_bundle


class Command(BaseCommand):
    help = "Write all content to a folder of plain files, which import_content reads back."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="a folder that is missing or empty")

    def handle(self, *args, folder: Path, verbosity: int, **options):
        try:
            report = export_bundle(folder)
        except (ExportRefused, OSError) as error:
            raise CommandError(f"The export is not complete. {error}") from None
        if verbosity:
            self.stdout.write(f"Wrote {report.files} files to {folder}.")
        if report.unpublished:
            self.stderr.write(
                "These texts have changes that are not published. The bundle holds the changed "
                "text as a draft, and not the one that readers have now: "
                + ", ".join(report.unpublished)
            )
