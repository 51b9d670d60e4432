"""Addresses of the public log, the same below an article and below a site page."""

from django.urls import URLPattern, path, register_converter

from articles import history_views
from articles.history_addresses import NUMBER


class NumberConverter:
    """The number of a publication."""

    regex = NUMBER

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(NumberConverter, "number")


def history_patterns(prefix: str, kind: str) -> list[URLPattern]:
    """The log, one version of it, and the comparison of two, below ``prefix``."""
    values = {"kind": kind}
    return [
        path(f"{prefix}history/", history_views.history, values, name="history"),
        path(f"{prefix}history/<number:number>/", history_views.version, values, name="version"),
        path(
            f"{prefix}history/<number:old>..<number:new>/",
            history_views.comparison,
            values,
            name="comparison",
        ),
    ]
