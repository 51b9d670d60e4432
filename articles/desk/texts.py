"""Every piece of Markdown in a document, with where it stands: what key rules scan."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.document import Document


@dataclass(frozen=True)
class Text:
    """``line`` is the first line in the body, or 0 for a field."""

    source: str
    where: str
    block_id: str = ""
    line: int = 0


def all_texts(document: Document) -> Iterator[Text]:
    """Body blocks first, then the fields that are printed."""
    for block in document.blocks:
        # The inside of a container starts two lines below its opening tag in normal form; with
        # unknown spacing the opening line is the honest answer for its first line.
        first = block.line + 2 if block.source and block.kind in _CONTAINERS else block.line
        yield Text(block.source, "", block.id, first if block.line else 0)
    yield Text(document.standfirst, _("Standfirst"))
    yield Text(document.edition_note, _("Edition note"))
    for figure in document.figures:
        name = _("Figure “%(key)s”") % {"key": figure.key}
        yield Text(figure.caption, name)
        yield Text(figure.text, name)
    for callout in document.callouts:
        yield Text(callout.text, _("Callout “%(key)s”") % {"key": callout.key})
    for statement in document.statements:
        name = _("Claim %(key)s") % {"key": statement.claim}
        yield Text(statement.text, name)
        yield Text(statement.basis, name)
    if document.mention:
        yield Text(document.mention.text, _("Product mention"))


_CONTAINERS = ("quote", "tip", "safety", "urgent")
