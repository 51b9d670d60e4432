"""The content bundle: a folder of plain files ⇄ the database (see docs/content-bundle.md)."""

from articles.bundles.exporter import ExportRefused, ExportReport, export_bundle
from articles.bundles.importer import ImportReport, import_bundle
from articles.bundles.problems import BundleRefused, Problem

__all__ = [
    "BundleRefused",
    "ExportRefused",
    "ExportReport",
    "ImportReport",
    "Problem",
    "export_bundle",
    "import_bundle",
]
