"""Figures have words for those who cannot see them, and a caption."""

import pytest

from articles.desk import STOP
from articles.desk.figures import figures_have_alt_and_caption
from tests.articles.desk.documents import line_of, make_document, make_figure, summary


def test_figure_with_its_words_has_no_finding():
    document = make_document(body="[[figure:pathway]]\n", figures=(make_figure(),))
    assert list(figures_have_alt_and_caption(document)) == []


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
    (finding,) = figures_have_alt_and_caption(document)
    line = line_of(document, "figure:pathway")
    assert summary([finding]) == [(rule, STOP, "Figure “pathway”", line)]
    assert finding.block_id == [block for block in document.blocks if block.line <= line][-1].id
    assert "“pathway”" in finding.message
    assert mend in finding.message


def test_figure_that_stands_nowhere_is_named_by_its_key():
    document = make_document(body="Text.\n", figures=(make_figure(alt="", caption=""),))
    findings = list(figures_have_alt_and_caption(document))
    assert summary(findings) == [
        ("figure-alt", STOP, "Figure “pathway”", 0),
        ("figure-caption", STOP, "Figure “pathway”", 0),
    ]
    assert {finding.block_id for finding in findings} == {""}
    assert {finding.place for finding in findings} == {"Figure “pathway”"}
