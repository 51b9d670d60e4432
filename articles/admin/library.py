"""Images, products and the glossary."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles import images
from articles.models import (
    GlossaryTerm,
    GlossaryTermTranslation,
    Image,
    Product,
    ProductTranslation,
)
from healthsite.imaging import ImageRefused


class ImageForm(forms.ModelForm):
    """An image with its upload. The upload is processed before anything is stored."""

    upload = forms.FileField(
        label=_("picture"),
        required=False,
        help_text=_("JPEG, PNG, WebP or AVIF, or a drawing as SVG. Replacing keeps the key."),
    )

    class Meta:
        model = Image
        fields = ["article", "key", "upload", "credit", "licence", "position"]

    def clean(self) -> dict:
        cleaned = super().clean()
        upload = cleaned.get("upload")
        if upload and cleaned.get("key"):
            try:
                self.stored = images.store_image(cleaned["key"], upload.name, upload.read())
            except ImageRefused as error:
                self.add_error("upload", str(error))
        elif not upload and not self.instance.file:
            self.add_error("upload", _("Choose a picture."))
        return cleaned

    def _post_clean(self) -> None:
        # Model validation looks at the stored columns, so they are filled in before it runs.
        if stored := getattr(self, "stored", None):
            for column in ("file", "original", "width", "height", "renditions", "svg"):
                setattr(self.instance, column, getattr(stored, column))
            self.instance.source_name = images.bundle_name(
                self.cleaned_data["key"], self.cleaned_data["upload"].name
            )
        super()._post_clean()


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    form = ImageForm
    list_display = ["key", "article", "size", "credit"]
    list_select_related = ["article"]
    search_fields = ["key", "article__slug"]

    @admin.display(description=_("size"))
    def size(self, image: Image) -> str:
        return format_html("{} × {}", image.width, image.height)


class ProductTranslationInline(admin.StackedInline):
    model = ProductTranslation
    extra = 0
    min_num = 2
    max_num = 2


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "brand", "relationship"]
    inlines = [ProductTranslationInline]


class GlossaryTermTranslationInline(admin.StackedInline):
    model = GlossaryTermTranslation
    extra = 0
    min_num = 2
    max_num = 2


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(admin.ModelAdmin):
    list_display = ["key", "position"]
    search_fields = ["key", "translations__name"]
    inlines = [GlossaryTermTranslationInline]
