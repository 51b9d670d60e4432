"""All rules at once: order, severity, and what a finding says of its place."""

import datetime

import pytest
from django.utils import translation

from articles.desk import (
    FAMILIES,
    NOTE,
    RULES,
    RULES_BY_CODE,
    STOP,
    WARN,
    DeskContext,
    Finding,
    check_document,
)
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
        "reference-address",
        "block-structure",
    }


def test_findings_come_worst_first_and_then_in_reading_order():
    findings = check_document(make_document(**WRONG), make_document(body="Text.\n"))
    order = [(finding.severity, finding.line) for finding in findings]
    assert order == sorted(order)
    assert {finding.severity for finding in findings} == {STOP, WARN}


def test_without_a_context_the_rules_that_need_one_are_silent():
    document = make_document(body="[Page](/en/nowhere/).\n")
    context = DeskContext(
        today=datetime.date(2026, 11, 22), review_due_on=datetime.date(2026, 11, 21)
    )
    assert check_document(document, None) == []
    assert {finding.rule for finding in check_document(document, None, context)} == {
        "link-broken-page",
        "review-overdue",
    }


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


# Where a finding leads


@pytest.mark.parametrize(
    ("unit", "anchor"),
    [
        ("b12a", "unit-b12a"),
        ("@title", "unit-title"),
        ("@figure:activation:alt", "unit-figure-activation-alt"),
        ("@statement:C18s:text", "unit-statement-C18s-text"),
        ("", ""),
    ],
)
def test_anchor_is_made_from_the_unit(unit, anchor):
    assert Finding("title", STOP, "", unit=unit).anchor == anchor


def test_finding_inside_a_container_leads_to_the_container():
    document = make_document(
        body="Text.\n\n[[tip]]\n\n## One {#one}\n\n#### Two {#two}\n\n[[/tip]]\n"
    )
    (finding,) = check_document(document, None)
    assert (finding.rule, finding.line) == ("heading-levels", 7)
    assert finding.unit == document.blocks[1].id
    assert finding.anchor == f"unit-{document.blocks[1].id}"


def test_everything_found_leads_to_a_unit_or_is_about_the_whole_article():
    findings = check_document(make_document(**WRONG), make_document(body="Text.\n"))
    assert {finding.rule for finding in findings if not finding.anchor} == {"safety-block"}


# The register of the rules


def test_every_rule_is_listed_once_with_its_words():
    assert len(RULES) == len(RULES_BY_CODE) == sum(len(family.rules) for family in FAMILIES)
    assert len({rule.check for rule in RULES}) == len(RULES)
    assert len({family.key for family in FAMILIES}) == len(FAMILIES)
    for rule in RULES:
        assert rule.severity in (STOP, WARN, NOTE)
        assert len({str(rule.title), str(rule.why), str(rule.how)}) == 3
        assert all(map(str.strip, (str(rule.title), str(rule.why), str(rule.how))))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_finding_tells_its_rule_in_words(rule):
    finding = Finding(rule.code, rule.severity, "")
    assert (finding.title, finding.why, finding.how) == (
        str(rule.title),
        str(rule.why),
        str(rule.how),
    )


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.key)
def test_rules_live_in_the_module_of_their_family(family):
    assert str(family.title)
    for rule in family.rules:
        assert rule.check.__module__ == f"articles.desk.{family.key}"
        assert rule.check.__doc__


def test_nothing_found_is_graver_than_its_rule_can_be():
    for finding in check_document(make_document(**WRONG), make_document(body="Text.\n")):
        assert finding.severity >= RULES_BY_CODE[finding.rule].severity
