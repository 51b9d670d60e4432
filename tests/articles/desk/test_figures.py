"""Figures have words for those who cannot see them, and a caption."""

import pytest

from articles.desk import STOP, WARN, Finding
from articles.desk.figures import (
    alts_describe_the_picture,
    figures_have_alt,
    figures_have_caption,
)
from articles.document import Document
from tests.articles.desk.documents import line_of, make_document, make_figure, summary


def _found(document: Document) -> list[Finding]:
    return [*figures_have_alt(document), *figures_have_caption(document)]


def test_figure_with_its_words_has_no_finding():
    document = make_document(body="[[figure:pathway]]\n", figures=(make_figure(),))
    assert _found(document) == []


@pytest.mark.parametrize("blank", ["", " \n", "\u3000"])
@pytest.mark.parametrize(
    ("field", "rule", "mend"),
    [("alt", "figure-alt", "describe it"), ("caption", "figure-caption", "write one")],
)
@pytest.mark.parametrize(
    "body",
    [
        "Text.\n\n[[figure:other]]\n\n[[figure:pathway]]\n",
        "Text.\n\n[[tip]]\n\n\n[[figure:other]]\n\n[[figure:pathway]]\n\n[[/tip]]\n",
    ],
)
def test_figure_without_its_words_stops_where_it_stands(field, rule, mend, blank, body):
    figures = (make_figure(key="other"), make_figure(**{field: blank}))
    document = make_document(body=body, figures=figures)
    (finding,) = _found(document)
    line = line_of(document, "figure:pathway")
    assert summary([finding]) == [(rule, STOP, "Figure “pathway”", line)]
    assert finding.block_id == [block for block in document.blocks if block.line <= line][-1].id
    assert "“pathway”" in finding.message
    assert mend in finding.message


def test_figure_that_stands_nowhere_is_named_by_its_key():
    document = make_document(body="Text.\n", figures=(make_figure(alt="", caption=""),))
    findings = _found(document)
    assert summary(findings) == [
        ("figure-alt", STOP, "Figure “pathway”", 0),
        ("figure-caption", STOP, "Figure “pathway”", 0),
    ]
    assert {finding.block_id for finding in findings} == {""}
    assert {finding.place for finding in findings} == {"Figure “pathway”"}


# Alternative texts that say nothing


@pytest.mark.parametrize(
    "alt",
    [
        *("IMG_2041.JPG", "pathway-final.svg", "img 0034", "Screenshot 2026-11-02", "Diagram."),
        *("pathway", "Pathway", "微信图片_20261102", "示意图", "图片。"),
        "The pathway in two steps",
        "the pathway, in two steps.",
    ],
)
def test_alt_that_is_a_name_or_repeats_the_caption_is_a_warning(alt):
    figure = make_figure(alt=alt, caption="**The pathway** in two steps.[@dai2018]")
    body = "Text.\n\n[[figure:pathway]]\n"
    (finding,) = alts_describe_the_picture(make_document(body=body, figures=(figure,)))
    assert summary([finding]) == [("figure-alt-words", WARN, "Figure “pathway”", 3)]
    assert finding.anchor == "unit-figure-pathway-alt"


@pytest.mark.parametrize(
    ("alt", "caption"),
    [
        ("An arrow leads from D3 to calcidiol in the liver.", "The pathway in two steps."),
        ("转化路径图：D3在肝脏转化为骨化二醇。", "D3的两步转化[@dai2018]。"),
        ("Photo of a woman who reads a label.", "Read the label."),
        ("IMG stands for nothing here; two steps.", ""),
        ("", "The pathway."),
    ],
)
def test_alt_that_describes_has_no_finding(alt, caption):
    document = make_document(figures=(make_figure(alt=alt, caption=caption),))
    assert list(alts_describe_the_picture(document)) == []
