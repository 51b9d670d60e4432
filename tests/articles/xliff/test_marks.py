"""What a translator must not type is a mark, and no text is lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.xliff.marks import Mark, marks_of, parts_of, text_of

PIECES = st.sampled_from(
    [
        "[@smith2020]",
        "[@a; @b]",
        "{claim:C7}",
        "[[term:calcidiol|骨化二醇]]",
        "[[term:calcidiol]]",
        "[[tip|A title]]",
        "[[/tip]]",
        "[[figure:pathway]]",
        "## ",
        " {#why}",
        "[^1]",
        "[^1]: ",
        "[words](https://example.org/a_(b))",
        '[see [@x] there](/en/ "title")',
        "<https://example.org>",
        "**bold *and* more**",
        "*italic*",
        "**",
        "*",
        "[",
        "]",
        "](",
        "|---|:-:|",
        "\n",
        "\n\n",
        " ",
        "镁",
        "😀",
        "]]>",
        "<![CDATA[",
        "&amp;",
        "\u2028",
        "\t",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=5))).map("".join))


@given(TEXTS)
def test_the_parts_together_are_the_text(text):
    assert text_of(parts_of(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sleep [@smith2020].", [("[@smith2020]", "")]),
        ("Sleep {claim:C7}", [("{claim:C7}", "")]),
        ("[[term:calcidiol|骨化二醇]]", [("[[term:calcidiol|", "]]")]),
        ("[[term:calcidiol]]", [("[[term:calcidiol]]", "")]),
        ("## 为什么 {#why}", [("## ", ""), (" {#why}", "")]),
        ("[[tip|One tip]]\n\nText.\n\n[[/tip]]", [("[[tip|", "]]"), ("[[/tip]]", "")]),
        ("[[safety:iron]]\n\n[[/safety]]", [("[[safety:iron]]", ""), ("[[/safety]]", "")]),
        ("[a [@x] b](/en/ 'T')", [("[", "](/en/ 'T')"), ("[@x]", "")]),
        ("See <https://example.org/>.", [("<https://example.org/>", "")]),
        ("a[^1]\n\n[^1]: b", [("[^1]", ""), ("[^1]:", "")]),
        ("a|b\n--|--\n1|2", [("--|--", "")]),
        ("**[@x] bold**", [("**", "**"), ("[@x]", "")]),
        ("5 * 3 * 2 and [[nothing]] and # no", []),
    ],
)
def test_marks_are_found(text, expected):
    assert [mark.identity for mark in marks_of(parts_of(text))] == expected


def test_the_words_inside_a_mark_are_words():
    assert parts_of("[[term:iron|铁]]")[0] == Mark("[[term:iron|", "]]", ("铁",))


def test_emphasis_may_be_left_out_and_nothing_else():
    marks = marks_of(parts_of("**a** *b* [c](/d) [@e]"))
    assert [mark.is_required for mark in marks] == [False, False, True, True]


def test_deep_nesting_ends_as_words():
    text = "[a **b *c [d](/e) f* g** h](/i)"
    assert text_of(parts_of(text)) == text
