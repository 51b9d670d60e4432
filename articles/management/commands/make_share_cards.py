"""Draw pictures for shared links that are missing."""

from django.core.management.base import BaseCommand

from articles.share_cards import make_missing_cards


class Command(BaseCommand):
    help = "Draw the pictures for shared links that publications lack, or have of an older design."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="also those that are up to date")

    def handle(self, *args, verbosity: int, **options):
        count = make_missing_cards(is_all=options["all"])
        if verbosity:
            self.stdout.write(f"Drew {count} cards.")
