"""Index publications for the search."""

from django.core.management.base import BaseCommand

from articles.models import Publication
from articles.searching.indexing import index_missing, index_publications


class Command(BaseCommand):
    help = "Index publications for the search: those that are missing there."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="also those that are indexed")

    def handle(self, *args, verbosity: int, **options):
        count = index_publications(Publication.objects.all()) if options["all"] else index_missing()
        if verbosity:
            self.stdout.write(f"Indexed {count} publications.")
