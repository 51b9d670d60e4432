"""Long sentences, unexplained abbreviations, and half-width signs in Chinese."""

import pytest

from articles.desk import NOTE
from articles.desk.style import (
    MAX_HAN,
    MAX_WORDS,
    abbreviations_are_explained,
    chinese_punctuation_is_full_width,
    sentences_are_short,
)
from tests.articles.desk.documents import (
    line_of,
    make_callout,
    make_document,
    make_term,
    summary,
)

# Sentences


def _words(count: int) -> str:
    return " ".join(["word"] * (count - 1) + ["end."]).capitalize()


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", f"{_words(MAX_WORDS)} {_words(MAX_WORDS)}"),
        ("en", f"- {_words(MAX_WORDS).rstrip('.')}\n- {_words(MAX_WORDS)}"),
        ("en", f"| {_words(20)[:-1]} | {_words(20)[:-1]} |\n| --- | --- |\n| a | b |"),
        ("en", f"{_words(MAX_WORDS)}[@one2018; @two2019] {_words(5)}{{claim:C1}}"),
        ("zh-hans", "字" * (MAX_HAN - 1) + "K2。" + "字" * MAX_HAN + "？“字”。"),
        ("zh-hans", "字" * MAX_HAN + "[@uwitonze2018]。"),
    ],
)
def test_sentences_that_are_short_enough_have_no_finding(language, body):
    document = make_document(language=language, body=f"{body}\n")
    assert list(sentences_are_short(document)) == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", _words(MAX_WORDS + 1)),
        ("zh-hans", "字" * (MAX_HAN + 1) + "。"),
        ("zh-hans", "字" * 30 + "，" + "字" * 30 + "D3。"),
    ],
)
def test_long_sentence_is_a_note_once_in_a_block(language, sentence):
    body = f"Short.\n\nShort.\n{sentence}\n{sentence}\n"
    document = make_document(language=language, body=body, standfirst=sentence)
    findings = list(sentences_are_short(document))
    assert summary(findings)[0] == ("sentence-length", NOTE, "Standfirst", 0)
    assert summary(findings)[1][:3] == ("sentence-length", NOTE, "")
    assert len(findings) == 2


def test_every_long_block_of_a_container_is_told():
    long = _words(MAX_WORDS + 1)
    document = make_document(body=f"[[tip]]\n\n{long}\n\nShort.\n\n{long}\n\n[[/tip]]\n")
    findings = list(sentences_are_short(document))
    assert [finding.line for finding in findings] == [3, 7]
    assert {finding.unit for finding in findings} == {document.blocks[0].id}


# Abbreviations


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "A randomised controlled trial (RCT), then another RCT."),
        ("en", "RCTs (randomised controlled trials), then an RCT."),
        ("en", "5000 IU, and the WHO; vitamin K2, MK-7 and P450; I and A."),
        ("zh-hans", "随机对照试验（RCT）与另一项RCT。"),
        ("zh-hans", "RCT（随机对照试验）。"),
        ("zh-hans", "甲状旁腺激素（PTH，见下文）。"),
        ("en", "The storage form is 25(OH)D."),
        ("en", "[A page](https://example.org/ABC)[@ABC2018] {claim:CX}"),
    ],
)
def test_explained_abbreviations_have_no_finding(language, body):
    document = make_document(language=language, body=f"{body}\n", terms=(make_term(),))
    assert list(abbreviations_are_explained(document)) == []


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "First.\n\nThe PTH rises. PTH (parathyroid hormone) again."),
        ("en", "First.\n\nA guide (PTH 0.6–0.8)."),
        ("zh-hans", "先说。\n\n血中PTH升高。"),
    ],
)
def test_unexplained_abbreviation_is_a_note_at_its_first_use(language, body):
    document = make_document(language=language, body=f"{body}\n")
    (finding,) = abbreviations_are_explained(document)
    assert summary([finding]) == [("abbreviation", NOTE, "", line_of(document, "PTH"))]
    assert "“PTH”" in finding.message


def test_terms_of_the_glossary_explain_their_abbreviation():
    term = make_term()
    known = type(term)("pth", "parathyroid hormone", "PTH", "A hormone.")
    assert list(abbreviations_are_explained(make_document(body="PTH.\n", terms=(known,)))) == []


# Punctuation


@pytest.mark.parametrize(
    "text",
    [
        "镁,还有钙。",
        "镁有用吗?有。",
        "见下:镁。",
        "镁(Mg)。",
        "含Mg (镁)的菜",
        "补D3,镁也要。",
        "好的.",
        '他说"好"。',
        "**镁**,还有钙。",
        "镁[@dai2018],还有钙。",
    ],
)
def test_half_width_sign_beside_a_han_character_is_a_note(text):
    document = make_document(language="zh-hans", body=f"好。\n\n{text}\n")
    (finding,) = chinese_punctuation_is_full_width(document)
    assert summary([finding]) == [("half-width", NOTE, "", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "镁，还有钙（Mg）。",
        "1,25(OH)₂D与25(OH)D，P=0.64；95% CI 0.1, 0.2。",
        "见[安全提示](#safety)，[首页](https://example.org/?a=1,2)。",
        "镁[@a2018; @b2019]。{claim:C1}[[term:iu|IU]]",
        "`镁,钙`",
        "Am J Clin Nutr. 2018, 108: 1249.",
        "1. 起点\n2. 终点",
        "术语\n: 解释",
        "[^1]: 注释",
        "- 镁\n- 钙",
    ],
)
def test_right_punctuation_has_no_finding(text):
    document = make_document(language="zh-hans", body=f"{text}\n")
    assert list(chinese_punctuation_is_full_width(document)) == []


def test_english_text_may_have_half_width_signs_beside_han():
    document = make_document(body="He said (镁), that is 钙.\n")
    assert list(chinese_punctuation_is_full_width(document)) == []


def test_fields_are_read_as_well():
    document = make_document(
        language="zh-hans", title="没见效?", callouts=(make_callout(label="好", text="坏,"),)
    )
    assert [finding.anchor for finding in chinese_punctuation_is_full_width(document)] == [
        "unit-title",
        "unit-callout-sleep-text",
    ]
