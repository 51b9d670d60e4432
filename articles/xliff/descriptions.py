"""What a unit is, in the words of an editor: for translators' notes and for the hand-off page."""

from django.utils.translation import gettext as _

from articles.units import Unit


def describe(unit: Unit) -> str:
    """``Heading, level 2`` · ``Caption of the figure pathway`` · ``Standfirst``."""
    if unit.is_block:
        return _block(unit)
    return describe_field(unit.id)


def describe_field(unit_id: str) -> str:
    """What a text beside the body is, by its id: ``@figure:pathway:caption``."""
    name, _colon, rest = unit_id.removeprefix("@").partition(":")
    key, _colon, part = rest.rpartition(":")
    texts = {
        ("title", ""): _("Title"),
        ("standfirst", ""): _("Standfirst"),
        ("edition-note", ""): _("Edition note"),
        ("figure", "alt"): _("Text in place of the figure %(key)s"),
        ("figure", "caption"): _("Caption of the figure %(key)s"),
        ("figure", "text"): _("The figure %(key)s in words"),
        ("callout", "label"): _("Label of the callout %(key)s"),
        ("callout", "text"): _("Text of the callout %(key)s"),
        ("statement", "text"): _("Statement of the claim %(key)s"),
        ("statement", "basis"): _("Why the claim %(key)s has its grade"),
        ("mention", "text"): _("Product mention"),
    }
    return texts.get((name, part), unit_id) % {"key": key}


def _block(unit: Unit) -> str:
    if unit.kind == "heading":
        level = len(unit.text) - len(unit.text.lstrip("#"))
        return _("Heading, level %(level)s") % {"level": level}
    kinds = {
        "paragraph": _("Paragraph"),
        "list": _("List"),
        "quotation": _("Quotation"),
        "table": _("Table"),
        "footnote": _("Footnote"),
        "quote": _("Pull quote"),
        "tip": _("Tip"),
        "safety": _("Safety block"),
        "urgent": _("Urgent block"),
    }
    return kinds.get(unit.kind, unit.kind)
