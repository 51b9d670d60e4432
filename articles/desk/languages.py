"""Do the two languages say the same things in the same order."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.findings import WARN, Finding
from articles.desk.rules import COUNTERPART, Rule
from articles.document import Document
from articles.parity import shape_differences


def block_structures_agree(document: Document, counterpart: Document) -> Iterator[Finding]:
    """A different sequence of blocks is a warning: paired reading would go out of step."""
    blocks = {block.id: block for block in document.blocks}
    for difference in shape_differences(counterpart.blocks, document.blocks):
        first = blocks.get(difference.ids[0]) if difference.ids else None
        if difference.ids and difference.source_ids:
            message = _(
                "These blocks differ in kind from the other language's: give both the same blocks "
                "in the same order."
            )
        elif difference.ids:
            message = _(
                "%(count)s block(s) here have no counterpart in the other language: add them "
                "there, or remove them here."
            ) % {"count": len(difference.ids)}
        else:
            message = _("%(count)s block(s) of the other language are missing here: add them.") % {
                "count": len(difference.source_ids)
            }
        yield Finding(
            "block-structure",
            WARN,
            message,
            _("Structure"),
            first.id if first else "",
            first.line if first else 0,
        )


RULES = (
    Rule(
        "block-structure",
        block_structures_agree,
        gettext_lazy("Both languages have the same blocks"),
        gettext_lazy(
            "Paired reading sets block beside block; a missing one puts all others out of step."
        ),
        gettext_lazy(
            "Add the missing blocks, or remove those that are too many, in the same order."
        ),
        WARN,
        (COUNTERPART,),
    ),
)
