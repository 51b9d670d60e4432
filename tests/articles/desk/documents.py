"""Documents for the tests of the desk checks: plain data, no database."""

from articles.desk.findings import Finding
from articles.document import (
    CalloutData,
    Document,
    FigureData,
    ImageData,
    ProductMentionData,
    ReferenceData,
    StatementData,
    TermData,
)
from articles.markdown.blocks import split_body
from articles.parity import fill_ids


def make_document(*, body: str = "", **fields) -> Document:
    """A document of an article that passes every check, but for what is given."""
    values = {
        "language": "en",
        "slug": "example",
        "kind": "article",
        "title": "A title",
        "standfirst": "A standfirst.",
        **fields,
    }
    return Document(body=body, blocks=fill_ids(split_body(body).blocks), **values)


def make_figure(*, key: str = "pathway", **fields) -> FigureData:
    values = {"alt": "Two steps.", "caption": "The pathway.", **fields}
    return FigureData(key=key, image=ImageData(key, 840, 520), **values)


def make_callout(*, key: str = "sleep", **fields) -> CalloutData:
    return CalloutData(**{"key": key, "icon": "sleep", "label": "Sleep", "text": "Bad.", **fields})


def make_mention(**fields) -> ProductMentionData:
    values = {
        "product": "seaweed",
        "name": "Seaweed Calcium Plus",
        "name_language": "en",
        "brand": "Health Life",
        "relationship": "unconfirmed",
        "text": "Check the label.",
        "components": "calcium",
        "label_note": "Use as directed.",
        **fields,
    }
    return ProductMentionData(**values)


def make_reference(*, key: str = "dai2018", **fields) -> ReferenceData:
    return ReferenceData(key=key, study_type="review", **fields)


def make_statement(*, claim: str = "C7", **fields) -> StatementData:
    values = {"grade": "limited", "references": ("dai2018",), "text": "It may help.", **fields}
    return StatementData(claim=claim, **values)


def make_term(*, key: str = "calcidiol") -> TermData:
    return TermData(key, "calcidiol", "25(OH)D", "The storage form.")


def line_of(document: Document, words: str) -> int:
    """The one line of the body that holds these words."""
    found = [number for number, line in enumerate(document.body.split("\n"), 1) if words in line]
    assert len(found) == 1
    return found[0]


def block_of(document: Document, words: str) -> str:
    """The id of the block of the body that holds these words, also in its tag."""
    line = line_of(document, words)
    return [block for block in document.blocks if block.line <= line][-1].id


def summary(findings: list[Finding]) -> list[tuple[str, int, str, int]]:
    """What a test compares: rule, severity, where, line."""
    return [(item.rule, item.severity, item.where, item.line) for item in findings]
