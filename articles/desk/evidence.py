"""Does every claim rest on something, and every reference carry something."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.desk.findings import STOP, Finding
from articles.desk.texts import all_blocks, all_texts
from articles.document import GRADES, Document
from articles.markdown.extension import CITATION, CITATION_KEY


def claims_have_grade_and_reference(document: Document) -> Iterator[Finding]:
    for statement in document.statements:
        where = _("Claim %(key)s") % {"key": statement.claim}
        if statement.grade not in GRADES:
            yield Finding("claim-grade", STOP, _("Give the claim an evidence grade."), where)
        if not statement.references:
            yield Finding(
                "claim-reference", STOP, _("Give the claim at least one reference."), where
            )
        if not statement.text.strip():
            yield Finding(
                "claim-text", STOP, _("State the claim in the words of this language."), where
            )


def references_are_cited(document: Document) -> Iterator[Finding]:
    """A reference nobody cites supports nothing (printed lists hold cited ones only).

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
                _("References"),
            )


def cited_articles_list_their_references(document: Document) -> Iterator[Finding]:
    if _cited(document) and not any(block.kind == "references" for block in all_blocks(document)):
        yield Finding(
            "reference-list",
            STOP,
            _("The text cites references but does not list them: add [[references]] at its end."),
            _("References"),
        )


def _cited(document: Document) -> set[str]:
    return {key for text in all_texts(document) for key in _keys_in(text.source)}


def _keys_in(source: str) -> set[str]:
    return {key for mark in CITATION.findall(source) for key in CITATION_KEY.findall(mark)}
