"""Texts in the admin: the list is Django's, the screen of one text is the desk."""

from importlib import import_module

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from articles.admin import access
from articles.admin.desk.views import VIEWS
from articles.admin.handoff import handoff_urls
from articles.admin.lists import TranslationListMixin
from articles.models import ArticleTranslation

for _module in ("live", "previews", "publishing", "reviewing", "revisions", "screen"):
    # Their views register themselves.
    import_module(f"articles.admin.desk.{_module}")


@admin.register(ArticleTranslation)
class ArticleTranslationAdmin(TranslationListMixin, admin.ModelAdmin):
    """One text in one language. Everything that happens to it goes through the services."""

    actions = None

    def get_urls(self) -> list:
        """The desk's views of a text, before Django's own."""
        return [
            *(
                path(
                    f"<object_id>/{place}",
                    self.admin_site.admin_view(view),
                    name=f"articles_articletranslation_{name}",
                )
                for name, (place, view) in VIEWS.items()
            ),
            *handoff_urls(self.admin_site),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        return VIEWS["change"][1](request, object_id)

    def history_view(self, request, object_id, extra_context=None) -> HttpResponse:
        return VIEWS["revisions"][1](request, object_id)

    def add_view(self, request, form_url="", extra_context=None) -> HttpResponse:
        """A text belongs to an article, so it begins there."""
        return HttpResponseRedirect(reverse("admin:articles_article_start"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.can_start(request.user)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        """Texts are withdrawn, not deleted: their publications are the public record."""
        return False
