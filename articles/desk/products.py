"""Is a product that is mentioned also disclosed, labelled and kept away from symptoms."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.findings import STOP, WARN, Finding, in_block
from articles.desk.rules import Rule
from articles.desk.texts import Text, all_blocks, name_of, printed_texts
from articles.document import Document
from articles.markdown.extension import HAN

# A letter or digit of a script that puts blanks between words; Chinese does not.
_LETTER = rf"[^\W_{HAN}]"


def product_mentions_are_disclosed(document: Document) -> Iterator[Finding]:
    """A product is named in its labelled box only, and the box is on the page.

    The disclosure follows from the box, so a product named anywhere else is undisclosed. That
    holds as well while an article shows no products.
    """
    mention = document.mention
    tags = [block for block in all_blocks(document) if block.kind == "product"]
    if mention and not tags:
        yield Finding(
            "product-disclosure",
            STOP,
            _("A product mention is set, but the body has no [[product]] to show it."),
            name_of("@mention"),
            unit="@mention:text",
        )
    for tag in tags[1:]:
        yield in_block(
            "product-disclosure",
            STOP,
            tag,
            _("[[product]] stands in the body twice: remove one of them."),
        )
    if tags and not mention and not document.hidden_mention:
        yield in_block(
            "product-disclosure",
            WARN,
            tags[0],
            _("[[product]] has nothing to show: add a product mention, or remove the tag."),
        )
    if mention and not mention.components and not mention.label_note:
        yield Finding(
            "product-disclosure",
            WARN,
            _(
                "The product has neither components nor a label line in this language: add what "
                "the label says."
            ),
            name_of("@mention"),
            unit="@mention:text",
        )
    if named := mention or document.hidden_mention:
        yield from _names_outside_the_box(document, (named.name, named.brand))


def _names_outside_the_box(document: Document, names: tuple[str, ...]) -> Iterator[Finding]:
    patterns = [_name_pattern(name) for name in names if name.strip()]
    for text in _texts_outside_the_box(document):
        for pattern in patterns:
            if match := pattern.search(text.source):
                yield text.finding(
                    "product-disclosure",
                    STOP,
                    _(
                        "“%(name)s” is named outside the labelled product box, where nothing "
                        "discloses it: move the sentence into the product mention."
                    )
                    % {"name": match[0]},
                    match.start(),
                )
                break


def _texts_outside_the_box(document: Document) -> Iterator[Text]:
    """Everything that is printed: Markdown, and the fields that are plain text."""
    return (text for text in printed_texts(document) if text.unit != "@mention:text")


def _name_pattern(name: str) -> re.Pattern:
    """A name as whole words, in any case, also where a line ends between two of them."""
    words = name.split()
    pattern = r"\s+".join(re.escape(word) for word in words)
    before = rf"(?<!{_LETTER})" if re.match(_LETTER, words[0]) else ""
    after = rf"(?!{_LETTER})" if re.search(rf"{_LETTER}$", words[-1]) else ""
    return re.compile(before + pattern + after, re.IGNORECASE)


RULES = (
    Rule(
        "product-disclosure",
        product_mentions_are_disclosed,
        gettext_lazy("Product mentions are labelled and disclosed"),
        gettext_lazy("Readers must be able to tell what is advertising, and who gains by it."),
        gettext_lazy(
            "Name a product only in the product mention, and place it once with [[product]]."
        ),
        STOP,
    ),
)
