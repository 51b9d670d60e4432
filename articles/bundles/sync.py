"""Make rows equal to what is wanted, and write only where they are not."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def put(model: type[Row], identity: dict[str, Any], values: dict[str, Any]) -> Row:
    """The row that ``identity`` names, with these values. A row that is right is not written."""
    row = model._default_manager.filter(**identity).first()
    if row is None:
        return model._default_manager.create(**identity, **values)
    if set_values(row, values):
        row.save()
    return row


def set_values(row: models.Model, values: dict[str, Any]) -> bool:
    """Set attributes; whether any of them was another before."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return bool(changed)


def sync_rows(
    model: type[Row],
    owner: dict[str, Any],
    identity: str | Sequence[str],
    wanted: list[dict[str, Any]],
    *,
    is_new: bool = False,
) -> dict[Any, Row]:
    """Create, update and delete until ``model``'s rows of ``owner`` are ``wanted``.

    ``identity`` names the column (or columns) that tell one row from another; ``is_new`` says that
    the owner was just made and has none. Returns the rows by their identity. For models without a
    ``save`` of their own.
    """
    names = (identity,) if isinstance(identity, str) else tuple(identity)

    def identify(values: dict[str, Any]) -> Any:
        found = tuple(values[name] for name in names)
        return found[0] if isinstance(identity, str) else found

    present = {
        identify({name: getattr(row, name) for name in names}): row
        for row in (() if is_new else model._default_manager.filter(**owner))
    }
    rows: dict[Any, Row] = {}
    new: list[Row] = []
    for values in wanted:
        row = present.pop(identify(values), None)
        if row is None:
            row = model(**owner, **values)
            new.append(row)
        elif set_values(row, values):
            row.save()
        rows[identify(values)] = row
    # First what goes: it may hold what only one row may have.
    if present:
        model._default_manager.filter(pk__in=[row.pk for row in present.values()]).delete()
    if new:
        model._default_manager.bulk_create(new)
    return rows
