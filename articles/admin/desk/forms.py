"""What is typed at the desk. Rows are told apart by their key, so that a form can be merged."""

from collections import Counter
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.desk.segments import SegmentsField
from articles.admin.uploads import store_upload
from articles.models import (
    ArticleTranslation,
    Callout,
    Claim,
    Figure,
    Image,
    Product,
    ProductMention,
    Statement,
)
from healthsite.imaging import ImageRefused

FIELDS = (
    *("title", "standfirst", "seal", "original_label", "edition_note"),
    *("seo_title", "seo_description"),
)
"""Columns of a translation that are one field each."""


class TypedForm(forms.ModelForm):
    """A form whose long texts stay exactly as they were typed.

    Browsers send line ends as CR LF (HTML, “constructing the entry list”); texts are kept with LF.
    """

    is_sketch = False
    """True for what is only looked at: the database is not asked about its constraints."""

    def __init__(self, *args, tag: str = "", **kwargs):
        """``tag`` names the language of the text, for screen readers and fonts (WCAG 3.1.2)."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if not isinstance(field, forms.CharField) or isinstance(field, forms.SlugField):
                continue
            if isinstance(field.widget, forms.Textarea):
                field.strip = False
            if tag and name != "original_label":
                field.widget.attrs["lang"] = tag

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = value.replace("\r\n", "\n")
        return cleaned

    def validate_constraints(self) -> None:
        """Each constraint is a query: a preview while somebody types can do without."""
        if not self.is_sketch:
            super().validate_constraints()


class TextForm(TypedForm):
    """Title, standfirst, body and what search engines see, of one language."""

    body = SegmentsField(label=capfirst(gettext_lazy("body")), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = ArticleTranslation
        fields = FIELDS
        widgets = {
            "title": forms.Textarea(attrs={"rows": 1, "class": "one-line"}),
            "standfirst": forms.Textarea(attrs={"rows": 3}),
            "edition_note": forms.Textarea(attrs={"rows": 3}),
            "seo_description": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "seo_title": gettext_lazy(
                "Search engines and browser tabs show it. Left empty, they show the title."
            ),
            "seo_description": gettext_lazy(
                "The lines below the title in a list of search results. Left empty, the "
                "standfirst is used."
            ),
        }

    def clean_title(self) -> str:
        """The title's box grows like the others, but a title is one line."""
        return " ".join(self.cleaned_data["title"].split())


class KeyedFormSet(forms.BaseFormSet):
    """Rows of one text. Two of them cannot have the same key."""

    def clean(self) -> None:
        keys = [row["key"] for row in self.rows()]
        for key, count in Counter(keys).items():
            if count > 1:
                raise forms.ValidationError(
                    _("Two entries have the key “%(key)s”. Change one."), params={"key": key}
                )

    def rows(self) -> list[dict[str, Any]]:
        """The clean values of the rows that stay, in the order the editor gave them."""
        kept = [
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None)
            and form.cleaned_data.get("key")
            and not form.cleaned_data.get("DELETE")
        ]
        return sorted(kept, key=lambda row: row.get("ORDER") or 10_000)

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        if "ORDER" in form.fields:
            form.fields["ORDER"].label = capfirst(_("position"))
            form.fields["ORDER"].widget.attrs["class"] = "position"
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove")


class EntryForm(TypedForm):
    """One entry of a text. Its short fields stand in a row above those with words."""

    short = ("key",)

    @property
    def short_fields(self):
        """Key, choices, order and removal."""
        names = (*self.short, "ORDER", "DELETE")
        return [self[name] for name in names if name in self.fields]


