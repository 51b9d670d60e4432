"""Is the text built right: block tags, headings, and the safety block a tagged nutrient needs."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.findings import STOP, Finding, in_block
from articles.desk.rules import Rule
from articles.desk.texts import all_blocks, name_of
from articles.document import NUTRIENTS, Document
from articles.markdown.blocks import split_body


def block_tags_are_right(document: Document) -> Iterator[Finding]:
    """Unknown, unclosed or misplaced block tags and wrong heading addresses, each with its line."""
    for problem in split_body(document.body).problems:
        above = [block.id for block in document.blocks if block.line <= problem.line]
        yield Finding(
            "block-tags",
            STOP,
            problem.message,
            block_id=above[-1] if above else "",
            line=problem.line,
        )


def title_is_given(document: Document) -> Iterator[Finding]:
    """A title, and for an article a standfirst."""
    if not document.title.strip():
        yield Finding(
            "title", STOP, _("Give the article a title."), name_of("@title"), unit="@title"
        )
    if document.kind == "article" and not document.standfirst.strip():
        yield Finding(
            "title",
            STOP,
            _("Write a standfirst: lists and feeds print it."),
            name_of("@standfirst"),
            unit="@standfirst",
        )


def heading_levels_are_not_skipped(document: Document) -> Iterator[Finding]:
    """Headings start at level 2 and never jump a level (WCAG 1.3.1, technique G141).

    Those inside containers count in reading order: ### is right in a box below a ## heading.
    """
    previous = 1
    for block in all_blocks(document):
        if block.kind != "heading":
            continue
        if block.level == 1:
            yield in_block(
                "heading-levels",
                STOP,
                block,
                _("The title is the only heading of level 1; use ## here."),
            )
        elif block.level > previous + 1:
            yield in_block(
                "heading-levels",
                STOP,
                block,
                _("This heading skips a level: use %(marks)s.") % {"marks": "#" * (previous + 1)},
            )
        elif block.level > 4:
            yield in_block("heading-levels", STOP, block, _("Headings go down to level 4 (####)."))
        previous = max(block.level, 2)


def tagged_nutrients_have_a_safety_block(document: Document) -> Iterator[Finding]:
    """Every safety tag of the article is named by a safety block that says something."""
    named: set[str] = set()
    for block in all_blocks(document):
        if block.kind != "safety":
            continue
        tags = [tag for tag in block.argument.split(",") if tag]
        named.update(tags)
        for tag in tags:
            if tag not in NUTRIENTS:
                yield in_block(
                    "safety-block",
                    STOP,
                    block,
                    _("“%(tag)s” is not a safety tag. Known tags: %(known)s.")
                    % {"tag": tag, "known": ", ".join(NUTRIENTS)},
                )
        if not block.source.strip():
            yield in_block(
                "safety-block", STOP, block, _("The safety block is empty: write it, or remove it.")
            )
    for tag in document.nutrients:
        if tag not in named:
            yield Finding(
                "safety-block",
                STOP,
                _(
                    "The article is tagged “%(tag)s” but no safety block names it: add "
                    "[[safety:%(tag)s|Heading]] … [[/safety]]."
                )
                % {"tag": tag},
                _("Safety tags"),
            )


RULES = (
    Rule(
        "block-tags",
        block_tags_are_right,
        gettext_lazy("Block tags are typed right"),
        gettext_lazy("A tag that is not understood is left out of the page, with what it holds."),
        gettext_lazy("Mend the line that is named; the toolbar writes tags that are right."),
        STOP,
    ),
    Rule(
        "title",
        title_is_given,
        gettext_lazy("There is a title and a standfirst"),
        gettext_lazy("Lists, feeds, search engines and browser tabs print them."),
        gettext_lazy("Write both, in this language."),
        STOP,
    ),
    Rule(
        "heading-levels",
        heading_levels_are_not_skipped,
        gettext_lazy("Headings go down one level at a time"),
        gettext_lazy("Readers who cannot see the page find their way by the levels (WCAG 1.3.1)."),
        gettext_lazy("Start with ##, and use ### only below a ## heading."),
        STOP,
    ),
    Rule(
        "safety-block",
        tagged_nutrients_have_a_safety_block,
        gettext_lazy("Tagged nutrients have a safety block"),
        gettext_lazy("Nobody should read what a nutrient may do without reading when it can hurt."),
        gettext_lazy(
            "Add [[safety:nutrient|Heading]] … [[/safety]] for every safety tag of the article."
        ),
        STOP,
    ),
)
