"""The body language on the page: its known pitfalls, each with the text that falls in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.markdown.extension import (
    WORD_JOINER,
    is_too_heavy,
    join_soft_breaks,
    make_markdown,
    place_citations,
    widen_lists,
)
from tests.articles.rendered import (
    dead_addresses,
    html_of,
    misplaced_elements,
    repeated_ids,
    tree_of,
)

REFERENCES_AND_TERMS = "\n\n[[glossary]]\n\n[[references]]"


def convert(source: str) -> str:
    return make_markdown().convert(source)


# Emphasis beside full-width punctuation


@pytest.mark.parametrize(
    ("source", "marked"),
    [
        ("**注意：**请先问医生。", "注意："),
        ("请看**（见上文）**后面", "（见上文）"),
        ("“**重要**”的事", "重要"),
        ("他说**“重要”**。后面", "“重要”"),
        ("前面**文字。**后面", "文字。"),
        ("前面**《书名》**后面", "《书名》"),
        ("中**文**字", "文"),
        ("**25(OH)D**偏低", "25(OH)D"),
    ],
)
def test_strong_works_beside_full_width_marks(source, marked):
    page = tree_of(source)
    assert [element.text for element in page.select("strong")] == [marked]
    assert "*" not in page.text


def test_single_stars_are_emphasis_and_a_lone_star_is_a_star():
    assert convert("这是*强调*。") == "<p>这是<em>强调</em>。</p>"
    assert convert("5 * 3，P<0.05*") == "<p>5 * 3，P&lt;0.05*</p>"


def test_escaped_marks_are_printed():
    assert tree_of(r"\*不是强调\* \[@dai2018]").text == "*不是强调* [@dai2018]"


# Soft line breaks


def test_lines_broken_between_han_characters_are_joined():
    assert tree_of("第一行\n第二行，\n第三行").p.text == "第一行第二行，第三行"


@pytest.mark.parametrize(
    ("source", "joined"),
    [
        ("维生素\nD3", "维生素D3"),
        ("D3\n的作用", "D3的作用"),
        ("中文。\n“引语”", "中文。“引语”"),
        ("**粗体**\n后面", "**粗体**后面"),
        ("前面\n**粗体**", "前面**粗体**"),
        ("甲[@dai2018]\n乙", "甲[@dai2018]乙"),
        ("甲{claim:C1}\n乙", "甲{claim:C1}乙"),
        ("甲 \n  乙", "甲乙"),
        ("> 甲\n> 乙", "> 甲乙"),
        ("- 甲\n  乙", "- 甲乙"),
    ],
)
def test_no_blank_appears_beside_a_han_character(source, joined):
    assert join_soft_breaks(source) == joined


@pytest.mark.parametrize(
    "source",
    [
        "word\nanother",
        "- 甲\n- 乙",
        "1. 甲\n2. 乙",
        "1) 甲\n2) 乙",
        "* 甲\n* 乙",
        "甲  \n乙",
        "甲\n\n乙",
        "| 甲 | 乙 |\n| --- | --- |\n| 丙 | 丁 |",
        "甲 | 乙\n--- | ---\n丙 | 丁\n戊 | 己",
        "> 甲\n> - 乙\n> - 丙",
        "术语\n: 解释",
    ],
)
def test_line_ends_that_mean_something_stay(source):
    assert join_soft_breaks(source) == source


def test_english_keeps_its_line_ends():
    assert tree_of("one\ntwo", "en").p.text.split() == ["one", "two"]


def test_a_list_whose_items_are_wrapped_keeps_its_items():
    page = tree_of("- 第一项\n  续行\n- 第二项")
    assert [item.text for item in page.select("li")] == ["第一项续行", "第二项"]


@given(st.text(alphabet="中文ab ，。*>-|\n12."))
def test_joining_lines_only_ever_removes_blanks_and_quote_marks(source):
    def bare(text):
        return re.sub(r"[\s>]", "", text)

    assert bare(join_soft_breaks(source)) == bare(source)


# Lists


@pytest.mark.parametrize("indent", [2, 3, 4])
@pytest.mark.parametrize("mark", ["-", "*", "1."])
def test_lists_nest_at_every_usual_indent(indent, mark):
    blank = " " * indent
    page = tree_of(f"{mark} 甲\n{blank}{mark} 乙\n{blank * 2}{mark} 丙\n{mark} 丁")
    name = "ol" if mark == "1." else "ul"
    first, last = page.find(name).find_all("li", recursive=False)
    assert (first.find(string=True).strip(), last.text) == ("甲", "丁")
    assert page.select_one(f"li > {name} > li > {name} > li").text == "丙"


def test_a_later_paragraph_of_an_item_stays_in_it():
    page = tree_of("1. 甲\n\n   甲的第二段\n\n2. 乙")
    first, second = page.select("ol > li")
    assert [paragraph.text for paragraph in first.select("p")] == ["甲", "甲的第二段"]
    assert second.text.strip() == "乙"


def test_an_item_right_below_a_later_paragraph_is_an_item():
    page = tree_of("- 甲\n\n  第二段\n- 乙")
    assert len(page.select("ul > li")) == 2


def test_ordered_lists_keep_their_first_number_and_both_ways_to_type_it():
    assert tree_of("3. 甲\n4. 乙").ol["start"] == "3"
    assert len(tree_of("1) 甲\n2) 乙").select("ol > li")) == 2


def test_what_is_no_list_is_not_indented():
    source = "文字\n    续行\n\n    代码\n\n> 引文\n>   续行"
    assert widen_lists(source) == source


@given(st.text(alphabet="- 1.a\n*"))
def test_widening_lists_changes_blanks_alone(source):
    assert re.sub(r"\s", "", widen_lists(source)) == re.sub(r"\s", "", source)


# Headings and their addresses


def test_a_chinese_heading_keeps_its_typed_address():
    assert tree_of("## 镁缺乏的信号 {#signs}").h2["id"] == "signs"


def test_a_chinese_heading_without_an_address_takes_its_blocks_id_and_never_a_number():
    page = tree_of("## 镁缺乏的信号\n\n## 镁缺乏的信号\n\n### 为什么？")
    ids = [heading["id"] for heading in page.select("h2, h3")]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"b[0-9a-f]{4}", found) for found in ids)


def test_a_heading_may_start_with_a_number_or_a_dash():
    page = tree_of("## 1. 第一步\n\n## - 减号\n\n## > 大于")
    assert [heading.text for heading in page.select("h2")] == ["1. 第一步", "- 减号", "> 大于"]
    assert page.select("ol, ul, blockquote") == []


def test_a_body_has_no_heading_of_level_one_and_none_below_four():
    page = tree_of("# 一\n\n###### 六")
    assert [element.name for element in page.find_all(re.compile(r"h\d"))] == ["h2", "h4"]


def test_underlined_and_indented_lines_make_no_headings():
    page = tree_of("文字\n===\n\n文字\n---\n\n> ## 引文里\n\n- ## 列表里")
    assert page.find_all(re.compile(r"h\d")) == []


def test_marks_inside_a_heading_are_filled_in():
    page = tree_of(f"## [[term:iu]]与[@dai2018]{{claim:C1}} {{#a}}{REFERENCES_AND_TERMS}")
    assert page.h2.text == f"国际单位与{WORD_JOINER}1"
    assert misplaced_elements(str(page)) == []


# Tables


def test_alignment_becomes_a_class_and_never_a_style():
    page = tree_of("| 左 | 中 | 右 | 无 |\n| :-- | :-: | --: | --- |\n| 1 | 2 | 3 | 4 |")
    classes = [cell.get("class") for cell in page.select("td")]
    assert classes == [["align-left"], ["align-center"], ["align-right"], None]
    assert page.select("[style]") == []
    assert {cell["scope"] for cell in page.select("th")} == {"col"}


def test_a_table_can_be_reached_and_scrolled_by_keyboard():
    frame = tree_of("| a |\n| --- |\n| 1 |").div
    assert (frame["class"], frame["tabindex"], frame["role"]) == (["table-scroll"], "0", "group")
    assert frame["aria-label"]


def test_rows_of_a_table_without_outer_bars_stay_rows():
    page = tree_of("甲 | 乙\n--- | ---\n丙 | 丁\n戊 | 己")
    assert [cell.text for cell in page.select("td")] == ["丙", "丁", "戊", "己"]


def test_a_claim_in_a_cell_stays_in_it():
    page = tree_of("| a | b |\n| --- | --- |\n| x{claim:C1} | y |")
    assert page.select_one("td details.why")
    assert misplaced_elements(str(page)) == []


# Footnotes


def test_footnote_marks_and_notes_point_at_each_other():
    page = tree_of("甲[^b]，乙[^a]，丙[^b]。\n\n[^a]: 注a\n\n[^b]: 注b")
    marks = page.select("sup.cite--note a")
    assert [mark["href"] for mark in marks] == ["#fn-1", "#fn-2", "#fn-1"]
    assert [mark.get("id") for mark in marks] == ["fnref-1", "fnref-2", None]
    notes = page.select("section.footnotes li")
    assert [note["id"] for note in notes] == ["fn-1", "fn-2"]
    assert [note.select_one("a.back")["href"] for note in notes] == ["#fnref-1", "#fnref-2"]
    assert [note.find(string=True).strip() for note in notes] == ["注b", "注a"]
    assert dead_addresses(page) == []


def test_a_footnote_may_have_several_lines_and_paragraphs():
    page = tree_of("甲[^1]。\n\n[^1]: 第一行\n懒的第二行\n\n    第二段")
    assert [text.text for text in page.select("section.footnotes p")] == [
        "第一行懒的第二行",
        "第二段",
    ]
    assert page.select("pre") == []


def test_a_footnote_may_cite_and_name_another_footnote():
    page = tree_of(f"甲[^1]。{REFERENCES_AND_TERMS}\n\n[^1]: 见[^2][@dai2018]\n[^2]: 又见[^1]")
    assert len(page.select("section.footnotes li")) == 2
    assert dead_addresses(page) == []
    assert repeated_ids(page) == []


def test_footnotes_nobody_names_and_names_without_a_note_print_nothing():
    page = tree_of("甲[^x]。\n\n[^1]: 没人看")
    assert page.text.strip() == "甲。"
    assert page.select("sup, section") == []


# What is off


@pytest.mark.parametrize(
    "source",
    [
        "<b>粗</b>",
        "<script>alert(1)</script>",
        "<div>\n\n文字\n\n</div>",
        "<!-- 注释 -->",
        "<img src=x onerror=alert(1)>",
        "<details><summary>x</summary>y</details>",
        "a <br> b",
        "&lt;b&gt; 与 &amp;",
    ],
)
def test_raw_html_is_shown_as_text(source):
    page = tree_of(source)
    assert {element.name for element in page.find_all(True)} <= {"p"}
    shown = re.sub(r"\s", "", page.text)
    assert shown == re.sub(r"\s", "", source).replace("&lt;", "<").replace("&gt;", ">").replace(
        "&amp;", "&"
    )


@pytest.mark.parametrize("source", ["![alt](/x.png)", "![alt][x]\n\n[x]: /x.png", "![alt]"])
def test_images_by_address_are_not_rendered(source):
    assert tree_of(source).select("img, picture") == []


def test_definitions_that_could_not_work_are_shown_and_not_swallowed():
    page = tree_of("见[网站][x]。\n\n[x]: https://example.org/\n\n*[HTML]: 一种语言")
    assert [paragraph.text for paragraph in page.select("p")] == [
        "见[网站][x]。",
        "[x]: https://example.org/",
        "*[HTML]: 一种语言",
    ]


def test_attribute_lists_are_text():
    assert "onclick" not in str(tree_of("文字\n{: onclick=alert(1)}").p.attrs)


# Links


@pytest.mark.parametrize(
    "address",
    [
        "/zh-hans/about/",
        "#signs",
        "https://example.org/a?b=1",
        "HTTP://example.org",
        "mailto:a@example.org",
        "https://doi.org/10.1016/S0140-6736(05)12345-6",
        "https://例子.中国/路径",
    ],
)
def test_good_links_live(address):
    assert tree_of(f"[文字]({address})").a["href"] == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#x0A;script:alert(1)",
        "javascript&colon;alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org/",
        "/\\example.org/",
        "\\\\\\\\example.org/",
        "/&#9;/example.org/",
        "https:example.org",
        "http:/\\example.org",
        "&#x7f;//example.org/",
        "&#xe000;/\\example.org/",
        "&#xfeff;//example.org/",
        "java&#x7f;script:alert(1)",
        "java\u017fcript:alert(1)",
        "about:blank",
        "tel:111",
    ],
)
def test_other_links_are_dead_but_their_words_stay(address):
    page = tree_of(f"[文字]({address})")
    assert "文字" in page.text
    assert [link for link in page.select("a") if link.get("href")] == []


def test_a_link_may_have_a_title_with_markup_characters():
    link = tree_of("## [x onmouseover=alert(1)](/y \"a > b <i> 'c'\")").a
    assert link.attrs == {"href": "/y", "title": "a > b <i> 'c'"}


def test_a_citation_typed_inside_a_link_follows_it():
    page = tree_of(f"见[链接[@dai2018]文字[^1]](/a/)后{REFERENCES_AND_TERMS}\n\n[^1]: 注")
    assert page.p.text == f"见链接{WORD_JOINER}文字1*1后"
    assert misplaced_elements(str(page)) == []


def test_a_term_inside_a_link_is_words():
    page = tree_of(f"[看[[term:iu]]和[[term:calcidiol|它]]](/a/){REFERENCES_AND_TERMS}")
    assert page.p.a.text == "看国际单位和它"
    assert misplaced_elements(str(page)) == []


def test_a_mark_in_a_links_address_or_title_leaves_no_trace():
    html = html_of('[x](/a[@dai2018] "t [@dai2018] `c` {claim:C1}")')
    assert "wzxhzdk" not in html
    assert "klzzwxh" not in html


# Citations


@pytest.mark.parametrize(
    "source",
    ["句子[@dai2018]。后", "句子。[@dai2018]后", "句子 [@dai2018]。后", "句子。 [@dai2018]后"],
)
def test_chinese_prints_a_citation_before_the_stop(source):
    assert place_citations(source, is_chinese=True) == f"句子{WORD_JOINER}[@dai2018]。后"


@pytest.mark.parametrize(
    ("source", "placed"),
    [
        ("甲，[@a]乙", f"甲{WORD_JOINER}[@a]，乙"),
        ("甲？[@a]", f"甲{WORD_JOINER}[@a]？"),
        ("他说：“好。”[@a]", f"他说：“好{WORD_JOINER}[@a]。”"),
        ("甲[@a]乙", f"甲{WORD_JOINER}[@a]乙"),
        ("甲 [@a] [@b]。", f"甲{WORD_JOINER}[@a; @b]。"),
        ("甲[@a]。乙。[@b]", f"甲{WORD_JOINER}[@a]。乙{WORD_JOINER}[@b]。"),
        ("……[@a]", f"{WORD_JOINER}[@a]……"),
    ],
)
def test_chinese_citations_keep_to_their_word(source, placed):
    assert place_citations(source, is_chinese=True) == placed


@pytest.mark.parametrize(
    "source", ["Text [@a]. More", "Text.[@a] More", "Text. [@a] More", "Text[@a]. More"]
)
def test_english_prints_a_citation_after_the_stop(source):
    assert place_citations(source, is_chinese=False) == "Text.[@a] More"


@pytest.mark.parametrize(
    ("source", "placed"),
    [
        ("Text [@a], more", "Text,[@a] more"),
        ("“Text [@a].”", "“Text.”[@a]"),
        ("Text [@a] [@b].", "Text.[@a; @b]"),
        ("Text [@a] goes on", "Text[@a] goes on"),
        ("(Text [@a])", "(Text[@a])"),
        ("One [@a]. Two [@b].", "One.[@a] Two.[@b]"),
        ("soft\n[@a].", "soft.[@a]"),
    ],
)
def test_english_citations_keep_to_their_word(source, placed):
    assert place_citations(source, is_chinese=False) == placed


@pytest.mark.parametrize("is_chinese", [True, False])
@pytest.mark.parametrize(
    "source", ["[@a] x", "- [@a] x", "1. [@a] x", "> [@a] x", "x\n\n[@a]", "| [@a] |", r"\[@a]"]
)
def test_a_citation_that_starts_a_line_stays(source, is_chinese):
    assert place_citations(source, is_chinese) == source


@given(st.text(alphabet="中a。. []@;\n-|"), st.booleans())
def test_placing_citations_twice_is_placing_them_once_for_words(source, is_chinese):
    def words(text):
        return sorted(re.sub(r"[\s;@\[\]\u2060]", "", text))

    assert words(place_citations(source, is_chinese)) == words(source)


def test_several_keys_are_several_links_in_one_mark():
    page = tree_of("甲[@dai2018; @rude1985]。\n\n[[references]]")
    assert [link.text for link in page.sup.select("a")] == ["1", "2"]


def test_unknown_keys_are_left_out():
    page = tree_of("甲[@nobody]，乙[@dai2018; @nobody]。\n\n[[references]]")
    assert [link.text for link in page.select("sup a")] == ["1"]


# Claims


@pytest.mark.parametrize(
    "source",
    [
        "段落。{claim:C1}",
        "段{claim:C1}中",
        "**粗{claim:C1}**",
        "[链接{claim:C1}](/a/)",
        "- 项{claim:C1}\n- 项{claim:C2}",
        "- 项{claim:C1}\n  - 内{claim:C2}",
        "1. 项\n\n   段{claim:C1}",
        "> 引{claim:C1}",
        "| a |\n| - |\n| b{claim:C1} |",
        "词\n:   解{claim:C1}",
        "## 标题{claim:C1}",
        "[[tip|T]]\n\n段{claim:C1}\n\n- 项{claim:C2}\n\n[[/tip]]",
        "[[term:iu|词{claim:C1}]]",
        "{claim:C1}",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_claims_leave_the_running_text_so_that_the_html_is_valid(source, language):
    html = html_of(source + REFERENCES_AND_TERMS, language)
    assert misplaced_elements(html) == []
    assert "claim" not in html


def test_a_claim_beside_a_paragraph_follows_it():
    note = tree_of("段落。{claim:C1}后文").select_one("div.noted")
    assert [child.name for child in note.find_all(recursive=False)] == ["p", "div"]
    assert note.p.text == "段落。后文"
    assert len(note.select("details.why")) == 1


def test_a_claim_in_a_list_stays_with_its_item_above_the_inner_list():
    first = tree_of("- 项{claim:C1}\n  - 内").select_one("li")
    assert [child.name for child in first.find_all(recursive=False)] == ["details", "ul"]


def test_the_same_claim_twice_in_a_paragraph_has_one_note():
    assert len(tree_of("甲{claim:C1}，乙{claim:C1}。").select("details")) == 1


def test_taking_a_claim_out_leaves_the_words_around_it_apart():
    assert tree_of("one {claim:C1} *two*", "en").p.text == "one  two"
    assert tree_of("one {claim:C1}", "en").p.text == "one"


def test_unknown_claims_leave_nothing():
    assert html_of("甲{claim:C9}。") == "<p>甲。</p>"


# Terms


def test_the_first_mention_of_a_term_is_where_the_glossary_leads_back_to():
    page = tree_of(f"[[term:iu]]和[[term:iu|IU]]{REFERENCES_AND_TERMS}")
    links = page.select("a.term")
    assert [(link.text, link["href"], link.get("id")) for link in links] == [
        ("国际单位", "#g-iu", "t-iu"),
        ("IU", "#g-iu", None),
    ]
    assert dead_addresses(page) == []


def test_without_a_glossary_terms_are_words():
    assert html_of("[[term:iu]]") == "<p>国际单位</p>"


def test_a_glossary_inside_a_container_counts():
    page = tree_of("[[term:iu]]\n\n[[tip|T]]\n\n[[glossary]]\n\n[[/tip]]")
    assert page.select_one("section.tip dl.glossary #g-iu")
    assert dead_addresses(page) == []


def test_an_unknown_term_prints_its_words():
    page = tree_of(f"[[term:nobody|某词]]和[[term:nobody]]{REFERENCES_AND_TERMS}")
    assert page.p.text == "某词和"
    assert page.select("a.term") == []


# Too much


@pytest.mark.parametrize("source", ["[" * 21, "字" + "*" * 2001, "字" * 20_001, "> " * 60 + "x"])
def test_what_is_too_heavy_is_shown_as_typed(source):
    assert is_too_heavy(source)
    assert tree_of(source).text.strip() == source.strip()


def test_ordinary_blocks_are_not_too_heavy():
    table = "| [a](/b/) | **c** | [@dai2018] | [[term:iu]] |\n" * 100
    assert not is_too_heavy("- **甲**：[乙](/c/)[@dai2018]{claim:C1}\n" * 100)
    assert not is_too_heavy("| a | b | c | d |\n| - | - | - | - |\n" + table)
    assert not is_too_heavy("- - - - - - - -")


def test_definition_lists_work_within_one_block():
    page = tree_of("词\n:   解释")
    assert (page.dt.text, page.dd.text) == ("词", "解释")
