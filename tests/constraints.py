"""How the tests of database constraints write rows and read refusals.

Rows go in with ``bulk_create`` and change with ``update``: no form, no ``clean``, no ``save``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import BaseConstraint, Model, UniqueConstraint

from articles.triggers import PERMANENT


def models_of(app: str) -> list[type[Model]]:
    return list(apps.get_app_config(app).get_models())


def constraints_of(app: str) -> dict[str, tuple[type[Model], BaseConstraint]]:
    return {
        constraint.name: (model, constraint)
        for model in models_of(app)
        for constraint in model._meta.constraints
    }


def fields_with_choices(app: str) -> list[models.Field]:
    return [field for model in models_of(app) for field in model._meta.fields if field.choices]


def unique_fields(app: str) -> list[models.Field]:
    return [
        field
        for model in models_of(app)
        for field in model._meta.fields
        if field.unique and not field.primary_key
    ]


def insert(model: type[Model], values: dict[str, Any]) -> Model:
    with transaction.atomic():
        return model._base_manager.bulk_create([model(**values)])[0]


def change(row: Model, values: dict[str, Any]) -> None:
    with transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**values)


def refusal_of(error: IntegrityError) -> str:
    """What the database says was broken: the constraint's name.

    SQLite names check constraints only; for unique ones it lists the columns. Triggers give their
    own name.
    """
    if diagnosis := getattr(error.__cause__, "diag", None):
        return diagnosis.constraint_name
    return str(error).split("constraint failed: ")[-1]


def expected_refusal(error: IntegrityError, constraint: BaseConstraint, model: type[Model]) -> str:
    """What ``refusal_of`` must give when this constraint was broken."""
    on_sqlite = not hasattr(error.__cause__, "diag")
    if isinstance(constraint, UniqueConstraint) and on_sqlite:
        return ", ".join(
            f"{model._meta.db_table}.{model._meta.get_field(name).column}"
            for name in constraint.fields
        )
    return constraint.name


def unique_constraints_of(app: str) -> list[str]:
    return [
        name
        for name, (_model, constraint) in constraints_of(app).items()
        if isinstance(constraint, UniqueConstraint)
    ]


@dataclass(frozen=True)
class Table:
    """The constraints of one app, with a valid row of each of its models.

    ``valid`` gives the values of a row by number; rows of two numbers share nothing. ``kept`` are
    the models whose rows a trigger keeps as they are, by the trigger that refuses a change.
    """

    app: str
    valid: dict[type[Model], Callable[[int], dict[str, Any]]]
    kept: dict[type[Model], str] = field(default_factory=dict)

    def assert_insert_is_refused(self, name: str, broken: dict[str, Any]) -> None:
        model, constraint = constraints_of(self.app)[name]
        values = self.valid[model](0) | broken
        if isinstance(constraint, UniqueConstraint):
            insert(model, values)
        with pytest.raises(IntegrityError) as refusal:
            insert(model, values)
        assert refusal_of(refusal.value) == expected_refusal(refusal.value, constraint, model)

    def assert_change_is_refused(self, name: str, broken: dict[str, Any]) -> None:
        model, constraint = constraints_of(self.app)[name]
        row = insert(model, self.valid[model](1))
        if isinstance(constraint, UniqueConstraint):
            other = self.valid[model](0) | broken
            insert(model, other)
            broken = broken | {field: other[field] for field in constraint.fields}
        with pytest.raises(IntegrityError) as refusal:
            change(row, broken)
        stays = next((f"{start}_stays" for start in PERMANENT if name.startswith(start)), "")
        kept = self.kept.get(model) or stays
        expected = kept or expected_refusal(refusal.value, constraint, model)
        assert refusal_of(refusal.value) == expected

    def assert_is_no_wider_than_its_columns(self, name: str) -> None:
        """A row that differs in any one column of a unique constraint is another row."""
        model, constraint = constraints_of(self.app)[name]
        values, others = self.valid[model](0), self.valid[model](1)
        insert(model, values)
        for column in constraint.fields:
            insert(model, values | {column: others[column]})

    def assert_takes_no_value_twice(self, field: models.Field) -> None:
        values, others = self.valid[field.model](0), self.valid[field.model](1)
        insert(field.model, values)
        with pytest.raises(IntegrityError) as refusal:
            insert(field.model, others | {field.name: values[field.name]})
        assert field.column in refusal_of(refusal.value)

    def assert_takes_its_choices_alone(
        self, field: models.Field, needed: dict[str, dict[str, Any]]
    ) -> None:
        """``needed`` are other columns without which a choice would break another constraint."""
        row = insert(field.model, self.valid[field.model](0))

        def write(values: dict[str, Any]) -> None:
            if field.model in self.kept:
                insert(field.model, self.valid[field.model](1) | values)
            else:
                change(row, values)

        for choice, _label in field.flatchoices:
            write({field.name: choice, **needed.get(choice, {})})
        with pytest.raises(IntegrityError):
            write({field.name: "nonsense"})
