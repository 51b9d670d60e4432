"""Which authors a visitor may see, and with what."""

from django.db import models


class AuthorQuerySet(models.QuerySet):
    def active(self):
        """Authors who are listed."""
        return self.filter(is_active=True)


class AuthorTranslationQuerySet(models.QuerySet):
    def in_language(self, code: str):
        """Authors as one language describes them, with the author, in the order of their name."""
        return self.filter(language=code).select_related("author").order_by("name", "pk")

    def with_registrations(self):
        """Two more queries, however many authors: registrations and their titles."""
        return self.prefetch_related("author__registrations__translations")
