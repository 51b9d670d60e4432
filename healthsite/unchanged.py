"""Nobody saves over somebody else in the admin's ordinary forms.

A form carries a fingerprint of what it showed, rows of its inlines included. When that is no longer
what is stored, the save is refused (409) with a page that keeps what was typed and shows every
field that differs. (The desk of a text merges on top of that; see ``articles.admin.desk``.) The
questions before one row or many are deleted carry it too.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.db import models, transaction
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from healthsite.unsaved import typed_in

SEEN = "_seen"
"""Name of the hidden field."""


class UnchangedMixin(admin.ModelAdmin):
    """A ModelAdmin that saves over, and deletes, only what it showed."""

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Compare the fingerprint inside the transaction that saves."""
        row = self._locked(object_id) if object_id else None
        if row is not None:
            seen = fingerprint(self, row)
            may = self.has_change_permission(request, row)
            if request.method == "POST" and may and request.POST.get(SEEN, "") != seen:
                return self._conflict(request, row)
            extra_context = {**(extra_context or {}), "seen": seen}
        return super().changeform_view(request, object_id, form_url, extra_context)

    @transaction.atomic
    def delete_view(self, request, object_id, extra_context=None):
        """Delete the row as the question showed it, or ask again about the row as it is."""
        row = self._locked(object_id)
        if row is not None:
            seen = fingerprint(self, row, for_deletion=True)
            may = self.has_delete_permission(request, row)
            if request.method == "POST" and may and request.POST.get(SEEN, "") != seen:
                messages.error(request, _nothing_deleted())
                return HttpResponseRedirect(request.get_full_path())
            extra_context = {**(extra_context or {}), "seen": seen, "bereft": _bereft([row])}
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple:
        """What goes with the rows, without the rows between two tables, which have no names."""
        found, counts, *rest = super().get_deleted_objects(objs, request)
        unnamed = [model._meta for model in apps.get_models(include_auto_created=True)]
        unnamed = [options for options in unnamed if options.auto_created]
        starts = tuple(f"{capfirst(options.verbose_name)}: " for options in unnamed)
        plurals = {options.verbose_name_plural for options in unnamed}
        counts = {name: count for name, count in counts.items() if name not in plurals}
        return (_named(found, starts), counts, *rest)

    def get_actions(self, request: HttpRequest) -> dict[str, tuple]:
        """Django's actions, of which the one that deletes deletes what it showed."""
        actions = super().get_actions(request)
        if found := actions.get("delete_selected"):
            actions["delete_selected"] = (_delete_unchanged, *found[1:])
        return actions

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


def _named(found: list, starts: tuple[str, ...]) -> list:
    """A nested list of descriptions without those that begin so."""
    parts = (_named(item, starts) if isinstance(item, list) else item for item in found)
    return [part for part in parts if part and not str(part).startswith(starts)]


@transaction.atomic
def _delete_unchanged(
    model_admin: UnchangedMixin, request: HttpRequest, rows: models.QuerySet
) -> HttpResponse | None:
    """Django's ``delete_selected`` for the rows as its question showed them."""
    # A list may be searched with joins, which no database locks.
    plain = model_admin.model._default_manager.filter(
        pk__in=list(rows.values_list("pk", flat=True))
    )
    locked = plain.select_for_update(of=("self",)).order_by("pk")
    seen = fingerprint(model_admin, *locked, for_deletion=True)
    if request.POST.get("post") and request.POST.get(SEEN, "") != seen:
        messages.error(request, _nothing_deleted())
        return None
    question = delete_selected(model_admin, request, rows)
    if question is not None:
        question.context_data |= {"seen": seen, "bereft": _bereft(locked)}
    return question


def _nothing_deleted() -> str:
    return _("Nothing was deleted: somebody else saved first. Look at it as it is now.")


def fingerprint(
    model_admin: admin.ModelAdmin, *shown: models.Model, for_deletion: bool = False
) -> str:
    """A short digest of rows and of the rows that their admin edits with them.

    ``for_deletion`` adds which others name them: a claim that loses its reference says something
    else afterwards.
    """
    digest = hashlib.sha256()
    if for_deletion:
        named = (f"{item._meta.label}{item.pk}" for row in shown for item in _namers(row))
        digest.update("\x1f".join([*named, "\x1e"]).encode())
    for item in (part for row in shown for part in _parts(model_admin, row)):
        values = [str(field.value_from_object(item)) for field in item._meta.concrete_fields]
        values += [
            str(sorted(related.pk for related in field.value_from_object(item)))
            for field in item._meta.many_to_many
        ]
        digest.update("\x1f".join([item._meta.label, *values, "\x1e"]).encode())
    return digest.hexdigest()[:32]


def _namers(row: models.Model) -> Iterator[models.Model]:
    """Rows that name this one among others (many to many), and stay without it."""
    for relation in row._meta.related_objects:
        if relation.many_to_many:
            yield from getattr(row, relation.get_accessor_name()).order_by("pk")


def _bereft(rows: Iterable[models.Model]) -> list[str]:
    """What stays and names one thing less, in words: “Claim: C5”."""
    namers = (item for row in rows for item in _namers(row))
    names = (f"{capfirst(item._meta.verbose_name)}{_(': ')}{item}" for item in namers)
    return list(dict.fromkeys(names))


def _parts(model_admin: admin.ModelAdmin, row: models.Model) -> Iterator[models.Model]:
    yield row
    for inline in model_admin.inlines:
        key = _get_foreign_key(model_admin.model, inline.model, fk_name=inline.fk_name)
        yield from inline.model._default_manager.filter(**{key.name: row}).order_by("pk")


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(sorted(str(getattr(item, "pk", item)) for item in value))
    return "" if value is None else str(value).replace("\r\n", "\n")
