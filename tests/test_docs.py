"""The guides for editors: true to what there is, and the same in both languages."""

import re
from importlib import import_module

import pytest
from babel.messages.pofile import read_po

from articles.markdown.blocks import CONTAINERS, LEAVES, split_body
from tests.conftest import ROOT

GUIDES = {"en": ROOT / "docs" / "editing.md", "zh-hans": ROOT / "docs" / "editing.zh-hans.md"}
LARGEST = 150_000
"""Bytes of a screenshot: pictures stay in the history of the repository for good."""

CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
QUOTED = {"en": r"(?<![*`])\*([^*`]+)\*(?![*`])", "zh-hans": r"“([^”]+)”"}
"""How each guide writes a label of the desk: in italics, or between quotation marks."""

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


def words_of_the_desk(code: str) -> set[str]:
    """All that a screen can say in this language: what is translated, or its translation."""
    with CATALOGUE.open("rb") as file:
        pairs = [(message.id, message.string) for message in read_po(file) if message.id]
    found = [pair[code != "en"] for pair in pairs]
    return {words for item in found for words in ([item] if isinstance(item, str) else item)}


@both_guides
def test_every_label_that_is_quoted_is_one_of_the_desk(code):
    quoted = {" ".join(label.split()) for label in re.findall(QUOTED[code], text_of(code))}
    assert len(quoted) >= 10
    assert quoted - words_of_the_desk(code) == set()


@both_guides
def test_every_role_is_named_as_the_site_makes_it(code):
    roles = import_module("articles.migrations.0003_roles").ROLES
    assert [role for role in roles if role not in text_of(code)] == []