class FigureForm(EntryForm):
    """A figure of the text. Its picture is chosen, or sent right here."""

    upload = forms.FileField(
        label=gettext_lazy("Or a new picture"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG, WebP, AVIF or SVG. It is added to the library; a picture of the same key "
            "is replaced."
        ),
    )

    short = ("key", "image", "upload", "narrow_image")

    class Meta:
        model = Figure
        fields = ("key", "image", "narrow_image", "alt", "caption", "text")
        widgets = {
            "alt": forms.Textarea(attrs={"rows": 2}),
            "caption": forms.Textarea(attrs={"rows": 2}),
            "text": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "key": gettext_lazy("The body places the figure by it: [[figure:key]]."),
            "alt": gettext_lazy(
                "Read out to whoever cannot see the picture: say what it shows, not that it is a "
                "picture."
            ),
            "caption": gettext_lazy("Readers see it below the picture. Markdown, one paragraph."),
            "text": gettext_lazy("Readers open it below the picture as “read as text”. Markdown."),
        }

    def __init__(
        self, *args, translation: ArticleTranslation, user=None, may_upload: bool = False, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.translation, self.user = translation, user
        pictures = Image.objects.filter(Q(article=translation.article) | Q(article=None))
        for name in ("image", "narrow_image"):
            self.fields[name].queryset = pictures.order_by("key")
        self.fields["image"].required = False
        if not may_upload:
            del self.fields["upload"]

    def clean(self) -> dict[str, Any]:
        """Store the picture that was sent, or ask for one."""
        cleaned = super().clean()
        upload = cleaned.get("upload")
        if upload and cleaned.get("key"):
            self._store(upload)
        elif not cleaned.get("image") and not self._errors.get("image"):
            self.add_error("image", _("Choose a picture from the library, or send a new one."))
        return cleaned

    def _store(self, upload) -> None:
        """Into the library at once: a mistake elsewhere in the form must not lose the picture."""
        key = f"{self.cleaned_data['key']}-{self.translation.language}"
        try:
            image = store_upload(self.translation.article, key, upload, user=self.user)
        except ImageRefused as error:
            self.add_error("upload", str(error))
            return
        self.cleaned_data["image"] = image
        if self.is_bound:
            self.data = self.data.copy()
            self.data[self.add_prefix("image")] = str(image.pk)


class CalloutForm(EntryForm):
    """A symptom card."""

    short = ("key", "icon")

    class Meta:
        model = Callout
        fields = ("key", "icon", "label", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "key": gettext_lazy("Names the card in both languages. Readers never see it."),
            "label": gettext_lazy("The card's heading, a few words."),
            "text": gettext_lazy("Readers see it below the heading. Markdown, one paragraph."),
        }


class StatementForm(TypedForm):
    """What one claim says in this language. Left empty, the language does not state it."""

    claim = forms.TypedChoiceField(widget=forms.HiddenInput)

    class Meta:
        model = Statement
        # Not the claim: a column of a row is looked up once more, for each of a hundred claims.
        fields = ("text", "basis")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "basis": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, claims: dict[str, Claim], **kwargs):
        super().__init__(*args, **kwargs)
        # A choice of rows would ask the database once for each of a hundred claims.
        self.fields["claim"].choices = [(number, claim.key) for number, claim in claims.items()]
        self.fields["claim"].coerce = self._claim
        self.claims = claims
        self.fields["text"].required = False

    def _claim(self, number: str) -> Claim:
        if number not in self.claims:
            raise ValueError(number)
        return self.claims[number]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (cleaned.get("basis") or "").strip() and not (cleaned.get("text") or "").strip():
            self.add_error("text", _("Say what the claim states, or empty both fields."))
        return cleaned

    def _post_clean(self) -> None:
        """Nothing. Django would ask the database to judge each constraint of each row.

        Blank texts are no rows here, and the set of forms refuses a claim that is stated twice.
        """


class ClaimFormSet(forms.BaseFormSet):
    """The claims of one text. None of them is stated twice."""

    def clean(self) -> None:
        claims = [form.cleaned_data.get("claim") for form in self.forms if form.is_valid()]
        for claim, count in Counter(filter(None, claims)).items():
            if count > 1:
                raise forms.ValidationError(
                    _("Two entries have the key “%(key)s”. Change one."),
                    params={"key": claim.key},
                )


class MentionForm(TypedForm):
    """The product a text names, if it names one."""

    class Meta:
        model = ProductMention
        fields = ("product", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["product"].required = self.fields["text"].required = False
        self.fields["product"].queryset = Product.objects.order_by("name")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        product, text = cleaned.get("product"), (cleaned.get("text") or "").strip()
        if text and not product and "product" not in self.errors:
            self.add_error("product", _("Choose the product this text is about."))
        if product and not text:
            self.add_error("text", _("Write the mention, or choose no product."))
        return cleaned


MOST_ROWS, MOST_CLAIMS = 120, 500
"""Rows that are read of what is sent. Django's own most is a thousand above what is offered, and
judging and drawing so many takes minutes; more is refused, never cut off."""

FigureFormSet = forms.formset_factory(
    FigureForm,
    KeyedFormSet,
    extra=1,
    can_delete=True,
    can_order=True,
    max_num=60,
    absolute_max=MOST_ROWS,
)
CalloutFormSet = forms.formset_factory(
    CalloutForm,
    KeyedFormSet,
    extra=1,
    can_delete=True,
    can_order=True,
    max_num=60,
    absolute_max=MOST_ROWS,
)
StatementFormSet = forms.formset_factory(
    StatementForm, ClaimFormSet, extra=0, max_num=400, absolute_max=MOST_CLAIMS
)


def claims_of(translation: ArticleTranslation) -> dict[str, Claim]:
    """The claims of the text's article by number, as forms name them, with their references."""
    claims = Claim.objects.filter(article=translation.article).prefetch_related("references")
    return {str(claim.pk): claim for claim in claims}
