"""Headings that break between words, titles cut into clauses, and last lines that hold together."""

import re
from html import escape, unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.markdown.extension import HAN, WORD_JOINER
from articles.markdown.typesetting import (
    MAX_HEADING,
    PARTICLES,
    PROTECTED,
    heading_html,
    keep_tails,
    mark_han,
    phrases,
    title_html,
)

TITLES = (
    "补了维生素D3却没见效？关键在缺镁",
    "从“前体”到“活性激素”：D3在体内的两步路",
    "配了K1和K2，为什么可能还不够？",
    "镁吃得不够，身体可能有哪些信号",
    "维生素D偏低的其他可能原因",
    "安全提示：用量、药物与就医",
    "先问医生或药师的药物",
    "睡前两小时放下手机",
    "孕期和哺乳期的膳食补充剂怎么选",
    "钙补得越多骨头就越结实吗",
    "喝咖啡会不会让身体丢了镁",
)


def words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


# Where a heading may break


@pytest.mark.parametrize("title", TITLES)
def test_no_line_of_a_heading_starts_with_a_particle_or_a_closing_mark(title):
    for clause in re.split(r"</?span[^>]*>", title_html(title, is_chinese=True)):
        for phrase in clause.split("<wbr>")[1:]:
            assert phrase[0] not in PARTICLES + "，。；：？！”’）》、"


@pytest.mark.parametrize("title", TITLES)
def test_the_last_phrase_of_a_heading_is_more_than_one_character(title):
    last = re.split(r"<wbr>|<span[^>]*>", title_html(title, is_chinese=True))[-1]
    assert len(re.findall(f"[{HAN}]", last)) != 1


@pytest.mark.parametrize("title", TITLES)
def test_no_phrase_ends_with_an_opening_mark(title):
    assert not re.search(r"[“‘（《]<", title_html(title, is_chinese=True))


@pytest.mark.parametrize("word", PROTECTED)
def test_protected_words_stay_whole(word):
    for title in (f"{word}怎么吃", f"关于{word}的问题", f"每天都吃{word}", word * 2):
        assert word in words_with_breaks(title)


def words_with_breaks(title: str, protected: tuple[str, ...] = ()) -> str:
    return "|".join(phrases(title, protected))


@pytest.mark.parametrize(
    "term", ["骨化二醇", "可耐受最高摄入量", "甲状旁腺激素", "依赖维生素K的蛋白", "25-羟化酶"]
)
def test_glossary_terms_stay_whole(term):
    title = f"什么是{term}以及它在身体里做什么"
    assert term in words_with_breaks(title, (term,))
    assert term in title_html(title, is_chinese=True, protected=(term,))


def test_quoted_words_stay_whole_even_with_a_stop_inside():
    for quoted in ("“点火因子”", "“三样都要有”", "“是吗？是的”", "“吃好，睡好”"):
        assert quoted in title_html(f"作者所说的{quoted}是什么意思", is_chinese=True)


@pytest.mark.parametrize("word", ["维生素D3", "维生素K2", "25(OH)D", "50µg", "0.6–0.8", "80%"])
def test_latin_letters_and_figures_stay_with_their_signs(word):
    assert word in words_with_breaks(f"每天补充{word}有没有用处")


def test_a_heading_has_somewhere_to_break():
    for title in TITLES:
        assert "<wbr>" in title_html(title, is_chinese=True)


# Titles


def test_a_chinese_title_is_cut_after_its_stops():
    html = title_html("补了D3没见效？关键在缺镁", is_chinese=True)
    assert re.sub(r"<wbr>", "", html) == (
        '<span class="ph">补了D3没见效？</span><span class="ph">关键在缺镁</span>'
    )


def test_closing_marks_and_repeated_stops_stay_with_their_clause():
    html = title_html("他问：“这种办法到底行不行得通？！”医生没有回答", is_chinese=True)
    clauses = [words_of(clause) for clause in html.split("</span>") if clause]
    assert clauses == ["他问：", "“这种办法到底行不行得通？！”", "医生没有回答"]


def test_a_clause_of_one_character_stays_with_the_clause_before():
    assert "ph" not in title_html("缺什么？镁", is_chinese=True)


def test_a_title_that_ends_with_its_stop_is_one_clause():
    assert "ph" not in title_html("维生素D够不够？", is_chinese=True)
    assert "ph" not in title_html("真的吗？！", is_chinese=True)


def test_an_english_title_is_cut_after_its_stops_and_has_no_other_breaks():
    html = title_html("Took vitamin D3? Magnesium may be missing", is_chinese=False)
    assert html == (
        '<span class="ph">Took vitamin D3?</span> <span class="ph">Magnesium may be missing</span>'
    )
    assert title_html("One clause alone", is_chinese=False) == "One clause alone"
    assert title_html("A 10:30 start", is_chinese=False) == "A 10:30 start"


@pytest.mark.parametrize("is_chinese", [True, False])
def test_titles_are_escaped(is_chinese):
    html = title_html('<b>甲</b>？"乙" & <script>', is_chinese)
    assert "<b>" not in html
    assert "<script>" not in html
    assert words_of(html) == '<b>甲</b>？"乙" & <script>'


def test_an_empty_title_is_empty():
    assert title_html("", is_chinese=True) == ""
    assert title_html("", is_chinese=False) == ""


