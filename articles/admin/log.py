"""The log: who did what, when and from where. It can be read, searched and exported."""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from articles import audit
from articles.admin import access
from articles.admin.desk.publishing import in_zones
from articles.admin.filters import ChoiceFilter
from articles.admin.lists import SHEETS
from articles.admin.publishing import ReadOnlyAdmin
from articles.admin.spreadsheets import csv_lines
from articles.models import ArticleTranslation, AuditEntry, Publication, ReviewRequest
from healthsite import languages
from healthsite.templatetags.desk import foreign_run

COLUMNS = (
    *("at", "user_name", "act", "target_type", "target_id", "target", "article", "details"),
    "address",
)
"""Columns of the exported log: codes and ISO times, for programs as much as for people."""

FETCHED_AT_ONCE = 2000
"""Rows held in memory while the log is exported."""

DETAIL_LABELS = {
    "number": gettext_lazy("Publication"),
    "revision": gettext_lazy("Revision"),
    "change": gettext_lazy("Kind of change"),
    "note": pgettext_lazy("log", "Note"),
    "live_from": gettext_lazy("Live from"),
    "reason": gettext_lazy("Reason"),
    "stops": gettext_lazy("Stops passed"),
    "units": gettext_lazy("Passages"),
    "outcome": gettext_lazy("Outcome"),
    "reviewer": pgettext_lazy("desk", "Reviewer"),
    "answer": gettext_lazy("Answer"),
    "content_hash": gettext_lazy("Hash of the text"),
    "language": gettext_lazy("Language"),
    "message": gettext_lazy("Changed"),
    "recipient": gettext_lazy("For"),
    "expires_at": gettext_lazy("Ends at"),
    "old": gettext_lazy("Before"),
    "new": gettext_lazy("After"),
    "days": gettext_lazy("Days"),
    "format": gettext_lazy("Format"),
    "file": gettext_lazy("File"),
    "rows": gettext_lazy("Rows"),
    "filters": gettext_lazy("Filters"),
}
"""Names of what services keep with an entry; others are shown as they are called."""

WORDS = {
    "change": Publication.Change.choices,
    "outcome": ReviewRequest.Outcome.choices,
    "language": languages.CHOICES,
}
"""Details that are codes, with what they are called."""

MOMENTS = frozenset({"live_from", "expires_at"})
"""Details that are ISO times."""


