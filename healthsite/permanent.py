"""Rows whose name is an address: readers, feeds and search engines know it, so it stays."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _


class PermanentMixin(admin.ModelAdmin):
    """A ModelAdmin whose field ``permanent`` is typed once, when the row is made.

    The database refuses to change it too (``articles.triggers``): publications name authors,
    topics and terms by it, and a feed is the same feed for good (RFC 4287, 4.2.6).
    """

    permanent = "slug"

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list:
        fields = [*super().get_readonly_fields(request, obj)]
        return [*fields, self.permanent] if obj else fields

    def get_form(self, request: HttpRequest, obj=None, change: bool = False, **kwargs: Any):
        """Say so where it is typed."""
        if obj is None:
            said = _(
                "A part of the address, the same in every language. It cannot be changed later."
            )
            kwargs["help_texts"] = {**(kwargs.get("help_texts") or {}), self.permanent: said}
        return super().get_form(request, obj, change, **kwargs)
