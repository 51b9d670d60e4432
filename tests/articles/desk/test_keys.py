"""Unknown keys: each is named, with its line, wherever it is typed."""

import pytest

from articles.desk import STOP
from articles.desk.keys import keys_are_known
from tests.articles.desk.documents import (
    block_of,
    line_of,
    make_callout,
    make_document,
    make_figure,
    make_mention,
    make_reference,
    make_statement,
    make_term,
    summary,
)

KNOWN = {
    "figures": (make_figure(key="pathway"),),
    "callouts": (make_callout(key="sleep"), make_callout(key="cramps")),
    "references": (make_reference(key="dai2018"), make_reference(key="mah2021")),
    "statements": (make_statement(claim="C7"), make_statement(claim="C8")),
    "terms": (make_term(key="calcidiol"),),
}

RIGHT = """\
Text.[@dai2018] More.[@dai2018; @mah2021] {claim:C7} A [[term:calcidiol]].[^1]

Text.[@dai2018；@mah2021、 @dai2018 , @mah2021;] {claim: C7 } [[term: calcidiol ]]

And [[term:calcidiol|it]].

[[key-points:C7, C8]]

[[figure:pathway]]

[[callouts]]

[[callouts:sleep, cramps]]

[[tip|Tip]]

- An item.[@mah2021] {claim: C8 }

[[figure:pathway]]

[[/tip]]

[[term:calcidiol]]

[^1]: A note.[@dai2018]
"""


def test_known_keys_have_no_finding():
    assert list(keys_are_known(make_document(body=RIGHT, **KNOWN))) == []


UNKNOWN = [
    pytest.param("Text.[@nope]", "No reference has the key “nope”", id="reference"),
    pytest.param(
        "Text.[@dai2018; @nope]", "No reference has the key “nope”", id="second reference"
    ),
    pytest.param("Text.[@@nope!]", "“@@nope!” is no key of a citation", id="no key"),
    pytest.param("Text.[@镁nope]", "“@镁nope” is no key of a citation", id="key in Chinese"),
    pytest.param("Text.[@dai2018_nope]", "type [@one] or [@one; @two]", id="key and more"),
    pytest.param("Text.[@dai2018; nope]", "“nope” is no key of a citation", id="without its @"),
    pytest.param("Text.[@dai2018, p. nope]", "“p. nope” is no key", id="with a page"),
    pytest.param("Text. {claim:nope}", "No claim has the key “nope”", id="claim"),
    pytest.param("Text. [[term:nope]]", "The glossary has no term “nope”", id="term"),
    pytest.param("Text. [[term:nope|it]]", "The glossary has no term “nope”", id="term with words"),
    pytest.param("[[term:nope]]", "The glossary has no term “nope”", id="term alone"),
    pytest.param("Text.[^nope]", "[^nope] has no text: add a line [^nope]: …", id="footnote"),
    pytest.param("[[figure:nope]]", "No figure has the key “nope”", id="figure"),
    pytest.param("[[callouts:nope]]", "No callout has the key “nope”", id="callout"),
    pytest.param("[[callouts:sleep,nope]]", "No callout has the key “nope”", id="second callout"),
    pytest.param("[[key-points:C7,nope]]", "No claim has the key “nope”", id="key point"),
]

PLACES = [
    pytest.param("{}", id="alone"),
    pytest.param("[[tip]]\n{}\n[[/tip]]", id="container without blank lines"),
    pytest.param("[[tip|Title]]\n\n{}\n\n[[/tip]]", id="container"),
    pytest.param("[[quote|Title]]\n\n\n\n{}\n\n[[/quote]]", id="container with blank lines"),
    pytest.param("[[safety:iron]]\nOne.\n\nTwo.\n\n{}\n[[/safety]]", id="end of a container"),
    pytest.param(
        "[[safety:iron]]\n\n\n[[urgent|Now]]\n\n\n{}\n\n[[/urgent]]\n[[/safety]]", id="two deep"
    ),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("wrong", "message"), UNKNOWN)
def test_unknown_key_stops_at_its_own_line(wrong, message, place):
    body = f"Above.\n\n\nAbove.\n\n{place.format(wrong)}\n\nBelow.\n"
    document = make_document(body=body, **KNOWN)
    (finding,) = keys_are_known(document)
    assert summary([finding]) == [("unknown-key", STOP, "", line_of(document, "nope"))]
    assert finding.block_id == block_of(document, "nope")
    assert message in finding.message


