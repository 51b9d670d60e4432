"""Two languages with the same blocks in the same order."""

from dataclasses import replace

import pytest

from articles.desk import WARN
from articles.desk.languages import block_structures_agree
from tests.articles.desk.documents import block_of, line_of, make_document, summary

SOURCE = "一。\n\n## 标题 {#why}\n\n二。\n\n[[figure:pathway]]\n\n三。\n"


def compare(body: str, source: str = SOURCE):
    document = make_document(body=body)
    return document, list(block_structures_agree(document, make_document(body=source)))


def test_same_blocks_in_other_words_have_no_finding():
    body = "One.\n\n## Heading {#other}\n\nTwo.\nMore.\n\n[[figure:pathway]]\n\nThree.\n"
    assert compare(body)[1] == []


def test_block_too_many_is_a_warning_at_its_line():
    document, findings = compare(
        SOURCE.replace("二。", "二。\n\n| extra |\n| --- |\n\n| extra2 |\n| --- |")
    )
    assert summary(findings) == [
        ("block-structure", WARN, "Structure", line_of(document, "| extra |"))
    ]
    assert findings[0].block_id == block_of(document, "| extra |")
    assert "2 block(s) here have no counterpart" in findings[0].message
    assert "add them there, or remove them here" in findings[0].message


def test_missing_block_is_a_warning_without_a_line():
    _document, findings = compare(SOURCE.replace("[[figure:pathway]]\n\n", ""))
    assert summary(findings) == [("block-structure", WARN, "Structure", 0)]
    assert findings[0].block_id == ""
    assert "1 block(s) of the other language are missing here: add them" in findings[0].message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[[figure:pathway]]", "[[figure:together]]"),
        ("## 标题", "### 标题"),
        ("[[figure:pathway]]", "- pathway"),
    ],
)
def test_block_of_another_shape_is_a_warning_at_its_line(old, new):
    document, findings = compare(SOURCE.replace(old, new))
    assert summary(findings) == [("block-structure", WARN, "Structure", line_of(document, new))]
    assert findings[0].block_id == block_of(document, new)
    assert "give both the same blocks in the same order" in findings[0].message


def test_every_difference_is_reported():
    body = SOURCE.replace("## 标题", "### 标题").replace("[[figure:pathway]]\n\n", "")
    assert len(compare(body)[1]) == 2


def test_footnotes_may_stand_anywhere():
    assert compare(SOURCE + "\n[^1]: Note.\n")[1] == []


def test_differences_of_a_frozen_document_have_no_line():
    document = make_document(body="| a |\n| --- |\n")
    frozen = replace(
        document, body="", blocks=tuple(replace(block, line=0) for block in document.blocks)
    )
    (finding,) = block_structures_agree(frozen, make_document())
    assert (finding.line, finding.block_id) == (0, document.blocks[0].id)
