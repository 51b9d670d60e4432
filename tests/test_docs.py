"""The guides for editors: true to what there is, and the same in both languages."""

import re

import pytest

from articles.markdown.blocks import CONTAINERS, LEAVES, split_body
from tests.conftest import ROOT

GUIDES = {"en": ROOT / "docs" / "editing.md", "zh-hans": ROOT / "docs" / "editing.zh-hans.md"}
LARGEST = 150_000
"""Bytes of a screenshot: pictures stay in the history of the repository for good."""

both_guides = pytest.mark.parametrize("code", GUIDES)


def text_of(code: str) -> str:
    return GUIDES[code].read_text(encoding="utf-8")


@both_guides
def test_every_picture_is_there_in_its_language_and_small(code):
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text_of(code))
    assert len(pictures) >= 6
    for name in pictures:
        assert name.startswith(f"images/editing/{code}/")
        assert (ROOT / "docs" / name).stat().st_size <= LARGEST


@both_guides
def test_every_link_to_a_file_leads_somewhere(code):
    for name in re.findall(r"(?<!!)\[[^\]]+\]\(([a-z][^)#:]*\.md)\)", text_of(code)):
        assert (ROOT / "docs" / name).is_file()


def test_both_languages_have_the_same_parts_in_the_same_order():
    shapes = {
        code: [
            ("#" * len(marks), bool(picture), bool(table))
            for marks, picture, table in re.findall(
                r"^(##+) .*|^(!\[)|^(\| --- )", text_of(code), re.M
            )
        ]
        for code in GUIDES
    }
    assert shapes["en"] == shapes["zh-hans"]


@both_guides
def test_every_block_tag_that_is_taught_exists(code):
    taught = {
        name
        for name in re.findall(r"\[\[/?([a-z-]+)", text_of(code))
        if name not in {"term", "figure"}
    }
    assert taught
    assert taught <= {*CONTAINERS, *LEAVES}
    assert split_body("[[figure:activation]]\n\n[[tip|Title]]\n\n…\n\n[[/tip]]").problems == ()
