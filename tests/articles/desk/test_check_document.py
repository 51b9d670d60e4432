"""All rules at once: order, severity, and what a finding says of its place."""

import pytest
from django.utils import translation

from articles.desk import NOTE, STOP, WARN, Finding, check_document
from articles.desk.findings import in_block
from articles.document import Block
from tests.articles.desk.documents import (
    make_document,
    make_figure,
    make_mention,
    make_reference,
    make_statement,
)

WRONG = {
    "title": "",
    "body": "### A heading\n\n[[wrong]]\n\nText.[@nope]\n\n[[product]]\n\nHealth Life.\n",
    "nutrients": ("iron",),
    "figures": (make_figure(alt=""),),
    "references": (make_reference(),),
    "statements": (make_statement(grade=""),),
    "mention": make_mention(components="", label_note=""),
}


def test_right_document_has_no_finding():
    assert check_document(make_document(body="Text.\n\n## Heading\n"), None) == []


def test_every_family_of_rules_is_asked():
    findings = check_document(make_document(**WRONG), make_document(body="Text.\n"))
    assert {finding.rule for finding in findings} == {
        "title",
        "block-tags",
        "heading-levels",
        "safety-block",
        "unknown-key",
        "figure-alt",
        "product-disclosure",
        "claim-grade",
        "reference-cited",
        "reference-list",
        "block-structure",
    }


def test_findings_come_worst_first_and_then_in_reading_order():
    findings = check_document(make_document(**WRONG), make_document(body="Text.\n"))
    order = [(finding.severity, finding.line) for finding in findings]
    assert order == sorted(order)
    assert {finding.severity for finding in findings} == {STOP, WARN}


def test_without_a_counterpart_the_languages_are_not_compared():
    document = make_document(body="Text.\n")
    other = make_document(body="## Heading\n")
    assert check_document(document, None) == []
    assert [finding.severity for finding in check_document(document, other)] == [WARN]


def test_only_a_stop_stops():
    assert Finding("rule", STOP, "").is_stop
    assert not Finding("rule", WARN, "").is_stop
    assert not Finding("rule", NOTE, "").is_stop
    assert STOP < WARN < NOTE


@pytest.mark.parametrize(
    ("finding", "place"),
    [
        (Finding("rule", STOP, "", line=7), "Body, line 7"),
        (Finding("rule", STOP, "", "Figure “a”", line=7), "Body, line 7"),
        (Finding("rule", STOP, "", "Figure “a”"), "Figure “a”"),
        (Finding("rule", STOP, ""), "Article"),
    ],
)
def test_place_of_a_finding_is_its_line_or_its_field(finding, place):
    assert finding.place == place


def test_finding_in_a_block_has_its_id_and_line():
    finding = in_block("rule", WARN, Block("paragraph", "…", "b1", line=3), "Mend it.")
    assert finding == Finding("rule", WARN, "Mend it.", "", "b1", 3)


def test_check_finds_the_same_in_every_language_of_the_admin():
    found = []
    for code in ("en", "zh-hans"):
        with translation.override(code):
            findings = check_document(make_document(**WRONG), make_document(body="Text.\n"))
            found.append(
                [(item.rule, item.severity, item.block_id, item.line) for item in findings]
            )
    assert found[0] == found[1]
