"""Claims rest on references, references are cited, cited references are listed."""

import pytest

from articles.desk import STOP, WARN, Finding
from articles.desk.evidence import (
    cited_articles_list_their_references,
    claims_have_a_grade,
    claims_have_a_reference,
    claims_have_words,
    references_are_cited,
    references_can_be_found,
)
from articles.document import GRADES, Document
from articles.rendering import render
from tests.articles.desk.documents import (
    make_callout,
    make_document,
    make_figure,
    make_mention,
    make_reference,
    make_statement,
    summary,
)

# Claims


def _of_claims(document: Document) -> list[Finding]:
    rules = (claims_have_a_grade, claims_have_a_reference, claims_have_words)
    return [finding for rule in rules for finding in rule(document)]


@pytest.mark.parametrize("grade", GRADES)
def test_claim_with_grade_reference_and_words_has_no_finding(grade):
    document = make_document(statements=(make_statement(grade=grade),))
    assert _of_claims(document) == []


@pytest.mark.parametrize(
    ("field", "rule", "mend"),
    [
        ({"grade": ""}, "claim-grade", "Give the claim an evidence grade"),
        ({"grade": "certain"}, "claim-grade", "Give the claim an evidence grade"),
        ({"references": ()}, "claim-reference", "at least one reference"),
        ({"text": " \n"}, "claim-text", "in the words of this language"),
    ],
)
def test_claim_that_lacks_something_stops_by_its_key(field, rule, mend):
    document = make_document(statements=(make_statement(), make_statement(claim="C8", **field)))
    (finding,) = _of_claims(document)
    assert summary([finding]) == [(rule, STOP, "Claim C8", 0)]
    assert mend in finding.message


def test_claim_that_lacks_everything_is_told_everything():
    statement = make_statement(grade="", references=(), text="")
    findings = _of_claims(make_document(statements=(statement,)))
    assert [finding.rule for finding in findings] == [
        "claim-grade",
        "claim-reference",
        "claim-text",
    ]


# References

NOT_PRINTED = [
    pytest.param({"standfirst": "Text.[@dai2018]"}, id="standfirst"),
    pytest.param({"edition_note": "Text.[@dai2018]"}, id="edition note"),
]
"""The page prints a number there only for what the body cites as well."""

CITED = [
    pytest.param({"body": "Text.[@dai2018]\n"}, id="body"),
    pytest.param({"body": "[[tip]]\nText.[@mah2021; @dai2018]\n[[/tip]]\n"}, id="container"),
    pytest.param({"body": "[^1]: Note.[@dai2018]\n"}, id="footnote"),
    pytest.param({"figures": (make_figure(caption="Text.[@dai2018]"),)}, id="caption"),
    pytest.param({"figures": (make_figure(text="1. Text.[@dai2018]"),)}, id="figure in words"),
    pytest.param({"callouts": (make_callout(text="Text.[@dai2018]"),)}, id="callout"),
    pytest.param({"statements": (make_statement(text="Text.[@dai2018]"),)}, id="statement"),
    pytest.param({"statements": (make_statement(basis="Why.[@dai2018]"),)}, id="basis"),
    pytest.param({"mention": make_mention(text="Text.[@dai2018]")}, id="mention"),
]


@pytest.mark.parametrize("fields", CITED)
def test_reference_cited_anywhere_has_no_finding(fields):
    document = make_document(references=(make_reference(key="dai2018"),), **fields)
    assert list(references_are_cited(document)) == []


@pytest.mark.parametrize("fields", NOT_PRINTED)
def test_reference_cited_only_where_it_is_not_printed_stops(fields):
    document = make_document(references=(make_reference(),), body="[[references]]\n", **fields)
    assert [finding.rule for finding in references_are_cited(document)] == ["reference-cited"]
    assert "#r1" not in "".join(map(str, render(document).page.values()))


@pytest.mark.parametrize("fields", NOT_PRINTED)
def test_citation_that_is_not_printed_needs_no_list(fields):
    assert list(cited_articles_list_their_references(make_document(**fields))) == []


def test_reference_that_is_never_cited_stops_and_shows_what_to_type():
    document = make_document(
        body="Text.[@dai2018] And dai2019, @dai2019, [dai2019].\n",
        references=(make_reference(key="dai2018"), make_reference(key="dai2019")),
        statements=(make_statement(references=("dai2019",)),),
    )
    (finding,) = references_are_cited(document)
    assert summary([finding]) == [("reference-cited", STOP, "References", 0)]
    assert "cite it with [@dai2019] or remove it" in finding.message


@pytest.mark.parametrize(
    "fields",
    [
        {"hidden_mention": make_mention(text="Text.[@dai2018]")},
        {
            "hidden_mention": make_mention(text="Text. {claim:C7}"),
            "statements": (make_statement(basis="Why.[@dai2018]"),),
        },
    ],
)
def test_reference_of_a_mention_that_is_switched_off_counts_as_cited(fields):
    document = make_document(body="[[product]]\n", references=(make_reference(),), **fields)
    assert list(references_are_cited(document)) == []


def test_mention_that_is_switched_off_cites_nothing_else():
    document = make_document(
        references=(make_reference(key="dai2018"), make_reference(key="mah2021")),
        hidden_mention=make_mention(text="Text.[@dai2018]"),
    )
    (finding,) = references_are_cited(document)
    assert "[@mah2021]" in finding.message


# The list


@pytest.mark.parametrize("fields", CITED)
def test_text_that_cites_without_a_list_stops_and_shows_what_to_type(fields):
    (finding,) = cited_articles_list_their_references(make_document(**fields))
    assert summary([finding]) == [("reference-list", STOP, "References", 0)]
    assert "add [[references]] at its end" in finding.message


@pytest.mark.parametrize(
    "body",
    [
        "Text.[@dai2018]\n\n[[references]]\n",
        "[[references]]\n\nText.[@dai2018]\n",
        "Text.[@dai2018]\n\n[[tip]]\n\n[[references]]\n\n[[/tip]]\n",
        "Text without citations.\n",
    ],
)
def test_text_that_lists_what_it_cites_has_no_finding(body):
    assert list(cited_articles_list_their_references(make_document(body=body))) == []


def test_mention_that_is_switched_off_needs_no_list():
    document = make_document(hidden_mention=make_mention(text="Text.[@dai2018]"))
    assert list(cited_articles_list_their_references(document)) == []


# Addresses


@pytest.mark.parametrize(
    "fields",
    [
        {"doi": "10.1000/1"},
        {"pmid": "30541089"},
        {"url": "https://example.org/"},
        {"isbn": "1864962437"},
    ],
)
def test_reference_that_can_be_looked_up_has_no_finding(fields):
    document = make_document(references=(make_reference(**fields),))
    assert list(references_can_be_found(document)) == []


def test_references_that_cannot_be_looked_up_are_named_together():
    document = make_document(
        references=(
            make_reference(key="one"),
            make_reference(key="two", doi="10.1000/1"),
            make_reference(key="three", title="A title", locator="p. 4"),
        )
    )
    (finding,) = references_can_be_found(document)
    assert summary([finding]) == [("reference-address", WARN, "References", 0)]
    assert "one, three." in finding.message
    assert finding.anchor == "unit-references"
