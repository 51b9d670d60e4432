"""Articles, with what has no language, and topics."""

import re

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import services
from articles.admin import access
from articles.admin.discarding import discard_view
from articles.admin.lists import ArticleListMixin
from articles.admin.references import keep_texts
from articles.admin.reports import reports_urls
from articles.admin.rules import rules_urls
from articles.admin.starting import name_of, start_translation_view, start_view
from articles.labels import NUTRIENTS
from articles.models import (
    Article,
    ArticleTranslation,
    Claim,
    Contribution,
    Reference,
    Topic,
    TopicTranslation,
)
from authors.models import Author
from healthsite.permanent import PermanentMixin
from healthsite.unchanged import UnchangedMixin


class TopicTranslationInline(admin.TabularInline):
    model = TopicTranslation
    extra = 0
    min_num = 2
    max_num = 2


@admin.register(Topic)
class TopicAdmin(PermanentMixin, UnchangedMixin, admin.ModelAdmin):
    list_display = ["slug", "position"]
    inlines = [TopicTranslationInline]


class ContributionInline(admin.TabularInline):
    model = Contribution
    extra = 1

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """People by their names, not by their addresses."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "author":
            field.queryset = Author.objects.prefetch_related("translations")
            field.label_from_instance = name_of
        return field


class ReferenceInline(admin.StackedInline):
    model = Reference
    extra = 1
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    classes = ["references"]


class ClaimForm(forms.ModelForm):
    """A claim with the keys of its references, typed as the body cites them.

    A list to choose from would repeat every reference of the article beside every claim.
    """

    reference_keys = forms.CharField(
        label=gettext_lazy("references"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 40}),
        help_text=gettext_lazy("Keys, separated by commas or spaces."),
    )

    class Meta:
        model = Claim
        fields = ("key", "grade", "position")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            keys = [reference.key for reference in self.instance.references.all()]
            self.fields["reference_keys"].initial = ", ".join(keys)

    def clean_reference_keys(self) -> list[str]:
        """The keys as a list. Whether the article has them is judged by the set of forms."""
        return list(
            dict.fromkeys(re.split(r"[\s,;，；、]+", self.cleaned_data["reference_keys"].strip()))
        )


class ClaimFormSet(forms.BaseInlineFormSet):
    """Claims of one article; their references are those of the same article."""

    def clean(self) -> None:
        super().clean()
        known = set(Reference.objects.filter(article=self.instance).values_list("key", flat=True))
        for form in self.forms:
            keys = [
                key for key in getattr(form, "cleaned_data", {}).get("reference_keys", []) if key
            ]
            if unknown := [key for key in keys if key not in known]:
                form.add_error(
                    "reference_keys",
                    _("This article has no reference with the key “%(key)s”. Save it first.")
                    % {"key": ", ".join(unknown)},
                )

    def save(self, commit: bool = True):
        """Store the claims, then what each rests on."""
        saved = super().save(commit)
        rows = {row.key: row for row in Reference.objects.filter(article=self.instance)}
        for form in self.forms:
            if form.instance.pk and "reference_keys" in form.changed_data:
                keys = form.cleaned_data["reference_keys"]
                form.instance.references.set(rows[key] for key in keys if key in rows)
        return saved


class ClaimInline(admin.TabularInline):
    model = Claim
    form = ClaimForm
    formset = ClaimFormSet
    extra = 1

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).prefetch_related("references")


class ArticleForm(forms.ModelForm):
    """An article with lists to tick in place of codes to type."""

    nutrients = forms.MultipleChoiceField(
        label=gettext_lazy("Safety tags"),
        choices=list(NUTRIENTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=Article._meta.get_field("nutrients").help_text,
    )
    scene = forms.TypedChoiceField(
        label=gettext_lazy("Cover"),
        choices=[(number, str(number)) for number in range(1, 6)],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=Article._meta.get_field("scene").help_text,
    )

    class Meta:
        model = Article
        fields = (
            *("kind", "source_language", "topics", "nutrients", "scene", "lead_figure_key"),
            *("shows_products", "is_adaptation"),
        )
        widgets = {"topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if topics := self.fields.get("topics"):
            topics.queryset = Topic.objects.prefetch_related("translations")
            topics.label_from_instance = name_of


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
class ArticleAdmin(UnchangedMixin, ArticleListMixin, admin.ModelAdmin):
    """What an article is in every language. Its texts have the desk."""

    form = ArticleForm
    inlines = [ContributionInline, ClaimInline]
    actions = None

    def get_fieldsets(self, request: HttpRequest, obj=None):
        return [
            (
                None,
                {"fields": ["kind", "source_language", "topics", "nutrients"]},
            ),
            (
                gettext_lazy("Page"),
                {"fields": ["scene", "lead_figure_key", "shows_products", "is_adaptation"]},
            ),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        """What cannot change without breaking what hangs on it.

        The kind is part of the public address. The source language says which text follows which:
        what a translation was made from would be forgotten.
        """
        if obj is None:
            return []
        is_pair = obj.translations.count() > 1
        fixed = {"kind": bool(services.why_kept(obj)), "source_language": is_pair}
        return [name for name, is_fixed in fixed.items() if is_fixed]

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("start/", wrap(start_view), name="articles_article_start"),
            path("<int:number>/rename/", wrap(self.rename_view), name="articles_article_rename"),
            path("<int:number>/discard/", wrap(discard_view), name="articles_article_discard"),
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
        """Articles are withdrawn, not deleted: their publications are the public record.

        One that was never published has a page of its own (``articles.admin.discarding``).
        """
        return False

    def save_model(self, request, obj, form, change) -> None:
        obj.version += 1
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change) -> None:
        """References, grades and bylines are part of every text: keep each as it is now."""
        super().save_related(request, form, formsets, change)
        keep_texts(form.instance, request.user)

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
                    # The next try is about the address shown on this page.
                    form.data = {**form.data.dict(), "version": str(conflict.current)}
                    article.refresh_from_db()
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
            context["references"] = obj.references.annotate(claim_count=Count("claims"))
            context["may_rename"] = access.can_rename(request.user)
            context["may_discard"] = access.can_discard(request.user) and not services.why_kept(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
