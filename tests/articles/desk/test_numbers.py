"""Numbers and units of paired blocks: what is the same, and that every change is noticed."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.desk import STOP, WARN
from articles.desk.numbers import numbers_agree
from articles.document import Document
from tests.articles.desk.documents import (
    line_of,
    make_callout,
    make_document,
    make_figure,
    make_statement,
    make_term,
    summary,
)
from tests.articles.desk.mutations import Mutation, mutations


def _pair(chinese: str, english: str) -> tuple[Document, Document]:
    """Two documents of one statement each: units pair by their id, whatever the text."""
    return (
        make_document(language="zh-hans", statements=(make_statement(text=chinese),)),
        make_document(statements=(make_statement(text=english),)),
    )


SAME = [
    ("每天400国际单位。", "400 IU a day."),
    ("每天400 IU。", "400 international units daily."),
    ("10微克", "10 µg"),
    ("10 mcg", "10 μg"),
    ("1000毫克", "1 g"),
    ("0.5毫克", "500 µg"),
    ("共25,871人", "25871 adults"),
    ("2.5万人", "25,000 people"),
    ("四周后", "after four weeks"),
    ("4周后", "after four weeks"),
    ("14天", "two weeks"),
    ("两年", "24 months"),
    ("为期三个月的试验", "a three-month trial"),
    ("二十五个月", "twenty-five months"),
    ("5–13天", "5 to 13 days"),
    ("7天和14天", "7 and 14 days"),
    ("从55降到43 pmol/L", "from 55 pmol/L to 43 pmol/L"),
    ("百分之六十八点一", "68.1%"),
    ("百分之30", "30 per cent"),
    ("75 ng/mL", "75 ng/mL"),
    ("每公斤体重3毫克/千克", "3 mg/kg of body weight"),
    ("每天100微克", "100 µg/day"),
    ("100微克/天", "100 µg a day"),
    ("50–75岁", "aged 50–75"),
    ("65岁及以上", "65 years and over"),
    ("2012年版", "the 2012 version"),
    ("2008/09年", "in 2008/09"),
    ("3月5日", "5 March"),
    ("三项试验", "several trials"),
    ("3项试验", "three trials"),
    ("置信区间−0.52至0.55", "CI −0.52 to 0.55"),
    ("D3和K2", "K2 and D3, and D3 again"),
    ("MK-7", "MK7"),
    ("骨折[@leboff2022]{claim:C3}", "fractures"),
    ("见[第一节](/zh-hans/a1/)", "see [there](/en/b2/)"),
    ("１００微克", "100 µg"),
    ("几十年来，数年之后", "for decades, some years later"),
    ("300多种", "more than 300"),
    ("一项一年的试验", "a trial of one year"),
]


@pytest.mark.parametrize(("chinese", "english"), SAME)
def test_same_quantity_in_other_words_has_no_finding(chinese, english):
    document, other = _pair(chinese, english)
    assert list(numbers_agree(document, other)) == []
    assert list(numbers_agree(other, document)) == []


@pytest.mark.parametrize(
    ("chinese", "english", "severity"),
    [
        ("每天400国际单位。", "600 IU a day.", STOP),
        ("10微克", "10 mg", STOP),
        ("10克", "10 mg", STOP),
        ("75 nmol/L", "75 ng/mL", STOP),
        ("50毫升", "50 L", STOP),
        ("3 mg/kg", "3 mg/L", STOP),
        ("250毫克", "250", STOP),
        ("68.1%", "68.7%", WARN),
        ("68.1%", "68.1", WARN),
        ("百分之三十", "40%", WARN),
        ("四周后", "after four months", WARN),
        ("四周后", "after five weeks", WARN),
        ("一年", "one month", WARN),
        ("每天一粒", "one pill every week", WARN),
        ("2–4小时", "2–6 hours", WARN),
        ("25,871人", "25,817 adults", WARN),
        ("3项试验", "four trials", WARN),
        ("0.52", "−0.52", WARN),
        ("1000人", "people", WARN),
        ("人群", "1000 people", WARN),
        ("K1和K2", "K2 and K2", WARN),
        ("维生素D3", "vitamin D2", WARN),
        ("2012年版", "the 2013 version", WARN),
        ("两次各3毫克，再3毫克", "3 mg", STOP),
    ],
)
def test_other_quantity_is_found_from_either_side(chinese, english, severity):
    document, other = _pair(chinese, english)
    for one, two in ((document, other), (other, document)):
        (finding,) = numbers_agree(one, two)
        assert summary([finding]) == [("numbers-differ", severity, "Claim C7", 0)]
        assert finding.anchor == "unit-statement-C7-text"


def test_finding_names_both_numbers_and_the_line_of_this_one():
    document = make_document(body="First.\n\n## Heading {#h}\n\nOne of\n400 IU.\n")
    other = make_document(
        language="zh-hans", body="第一。\n\n## 标题 {#h}\n\n每次\n600国际单位。\n"
    )
    ids = {mine.id: theirs for mine, theirs in zip(document.blocks, other.blocks, strict=True)}
    blocks = tuple(
        type(block)(block.kind, block.source, mine, block.level, line=block.line)
        for mine, block in ids.items()
    )
    other = type(other)(**{**other.__dict__, "blocks": blocks})
    (finding,) = numbers_agree(document, other)
    assert finding.line == line_of(document, "400 IU")
    assert "400 IU" in finding.message
    assert "600国际单位" in finding.message


def test_units_of_only_one_language_are_not_compared():
    document, other = _pair("每天400国际单位。", "")
    assert list(numbers_agree(document, other)) == []
    assert list(numbers_agree(make_document(body="400 IU.\n"), make_document(body=""))) == []


@pytest.mark.parametrize("field", ["alt", "caption", "text"])
def test_texts_of_figures_are_compared(field):
    document = make_document(figures=(make_figure(**{field: "50 µg"}),))
    other = make_document(figures=(make_figure(**{field: "60 µg"}),))
    (finding,) = numbers_agree(document, other)
    assert finding.anchor == f"unit-figure-pathway-{field}"


def test_label_of_a_callout_is_compared():
    document = make_document(callouts=(make_callout(label="2 nights"),))
    other = make_document(callouts=(make_callout(label="3 nights"),))
    (finding,) = numbers_agree(document, other)
    assert finding.anchor == "unit-callout-sleep-label"


def test_term_counts_with_the_words_it_is_read_as():
    words = {"terms": (make_term(),)}
    document = make_document(**words, statements=(make_statement(text="5 [[term:calcidiol]]"),))
    other = make_document(statements=(make_statement(text="5 calcidiol"),))
    assert list(numbers_agree(document, other)) == []


def test_container_built_alike_is_compared_piece_by_piece():
    body = "[[safety:iron|Read]]\n\nAt most {} mg.\n\nNever {} mg.\n\n[[/safety]]\n"
    document = make_document(body=body.format(10, 20))
    swapped = make_document(body=body.format(20, 10))
    renamed = type(swapped)(
        **{
            **swapped.__dict__,
            "blocks": tuple(
                type(block)(
                    block.kind,
                    block.source,
                    mine.id,
                    argument=block.argument,
                    title=block.title,
                    line=block.line,
                )
                for block, mine in zip(swapped.blocks, document.blocks, strict=True)
            ),
        }
    )
    findings = list(numbers_agree(document, renamed))
    assert [finding.line for finding in findings] == [3, 5]


# Mutations of the demo article


@cache
def _all_mutations(documents: tuple[Document, Document]):
    first, second = documents
    return [
        *((make, second) for make in mutations(first, second)),
        *((make, first) for make in mutations(second, first)),
    ]


@pytest.mark.django_db
def test_demo_pairs_agree(demo_documents):
    for slug in {slug for slug, _language in demo_documents}:
        chinese, english = demo_documents[slug, "zh-hans"], demo_documents[slug, "en"]
        assert list(numbers_agree(chinese, english)) == []
        assert list(numbers_agree(english, chinese)) == []


@pytest.mark.django_db
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_every_changed_digit_and_unit_of_the_demo_article_is_found(demo_documents, data):
    pair = (
        demo_documents["d3-k2-magnesium", "zh-hans"],
        demo_documents["d3-k2-magnesium", "en"],
    )
    made = _all_mutations(pair)
    make, other = data.draw(st.sampled_from(range(len(made))).map(lambda place: made[place]))
    mutation: Mutation = make()
    assert list(numbers_agree(mutation.document, other)), mutation.what
    assert list(numbers_agree(other, mutation.document)), mutation.what


@pytest.mark.django_db
def test_mutations_reach_every_kind_of_text(demo_documents):
    pair = (
        demo_documents["d3-k2-magnesium", "zh-hans"],
        demo_documents["d3-k2-magnesium", "en"],
    )
    made = _all_mutations(pair)
    assert len(made) > 5000
    assert {make().what.split("[")[0].split(":")[0] for make, _other in made[::20]} >= {
        "blocks",
        "figures",
        "statements",
    }
