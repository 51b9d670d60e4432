"""The texts beside a body: which column of which row each unit is, and how to fill it.

A row that the translation lacks is made after the source's: same picture, icon, claim or product.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models

from articles.models import ArticleTranslation, Callout, Figure, ProductMention, Statement

_OWN = {"@title": "title", "@standfirst": "standfirst", "@edition-note": "edition_note"}
_ROWS: dict[str, tuple[type[models.Model], str, tuple[str, ...]]] = {
    "@figure": (Figure, "key", ("key", "image", "narrow_image", "position")),
    "@callout": (Callout, "key", ("key", "icon", "position")),
    "@statement": (Statement, "claim__key", ("claim",)),
    "@mention": (ProductMention, "", ("product",)),
}
"""By the first part of a unit's id: the model, the column its key is in, and what is not words."""


def limit_of(unit: str) -> int | None:
    """How many characters a text may have; None for texts of any length and several lines."""
    name, _key, column = _take_apart(unit)
    model = ArticleTranslation if name in _OWN else _ROWS[name][0]
    return model._meta.get_field(column).max_length


def write_fields(
    translation: ArticleTranslation, source: ArticleTranslation, texts: Mapping[str, str]
) -> None:
    """Store texts by their unit ids (``@title``, ``@figure:pathway:alt``, …)."""
    own: list[str] = []
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for unit, text in texts.items():
        name, key, column = _take_apart(unit)
        if name in _OWN:
            setattr(translation, column, text)
            own.append(column)
        else:
            rows.setdefault((name, key), {})[column] = text
    if own:
        translation.save(update_fields=own)
    for (name, key), columns in rows.items():
        _write_row(translation, source, name, key, columns)


def _take_apart(unit: str) -> tuple[str, str, str]:
    """``@figure:pathway:alt`` → ``("@figure", "pathway", "alt")``."""
    if unit in _OWN:
        return unit, "", _OWN[unit]
    name, _colon, rest = unit.partition(":")
    key, _colon, column = rest.rpartition(":")
    return name, key, column


def _write_row(
    translation: ArticleTranslation,
    source: ArticleTranslation,
    name: str,
    key: str,
    columns: dict[str, str],
) -> None:
    model, key_column, _shared = _ROWS[name]
    identity: dict[str, Any] = {key_column: key} if key_column else {}
    row = model._default_manager.filter(translation=translation, **identity).first()
    if row is None:
        original = model._default_manager.get(translation=source, **identity)
        shared = {column: getattr(original, column) for column in _ROWS[name][2]}
        row = model(translation=translation, **shared)
    for column, text in columns.items():
        setattr(row, column, text)
    row.save()
