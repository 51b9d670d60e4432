"""Nobody saves over somebody else in the admin's ordinary forms.

A form carries a fingerprint of what it showed, rows of its inlines included. When that is no longer
what is stored, the save is refused (409) with a page that keeps what was typed and shows every
field that differs. (The desk of a text merges on top of that; see ``articles.admin.desk``.)
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from healthsite.unsaved import typed_in

SEEN = "_seen"
"""Name of the hidden field."""


class UnchangedMixin(admin.ModelAdmin):
    """A ModelAdmin whose change form may only be saved over what it showed."""

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Compare the fingerprint inside the transaction that saves."""
        row = self._locked(object_id) if object_id else None
        if row is not None:
            seen = fingerprint(row, self)
            may = self.has_change_permission(request, row)
            if request.method == "POST" and may and request.POST.get(SEEN, "") != seen:
                return self._conflict(request, row)
            extra_context = {**(extra_context or {}), "seen": seen}
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _locked(self, object_id: str) -> models.Model | None:
        """The row, locked until the transaction ends. What is no number is for Django to refuse."""
        if not (object_id.isascii() and object_id.isdigit()) or len(object_id) > 18:
            return None
        rows = self.model._default_manager.select_for_update(of=("self",))
        return rows.filter(pk=int(object_id)).first()

    def _conflict(self, request: HttpRequest, row: models.Model) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": _("Somebody else saved first"),
            "differences": list(self._differences(request, row)),
            "typed": typed_in(request),
        }
        return TemplateResponse(request, "admin/conflict.html", context, status=409)

    def _differences(self, request: HttpRequest, row: models.Model) -> Iterator[dict[str, Any]]:
        form_class = self.get_form(request, row)
        mine = form_class(request.POST, instance=row)
        now = form_class(instance=self.model._default_manager.get(pk=row.pk))
        for field in mine:
            typed, stored = _plain(field.value()), _plain(now[field.name].value())
            if typed != stored:
                yield {"label": field.label, "mine": typed, "now": stored}


def fingerprint(row: models.Model, model_admin: admin.ModelAdmin) -> str:
    """A short digest of a row and of the rows that its admin edits with it."""
    rows = [row]
    for inline in model_admin.inlines:
        key = _get_foreign_key(model_admin.model, inline.model, fk_name=inline.fk_name)
        rows += inline.model._default_manager.filter(**{key.name: row}).order_by("pk")
    digest = hashlib.sha256()
    for item in rows:
        values = [str(field.value_from_object(item)) for field in item._meta.concrete_fields]
        values += [
            str(sorted(related.pk for related in field.value_from_object(item)))
            for field in item._meta.many_to_many
        ]
        digest.update("\x1f".join([item._meta.label, *values, "\x1e"]).encode())
    return digest.hexdigest()[:32]


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(sorted(str(getattr(item, "pk", item)) for item in value))
    return "" if value is None else str(value).replace("\r\n", "\n")
