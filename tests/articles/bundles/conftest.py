"""A small bundle that each test may spoil; messages are asserted in English."""

import pytest
from django.utils import translation

from tests.articles.bundles.files import BundleFiles


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def files(tmp_path) -> BundleFiles:
    """A right bundle: one article and one site page in both languages, all published."""
    return BundleFiles(tmp_path / "files")
