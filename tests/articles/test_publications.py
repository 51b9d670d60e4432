"""What the public reads can be neither changed nor deleted."""

import pytest
from django.utils import translation

from articles.models import Publication, PublicationIsFrozen
from tests.articles.services.texts import stored
from tests.factories import make_publication

pytestmark = pytest.mark.django_db


def frozen_copy() -> tuple[Publication, dict]:
    publication = Publication.objects.get(pk=make_publication().pk)
    return publication, stored(publication)


FROZEN = [
    field.name
    for field in Publication._meta.fields
    if field.name not in {"id", "body_html", "outline", "page", "render_version"}
]


def test_saved_publication_cannot_be_saved_again():
    publication, before = frozen_copy()
    publication.public_note = "…"
    for arguments in ({}, {"update_fields": ["public_note"]}, {"force_update": True}):
        with pytest.raises(PublicationIsFrozen):
            publication.save(**arguments)
    assert stored(publication) == before


def test_new_copy_cannot_be_saved_over_a_publication():
    publication, before = frozen_copy()
    copy = Publication(**{**before, "change": "typo"})
    with pytest.raises(PublicationIsFrozen):
        copy.save()
    with pytest.raises(PublicationIsFrozen):
        Publication.objects.update_or_create(pk=publication.pk, defaults={"change": "typo"})
    assert stored(publication) == before


def test_publication_cannot_be_deleted():
    publication, before = frozen_copy()
    with pytest.raises(PublicationIsFrozen):
        publication.delete()
    with pytest.raises(PublicationIsFrozen):
        Publication.objects.all().delete()
    with pytest.raises(PublicationIsFrozen):
        publication.translation.publications.filter(number=1).delete()
    assert stored(publication) == before


@pytest.mark.parametrize("name", FROZEN)
def test_no_frozen_column_can_be_updated(name):
    publication, before = frozen_copy()
    value = before[Publication._meta.get_field(name).attname]
    for values in ({name: value}, {name: value, "body_html": "…"}):
        with pytest.raises(PublicationIsFrozen):
            Publication.objects.update(**values)
        with pytest.raises(PublicationIsFrozen):
            publication.translation.publications.all().update(**values)
    assert stored(publication) == before


def test_publications_cannot_be_updated_in_bulk():
    publication, before = frozen_copy()
    publication.change = "typo"
    with pytest.raises(PublicationIsFrozen):
        Publication.objects.bulk_update([publication], ["change"])
    with pytest.raises(PublicationIsFrozen):
        Publication.objects.bulk_create(
            [publication],
            update_conflicts=True,
            unique_fields=["translation", "number"],
            update_fields=["change"],
        )
    assert stored(publication) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("body_html", "<p>…</p>"),
        ("outline", [{"id": "a", "level": 2, "text": "…"}]),
        ("page", {"title": "…"}),
        ("render_version", "2"),
    ],
)
def test_columns_that_follow_from_the_document_can_be_updated(name, value):
    publication, before = frozen_copy()
    Publication.objects.filter(pk=publication.pk).update(**{name: value})
    assert stored(publication) == before | {name: value}


def test_refusal_says_what_to_do_instead():
    with translation.override("en"):
        assert "Publish a new one, or withdraw" in str(PublicationIsFrozen())