class UserFilter(admin.SimpleListFilter):
    """Accounts by the name they had, so that deleted ones can be found too."""

    title = gettext_lazy("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        names = AuditEntry.objects.exclude(user_name="").exclude(user=None).order_by("user_name")
        return [(name, name) for name in names.values_list("user_name", flat=True).distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(user_name=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    """Things by their kind, as the admin calls it; kinds that are gone keep their code."""

    title = gettext_lazy("kind of thing")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        named = {model._meta.model_name: model._meta.verbose_name for model in apps.get_models()}
        kinds = AuditEntry.objects.exclude(target_type="").order_by("target_type")
        return [
            (kind, named.get(kind, kind))
            for kind in kinds.values_list("target_type", flat=True).distinct()
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(target_type=self.value()) if self.value() else queryset


class ActsFilter(ChoiceFilter):
    """Groups of acts that are looked for together."""

    title = gettext_lazy("group of acts")
    parameter_name = "group"
    options = {
        "public": (
            gettext_lazy("What readers noticed"),
            lambda entries, request: entries.of_acts(
                *("published", "scheduled", "overrode", "withdrew", "undid_withdrawal", "renamed")
            ),
        ),
        "reviews": (
            gettext_lazy("Reviews"),
            lambda entries, request: entries.of_acts("asked_review", "closed_review", "signed"),
        ),
        "shared": (
            gettext_lazy("What left the desk"),
            lambda entries, request: entries.of_acts("shared", "revoked", "exported"),
        ),
        "access": (
            gettext_lazy("Logging in"),
            lambda entries, request: entries.of_acts("logged_in", "login_failed"),
        ),
    }


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Every act, the newest first. Nothing here can be changed: the database refuses it."""

    list_display = ["time", "who", "act_name", "thing", "article_link", "told", "address"]
    list_display_links = ["time"]
    list_filter = [ActsFilter, "act", UserFilter, ("at", admin.DateFieldListFilter), KindFilter]
    search_fields = ["user_name", "target", "article", "address"]
    search_help_text = gettext_lazy("Account, thing, article and where from")
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    list_per_page = 100
    actions = None
    fields = ["at", "who", "act", "thing", "article_link", "address", "all_details"]
    readonly_fields = fields
    change_list_template = "admin/articles/auditentry/change_list.html"

    class Media:
        css = {"all": SHEETS}

    def get_urls(self) -> list:
        export = self.admin_site.admin_view(self.export_view)
        return [
            path("export/", export, name="articles_auditentry_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None):
        extra = {"may_export": access.can_export_log(request.user), **(extra_context or {})}
        return super().changelist_view(request, extra)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The list as it is filtered, as CSV. That it was exported is in the log too."""
        if not access.can_export_log(request.user):
            raise PermissionDenied
        here = reverse("admin:articles_auditentry_changelist")
        if request.method != "POST":
            return HttpResponseRedirect(here)
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            # As the list itself answers a filter that cannot be.
            return HttpResponseRedirect(f"{here}?{ERROR_FLAG}=1")
        newest = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        # What is logged from now on, this export first of all, is no part of it.
        entries = found.filter(pk__lte=newest)
        audit.record(
            audit.Act.EXPORTED,
            user=request.user,
            rows=entries.count(),
            filters=request.GET.urlencode(),
        )
        response = StreamingHttpResponse(
            csv_lines(_rows(entries)), content_type="text/csv; charset=utf-8"
        )
        day = timezone.localdate().isoformat()
        response["Content-Disposition"] = f'attachment; filename="log-{day}.csv"'
        response["Cache-Control"] = "private, no-store"
        return response

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def time(self, entry: AuditEntry) -> str:
        return f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=gettext_lazy("who"), ordering="user_name")
    def who(self, entry: AuditEntry) -> str:
        return entry.user_name or "–"

    @admin.display(description=gettext_lazy("what"), ordering="act")
    def act_name(self, entry: AuditEntry) -> str:
        return entry.get_act_display()

    @admin.display(description=gettext_lazy("thing"))
    def thing(self, entry: AuditEntry) -> SafeString | str:
        """The thing under the name it had; a text leads to its screen, if it is still there."""
        if entry.target_type == ArticleTranslation._meta.model_name and entry.target_id.isdigit():
            address = reverse("admin:articles_articletranslation_change", args=[entry.target_id])
            return format_html('<a href="{}">{}</a>', address, foreign_run(entry.target))
        return foreign_run(entry.target) or "–"

    @admin.display(description=gettext_lazy("article"), ordering="article")
    def article_link(self, entry: AuditEntry) -> SafeString | str:
        """The article's address then, leading to everything that happened to it."""
        if not entry.article:
            return "–"
        return format_html(
            '<a href="{}?article={}">{}</a>',
            reverse("admin:articles_auditentry_changelist"),
            entry.article,
            entry.article,
        )

    @admin.display(description=gettext_lazy("noted"))
    def told(self, entry: AuditEntry) -> str:
        """What was noted, in one short line."""
        words = " · ".join(f"{label}{_(': ')}{value}" for label, value in readable(entry.details))
        return words if len(words) <= 120 else f"{words[:119]}…"

    @admin.display(description=gettext_lazy("noted"))
    def all_details(self, entry: AuditEntry) -> SafeString | str:
        """Everything that was noted, by name."""
        rows = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", readable(entry.details))
        return format_html('<dl class="facts">{}</dl>', rows) if rows else "–"


def readable(details: dict[str, Any]) -> list[tuple[str, str]]:
    """What was noted, as names and plain words."""
    return [
        (str(DETAIL_LABELS.get(name, name)), _worded(name, value))
        for name, value in details.items()
        if value not in ("", None, [], {})
    ]


def _worded(name: str, value: Any) -> str:
    """Codes and moments in words; anything else as it is."""
    if name in WORDS:
        return str(dict(WORDS[name]).get(value, value))
    moment = parse_datetime(value) if name in MOMENTS and isinstance(value, str) else None
    return in_zones(moment) if moment and timezone.is_aware(moment) else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _("; ").join(_plain(item) for item in value)
    if isinstance(value, dict):
        return _("; ").join(f"{name}{_(': ')}{_plain(item)}" for name, item in value.items())
    return str(value)


def _rows(entries: QuerySet) -> Iterator[list[Any]]:
    yield list(COLUMNS)
    for entry in entries.iterator(chunk_size=FETCHED_AT_ONCE):
        yield [
            entry.at.isoformat(),
            entry.user_name,
            entry.act,
            entry.target_type,
            entry.target_id,
            entry.target,
            entry.article,
            json.dumps(entry.details, ensure_ascii=False, sort_keys=True),
            entry.address,
        ]
