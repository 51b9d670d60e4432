"""Which authors a visitor may see, and with what."""

import datetime
from typing import Self

from django.db import models

DAYS_OF_NOTICE = 60
"""Days before a registration ends from which editors are told; the desk checks say the same."""


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


class RegistrationQuerySet(models.QuerySet):
    """Entries in registers, for those who keep them up to date."""

    def lapsing(self, today: datetime.date) -> Self:
        """Entries of listed authors that have ended or will within DAYS_OF_NOTICE, oldest first."""
        last = today + datetime.timedelta(days=DAYS_OF_NOTICE)
        return self.filter(valid_until__lte=last, author__is_active=True).order_by(
            "valid_until", "pk"
        )

    def lapsed(self, today: datetime.date) -> Self:
        """Entries of listed authors that have ended."""
        return self.filter(valid_until__lt=today, author__is_active=True)

    def never_checked(self) -> Self:
        """Entries of listed authors that no editor has seen in the register."""
        return self.filter(checked_on=None, author__is_active=True)

    def for_report(self) -> Self:
        """Two more queries, however many entries: names of authors, and titles."""
        return self.select_related("author").prefetch_related(
            "translations", "author__translations"
        )