KINDS_OF_BLOCK = [
    pytest.param("One\nline {}\nthree.", id="paragraph"),
    pytest.param("- one\n- two\n\n- three {}", id="list"),
    pytest.param("1. one\n\n   goes on {}", id="list that goes on"),
    pytest.param("| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | {} |", id="table"),
    pytest.param("> one\n> two {}", id="quotation"),
    pytest.param("## Heading {}", id="heading"),
    pytest.param("[^1]: A note\n    of two lines {}", id="footnote"),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("block", KINDS_OF_BLOCK)
def test_unknown_key_names_its_line_in_every_kind_of_block(block, place):
    body = f"Above.\n\n{place.format(block.format('[@nope]'))}\n\nBelow.\n"
    document = make_document(body=body, **KNOWN)
    (finding,) = keys_are_known(document)
    assert finding.line == line_of(document, "nope")
    assert finding.block_id == block_of(document, "nope")


def test_unknown_keys_are_all_reported():
    document = make_document(body="A.[@one] B.[@two]\n\n[[tip]]\nC. {claim:three}\n[[/tip]]\n")
    found = [
        (finding.line, finding.message.split("“")[1][:3]) for finding in keys_are_known(document)
    ]
    assert found == [(1, "one"), (1, "two"), (4, "thr")]


@pytest.mark.parametrize(
    ("field", "where"),
    [
        ({"standfirst": "A.[@nope]"}, "Standfirst"),
        ({"edition_note": "A.[@nope]"}, "Edition note"),
        ({"figures": (make_figure(caption="A.[@nope]"),)}, "Figure “pathway”"),
        ({"figures": (make_figure(text="1. A.[@nope]"),)}, "Figure “pathway”"),
        ({"callouts": (make_callout(text="A.[@nope]"),)}, "Callout “sleep”"),
        ({"statements": (make_statement(text="A.[@nope]"),)}, "Claim C7"),
        ({"statements": (make_statement(basis="A.[@nope]"),)}, "Claim C7"),
        ({"mention": make_mention(text="A.[@nope]")}, "Product mention"),
    ],
)
def test_unknown_key_in_a_field_names_the_field(field, where):
    (finding,) = keys_are_known(make_document(**field))
    assert summary([finding]) == [("unknown-key", STOP, where, 0)]
    assert finding.place == where


@pytest.mark.parametrize(
    ("wrong", "mend"),
    [
        ("[@dai2019]", "Did you mean “dai2018”?"),
        ("[@Dai2018]", "Did you mean “dai2018”?"),
        ("{claim:C77}", "Did you mean “C7”?"),
        ("[[term:calcidol]]", "Did you mean “calcidiol”?"),
    ],
)
def test_misspelt_key_comes_with_the_one_that_was_meant(wrong, mend):
    (finding,) = keys_are_known(make_document(body=f"Text. {wrong}\n", **KNOWN))
    assert finding.message.endswith(f" {mend}")


def test_key_unlike_all_others_comes_without_a_guess():
    (finding,) = keys_are_known(make_document(body="[@zzzzzz]\n", **KNOWN))
    assert "Did you mean" not in finding.message
    assert "add it, or correct the key" in finding.message


def test_lead_figure_that_is_not_there_stops_by_the_name_of_its_field():
    (finding,) = keys_are_known(make_document(lead_figure="pathwai", **KNOWN))
    assert summary([finding]) == [("unknown-key", STOP, "Lead figure", 0)]
    assert "Did you mean “pathway”?" in finding.message
    assert list(keys_are_known(make_document(lead_figure="pathway", **KNOWN))) == []


def test_footnote_of_the_body_is_known_everywhere():
    document = make_document(body="[^a]: A note.\n", standfirst="Text.[^a]")
    assert list(keys_are_known(document)) == []


def test_line_that_only_looks_like_a_footnote_is_none():
    """A footnote starts its block; inside a paragraph its line is text."""
    document = make_document(body="Text.[^a]\n[^a]: no note\n")
    (finding,) = keys_are_known(document)
    assert (finding.line, "[^a]" in finding.message) == (1, True)


def test_mention_that_is_switched_off_is_not_checked():
    document = make_document(hidden_mention=make_mention(text="A.[@nope]"))
    assert list(keys_are_known(document)) == []
