"""Render publications again after the renderer changed."""

from django.core.management.base import BaseCommand

from articles.models import Publication
from articles.rendering import RENDER_VERSION
from articles.services import rerender


class Command(BaseCommand):
    help = "Render publications again from their frozen documents. What they say does not change."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="also those that are up to date")

    def handle(self, *args, verbosity: int, **options):
        publications = Publication.objects.order_by("pk")
        if not options["all"]:
            publications = publications.exclude(render_version=RENDER_VERSION)
        count = rerender(publications)
        if verbosity:
            self.stdout.write(f"Rendered {count} publications.")