# Headings that are already HTML


def test_a_heading_keeps_its_markup_and_breaks_in_its_words():
    html = heading_html('镁与<a href="/a/" title="很长的标题文字">维生素D的激活过程</a>', True)
    assert html.startswith("镁与")
    assert '<a href="/a/" title="很长的标题文字">维生素D的<wbr>激活过程</a>' in html


def test_an_english_heading_is_left_alone():
    assert heading_html("A <em>b</em>: c", is_chinese=False) == "A <em>b</em>: c"


def test_entities_in_a_heading_are_escaped_once():
    assert heading_html("甲&amp;乙", is_chinese=True) == "甲&amp;乙"
    assert heading_html("&lt;b&gt;<em>乙</em>", is_chinese=True) == "&lt;b&gt;<em>乙</em>"


def test_a_very_long_heading_is_not_cut():
    assert phrases("维生素" * MAX_HEADING) == ["维生素" * MAX_HEADING]
    assert title_html("维生素？" * MAX_HEADING, is_chinese=True) == "维生素？" * MAX_HEADING


# The end of a last line


def test_the_last_two_characters_are_tied_to_their_stop():
    assert keep_tails("<p>这是一段比较长的文字，讲的是镁。</p>") == (
        '<p>这是一段比较长的文字，讲的<span class="tail">是镁。</span></p>'
    )


def test_citations_between_the_word_and_the_stop_are_tied_too():
    marks = f'{WORD_JOINER}<sup class="cite"><a href="#r1" id="c1">1</a><a href="#r2">2</a></sup>'
    html = keep_tails(f"<p>这是一段比较长的文字{marks}。</p>")
    assert html == f'<p>这是一段比较长的<span class="tail">文字{marks}。</span></p>'


@pytest.mark.parametrize("stop", ["。", "！", "？", "……", "。”", "）。", "？！”"])
def test_every_kind_of_stop_is_tied(stop):
    assert f'<span class="tail">文字{stop}</span>' in keep_tails(f"<li>这是比较长的文字{stop}</li>")


@pytest.mark.parametrize(
    "html",
    [
        "<p>短。</p>",
        "<p>no Han characters at all here.</p>",
        "<p>没有句号的一段比较长的文字</p>",
        "<p>以英文结尾的一段比较长的文字D3。</p>",
        "<h2>标题不是段落，标题不需要这样做。</h2>",
        "<p>一段比较长的文字。<details></details></p>",
    ],
)
def test_other_ends_are_left_alone(html):
    assert keep_tails(html) == html


# Chinese words on pages in another language


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("no Han", "no Han"),
        ("the 镁 in it", 'the <i lang="zh-Hans">镁</i> in it'),
        ("(注册营养师)", '(<i lang="zh-Hans">注册营养师</i>)'),
        ("镁、钙 and 铁", '<i lang="zh-Hans">镁、钙</i> and <i lang="zh-Hans">铁</i>'),
        ('<a title="镁">镁</a>', '<a title="镁"><i lang="zh-Hans">镁</i></a>'),
        ("“quoted” — dash", "“quoted” — dash"),
    ],
)
def test_chinese_words_in_another_language_are_marked(html, marked):
    assert mark_han(html) == marked


@pytest.mark.slow
def test_marking_a_very_long_text_is_quick():
    assert mark_han("镁" * 100_000 + "x").startswith("<i")
    assert mark_han("镁、" * 50_000).endswith("、")


# Properties

CHINESE = st.text(alphabet="维生素补充剂镁的了D3K2“”？：，。（）a <>&\"'的水 0.5%\u2060")


@given(st.one_of(st.text(), CHINESE), st.booleans())
@example("“", True)
@example("的的的", True)
@example("？？？", True)
def test_without_its_tags_a_title_is_the_escaped_text(title, is_chinese):
    html = re.sub(r'<wbr>|<span class="ph">|</span>', "", title_html(title, is_chinese))
    expected = escape(title, quote=False)
    if is_chinese:
        assert html == expected
    else:
        assert html.split() == expected.split()


@given(st.one_of(st.text(), CHINESE).map(escape))
def test_marking_chinese_words_changes_no_words(html):
    assert re.sub(r'<i lang="zh-Hans">|</i>', "", mark_han(html)) == html


@given(st.one_of(st.text(), CHINESE))
def test_phrases_are_the_text_in_pieces_and_none_is_empty(text):
    pieces = phrases(text, ("补充剂",))
    assert "".join(pieces) == text
    assert all(pieces)


@given(st.lists(st.one_of(CHINESE.map(escape), st.sampled_from(["<em>", "</em>", "<br>"]))))
def test_a_heading_keeps_every_tag_and_word(parts):
    html = "".join(parts)
    result = heading_html(html, is_chinese=True)
    assert re.findall(r"</?(?:em|br)>", result) == re.findall(r"</?(?:em|br)>", html)
    assert words_of(result) == words_of(html)


@given(st.lists(st.sampled_from(["<p>", "</p>", "文字", "。", "<sup>", "</sup>", "</li>", "D3"])))
def test_tails_change_no_words(parts):
    html = "".join(parts)
    assert re.sub(r'<span class="tail">|</span>', "", keep_tails(html)) == html
