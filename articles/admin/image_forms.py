"""The forms of the picture library: one image, and many at once."""

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from articles.admin.uploads import FALLBACK_KEY, fill, process_upload
from articles.images import StoredImage
from articles.models import Article, Image
from healthsite import imaging
from healthsite.imaging import ImageRefused

ACCEPTED = "image/jpeg,image/png,image/webp,image/avif,image/gif,image/svg+xml"
"""What a browser offers to choose; what is accepted is judged by content alone."""

MAX_FILES = 20
"""Pictures in one upload: each takes a few seconds, and front servers wait for about a minute."""

KEPT_FOR = 24 * 3600
"""Seconds for which a picture that was uploaded need not be chosen again after a mistake."""

_SALT = "articles.admin.image_forms"
_RECENT = 40


def own_credit() -> str:
    """The credit of work of our own: the site's name in each language."""
    return " · ".join(settings.SITE_NAMES.values())


class ArticleBySlug(forms.ModelChoiceField):
    """An article by the end of its address: of ten thousand, nobody picks one from a menu."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            queryset=Article.objects.all(),
            to_field_name="slug",
            required=False,
            label=_("Article"),
            help_text=_(
                "The last part of its address, for example “vitamin-d”. "
                "Empty: every article may use the picture."
            ),
            widget=forms.TextInput(attrs={"list": "article-slugs", "class": "vTextField"}),
            error_messages={"invalid_choice": _("No article has this address.")},
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """Rows are given as ids; what an editor typed stays as it is."""
        if isinstance(value, int):
            return Article.objects.filter(pk=value).values_list("slug", flat=True).first()
        return super().prepare_value(value)


def recent_slugs() -> list[str]:
    """What the article fields suggest: the newest articles."""
    return list(Article.objects.order_by("-pk").values_list("slug", flat=True)[:_RECENT])


class FileInput(forms.FileInput):
    """A plain file input, which a script turns into a place to drop files on."""

    def __init__(self, **attrs: Any):
        words = {
            "data-drop": _("Or drop it anywhere on this page."),
            "data-limit": imaging.MAX_BYTES,
            "data-too-large": _("larger than 15 MB, left out"),
        }
        super().__init__(attrs={"accept": ACCEPTED, **words, **attrs})


class ManyFilesInput(FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name) -> list[UploadedFile]:
        return files.getlist(name)


class ManyFilesField(forms.FileField):
    """Several files as a list. Each is judged on its own, later: one bad file spoils no other."""

    widget = ManyFilesInput

    def clean(self, data: list[UploadedFile], initial=None) -> list[UploadedFile]:
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(data) > MAX_FILES:
            raise forms.ValidationError(
                _("These are %(count)d pictures: upload at most %(limit)d at once."),
                params={"count": len(data), "limit": MAX_FILES},
            )
        return data


class ManyImagesForm(forms.Form):
    """Several pictures at once; their keys are made of the files' names."""

    uploads = ManyFilesField(
        label=_("Pictures"),
        widget=ManyFilesInput(multiple=True),
        error_messages={"required": _("Choose a picture.")},
        help_text=_(
            "JPEG, PNG, WebP, AVIF or a still GIF of up to 15 MB, drawings as SVG. "
            "Each gets a key made of its file’s name."
        ),
    )
    article = ArticleBySlug()
    credit = forms.CharField(
        label=_("credit"),
        max_length=200,
        required=False,
        help_text=_("For all of them. Left empty, the library marks them until you add it."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    licence = forms.CharField(
        label=_("licence"),
        max_length=100,
        required=False,
        help_text=_("For example CC BY 4.0."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class ImageForm(forms.ModelForm):
    """An image with its upload. The upload is checked and stored before the row changes."""

    upload = forms.FileField(
        label=_("Picture"),
        required=False,
        allow_empty_file=True,
        widget=FileInput,
        help_text=_("JPEG, PNG, WebP, AVIF or a still GIF of up to 15 MB, or a drawing as SVG."),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    article = ArticleBySlug()
    is_own_work = forms.BooleanField(
        label=_("Our own work"),
        required=False,
        help_text=_("Readers see the site’s name as the credit. No licence is needed."),
    )

    class Meta:
        model = Image
        fields = ["article", "key", "credit", "licence", "focus_x", "focus_y", "position"]
        help_texts = {
            "key": _(
                "The name by which figures find the picture. Replacing the file keeps it; "
                "while a text shows the picture it cannot change."
            ),
            "credit": _(
                "Readers see it below the picture, in both languages: who made it. "
                "Needed for every new photograph."
            ),
            "licence": _(
                "Readers see it after the credit: the terms under which the site may show the "
                "picture, for example CC BY 4.0."
            ),
            "position": _("Pictures of an article are listed in this order."),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.stored: StoredImage | None = None
        if self.instance.pk and "is_own_work" in self.fields:
            self.initial["is_own_work"] = self.instance.credit == own_credit()

    @property
    def kept_name(self) -> str:
        """The file of a picture that is stored already though the form has mistakes."""
        return self.stored.file if self.stored else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._take_upload(cleaned)
        if cleaned.get("is_own_work"):
            cleaned["credit"] = cleaned.get("credit") or own_credit()
        elif self.stored and not self.stored.svg:
            self._ask_for_rights(cleaned)
        return cleaned

    def _take_upload(self, cleaned: dict[str, Any]) -> None:
        upload = cleaned.get("upload")
        if upload is not None:
            key = cleaned.get("key") or self.instance.key or FALLBACK_KEY
            try:
                self.stored = process_upload(key, upload)
            except ImageRefused as error:
                self.add_error("upload", str(error))
        elif kept := cleaned.get("kept"):
            self.stored = _unpacked(kept)
        if not (self.stored or self.instance.file or self.has_error("upload")):
            self.add_error("upload", _("Choose a picture."))

    def _ask_for_rights(self, cleaned: dict[str, Any]) -> None:
        """A new photograph says whose it is. Bundles may leave it open; the library marks it."""
        if not cleaned.get("credit") and not self.has_error("credit"):
            self.add_error(
                "credit", _("Say who made the photograph, or tick that it is our own work.")
            )
        if not cleaned.get("licence") and not self.has_error("licence"):
            self.add_error(
                "licence",
                _("Say under which terms the site may show the photograph, for example CC BY 4.0."),
            )

    def _post_clean(self) -> None:
        # Model validation looks at the stored columns, so they are filled in before it runs.
        if self.stored:
            self.instance.key = self.cleaned_data.get("key") or self.instance.key
            fill(self.instance, self.stored)
        super()._post_clean()
        if self.stored and self.errors:
            self.data = self.data.copy()
            self.data[self.add_prefix("kept")] = _packed(self.stored)


def _packed(stored: StoredImage) -> str:
    """A stored picture as a signed text; the drawing itself is left to its file."""
    return signing.dumps(vars(stored) | {"svg": bool(stored.svg)}, salt=_SALT, compress=True)


def _unpacked(text: str) -> StoredImage | None:
    try:
        columns = signing.loads(text, salt=_SALT, max_age=KEPT_FOR)
        if columns["svg"]:
            with default_storage.open(columns["file"]) as file:
                columns["svg"] = file.read().decode()
        else:
            columns["svg"] = ""
    except (signing.BadSignature, OSError):
        return None
    return StoredImage(**columns)
