"""Revisions and publications: to be read, never to be edited."""

from django.contrib import admin
from django.http import HttpRequest

from articles.models import Publication, Revision


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["translation", "number", "saved_at", "saved_by", "note"]
    list_select_related = ["translation", "saved_by"]
    fields = ["translation", "number", "content_hash", "saved_at", "saved_by", "note"]
    readonly_fields = fields


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["translation", "number", "change", "live_from", "published_by"]
    list_filter = ["change"]
    list_select_related = ["translation", "published_by"]
    fields = [
        "translation",
        "number",
        "change",
        "public_note",
        "live_from",
        "first_live_from",
        "updated_at",
        "published_at",
        "published_by",
        "render_version",
    ]
    readonly_fields = fields
