"""What people call the units of a text: “Caption of figure “activation””, never ``@figure:…``."""

from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

KINDS = {
    "heading": _("Heading"),
    "paragraph": _("Paragraph"),
    "list": _("List"),
    "table": _("Table"),
    "quotation": _("Quotation"),
    "footnote": _("Footnote"),
    "rule": _("Dividing line"),
    "quote": _("Reader’s question"),
    "tip": _("Tip"),
    "safety": _("Safety box"),
    "urgent": _("Urgent advice"),
    "figure": _("Place of a figure"),
    "callouts": _("Place of the symptom cards"),
    "key-points": _("Place of the key points"),
    "product": _("Place of the product mention"),
    "glossary": _("Place of the glossary"),
    "references": _("Place of the references"),
}
"""Kinds of blocks (articles.markdown.blocks)."""

FIELDS = {
    "@title": _("Title"),
    "@standfirst": _("Standfirst"),
    "@edition-note": _("Note on the edition"),
    "@mention:text": _("Text of the product mention"),
    "@mention:product": _("Product of the mention"),
    "@seal": _("Seal"),
    "@original-label": _("Label of the original"),
    "@seo-title": _("Title for search engines"),
    "@seo-description": _("Description for search engines"),
}

PARTS = {
    ("figure", "alt"): _("Alternative text of figure “%(key)s”"),
    ("figure", "caption"): _("Caption of figure “%(key)s”"),
    ("figure", "image"): _("Picture of figure “%(key)s”"),
    ("figure", "narrow-image"): _("Picture of figure “%(key)s” on narrow screens"),
    ("figure", "text"): _("Text version of figure “%(key)s”"),
    ("callout", "label"): _("Heading of symptom card “%(key)s”"),
    ("callout", "icon"): _("Drawing of symptom card “%(key)s”"),
    ("callout", "text"): _("Text of symptom card “%(key)s”"),
    ("statement", "text"): _("Statement of claim “%(key)s”"),
    ("statement", "basis"): _("Reason for the grade of claim “%(key)s”"),
    ("grade", ""): _("Evidence grade of claim “%(key)s”"),
    ("reference", ""): _("Reference “%(key)s”"),
    ("person", ""): _("Roles of “%(key)s”"),
    ("product", ""): _("Product “%(key)s”"),
}
"""Parts of what a body places, by kind and field."""


def label_of(unit_id: str, kind: str = "paragraph") -> str:
    """What people call a unit, translated when it is printed.

    A block's id does not tell its ``kind``, so it is given beside it. An id of no known form is
    its own label.
    """
    return lazystr(_Label(unit_id, kind))


class _Label:
    def __init__(self, unit_id: str, kind: str) -> None:
        self.unit_id, self.kind = unit_id, kind

    def __str__(self) -> str:
        if not self.unit_id.startswith("@"):
            return str(KINDS.get(self.kind, self.kind))
        if field := FIELDS.get(self.unit_id):
            return str(field)
        kind, key, part = (*self.unit_id[1:].split(":"), "", "")[:3]
        words = PARTS.get((kind, part))
        return str(words) % {"key": key} if words else self.unit_id
