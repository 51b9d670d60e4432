"""Make the rows of one owner equal to a list, with as few writes as possible."""

from collections.abc import Sequence
from typing import Any

from django.db import models


def sync_rows(
    model: type[models.Model],
    owner: dict[str, Any],
    identity: str | Sequence[str],
    wanted: list[dict[str, Any]],
) -> dict[Any, Any]:
    """Create, update and delete until ``model``'s rows of ``owner`` are ``wanted``.

    ``identity`` names the column (or columns) that tell one row from another. Returns the rows by
    their identity. Rows that are right already are not written.
    """
    names = (identity,) if isinstance(identity, str) else tuple(identity)

    def identify(values) -> Any:
        found = tuple(values[name] for name in names)
        return found[0] if isinstance(identity, str) else found

    present = {
        identify({name: getattr(row, name) for name in names}): row
        for row in model.objects.filter(**owner)
    }
    wanted_by_identity = {identify(values): values for values in wanted}
    gone = [row.pk for key, row in present.items() if key not in wanted_by_identity]
    if gone:
        model.objects.filter(pk__in=gone).delete()
    rows, new, changed = {}, [], []
    for key, values in wanted_by_identity.items():
        row = present.get(key)
        if row is None:
            row = model(**owner, **values)
            new.append(row)
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
        rows[key] = row
    if new:
        model.objects.bulk_create(new)
    for row in changed:
        row.save()
    return rows
