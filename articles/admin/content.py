"""Articles, with what has no language, and topics."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import services
from articles.admin import access
from articles.admin.lists import ArticleListMixin

from articles.admin.reports import reports_urls
from articles.admin.rules import rules_urls
from articles.admin.starting import start_translation_view, start_view
from articles.models import (
    Article,
    ArticleTranslation,
    Claim,
    Contribution,
    Reference,
    Topic,
    TopicTranslation,
)


class TopicTranslationInline(admin.TabularInline):
    model = TopicTranslation
    extra = 0
    min_num = 2
    max_num = 2


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["slug", "position"]
    inlines = [TopicTranslationInline]


class ContributionInline(admin.TabularInline):
    model = Contribution
    extra = 1


class ReferenceInline(admin.StackedInline):
    model = Reference
    extra = 1
    classes = ["references"]


class ClaimInline(admin.TabularInline):
    model = Claim
    extra = 1

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """References of this article alone."""
        if db_field.name == "references":
            article = request.resolver_match.kwargs.get("object_id")
            kwargs["queryset"] = Reference.objects.filter(article=article)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class ArticleForm(forms.ModelForm):
    """An article with the version its editor saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = (
            *("kind", "source_language", "topics", "nutrients", "scene", "lead_figure_key"),
            *("shows_products", "is_adaptation"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version


class RenameForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    slug = forms.SlugField(
        label=gettext_lazy("New address"),
        max_length=80,
        help_text=gettext_lazy(
            "Lower-case letters, digits and hyphens. The old address keeps leading here, and no "
            "other article can ever have it."
        ),
    )


@admin.register(Article)
class ArticleAdmin(ArticleListMixin, admin.ModelAdmin):
    """What an article is in every language. Its texts have the desk."""

    form = ArticleForm
    filter_horizontal = []
    inlines = [ContributionInline, ReferenceInline, ClaimInline]
    actions = None
    change_form_template = "admin/articles/article/change_form.html"

    def get_fieldsets(self, request: HttpRequest, obj=None):
        return [
            (
                None,
                {"fields": ["kind", "source_language", "topics", "nutrients", "version"]},
            ),
            (
                gettext_lazy("Page"),
                {"fields": ["scene", "lead_figure_key", "shows_products", "is_adaptation"]},
            ),
        ]

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("start/", wrap(start_view), name="articles_article_start"),
            path("<int:number>/rename/", wrap(self.rename_view), name="articles_article_rename"),
            path(
                "<int:number>/start/<str:language>/",
                wrap(start_translation_view),
                name="articles_article_start_translation",
            ),
            *rules_urls(self.admin_site),
            *reports_urls(self.admin_site),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_article_start"))

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        """Articles are withdrawn, not deleted: their publications are the public record."""
        return False

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Refuse (409) to save over an article that somebody else saved meanwhile."""
        if request.method == "POST" and object_id and str(object_id).isdigit():
            conflict = self._conflict(request, int(object_id))
            if conflict is not None:
                return conflict
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _conflict(self, request: HttpRequest, number: int) -> HttpResponse | None:
        article = Article.objects.select_for_update().filter(pk=number).first()
        typed = request.POST.get("version", "")
        if article is None or typed == str(article.version):
            return None
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return self._conflict_screen(request, article)

    def _conflict_screen(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Every field that differs, with both values; what was typed can be sent again."""
        data = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in {"csrfmiddlewaretoken", "version"}
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Somebody else saved first"),
            "article": article,
            "differences": _differences(self, request, article),
            "data": data,
        }
        return TemplateResponse(
            request, "admin/articles/article/conflict.html", context, status=409
        )

    def save_model(self, request, obj, form, change) -> None:
        obj.version += 1
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change) -> None:
        """References, grades and bylines are part of every text: keep each as it is now."""
        super().save_related(request, form, formsets, change)
        for translation in form.instance.translations.select_related("article"):
            services.save_revision(translation, user=request.user, note=_("Article"), is_text=False)

    def rename_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Ask for the new address, say what follows, and change it."""
        article = self.get_object(request, str(number))
        if article is None or not access.can_rename(request.user):
            raise PermissionDenied
        form = RenameForm(
            request.POST or None, initial={"slug": article.slug, "version": article.version}
        )
        status = 200
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    services.rename(
                        article,
                        form.cleaned_data["slug"],
                        user=request.user,
                        expected_version=form.cleaned_data["version"],
                    )
                except services.EditConflict as conflict:
                    form.add_error(None, str(conflict))
                    status = 409
                except services.EditorialError as error:
                    form.add_error("slug", str(error))
                else:
                    messages.success(request, _("The article has its new address."))
                    return HttpResponseRedirect(
                        reverse("admin:articles_article_change", args=[article.pk])
                    )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Change the address"),
            "article": article,
            "old_slugs": article.old_slugs.all(),
            "form": form,
        }
        return TemplateResponse(
            request, "admin/articles/article/rename.html", context, status=status
        )

    def render_change_form(self, request, context, *args, obj=None, **kwargs) -> HttpResponse:
        if obj is not None:
            context["texts"] = ArticleTranslation.objects.filter(article=obj)
            context["may_rename"] = access.can_rename(request.user)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def _differences(
    model_admin: ArticleAdmin, request: HttpRequest, article: Article
) -> list[dict[str, Any]]:
    """Fields whose value on the screen is not the value that is stored now."""
    form = model_admin.get_form(request, article)(request.POST, instance=article)
    stored = model_admin.get_form(request, article)(instance=Article.objects.get(pk=article.pk))
    found = []
    for bound in form:
        if bound.name == "version":
            continue
        mine, now = bound.value(), stored[bound.name].value()
        if _plain(mine) != _plain(now):
            found.append({"label": bound.label, "mine": _plain(mine), "now": _plain(now)})
    return found


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(sorted(str(getattr(item, "pk", item)) for item in value))
    return "" if value is None else str(value)
