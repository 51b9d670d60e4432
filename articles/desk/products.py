"""Is a product that is mentioned also disclosed, labelled and kept away from symptoms."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.desk.findings import STOP, WARN, Finding, in_block
from articles.desk.texts import all_texts
from articles.document import Document


def product_mentions_are_disclosed(document: Document) -> Iterator[Finding]:
    """A product is named in its labelled box only, and the box is on the page.

    The disclosure follows from the box, so a product named anywhere else is undisclosed.
    """
    mention = document.mention
    tags = [
        block
        for block in document.blocks
        if block.kind == "product" or "[[product]]" in block.source
    ]
    if mention and not tags:
        yield Finding(
            "product-disclosure",
            STOP,
            _("A product mention is set, but the body has no [[product]] to show it."),
            _("Product mention"),
        )
    if len(tags) > 1:
        yield in_block(
            "product-disclosure", STOP, tags[1], _("[[product]] stands in the body twice.")
        )
    if mention and not mention.components and not mention.label_note:
        yield Finding(
            "product-disclosure",
            WARN,
            _("The product has neither components nor a label line in this language."),
            _("Product mention"),
        )
    if mention:
        yield from _names_outside_the_box(document, (mention.name, mention.brand))


def _names_outside_the_box(document: Document, names: tuple[str, ...]) -> Iterator[Finding]:
    for text in all_texts(document):
        if text.where == _("Product mention"):
            continue
        for name in names:
            if name and name.casefold() in text.source.casefold():
                yield Finding(
                    "product-disclosure",
                    STOP,
                    _(
                        "“%(name)s” is named outside the labelled product box, where nothing "
                        "discloses it: move the sentence into the product mention."
                    )
                    % {"name": name},
                    text.where,
                    text.block_id,
                    text.line,
                )
                break
