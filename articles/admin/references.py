"""References, each on a screen of its own: an article may have a hundred."""

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from articles import services
from articles.models import Article, Reference
from healthsite.unchanged import UnchangedMixin


@admin.register(Reference)
class ReferenceAdmin(UnchangedMixin, admin.ModelAdmin):
    """One source of one article."""

    list_display = ["key", "article", "authors", "year", "title_or_label", "study_type"]
    list_filter = ["study_type", "is_complete"]
    list_select_related = ["article"]
    search_fields = ["key", "authors", "title", "label", "doi", "pmid", "article__slug"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    autocomplete_fields = ["article"]
    ordering = ["article__slug", "position", "pk"]
    fieldsets = (
        (None, {"fields": ("article", "key", "study_type", "participants")}),
        (None, {"fields": ("authors", "year", "title", "label", "container", "locator")}),
        (None, {"fields": ("doi", "pmid", "isbn", "url", "accessed_on")}),
        (None, {"fields": ("is_complete", "position")}),
    )

    @admin.display(description=Reference._meta.get_field("title").verbose_name, ordering="title")
    def title_or_label(self, reference: Reference) -> str:
        return (reference.title or reference.label)[:90]

    def formfield_for_dbfield(self, db_field, request, **kwargs) -> forms.Field:
        """Long titles need more than one line."""
        if db_field.name in {"title", "label", "authors"}:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Reference, form, change: bool) -> None:
        """References are part of every text of their article: keep each text as it is now."""
        super().save_model(request, obj, form, change)
        keep_texts(obj.article, request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Reference | None = None):
        """A reference stays with its article: claims there rest on it."""
        return ["article"] if obj else []

    def delete_queryset(self, request: HttpRequest, queryset) -> None:
        articles = list(Article.objects.filter(references__in=queryset).distinct())
        super().delete_queryset(request, queryset)
        for article in articles:
            keep_texts(article, request.user)

    def delete_model(self, request: HttpRequest, obj: Reference) -> None:
        super().delete_model(request, obj)
        keep_texts(obj.article, request.user)

    def response_post_save_add(self, request: HttpRequest, obj: Reference):
        """Back to the article, where the next one is added."""
        return _to_article(obj.article)

    def response_post_save_change(self, request: HttpRequest, obj: Reference):
        return _to_article(obj.article)


def _to_article(article: Article) -> HttpResponseRedirect:
    return HttpResponseRedirect(
        reverse("admin:articles_article_change", args=[article.pk]) + "#references"
    )


def keep_texts(article: Article, user) -> None:
    """A revision of each text of an article whose references, grades or byline changed."""
    for translation in article.translations.select_related("article"):
        services.save_revision(translation, user=user, note=str(article), is_text=False)
