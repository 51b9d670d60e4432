"""A product is named in its labelled box, the box is on the page, and nowhere else."""

import pytest

from articles.desk import STOP, WARN
from articles.desk.products import product_mentions_are_disclosed
from tests.articles.desk.documents import (
    block_of,
    line_of,
    make_callout,
    make_document,
    make_figure,
    make_mention,
    make_statement,
    summary,
)

BOX = "Text.\n\n[[tip]]\n\nText.\n\n[[product]]\n\n[[/tip]]\n"


def findings_of(*, body: str = "[[product]]\n", **fields):
    document = make_document(body=body, **{"mention": make_mention(), **fields})
    return document, list(product_mentions_are_disclosed(document))


@pytest.mark.parametrize("body", ["[[product]]\n", BOX])
def test_mention_in_its_box_has_no_finding(body):
    assert findings_of(body=body)[1] == []


def test_text_without_products_has_no_finding():
    assert findings_of(body="Text.\n", mention=None)[1] == []


@pytest.mark.parametrize("body", ["Text.\n", "Type `[[product]]` here.\n", ""])
def test_mention_without_a_box_stops_and_names_the_tag(body):
    _document, (finding,) = findings_of(body=body)
    assert summary([finding]) == [("product-disclosure", STOP, "Product mention", 0)]
    assert "[[product]]" in finding.message


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("[[product]]\n\nText.\n\n[[product]]\n", [5]),
        ("[[product]]\n\n[[tip]]\n\n\nText.\n\n[[product]]\n\n[[/tip]]\n", [8]),
        ("[[tip]]\n\n[[product]]\n\n[[product]]\n\n[[/tip]]\n\n[[product]]\n", [5, 9]),
    ],
)
def test_every_further_box_stops_at_its_line(body, lines):
    document, findings = findings_of(body=body)
    assert summary(findings) == [("product-disclosure", STOP, "", line) for line in lines]
    assert [finding.block_id for finding in findings] == [
        [block.id for block in document.blocks if block.line <= line][-1] for line in lines
    ]
    assert all("remove one of them" in finding.message for finding in findings)


def test_box_without_a_mention_is_a_warning_at_its_line():
    document, (finding,) = findings_of(body=BOX, mention=None)
    assert summary([finding]) == [
        ("product-disclosure", WARN, "", line_of(document, "[[product]]"))
    ]
    assert finding.block_id == block_of(document, "[[product]]")
    assert "add a product mention, or remove the tag" in finding.message


@pytest.mark.parametrize("body", [BOX, "Text.\n"])
def test_mention_that_is_switched_off_needs_no_box_and_may_keep_it(body):
    assert findings_of(body=body, mention=None, hidden_mention=make_mention())[1] == []


def test_product_without_components_and_label_line_is_a_warning():
    _document, (finding,) = findings_of(mention=make_mention(components="", label_note=""))
    assert summary([finding]) == [("product-disclosure", WARN, "Product mention", 0)]
    assert "add what the label says" in finding.message


@pytest.mark.parametrize("field", ["components", "label_note"])
def test_product_with_components_or_label_line_has_no_finding(field):
    assert findings_of(mention=make_mention(**{field: ""}))[1] == []


# Names outside the box


NAMED = [
    pytest.param({"standfirst": "Try Health Life."}, "Standfirst", id="standfirst"),
    pytest.param({"edition_note": "From Health Life."}, "Edition note", id="edition note"),
    pytest.param({"title": "Health Life and sleep"}, "Title", id="title"),
    pytest.param({"seo_title": "Health Life"}, "Title for search engines", id="seo title"),
    pytest.param(
        {"seo_description": "Health Life"}, "Description for search engines", id="seo description"
    ),
    pytest.param(
        {"figures": (make_figure(caption="Health Life."),)}, "Figure “pathway”", id="caption"
    ),
    pytest.param({"figures": (make_figure(alt="Health Life."),)}, "Figure “pathway”", id="alt"),
    pytest.param({"figures": (make_figure(text="Health Life."),)}, "Figure “pathway”", id="words"),
    pytest.param(
        {"callouts": (make_callout(text="Health Life."),)}, "Callout “sleep”", id="callout"
    ),
    pytest.param(
        {"callouts": (make_callout(label="Health Life"),)}, "Callout “sleep”", id="callout label"
    ),
    pytest.param(
        {"statements": (make_statement(text="Health Life."),)}, "Claim C7", id="statement"
    ),
    pytest.param({"statements": (make_statement(basis="Health Life."),)}, "Claim C7", id="basis"),
]


