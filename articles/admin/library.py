"""Images, products and the glossary."""

from contextlib import suppress
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError, QuerySet, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from articles.admin import access
from articles.admin.image_filters import ArticleFilter, KindFilter, RightsFilter, UseFilter
from articles.admin.image_forms import ImageForm, ManyImagesForm, recent_slugs
from articles.admin.image_views import ImageView, views_of
from articles.admin.uploads import add_upload, key_of_name, process_upload
from articles.image_uses import TextUse, uses_of
from articles.models import (
    GlossaryTerm,
    GlossaryTermTranslation,
    Image,
    Product,
    ProductTranslation,
)
from healthsite.imaging import ImageRefused
from healthsite.permanent import PermanentMixin
from healthsite.unchanged import UnchangedMixin

PER_PAGE = 24
"""Pictures on a page of the library: a whole number of rows of two, three or four."""


FOCUS = (
    gettext_lazy("Focal point"),
    {
        "fields": (("focus_x", "focus_y"),),
        "description": gettext_lazy(
            "What must stay in view where the site shows only a part of the picture."
        ),
    },
)
FILE = (gettext_lazy("File"), {"fields": ("upload", "kept", "article", "key")})
RIGHTS = (
    gettext_lazy("Credit and licence"),
    {"fields": ("is_own_work", "credit", "licence")},
)
PLACE = (gettext_lazy("Place in the list"), {"fields": ("position",)})
TO_READ = (
    (None, {"fields": ("article", "key", "credit", "licence", ("focus_x", "focus_y"), "position")}),
)


