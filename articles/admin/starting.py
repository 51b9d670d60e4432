"""Begin a new article: one screen, both languages, then the desk."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles import services
from articles.admin import access
from articles.admin.desk.views import without_nul
from articles.models import Article, ArticleSlug, Contribution, Topic
from authors.models import Author
from healthsite import languages


class RowsField(forms.ModelMultipleChoiceField):
    """Rows by their numbers. One that is larger than SQLite's largest is no choice either."""

    def clean(self, value):
        for number in value or ():
            if len(str(number)) > 18:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": number},
                )
        return super().clean(value)


class StartForm(forms.ModelForm):
    """Titles in every language, an address, and who wrote it."""

    authors = RowsField(
        label=gettext_lazy("Authors"),
        queryset=Author.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Named in the byline. Reviewers and translators are added later."),
    )

    class Meta:
        model = Article
        fields = ("source_language", "slug", "kind", "topics")
        field_classes = {"topics": RowsField}
        widgets = {
            "topics": forms.CheckboxSelectMultiple,
            "source_language": forms.RadioSelect,
            "kind": forms.RadioSelect,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for language in languages.LANGUAGES:
            self.fields[f"title_{language.code}"] = forms.CharField(
                label=_("Title in %(language)s") % {"language": language.name},
                max_length=200,
                widget=forms.TextInput(attrs={"lang": language.tag}),
            )
        self.fields["slug"].required = False
        self.fields["slug"].label = _("Address")
        self.fields["slug"].help_text = _(
            "The last part of the address, the same in every language. Left empty, it is made from "
            "the English title."
        )
        self.fields["authors"].queryset = Author.objects.active().prefetch_related("translations")
        self.fields["authors"].label_from_instance = name_of
        self.fields["topics"].queryset = Topic.objects.prefetch_related("translations")
        self.fields["topics"].label_from_instance = name_of
        self.order_fields(
            [*(f"title_{code}" for code in languages.CODES), "source_language", "slug"]
        )

    def clean(self) -> dict:
        """Make an address where none was typed, and refuse one that was ever in use."""
        cleaned = super().clean()
        slug = cleaned.get("slug") or slugify(cleaned.get("title_en", ""))[:80].strip("-")
        if not slug and "slug" not in self.errors:
            self.add_error("slug", _("Give an address: the English title makes none."))
        elif ArticleSlug.objects.filter(slug=slug).exists() or (
            Article.objects.filter(slug=slug).exists() and "slug" not in self.errors
        ):
            self.add_error(
                "slug",
                _("The address “%(slug)s” belongs to another article, now or before.")
                % {"slug": slug},
            )
        cleaned["slug"] = slug
        self.instance.slug = slug
        return cleaned

    @property
    def titles(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"title_{code}"] for code in languages.CODES}


def name_of(row: Author | Topic) -> str:
    """What the row is called, in the first language that has a name for it."""
    names = [words.name for words in row.translations.all()]
    return " / ".join(dict.fromkeys(names)) or row.slug


@require_http_methods(["GET", "HEAD", "POST"])
def start_view(request: HttpRequest) -> HttpResponse:
    """Ask for what an article needs to exist; then open its first text."""
    if not access.can_start(request.user):
        raise PermissionDenied
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                texts = _start(form, request.user)
        except IntegrityError:
            form.add_error("slug", _("Somebody has just taken this address. Choose another."))
        else:
            messages.success(request, _("Begun in every language. Write the source text first."))
            source = texts[form.instance.source_language]
            return HttpResponseRedirect(
                reverse("admin:articles_articletranslation_change", args=[source.pk])
            )
    context = {
        **admin.site.each_context(request),
        "opts": Article._meta,
        "title": _("New article"),
        "form": form,
    }
    return TemplateResponse(
        request, "admin/articles/article/start.html", context, status=422 if form.is_bound else 200
    )


def _start(form: StartForm, user) -> dict:
    article = form.save()
    Contribution.objects.bulk_create(
        Contribution(article=article, author=author, role="author", position=position)
        for position, author in enumerate(form.cleaned_data["authors"])
    )
    return services.start_article(article, form.titles, user=user)


@require_http_methods(["POST"])
def start_translation_view(request: HttpRequest, number: int, language: str) -> HttpResponse:
    """Begin the text of one language that an article lacks."""
    article = Article.objects.filter(pk=number).first()
    if article is None or language not in languages.CODES:
        raise Http404
    is_source = language == article.source_language
    if not request.user.has_perm("articles.add_articletranslation") or (
        is_source and access.can_only_translate(request.user)
    ):
        raise PermissionDenied
    text = article.translations.filter(language=language).first()
    if text is None:
        title = without_nul(request.POST.get("title", "")).strip()[:200]
        if not title:
            messages.error(request, _("Give the title in this language."))
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[number]))
        try:
            with transaction.atomic():
                text = services.start_translation(article, language, title=title, user=request.user)
        except IntegrityError:
            # Somebody began it at this moment. Theirs is opened, and nothing of it is overwritten.
            text = article.translations.get(language=language)
    return HttpResponseRedirect(reverse("admin:articles_articletranslation_change", args=[text.pk]))
