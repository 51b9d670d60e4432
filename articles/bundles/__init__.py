"""The content bundle: a folder of plain files ⇄ the database (see docs/content-bundle.md)."""

from articles.bundles.exporter import export_bundle
from articles.bundles.importer import ImportReport, import_bundle
from articles.bundles.problems import BundleRefused, Problem

__all__ = ["BundleRefused", "ImportReport", "Problem", "export_bundle", "import_bundle"]