class LibraryList(ChangeList):
    """A page of the library; its ``views`` hold what its cards show."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        self.views = views_of(self.result_list)


@admin.register(Image)
class ImageAdmin(UnchangedMixin, admin.ModelAdmin):
    """The picture library: what there is, who shows it, what is owed to whom."""

    form = ImageForm
    ordering = ("-pk",)
    list_display = ("key",)
    list_filter = (UseFilter, KindFilter, RightsFilter, ArticleFilter)
    list_select_related = ("article",)
    list_per_page = PER_PAGE
    list_max_show_all = PER_PAGE
    show_facets = admin.ShowFacets.NEVER
    search_fields = (
        *("key", "credit", "licence", "article__slug", "article__translations__title"),
        *("figures__caption", "figures__alt"),
    )
    search_help_text = gettext_lazy("Finds keys, credits, titles, captions and alternative texts.")

    # The library

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LibraryList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = extra_context or {}
        if access.can_add_image(request.user):
            initial = {"article": request.GET.get("article", "")}
            context |= {"upload_form": ManyImagesForm(initial=initial)}
        try:
            return super().changelist_view(request, context)
        except ProtectedError:
            # A text began to show one of them after the question was asked.
            return self._still_used(request, request.get_full_path())

    def get_urls(self) -> list[URLPattern]:
        upload = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.upload_view))
        return [path("upload/", upload, name="articles_image_upload"), *super().get_urls()]

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take several files at once. Each bad one gets its sentence; the good ones stay."""
        if not access.can_add_image(request.user):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = ManyImagesForm(*((request.POST, request.FILES) if is_sent else ()))
        outcomes = []
        if is_sent and form.is_valid():
            values = form.cleaned_data
            outcomes = [
                add_upload(
                    values["article"],
                    file,
                    credit=values["credit"],
                    licence=values["licence"],
                    user=request.user,
                )
                for file in values["uploads"]
            ]
            if all(outcome.image for outcome in outcomes):
                return self._all_added(request, len(outcomes))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Add pictures"),
            "upload_form": form,
            "slugs": recent_slugs(),
            "added": [outcome for outcome in outcomes if outcome.image],
            "refused": [outcome for outcome in outcomes if outcome.problem],
        }
        status = 422 if is_sent else 200
        return TemplateResponse(request, "admin/articles/image/upload.html", context, status=status)

    def _all_added(self, request: HttpRequest, count: int) -> HttpResponse:
        text = ngettext(
            "%(count)d picture was added: it stands first. Now give it its credit and focal point.",
            "%(count)d pictures were added: they stand first. "
            "Now give them their credits and focal points.",
            count,
        )
        messages.success(request, text % {"count": count})
        return HttpResponseRedirect(reverse("admin:articles_image_changelist"))

    # One image

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> tuple:
        """The focal point stands below the picture it is chosen on, so a new picture has none."""
        if obj is None:
            return (FILE, RIGHTS)
        is_editor = self.has_change_permission(request, obj)
        return (FOCUS, RIGHTS, FILE, PLACE) if is_editor else TO_READ

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Work on an upload before the transaction begins: a large photograph takes seconds."""
        may_save = self.has_change_permission if object_id else self.has_add_permission
        upload = request.FILES.get("upload") if request.method == "POST" else None
        if upload is not None and may_save(request):
            image = self.get_object(request, object_id) if object_id else None
            key = request.POST.get("key") or getattr(image, "key", "")
            with suppress(ImageRefused):
                process_upload(key_of_name(key), upload)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> tuple:
        """Texts find a picture by its article and key, so neither moves while one shows it."""
        is_used = obj is not None and bool(_uses(request, obj))
        return ("article", "key") if is_used else ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["slugs"] = recent_slugs()
        image = kwargs.get("obj")
        if image is not None:
            form = context["adminform"].form
            # A form with mistakes has changed the row in memory; the page shows what is stored.
            stored = Image.objects.get(pk=image.pk)
            focus = [_percent(form, name, getattr(stored, name)) for name in ("focus_x", "focus_y")]
            context["view"] = ImageView(stored, _uses(request, stored), *focus)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Image, form: ImageForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and form.stored and _uses(request, obj):
            messages.info(
                request,
                _(
                    "Published pages keep the file they were published with. "
                    "Publish the texts again to show the new one."
                ),
            )

    def response_add(
        self, request: HttpRequest, obj: Image, post_url_continue: str | None = None
    ) -> HttpResponse:
        """A new picture opens again: only now is there something to choose a focal point on."""
        if not {"_addanother", IS_POPUP_VAR} & request.POST.keys():
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
        return super().response_add(request, obj, post_url_continue)

    # Deleting

    def get_deleted_objects(self, objs: QuerySet[Image], request: HttpRequest) -> tuple:
        """What any text or publication shows is protected, with a link to each of them."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        objs = list(objs)
        uses = uses_of(objs)
        used = [image for image in objs if uses[image.pk]]
        if used:
            protected = [
                part
                for image in used
                for part in (image.key, [_link(use) for use in uses[image.pk]])
            ]
        return to_delete, counts, perms_needed, protected

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context["uses"] = _uses(request, context["object"])
        return super().render_delete_form(request, context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            return self._still_used(request, request.get_full_path())

    def _still_used(self, request: HttpRequest, address: str) -> HttpResponse:
        messages.error(request, _("Nothing was deleted: a text has begun to show the picture."))
        return HttpResponseRedirect(address)


def _uses(request: HttpRequest, image: Image) -> list[TextUse]:
    """Where one image is shown, asked once in a request."""
    known = request.__dict__.setdefault("_image_uses", {})
    if image.pk not in known:
        known |= uses_of([image])
    return known[image.pk]


def _link(use: TextUse) -> str:
    text = use.translation
    address = reverse("admin:articles_articletranslation_change", args=[text.pk])
    return format_html('<a href="{}">{} ({})</a>', address, text.title, text.language)


def _percent(form: ImageForm, name: str, stored: int) -> int:
    """What a form holds of a focal point, if it is one; someone who may only look has no field."""
    value = form[name].value() if name in form.fields else stored
    return int(value) if str(value).isdecimal() and 0 <= int(value) <= 100 else stored


class ProductTranslationInline(admin.StackedInline):
    model = ProductTranslation
    extra = 0
    min_num = 2
    max_num = 2


@admin.register(Product)
class ProductAdmin(UnchangedMixin, admin.ModelAdmin):
    list_display = ["name", "brand", "relationship"]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    inlines = [ProductTranslationInline]


class GlossaryTermTranslationInline(admin.StackedInline):
    model = GlossaryTermTranslation
    extra = 0
    min_num = 2
    max_num = 2


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(PermanentMixin, UnchangedMixin, admin.ModelAdmin):
    permanent = "key"
    list_display = ["key", "position"]
    search_fields = ["key", "translations__name"]
    inlines = [GlossaryTermTranslationInline]
