"""Can everybody make sense of the pictures."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.desk.findings import STOP, Finding
from articles.desk.texts import all_blocks
from articles.document import Document


def figures_have_alt_and_caption(document: Document) -> Iterator[Finding]:
    """WCAG 1.1.1: a picture that says something has a text that says the same."""
    lines = {block.argument: block for block in all_blocks(document) if block.kind == "figure"}
    for figure in document.figures:
        block = lines.get(figure.key)
        place = {
            "where": _("Figure “%(key)s”") % {"key": figure.key},
            "block_id": block.id if block else "",
            "line": block.line if block else 0,
        }
        if not figure.alt.strip():
            yield Finding(
                "figure-alt",
                STOP,
                _("The figure “%(key)s” has no text for readers who cannot see it: describe it.")
                % {"key": figure.key},
                **place,
            )
        if not figure.caption.strip():
            yield Finding(
                "figure-caption",
                STOP,
                _("The figure “%(key)s” has no caption in this language: write one.")
                % {"key": figure.key},
                **place,
            )
