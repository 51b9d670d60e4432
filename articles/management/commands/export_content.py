"""Export everything as a content bundle (see docs/content-bundle.md)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.bundles import export_bundle
from articles.bundles.exporter import FolderNotEmpty


class Command(BaseCommand):
    help = "Write all content to a folder of plain files, which import_content reads back."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="a folder that is missing or empty")

    def handle(self, *args, folder: Path, verbosity: int, **options):
        try:
            count = export_bundle(folder)
        except FolderNotEmpty:
            raise CommandError(f"{folder} is not empty. Give a new folder.") from None
        if verbosity:
            self.stdout.write(f"Wrote {count} files to {folder}.")
