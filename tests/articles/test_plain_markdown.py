"""Stored HTML as Markdown: the same words, numbers and order, and nothing that reads as markup."""

import datetime
import re

import pytest
import yaml
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from articles.disclosure import disclosure_text
from articles.document import FigureData, ImageData, ReferenceData
from articles.pictures import picture_address
from articles.plain_markdown import body_markdown, front_matter
from articles.plain_markdown.blocks import heading
from articles.plain_markdown.escaping import code_span, escape_text, one_space, plain_line
from tests.articles.rendered import (
    DRAWING,
    html_of,
    make_callout,
    make_document,
    make_figure,
    make_mention,
)
from tests.crawl import say

PAGE = "https://health.example.org/en/articles/example/"


def convert(html: str, language: str = "en", **options) -> str:
    with translation.override(language):
        return body_markdown(html, PAGE, **options)


def markdown_of(body: str, language: str = "en", **fields) -> str:
    """What becomes of a body that an editor types."""
    figures = make_document(body, language, **fields).figures_by_key
    return convert(html_of(body, language, **fields), language, figures=figures)


def unescaped(text: str) -> str:
    """Backslash escapes as CommonMark (0.31, 2.4) reads them."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


# Running text


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("plain words", "plain words"),
        ("a\n  b", "a b"),
        ("5000&nbsp;IU", "5000\xa0IU"),
        ("<strong>bold</strong> and <em>soft</em>", "**bold** and *soft*"),
        ("a<strong> b </strong>c", "a **b** c"),
        ("<strong></strong>x", "x"),
        # Stars would be printed: a stop inside, a letter outside (CommonMark 0.31, 6.2).
        ("<strong>重要：</strong>文字", "<strong>重要：</strong>文字"),
        ("<strong>重要</strong>：文字", "**重要**：文字"),
        ("文字<em>“词”</em>文字", "文字<em>“词”</em>文字"),
        ("<strong><em>x</em></strong>", "<strong><em>x</em></strong>"),
        ("<strong>a <em>b</em> c</strong>", "**a *b* c**"),
        ('<i lang="zh-Hans">注册</i> <small>x</small> <cite>J</cite>', "注册 x *J*"),
        ("<code>a`b|c*</code>", "``a`b|c*``"),
        ("<code>a</code><code>b</code>", "`a`<!-- -->`b`"),
        ("维<wbr>生素\u2060", "维生素"),
        ("one<br>- two", "one\\\n\\- two"),
        ("# no heading", "\\# no heading"),
        ("1. no list", "1\\. no list"),
        ("1986) x", "1986\\) x"),
        ("3.5 is a number", "3.5 is a number"),
        ("+5% and -3", "\\+5% and -3"),
        ("a_b * [x] &lt;i&gt; `c` ~d~ \\", "a\\_b \\* \\[x\\] \\<i> \\`c\\` \\~d\\~ \\\\"),
        ("&amp;amp; R&amp;D", "\\&amp; R&D"),
        ('<a href="#safety">s</a>', f"[s]({PAGE}#safety)"),
        ('<a href="/en/about/">a</a>', "[a](https://health.example.org/en/about/)"),
        ('<a href="mailto:a@b.example">m</a>', "[m](mailto:a@b.example)"),
        ('<a href="https://e.org/(a)">x</a>', "[x](<https://e.org/(a)>)"),
        ('<a href="https://e.org/" title="&quot;B&quot;">x</a>', '[x](https://e.org/ "\\"B\\"")'),
        ('<a rel="sponsored nofollow" href="https://e.org/">x</a>', "x (`https://e.org/`)"),
        ('<a class="term" href="#g-iu">IU</a>', "IU"),
        ('x<sup class="cite"><a href="#r1">1</a><a href="#r2">2</a></sup>.', "x[1, 2]."),
        ('x<sup class="cite"><a href="#r1">1</a></sup>(y)', "x[1]\\(y)"),
        ('x<sup class="cite">3</sup>', "x[3]"),
        ('x<sup class="cite cite--note"><a href="#fn-2">*2</a></sup>', "x[^2]"),
        ('<span class="seal" aria-hidden="true">Q</span>x <a class="back" href="#c1">↩</a>', "x"),
        ("<svg><text>drawn</text><svg><path/></svg></svg>x", "x"),
    ],
)  # fmt: skip
def test_running_text(html, markdown):
    assert convert(f"<p>{html}</p>") == markdown


@given(st.text())
def test_escaped_words_read_as_they_were(text):
    assert unescaped(escape_text(text)) == text.replace("\u2060", "")


@given(st.text(alphabet="#>+-=|:.)1 a*`[<&~_\\"))
def test_no_line_of_words_starts_a_block(text):
    line = plain_line(text)
    assert not re.match(r"#{1,6}(?:\s|\Z)|>|[-+*](?:\s|\Z)|\d{1,9}[.)](?:\s|\Z)|[-=|]|:-", line)
    assert unescaped(line) == one_space(text).strip()


@given(st.text(alphabet="`a |", min_size=1).filter(str.strip))
def test_code_is_read_back(text):
    span = code_span(text)
    fence = re.match("`+", span)[0]
    inner = span[len(fence) : -len(fence)]
    assert fence not in re.findall("`+", inner)
    if inner.startswith(" ") and inner.endswith(" ") and inner.strip():
        inner = inner[1:-1]
    assert inner == re.sub(" +", " ", text)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("C#", "## C\\#"), ("a\\\nb", "## a b"), ("\\#", "## \\#"), ("a\\\\#", "## a\\\\\\#")],
)
def test_heading_is_one_line_and_keeps_its_last_hash(words, expected):
    assert heading(2, words) == expected


# Blocks


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2 id='why'>Why</h2><p>x</p><hr><h4>y</h4>", "## Why\n\nx\n\n---\n\n#### y"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol start='9'><li>a</li><li><p>b</p><p>c</p></li></ol>", "9. a\n\n10. b\n\n    c"),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", "- a\n\n  1. b"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n<!-- -->\n\n- b"),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", "- a\n\n1. b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<pre><code>a\n```\n  b\n</code></pre>", "````\na\n```\n  b\n````"),
        ("<dl><dt>a</dt><dd>b</dd><dd>c</dd><dt>d</dt></dl>", "- **a**: b\n\n  c\n\n- **d**"),
        ("words<p>a</p>more", "words\n\na\n\nmore"),
        ("", ""),
    ],
)
def test_blocks(html, markdown):
    assert convert(html) == markdown


def test_table_keeps_its_cells_alignment_and_grades():
    table = "| Dose | Who |\n|:-:|---|\n| `ab` \\| c | all {claim:C1} |\n"
    label = say("en", "Strong evidence")
    lines = markdown_of(table).split("\n")
    assert lines == [
        "| Dose | Who |",
        "| :-: | --- |",
        f"| `ab` \\| c | all<br>**{label}**: Basis one.[1] |",
    ]


def test_pipe_in_code_does_not_end_its_cell():
    html = "<table><tr><th>a</th></tr><tr><td><code>x|y</code>|</td></tr></table>"
    assert convert(html).split("\n")[-1] == "| `x\\|y`\\| |"


# Components


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_claims_are_followed_by_their_grade_and_what_it_rests_on(language):
    text = markdown_of("A claim.[@dai2018] {claim:C1}\n\n[[references]]\n", language)
    colon = say(language, ": ")
    note = f"> **{say(language, 'Strong evidence')}**{colon}Basis one"
    before, after = text.split(note)
    assert before.strip().startswith("A claim")
    assert "[1]" in before
    assert after.startswith(("[2]", ".[2]"))
    assert "evidence-grades" not in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_key_points_carry_their_grades(language):
    text = markdown_of("[[key-points:C1,C2]]\n", language)
    lines = text.split("\n")
    colon = say(language, ": ")
    assert lines[0] == f"## {say(language, 'Key points')}"
    assert lines[2:4] == [
        f"- **{say(language, 'Strong evidence')}**{colon}Statement one.",
        f"- **{say(language, 'Limited evidence')}**{colon}Statement two.",
    ]
    assert f"https://health.example.org/{language}/evidence-grades/" in lines[-1]


def test_callouts_are_a_list_of_labels_and_texts():
    callouts = (make_callout(), make_callout("cramps", label="Cramps", text="Sore. {claim:C2}"))
    text = markdown_of("[[callouts]]\n", callouts=callouts)
    assert text.startswith("- **Sleep**: Bad.\n\n- **Cramps**: Sore.\n\n  > **")


@pytest.mark.parametrize("tag", ["tip", "safety", "urgent"])
def test_boxes_are_quotations_with_their_titles(tag):
    text = markdown_of(f"[[{tag}|Read this]]\n\nFirst.\n\n- one\n- two\n\n[[/{tag}]]\n")
    urgent = say("en", "Urgent: ") if tag == "urgent" else ""
    assert text == f"> **{urgent}Read this**\n>\n> First.\n>\n> - one\n> - two"


def test_box_without_title_keeps_its_first_heading():
    text = markdown_of("[[safety]]\n\n## Limits {#limits}\n\nText.\n\n[[/safety]]\n")
    assert text == "> ## Limits\n>\n> Text."


def test_reader_question_names_who_asked():
    assert markdown_of("[[quote|A reader]]\n\nWhy?\n\n[[/quote]]\n") == "> Why?\n>\n> — A reader"


def test_figure_is_a_picture_with_its_caption_credit_and_text():
    image = ImageData("pathway", 840, 520, svg=DRAWING, credit="Ada", licence="CC0")
    figure = make_figure(image=image, alt="A [drawing].", text="1. One.\n2. Two.\n")
    text = markdown_of("[[figure:activation]]\n", figures=(figure,))
    assert text.split("\n\n") == [
        f"![A \\[drawing\\].]({picture_address(image)})",
        f"**{say('en', 'Figure %(number)s', number=1)}** A caption.",
        f"**{say('en', 'Read as text')}**",
        "1. One.\n2. Two.",
        "Ada, CC0",
    ]


def test_picture_without_a_file_is_its_description():
    figure = FigureData("photo", ImageData("photo", 10, 10), "A photograph.", "Caption.")
    html = '<div class="zoom"></div><figcaption>C.</figcaption>'
    html = f'<figure class="photo" id="fig-photo">{html}</figure>'
    assert convert(html, figures={"photo": figure}) == "A photograph.\n\nC."


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("website", ["", "https://brand.example/"])
def test_product_is_disclosed_before_anything_is_said_of_it(language, website):
    mention = make_mention(website=website, gloss="A gloss.", relationship="own_brand")
    text = markdown_of("[[product]]\n", language, mention=mention)
    with translation.override(language):
        disclosure = escape_text(disclosure_text(mention))
    parts = text.removeprefix("> ").split("\n>\n> ")
    assert parts[0] == f"**{say(language, 'Commercial mention')}**"
    assert parts[1].startswith("**Seaweed Plus")
    assert parts[2] == "A gloss."
    assert parts[3].startswith(disclosure)
    assert "What is in it." in parts[-1]
    # Markdown cannot mark a link as sponsored, so there is none.
    assert "](" not in text
    assert (f"`{website}`" in text) == bool(website)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_references_keep_every_detail_their_numbers_and_their_address(language):
    references = (
        ReferenceData(
            "a", "review", authors="Doe J", year=2020, title="One_two", container="J",
            locator="1:2", doi="10.1/(a)b", participants=1234,
        ),
        ReferenceData("b", "fact_sheet", title="Three", pmid="77", is_complete=False),
        ReferenceData("c", "other", title="Four", url="https://x.example/y/", accessed_on="2020"),
    )  # fmt: skip
    body = "One.[@c] Two.[@a] Three.[@b]\n\n[[references]]\n"
    lines = markdown_of(body, language, references=references).split("\n")[2:]
    assert [line.split(" ")[0] for line in lines] == ["1.", "2.", "3."]
    assert "[x.example/y](https://x.example/y/)" in lines[0]
    assert "2020" in lines[0]
    assert (
        "Doe J. One\\_two. *J*. 2020;1:2. [doi:10.1/(a)b](<https://doi.org/10.1/(a)b>)" in lines[1]
    )
    assert "1,234" in lines[1]
    assert "[PMID 77](https://pubmed.ncbi.nlm.nih.gov/77/)" in lines[2]
    assert say(language, "details that could not be verified are left out") in lines[2]
    assert "↩" not in "".join(lines)


def test_glossary_lists_the_terms_that_were_used():
    text = markdown_of("A [[term:iu|dose]] of it.\n\n[[glossary]]\n")
    assert text == "A dose of it.\n\n- **国际单位 IU**: 一种剂量单位"


def test_footnotes_stand_at_the_end_with_their_numbers():
    body = "One.[^b] Two.[^a]\n\n[^a]: First line.\n\n    Second.\n\n[^b]: Other.\n"
    assert (
        markdown_of(body) == "One.[^1] Two.[^2]\n\n[^1]: Other.\n[^2]: First line.\n\n    Second."
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_mark_of_the_editors_survives(language):
    body = (
        "Text [@dai2018] [[term:iu]] {claim:C1}.\n\n[[figure:activation]]\n\n[[callouts]]\n\n"
        "[[tip|T]]\n\n[[product]]\n\n[[/tip]]\n\n[[key-points:C1]]\n\n[[glossary]]\n\n[[references]]\n"
    )
    text = markdown_of(
        body, language,
        figures=(make_figure(),), callouts=(make_callout(),), mention=make_mention(),
    )  # fmt: skip
    assert not re.search(r"\[\[|\{claim:|\[@|<!--|data-|class=", text)


# Front matter

WORDS = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    st.dictionaries(
        st.sampled_from(["title", "language", "reviewed", "version"]),
        st.one_of(WORDS, st.integers(), st.dates(), st.lists(WORDS)),
    )
)
def test_front_matter_gives_back_what_it_was_given(values):
    text = front_matter(values)
    assert text.startswith("---\n")
    assert text.endswith("---\n")
    assert "\n---" not in text[4:-4]
    assert yaml.safe_load(text[4:-4]) == values
    assert list(yaml.safe_load(text[4:-4])) == list(values)


@pytest.mark.parametrize(
    "title",
    [
        *(
            'Is "D3": enough?',
            "it's",
            "emoji 😀 and 🧑\u200d⚕️",
            "维生素D3：够吗？",
            "key: value",
            "# hash",
        ),
        *("two\nlines", "a\n---\nb", "---", "\u2028", "\x85", " lead", "tail ", "", "%", "@", "`"),
        *("no", "null", "2020-01-01", "1_000", "0x1f", "- item", "{x}", "[y]", "*z", "&a", "!tag"),
    ],
)
def test_odd_titles_stay_titles(title):
    text = front_matter({"title": title, "published": datetime.date(2026, 11, 22)})
    assert text.startswith("---\n")
    assert text.endswith("---\n")
    # Nothing in between looks like the end.
    assert text.count("\n---\n") == 1
    assert yaml.safe_load(text[4:-4]) == {"title": title, "published": datetime.date(2026, 11, 22)}
