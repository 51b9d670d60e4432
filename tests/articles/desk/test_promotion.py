"""Therapeutic words and symptoms near a product."""

import datetime

import pytest

from articles.desk import NOTE, STOP, WARN, DeskContext, ForbiddenWords
from articles.desk.promotion import product_texts_promise_nothing, symptoms_stand_apart
from tests.articles.desk.documents import (
    line_of,
    make_callout,
    make_document,
    make_mention,
    summary,
)

CONTEXT = DeskContext(
    today=datetime.date(2026, 11, 22),
    forbidden=(
        ForbiddenWords("cure", "en", "Not a medicine."),
        ForbiddenWords("treat", "en"),
        ForbiddenWords("remedy", "en"),
        ForbiddenWords("clinically proven", "en"),
        ForbiddenWords("stop", "en"),
        ForbiddenWords("治愈", "zh-hans", "不是药品。"),
        ForbiddenWords("治疗", "zh-hans"),
        ForbiddenWords("特效", "zh-hans"),
        ForbiddenWords("特效药", "zh-hans"),
    ),
)


def _severities(document) -> list[int]:
    return [item.severity for item in product_texts_promise_nothing(document, CONTEXT)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *(("en", f"It {word} cramps.") for word in ("cures", "cured", "Treats", "treated")),
        *(("en", f"The best {word}.") for word in ("remedies", "remedy", "cure", "CURING")),
        ("en", "It is clinically\nproven."),
        ("en", "It stopped the pain."),
        ("en", "Not only tasty: it cures."),
        ("en", "It does not taste, but cures."),
        ("zh-hans", "可以治愈失眠。"),
        ("zh-hans", "治 愈失眠。"),
        ("zh-hans", "不仅好吃，还能治疗失眠。"),
        ("zh-hans", "没有异味，特效。"),
    ],
)
def test_therapeutic_word_in_the_mention_stops(language, text):
    document = make_document(language=language, mention=make_mention(text=text))
    (finding,) = product_texts_promise_nothing(document, CONTEXT)
    assert summary([finding])[0][:2] == ("therapeutic-words", STOP)
    assert finding.anchor == "unit-mention-text"


@pytest.mark.parametrize("field", ["gloss", "components", "label_note"])
def test_words_of_the_product_itself_count(field):
    document = make_document(mention=make_mention(text="Check.", **{field: "It cures."}))
    assert _severities(document) == [STOP]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Check the label. Healthy and secure, accurate, a curate; a treaty."),
        ("en", "治愈"),
        ("zh-hans", "请看标签。cure"),
        ("zh-hans", "治理、医疗、特别有效率地写。"),
    ],
)
def test_other_words_have_no_finding(language, text):
    document = make_document(language=language, mention=make_mention(text=text))
    assert _severities(document) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "This product is not intended to treat any disease."),
        ("en", "It doesn’t cure anything."),
        ("zh-hans", "本品不能代替药物治疗。"),
        ("zh-hans", "不用于治疗疾病。"),
    ],
)
def test_denial_is_a_note(language, text):
    document = make_document(language=language, mention=make_mention(text=text))
    assert _severities(document) == [NOTE]


def test_denial_beside_a_claim_does_not_hide_it():
    mention = make_mention(text="It is not said to cure colds. It cures cramps.")
    assert _severities(make_document(mention=mention)) == [STOP]


def test_longest_phrase_is_named_once_with_its_reason():
    document = make_document(language="zh-hans", mention=make_mention(text="特效药，治愈。"))
    messages = [item.message for item in product_texts_promise_nothing(document, CONTEXT)]
    assert len(messages) == 2
    assert sum("不是药品。" in message for message in messages) == 1
    assert sum("“特效药”" in message for message in messages) == 1


def test_words_beside_the_box_are_a_warning_and_farther_away_nothing():
    body = "It cures.\n\nBefore, it treats.\n\n[[product]]\n\nAfter, a remedy.\n\nIt cured.\n"
    document = make_document(body=body, mention=make_mention())
    findings = list(product_texts_promise_nothing(document, CONTEXT))
    assert summary(findings) == [
        ("therapeutic-words", WARN, "", line_of(document, "Before")),
        ("therapeutic-words", WARN, "", line_of(document, "After")),
    ]


def test_words_in_the_same_container_and_in_neighbouring_callouts_are_a_warning():
    body = "[[callouts]]\n\n[[tip|A cure]]\n\nIt treats.\n\n[[product]]\n\n[[/tip]]\n"
    document = make_document(
        body=body, mention=make_mention(), callouts=(make_callout(text="It cures."),)
    )
    findings = list(product_texts_promise_nothing(document, CONTEXT))
    assert [finding.severity for finding in findings] == [WARN] * 3
    assert {finding.anchor for finding in findings} == {
        f"unit-{document.blocks[1].id}",
        "unit-callout-sleep-text",
    }


@pytest.mark.parametrize("fields", [{}, {"hidden_mention": None}])
def test_article_without_a_product_may_speak_of_treatment(fields):
    assert _severities(make_document(body="Doctors treat and cure.\n", **fields)) == []


# Symptoms


def test_product_apart_from_symptoms_has_no_finding():
    document = make_document(
        body="[[callouts]]\n\nLeg cramps.\n\n[[tip]]\n\nFood.\n\n[[product]]\n\n[[/tip]]\n",
        mention=make_mention(),
        callouts=(make_callout(label="Leg cramps, tight muscles"),),
    )
    assert list(symptoms_stand_apart(document)) == []


@pytest.mark.parametrize(
    ("language", "label", "words"),
    [
        ("en", "Sleep", "It is bought for insomnia."),
        ("en", "Leg cramps, restless legs", "For restless legs."),
        ("en", "Sleep", "Fatigue?"),
        ("zh-hans", "睡眠", "适合容易抽筋的人。"),
        ("zh-hans", "夜里盗汗、睡眠差", "夜里盗汗的人。"),
    ],
)
def test_symptom_in_the_mention_or_its_container_stops(language, label, words):
    callouts = (make_callout(label=label),)
    in_mention = make_document(
        language=language, callouts=callouts, mention=make_mention(text=words)
    )
    (finding,) = symptoms_stand_apart(in_mention)
    assert (finding.rule, finding.severity) == ("product-symptom", STOP)
    assert finding.anchor == "unit-mention-text"
    beside = make_document(
        language=language,
        callouts=callouts,
        mention=make_mention(text="…"),
        body=f"[[tip]]\n\n{words}\n\n[[product]]\n\n[[/tip]]\n",
    )
    (finding,) = symptoms_stand_apart(beside)
    assert (finding.unit, finding.line) == (beside.blocks[0].id, 3)


def test_block_that_names_the_product_and_a_symptom_stops():
    document = make_document(
        body="Seaweed Calcium Plus helps with headaches.\n\nHeadaches.\n", mention=make_mention()
    )
    (finding,) = symptoms_stand_apart(document)
    assert (finding.severity, finding.line) == (STOP, 1)


def test_product_and_symptom_cards_in_one_container_stop():
    document = make_document(
        body="[[tip]]\n\n[[callouts]]\n\n[[product]]\n\n[[/tip]]\n", mention=make_mention()
    )
    (finding,) = symptoms_stand_apart(document)
    assert finding.severity == STOP


def test_symptoms_without_a_product_have_no_finding():
    assert list(symptoms_stand_apart(make_document(body="Headaches.\n"))) == []