@pytest.mark.parametrize(("fields", "where"), NAMED)
def test_name_in_a_field_stops_by_the_name_of_the_field(fields, where):
    _document, (finding,) = findings_of(**fields)
    assert summary([finding]) == [("product-disclosure", STOP, where, 0)]
    assert "“Health Life”" in finding.message
    assert "move the sentence into the product mention" in finding.message


@pytest.mark.parametrize(("fields", "where"), NAMED)
def test_name_stops_as_well_while_products_are_switched_off(fields, where):
    _document, findings = findings_of(mention=None, hidden_mention=make_mention(), **fields)
    assert summary(findings) == [("product-disclosure", STOP, where, 0)]


@pytest.mark.parametrize(
    "body",
    [
        "Above.\n\nOne line.\nHealth Life on the next.\n\n[[product]]\n",
        "[[product]]\n\n## Health Life {#why}\n",
        "[[tip]]\n\n\nOne.\n\nHealth Life.\n\n[[product]]\n\n[[/tip]]\n",
        "Above.\n\n[[tip|Health Life]]\n\nOne.\n\n[[product]]\n\n[[/tip]]\n",
        "[[product]]\n\n[[safety:iron]]\n\n[[urgent|Health Life]]\nA.\n[[/urgent]]\n[[/safety]]\n",
        "[[product]]\n\n| a | b |\n| --- | --- |\n| 1 | Health Life |\n",
    ],
)
def test_name_in_the_body_stops_at_its_line(body):
    document, (finding,) = findings_of(body=body)
    assert summary([finding]) == [
        ("product-disclosure", STOP, "", line_of(document, "Health Life"))
    ]
    assert finding.block_id == block_of(document, "Health Life")


def test_name_broken_over_two_lines_stops_at_the_first():
    _document, (finding,) = findings_of(body="[[product]]\n\nAbove.\nFrom Health\nLife here.\n")
    assert finding.line == 4


def test_name_of_the_product_stops_like_the_name_of_the_brand():
    _document, (finding,) = findings_of(standfirst="Seaweed Calcium Plus is one.")
    assert "“Seaweed Calcium Plus”" in finding.message


def test_name_is_reported_once_for_each_text():
    body = "[[product]]\n\nHealth Life. Seaweed Calcium Plus. Health Life.\n\nHealth Life.\n"
    assert [finding.line for finding in findings_of(body=body)[1]] == [3, 5]


@pytest.mark.parametrize(
    "words",
    [
        "Health Life",
        "health life",
        "HEALTH LIFE",
        "(Health Life)",
        "**Health Life**",
        "“Health Life”",
        "Health Life’s",
        "Health Life®",
        "Health Life,",
        "Health  Life",
        "补充Health Life的海藻钙",
        "，Health Life。",
    ],
)
def test_latin_name_is_found_as_whole_words(words):
    assert len(findings_of(standfirst=f"Text {words} text.")[1]) == 1


@pytest.mark.parametrize(
    "words",
    [
        "a health lifestyle",
        "Health Lifes",
        "Health Life2",
        "stealth life",
        "2Health Life",
        "mental-health lifecycle",
        "éHealth Life",
        "Health Lifé",
        "HealthLife",
        "health and life",
        "Health, Life",
    ],
)
def test_latin_name_inside_other_words_is_not_found(words):
    assert findings_of(standfirst=f"Text {words} text.")[1] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("健康生活", "服用健康生活的产品"),
        ("健康生活", "服用ABC健康生活D3"),
        ("Health Life® 海藻钙", "服用Health Life® 海藻钙片"),
        ("海藻钙 D3", "海藻钙 D3和"),
        ("D3 海藻钙", "吃D3 海藻钙片"),
        ("C++ (Forte)", "take C++ (Forte)now"),
    ],
)
def test_name_that_ends_in_another_script_needs_no_blank_there(name, words):
    mention = make_mention(name=name, brand="Other Brand")
    assert len(findings_of(standfirst=words, mention=mention)[1]) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [("海藻钙 D3", "海藻钙 D3K2"), ("D3 海藻钙", "VD3 海藻钙"), ("a.b", "axb"), ("海藻钙", "海藻")],
)
def test_name_is_not_found_where_it_is_not_written(name, words):
    mention = make_mention(name=name, brand="Other Brand")
    assert findings_of(standfirst=words, mention=mention)[1] == []


@pytest.mark.parametrize("name", ["", "  "])
def test_empty_name_is_found_nowhere(name):
    mention = make_mention(name=name, brand=name)
    assert findings_of(standfirst="Text.", mention=mention)[1] == []


def test_box_itself_may_name_the_product():
    mention = make_mention(text="Health Life makes Seaweed Calcium Plus.")
    assert findings_of(mention=mention)[1] == []
