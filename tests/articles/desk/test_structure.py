"""Block tags, heading addresses and levels, titles, safety blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.desk import STOP
from articles.desk.structure import (
    block_tags_are_right,
    heading_levels_are_not_skipped,
    tagged_nutrients_have_a_safety_block,
    title_is_given,
)
from articles.document import NUTRIENTS
from tests.articles.desk.documents import block_of, line_of, make_document, summary

# Block tags

RIGHT_TAGS = """\
Text with [[term:iu|IU]].

[[quote|A reader]]

Why?

[[/quote]]

[[key-points:C1,C2]]

## Signs {#signs}

[[figure:pathway]]

[[callouts]]

[[tip|Food first]]

### Inside {#inside}

[[product]]

[[/tip]]

[[safety:iron|Please read]]

[[urgent|Get help]]

Call.

[[/urgent]]

[[/safety]]

[[glossary]]

[[references]]
"""


def test_right_tags_have_no_finding():
    assert list(block_tags_are_right(make_document(body=RIGHT_TAGS))) == []


WRONG_TAGS = [
    pytest.param("[[wrong]]", "[[wrong]]", "The blocks are: quote", id="unknown"),
    pytest.param("[[wrong:a|b]]", "[[wrong:", "The blocks are: quote", id="unknown with key"),
    pytest.param("[[tip|wrong]]\n\nText.", "[[tip|wrong]]", "put [[/tip]] on a line", id="open"),
    pytest.param("[[/tip]]", "[[/tip]]", "add [[tip]] above it", id="closed twice"),
    pytest.param("[[figure]]", "[[figure]]", "[[figure:pathway]]", id="without key"),
    pytest.param("【【wrong】】", "【【wrong", "straight brackets", id="full-width brackets"),
    pytest.param("：：：wrong", "：：：wrong", "straight brackets", id="full-width colons"),
    pytest.param(
        "Text.\n[[figure:wrong]]", "[[figure:wrong]]", "Leave a blank line", id="no blank line"
    ),
    pytest.param("## A {#Wrong}", "{#Wrong}", "lower-case letters", id="address"),
    pytest.param("## A {#one}\n\n## B {#one}", "## B", "change one", id="address twice"),
    pytest.param(
        "## A {#one}\n\n[[tip]]\n\n### B {#one}\n\n[[/tip]]",
        "### B",
        "change one",
        id="address twice, once inside",
    ),
    pytest.param(
        "[[tip]]\n\nText.\n\n[[wrong]]\n\n[[/tip]]", "[[wrong]]", "The blocks are", id="inside"
    ),
    pytest.param(
        "[[tip]]\n\nText.\n\n[[/quote]]\n\n[[/tip]]", "[[/quote]]", "not open here", id="crossed"
    ),
    pytest.param(
        "[[tip]]\n\nText.\n\n【【wrong】】\n\n[[/tip]]",
        "【【wrong",
        "straight brackets",
        id="full-width inside",
    ),
    pytest.param(
        "[[tip]]\n\n\nText.\n\n[[figure]]\n\n[[/tip]]",
        "[[figure]]",
        "[[figure:pathway]]",
        id="without key inside",
    ),
    pytest.param(
        "[[tip]]\n### A {#Wrong}\n\n[[/tip]]", "{#Wrong}", "lower-case letters", id="address inside"
    ),
    pytest.param(
        "[[safety:iron]]\n\n[[urgent]]\n\n\n### A {#Wrong}\n\n[[/urgent]]\n\n[[/safety]]",
        "{#Wrong}",
        "lower-case letters",
        id="address two deep",
    ),
]


@pytest.mark.parametrize(("wrong", "words", "mend"), WRONG_TAGS)
def test_wrong_tag_stops_and_names_its_line_and_block(wrong, words, mend):
    document = make_document(body=f"First.\n\n\nSecond.\n\n{wrong}\n\nLast.\n")
    (finding,) = block_tags_are_right(document)
    assert summary([finding]) == [("block-tags", STOP, "", line_of(document, words))]
    assert finding.block_id == document.blocks[_index_above(document, finding.line)].id
    assert mend in finding.message


def _index_above(document, line: int) -> int:
    return sum(block.line <= line for block in document.blocks) - 1


def test_wrong_tag_above_all_blocks_has_a_line_and_no_block():
    (finding,) = block_tags_are_right(make_document(body="[[wrong]]\n\nText.\n"))
    assert (finding.line, finding.block_id) == (1, "")


def test_wrong_tag_that_leaves_no_trace_in_the_blocks_is_still_found():
    """An unknown tag makes no block: it would vanish from the page without a word."""
    document = make_document(body="Text.\n\n[[wrong]]\n")
    assert [block.source for block in document.blocks] == ["Text."]
    assert len(list(block_tags_are_right(document))) == 1


def test_every_wrong_tag_is_reported_at_once():
    document = make_document(
        body="[[one]]\n\nText.\n\n[[two]]\n\n[[tip]]\n\n[[three]]\n\n[[/tip]]\n"
    )
    assert [finding.line for finding in block_tags_are_right(document)] == [1, 5, 9]


# Title and standfirst


def test_title_and_standfirst_are_asked_for_by_their_fields():
    findings = list(title_is_given(make_document(title=" \u3000", standfirst="\n")))
    assert summary(findings) == [("title", STOP, "Title", 0), ("title", STOP, "Standfirst", 0)]
    assert "Give the article a title" in findings[0].message
    assert "Write a standfirst" in findings[1].message


def test_site_page_needs_a_title_but_no_standfirst():
    assert list(title_is_given(make_document(kind="page", standfirst=""))) == []
    assert len(list(title_is_given(make_document(kind="page", title="")))) == 1


def test_title_and_standfirst_that_are_there_have_no_finding():
    assert list(title_is_given(make_document())) == []


# Heading levels


def headings(levels: list[int]) -> str:
    return "\n\n".join(f"{'#' * level} Heading {number}" for number, level in enumerate(levels))


@pytest.mark.parametrize(
    ("body", "words", "mend"),
    [
        ("# One", "# One", "use ##"),
        ("### One", "### One", "use ##."),
        ("## One\n\n#### Two", "#### Two", "use ###."),
        ("## One\n\n### Two\n\n##### Three", "##### Three", "use ####."),
        ("## One\n\n### Two\n\n#### Three\n\n##### Four", "##### Four", "down to level 4"),
        ("[[tip]]\n### One\n\n[[/tip]]", "### One", "use ##."),
        ("## One\n\n[[tip]]\n\n#### Two\n\n[[/tip]]", "#### Two", "use ###."),
        ("## One\n\n[[tip]]\n\n# Two\n\n[[/tip]]", "# Two", "use ##"),
        (
            "## One\n\n[[safety:iron]]\n\n[[urgent]]\n\n\n#### Two\n\n[[/urgent]]\n\n[[/safety]]",
            "#### Two",
            "use ###.",
        ),
        ("[[tip]]\n\n## One\n\n[[/tip]]\n\n#### Two", "#### Two", "use ###."),
    ],
)
def test_heading_of_the_wrong_level_stops_at_its_line(body, words, mend):
    document = make_document(body=f"Text.\n\n{body}\n")
    (finding,) = heading_levels_are_not_skipped(document)
    line = next(n for n, text in enumerate(document.body.split("\n"), 1) if text == words)
    assert summary([finding]) == [("heading-levels", STOP, "", line)]
    assert finding.block_id == document.blocks[_index_above(document, line)].id
    assert mend in finding.message


@pytest.mark.parametrize(
    "levels",
    [[], [2], [2, 2], [2, 3], [2, 3, 4], [2, 3, 4, 2], [2, 3, 4, 3, 4, 4], [2, 3, 2, 3]],
)
def test_levels_that_go_down_one_at_a_time_have_no_finding(levels):
    document = make_document(body=headings(levels))
    assert list(heading_levels_are_not_skipped(document)) == []


def test_box_below_a_section_may_start_at_level_3():
    document = make_document(
        body="## One\n\n[[safety:iron]]\n\n### Two\n\n#### Three\n\n[[/safety]]\n"
    )
    assert list(heading_levels_are_not_skipped(document)) == []


def test_section_after_a_box_follows_the_headings_of_the_box():
    document = make_document(body="## One\n\n[[tip]]\n\n### Two\n\n[[/tip]]\n\n#### Three\n")
    assert list(heading_levels_are_not_skipped(document)) == []


@given(st.lists(st.integers(1, 6), max_size=6))
def test_levels_are_right_exactly_when_no_step_skips_one(levels):
    steps = zip([1, *levels], levels, strict=False)
    is_right = all(2 <= level <= min(before + 1, 4) for before, level in steps)
    findings = list(heading_levels_are_not_skipped(make_document(body=headings(levels))))
    assert (not findings) == is_right


# Safety blocks


def test_tagged_nutrient_without_a_safety_block_stops_and_shows_what_to_type():
    document = make_document(
        body="[[safety:iron|Read]]\n\nText.\n\n[[/safety]]\n", nutrients=("iron", "vitamin-d")
    )
    (finding,) = tagged_nutrients_have_a_safety_block(document)
    assert summary([finding]) == [("safety-block", STOP, "Safety tags", 0)]
    assert "[[safety:vitamin-d|Heading]] … [[/safety]]" in finding.message


@pytest.mark.parametrize(
    "body",
    [
        "[[safety:iron,vitamin-d]]\n\nText.\n\n[[/safety]]\n",
        "[[safety: iron , vitamin-d |Read]]\n\nText.\n\n[[/safety]]\n",
        "[[safety:iron]]\n\nText.\n\n[[/safety]]\n\n[[safety:vitamin-d]]\n\nText.\n\n[[/safety]]\n",
        "[[tip]]\n\n[[safety:iron,vitamin-d]]\n\nText.\n\n[[/safety]]\n\n[[/tip]]\n",
    ],
)
def test_safety_blocks_that_name_every_tag_have_no_finding(body):
    document = make_document(body=body, nutrients=("iron", "vitamin-d"))
    assert list(tagged_nutrients_have_a_safety_block(document)) == []


def test_article_without_tags_needs_no_safety_block():
    assert list(tagged_nutrients_have_a_safety_block(make_document(body="Text.\n"))) == []


def test_safety_block_may_name_more_than_the_article_is_tagged_with():
    document = make_document(body=f"[[safety:{','.join(NUTRIENTS)}]]\n\nText.\n\n[[/safety]]\n")
    assert list(tagged_nutrients_have_a_safety_block(document)) == []


def test_safety_block_may_name_no_nutrient():
    document = make_document(body="[[safety|Read]]\n\nText.\n\n[[/safety]]\n")
    assert list(tagged_nutrients_have_a_safety_block(document)) == []


def test_unknown_safety_tag_stops_at_its_block_and_lists_the_known_ones():
    document = make_document(body="Text.\n\n[[safety:iron,copper]]\n\nText.\n\n[[/safety]]\n")
    (finding,) = tagged_nutrients_have_a_safety_block(document)
    assert summary([finding]) == [("safety-block", STOP, "", line_of(document, "copper"))]
    assert finding.block_id == block_of(document, "copper")
    assert "“copper”" in finding.message
    assert ", ".join(NUTRIENTS) in finding.message


@pytest.mark.parametrize("inside", ["", "\n", "\n\n \n"])
def test_empty_safety_block_stops_at_its_block(inside):
    document = make_document(body=f"Text.\n\n[[safety:iron]]\n{inside}[[/safety]]\n")
    (finding,) = tagged_nutrients_have_a_safety_block(document)
    assert summary([finding]) == [("safety-block", STOP, "", 3)]
    assert finding.block_id == document.blocks[1].id
    assert "write it, or remove it" in finding.message
