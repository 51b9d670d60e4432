"""Authors and their registrations."""

from django.contrib import admin
from django.db.models import QuerySet, URLField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from authors.models import Author, AuthorTranslation, Registration, RegistrationTranslation
from healthsite.permanent import PermanentMixin
from healthsite.unchanged import UnchangedMixin

HTTPS = {URLField: {"assume_scheme": "https"}}
"""An address typed without its scheme is taken for https."""


class AuthorTranslationInline(admin.StackedInline):
    model = AuthorTranslation
    extra = 0
    min_num = 2
    max_num = 2


class RegistrationInline(admin.TabularInline):
    model = Registration
    extra = 0
    formfield_overrides = HTTPS
    show_change_link = True


@admin.register(Author)
class AuthorAdmin(PermanentMixin, UnchangedMixin, admin.ModelAdmin):
    list_display = ["slug", "is_active", "website"]
    list_filter = ["is_active"]
    formfield_overrides = HTTPS
    inlines = [AuthorTranslationInline, RegistrationInline]


class RegistrationTranslationInline(admin.TabularInline):
    model = RegistrationTranslation
    extra = 0
    min_num = 2
    max_num = 2


class LapsingFilter(admin.SimpleListFilter):
    """Entries that need an editor's eye."""

    title = _("register entry")
    parameter_name = "entry"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [
            ("lapsing", _("Lapsed or lapsing soon")),
            ("lapsed", _("Lapsed")),
            ("never_checked", _("Never checked")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "lapsing":
            return queryset.lapsing(today)
        if self.value() == "lapsed":
            return queryset.lapsed(today)
        return queryset.never_checked() if self.value() == "never_checked" else queryset


@admin.register(Registration)
class RegistrationAdmin(UnchangedMixin, admin.ModelAdmin):
    list_display = ["author", "number", "checked_on", "valid_until"]
    list_select_related = ["author"]
    list_filter = [LapsingFilter, "checked_on", "valid_until"]
    search_fields = ["number", "author__slug", "author__translations__name"]
    search_help_text = _("Number and name")
    formfield_overrides = HTTPS
    inlines = [RegistrationTranslationInline]
