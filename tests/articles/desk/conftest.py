"""Findings are asserted in English, whatever the language of the site."""

import pytest
from django.utils import translation

from tests.conftest import FIXTURES


@pytest.fixture(autouse=True)
def english_admin():
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def demo_documents(django_db_setup, django_db_blocker, tmp_path_factory):
    """The documents of the demo content by slug and language; the database itself stays empty."""
    from django.db import transaction
    from django.test import override_settings

    from articles.building import build_document
    from articles.bundles import import_bundle
    from articles.models import ArticleTranslation

    folder = tmp_path_factory.mktemp("demo")
    folders = {"MEDIA_ROOT": folder / "media", "DATA_DIR": folder}
    with django_db_blocker.unblock(), override_settings(**folders), transaction.atomic():
        import_bundle(FIXTURES)
        documents = {
            (row.article.slug, row.language): build_document(row)
            for row in ArticleTranslation.objects.select_related("article")
        }
        transaction.set_rollback(True)
    return documents
