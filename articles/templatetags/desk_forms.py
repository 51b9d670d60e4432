"""Small helps for the desk's templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy

from articles.admin.desk.pairing import anchor_of
from articles.desk import NOTE, STOP, WARN, Finding

register = template.Library()


@register.filter
def of(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """``mapping|of:key``: the value under a key that a variable holds, or None."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def unit(*parts: Any) -> str:
    """The id of a unit from its parts: ``{% unit "figure" key "alt" %}``."""
    return "@" + ":".join(str(part or "") for part in parts)


@register.simple_tag
def anchor(name: str) -> str:
    """The address on the screen of a unit; none for something that has no key yet."""
    return "" if "::" in name or name.endswith(":") else anchor_of(name)


@register.simple_tag
def claim_of(item, claims: Mapping[str, Any]) -> Any:
    """The claim that one form of the statements is about."""
    return claims.get(str(item["claim"].value()))


_LEVELS = {STOP: "stop", WARN: "warning", NOTE: "note"}
_LEVEL_LABELS = {
    STOP: gettext_lazy("Stop"),
    WARN: gettext_lazy("Warning"),
    NOTE: gettext_lazy("Note"),
}


@register.filter
def level(finding: Finding) -> str:
    """How grave a finding is, as a part of a class name."""
    return _LEVELS[finding.severity]


@register.filter
def level_label(finding: Finding) -> str:
    """How grave a finding is, in words."""
    return str(_LEVEL_LABELS[finding.severity])
