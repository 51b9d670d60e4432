"""The schema of the files agrees with the tables and with what the documentation says."""

import pytest
from django.db import models

from articles import models as articles
from articles.bundles import schema
from articles.bundles.yaml_reading import load
from authors import models as authors
from tests.conftest import ROOT

PAIRS = [
    (schema.TOPIC, articles.Topic, {}),
    (schema.TOPIC_TEXT, articles.TopicTranslation, {}),
    (schema.TERM, articles.GlossaryTerm, {}),
    (schema.TERM_TEXT, articles.GlossaryTermTranslation, {"term": "name"}),
    (schema.PRODUCT, articles.Product, {}),
    (schema.PRODUCT_TEXT, articles.ProductTranslation, {}),
    (schema.AUTHOR, authors.Author, {}),
    (schema.AUTHOR_TEXT, authors.AuthorTranslation, {}),
    (schema.REGISTRATION, authors.Registration, {}),
    (schema.REGISTRATION_TEXT, authors.RegistrationTranslation, {}),
    (schema.ARTICLE, articles.Article, {"lead_figure": "lead_figure_key"}),
    (schema.CONTRIBUTION, articles.Contribution, {}),
    (schema.IMAGE, articles.Image, {"file": "source_name"}),
    (schema.REFERENCE, articles.Reference, {}),
    (schema.CLAIM, articles.Claim, {}),
    (schema.TRANSLATION, articles.ArticleTranslation, {}),
    (schema.FIGURE, articles.Figure, {}),
    (schema.CALLOUT, articles.Callout, {}),
    (schema.STATEMENT, articles.Statement, {}),
    (schema.PUBLISH, articles.Publication, {"note": "public_note"}),
    (schema.WITHDRAWN, articles.ArticleTranslation, {"note": "withdrawal_note"}),
]
COLUMNS = [
    pytest.param(field, column, id=f"{model.__name__}.{column.name}")
    for fields, model, renamed in PAIRS
    for name, field in fields.items()
    for column in model._meta.concrete_fields
    if column.name == renamed.get(name, name) and column.get_internal_type() != "JSONField"
]


def problems(field: schema.Field, value: str) -> list[str]:
    found: list[str] = []
    field.read(value, 1, lambda line, message: found.append(message))
    return found


@pytest.mark.parametrize(("field", "column"), COLUMNS)
def test_no_text_is_longer_than_its_column(field: schema.Field, column: models.Field):
    limit = column.max_length
    if limit is None or column.choices:
        return
    message = f"This has {limit + 1} characters; at most {limit} fit."
    assert message in problems(field, "a" * (limit + 1))
    assert not any("characters; at most" in found for found in problems(field, "a" * limit))


@pytest.mark.parametrize(("field", "column"), COLUMNS)
def test_every_choice_of_a_column_can_be_written(field: schema.Field, column: models.Field):
    for value, _label in column.choices or ():
        assert problems(field, str(value)) == []


@pytest.mark.parametrize(("fields", "model", "renamed"), PAIRS)
def test_what_a_column_needs_the_files_owe(fields, model, renamed):
    for name, field in fields.items():
        for column in model._meta.concrete_fields:
            if column.name != renamed.get(name, name) or not isinstance(column, models.CharField):
                continue
            if not column.blank and not column.has_default():
                assert field.is_required, f"{model.__name__}.{name}"


def test_the_documented_fields_are_those_of_the_schema():
    page = (ROOT / "docs/content-bundle.md").read_text(encoding="utf-8")
    blocks = [part.split("\n```", 1)[0] for part in page.split("```yaml\n")[1:]]
    lists, article, text = blocks[:3]
    for part, fields in zip(
        lists.split("\n\n"), (schema.TOPIC, schema.TERM, schema.PRODUCT), strict=True
    ):
        assert set(load(part).items[0].values) == set(fields)
    found = load(article)
    assert set(found.values) == set(schema.ARTICLE)
    assert set(found.values["references"].items[0].values) == set(schema.REFERENCE)
    assert set(found.values["images"].items[0].values) == set(schema.IMAGE)
    found = load(text)
    assert set(found.values) == set(schema.TRANSLATION)
    assert set(found.values["publish"].values) == set(schema.PUBLISH)
    assert set(found.values["figures"].items[0].values) == set(schema.FIGURE)
    assert set(found.values["callouts"].items[0].values) == set(schema.CALLOUT)


@pytest.mark.parametrize("name", ["AUTHOR", "REGISTRATION", "AUTHOR_TEXT"])
def test_the_documentation_names_every_field_of_authors(name: str):
    page = (ROOT / "docs/content-bundle.md").read_text(encoding="utf-8")
    for field in getattr(schema, name):
        assert f"`{field}`" in page or field in ("zh-hans", "en"), field
