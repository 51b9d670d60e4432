"""Does every claim rest on something, and every reference carry something."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.findings import STOP, WARN, Finding
from articles.desk.rules import Rule
from articles.desk.texts import all_blocks, all_texts, name_of
from articles.document import GRADES, Document, StatementData
from articles.markdown.extension import CITATION, CITATION_KEY

BESIDE_THE_BODY = frozenset({"@standfirst", "@edition-note"})
"""Texts that print only the numbers of references the body cites: see ``articles.rendering``."""


def claims_have_a_grade(document: Document) -> Iterator[Finding]:
    """Every claim says how firm its evidence is."""
    for statement in document.statements:
        if statement.grade not in GRADES:
            yield _about(statement, "claim-grade", _("Give the claim an evidence grade."))


def claims_have_a_reference(document: Document) -> Iterator[Finding]:
    """Every claim rests on a source."""
    for statement in document.statements:
        if not statement.references:
            yield _about(statement, "claim-reference", _("Give the claim at least one reference."))


def claims_have_words(document: Document) -> Iterator[Finding]:
    """Every claim is stated in the language of the document."""
    for statement in document.statements:
        if not statement.text.strip():
            yield _about(
                statement, "claim-text", _("State the claim in the words of this language.")
            )


def _about(statement: StatementData, rule: str, message: str) -> Finding:
    unit = f"@statement:{statement.claim}:text"
    return Finding(rule, STOP, message, name_of(unit), unit=unit)


def references_are_cited(document: Document) -> Iterator[Finding]:
    """A reference nobody cites supports nothing (printed lists hold cited ones only).

    A citation that stands only in the standfirst or the edition note is not printed there.
    A product mention that is switched off for now still counts: it comes back as it was.
    """
    cited = _cited(document)
    if document.hidden_mention:
        cited |= _keys_in(document.hidden_mention.text)
    for reference in document.references:
        if reference.key not in cited:
            yield Finding(
                "reference-cited",
                STOP,
                _("The reference “%(key)s” is never cited: cite it with [@%(key)s] or remove it.")
                % {"key": reference.key},
                name_of("@references"),
                unit="@references",
            )


def cited_articles_list_their_references(document: Document) -> Iterator[Finding]:
    """A text with citations shows what they stand for."""
    if _cited(document) and not any(block.kind == "references" for block in all_blocks(document)):
        yield Finding(
            "reference-list",
            STOP,
            _("The text cites references but does not list them: add [[references]] at its end."),
            name_of("@references"),
            unit="@references",
        )


def references_can_be_found(document: Document) -> Iterator[Finding]:
    """References that a reader cannot look up: no DOI, PubMed number, ISBN or web address.

    One finding for all: the list is the same in every language, and so is the work.
    """
    keys = [
        reference.key
        for reference in document.references
        if not reference.address and not reference.isbn
    ]
    if keys:
        yield Finding(
            "reference-address",
            WARN,
            _("No DOI and no address: %(keys)s. Add one, so that readers can look them up.")
            % {"keys": ", ".join(keys)},
            name_of("@references"),
            unit="@references",
        )


def _cited(document: Document) -> set[str]:
    """Keys that get a number: the standfirst and the edition note give none."""
    return {
        key
        for text in all_texts(document)
        if text.unit not in BESIDE_THE_BODY
        for key in _keys_in(text.source)
    }


def _keys_in(source: str) -> set[str]:
    return {key for mark in CITATION.findall(source) for key in CITATION_KEY.findall(mark)}


RULES = (
    Rule(
        "claim-grade",
        claims_have_a_grade,
        gettext_lazy("Claims have an evidence grade"),
        gettext_lazy("The grade tells readers how far they can rely on the sentence."),
        gettext_lazy("Choose the grade that the references support."),
        STOP,
    ),
    Rule(
        "claim-reference",
        claims_have_a_reference,
        gettext_lazy("Claims have a reference"),
        gettext_lazy("A claim that rests on nothing cannot be graded or checked."),
        gettext_lazy("Choose at least one reference, or take the claim out."),
        STOP,
    ),
    Rule(
        "claim-text",
        claims_have_words,
        gettext_lazy("Claims are stated in this language"),
        gettext_lazy("The claim's card would be empty."),
        gettext_lazy("Write the statement in this language, as certain as in the other one."),
        STOP,
    ),
    Rule(
        "reference-cited",
        references_are_cited,
        gettext_lazy("Every reference is cited"),
        gettext_lazy("A reference that nothing cites supports nothing, and is not printed."),
        gettext_lazy("Cite it in the body, a caption, a callout or a claim, or remove it."),
        STOP,
    ),
    Rule(
        "reference-list",
        cited_articles_list_their_references,
        gettext_lazy("Cited references are listed"),
        gettext_lazy("A number that leads nowhere cannot be checked."),
        gettext_lazy("Put [[references]] on a line of its own at the end."),
        STOP,
    ),
    Rule(
        "reference-address",
        references_can_be_found,
        gettext_lazy("References have a DOI or an address"),
        gettext_lazy("A reader should be able to look a source up with one click."),
        gettext_lazy(
            "Search the title at doi.org or PubMed, and add what is found; never guess one."
        ),
        WARN,
    ),
)
