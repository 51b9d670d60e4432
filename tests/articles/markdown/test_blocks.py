"""The split of a body into blocks: what each block is, and every complaint with its line."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.markdown.blocks import (
    CONTAINERS,
    LEAVES,
    MAX_BLOCKS,
    MAX_BODY,
    MAX_PROBLEMS,
    clean_source,
    join_blocks,
    split_body,
)


def kinds(body: str) -> list[str]:
    return [block.kind for block in split_body(body).blocks]


def sources(body: str) -> list[str]:
    return [block.source for block in split_body(body).blocks]


def problems(body: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in split_body(body).problems]


# What a block is


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("一段文字。", "paragraph"),
        ("两行\n一段。", "paragraph"),
        ("## 标题", "heading"),
        ("##　全角空格也行", "heading"),
        ("- 甲\n- 乙", "list"),
        ("* a\n* b", "list"),
        ("1. a\n2. b", "list"),
        ("1) a\n2) b", "list"),
        ("> 引文\n> 续行", "quotation"),
        ("| a | b |\n| --- | ---: |\n| 1 | 2 |", "table"),
        ("甲 | 乙\n--- | ---\n1 | 2", "table"),
        ("---", "rule"),
        ("***", "rule"),
        ("[^1]: 脚注", "footnote"),
        ("[[figure:activation]]", "figure"),
        ("[[callouts]]", "callouts"),
        ("[[key-points:C1,C2]]", "key-points"),
        ("[[product]]", "product"),
        ("[[glossary]]", "glossary"),
        ("[[references]]", "references"),
        ("[[quote|谁]]\n\n问题\n\n[[/quote]]", "quote"),
        ("[[tip|标题]]\n\n文字\n\n[[/tip]]", "tip"),
        ("[[safety:magnesium|标题]]\n\n文字\n\n[[/safety]]", "safety"),
        ("[[urgent|标题]]\n\n文字\n\n[[/urgent]]", "urgent"),
        ("[[term:calcidiol|骨化二醇]]", "paragraph"),
        ("[[term:calcidiol]]开头的一段。", "paragraph"),
        ("*强调*开头", "paragraph"),
        ("-没有空格就不是列表", "paragraph"),
        ("#5 is no heading", "paragraph"),
    ],
)
def test_one_block_is_recognised_without_complaint(body, kind):
    split = split_body(body)
    assert [block.kind for block in split.blocks] == [kind]
    assert split.problems == ()


def test_empty_bodies_have_no_blocks():
    for body in ("", "\n", "   \n\t\n", "\r\n\r\n", "\ufeff"):
        assert split_body(body).blocks == ()
        assert split_body(body).problems == ()


def test_every_block_knows_its_first_line():
    body = "一段。\n\n\n## 标题\n- 甲\n- 乙\n\n[[tip|T]]\n\n内\n\n[[/tip]]\n\n[[glossary]]\n"
    assert [(block.kind, block.line) for block in split_body(body).blocks] == [
        ("paragraph", 1),
        ("heading", 4),
        ("list", 5),
        ("tip", 8),
        ("glossary", 14),
    ]


def test_arguments_and_titles_are_trimmed():
    block = split_body("[[safety: magnesium , vitamin-d | 标题 ]]\n\nx\n\n[[/safety]]").blocks[0]
    assert (block.argument, block.title, block.source) == ("magnesium,vitamin-d", "标题", "x")


def test_a_title_may_hold_bars_brackets_and_colons():
    block = split_body("[[tip|甲：乙 | [丙]]]\n\nx\n\n[[/tip]]").blocks[0]
    assert block.title == "甲：乙 | [丙]"


def test_windows_and_old_mac_line_ends_are_line_ends():
    body = "甲\n\n[[tip|T]]\n\n乙\n丙\n\n[[/tip]]\n"
    expected = split_body(body)
    assert split_body(body.replace("\n", "\r\n")) == expected
    assert split_body(body.replace("\n", "\r")) == expected


def test_tabs_count_as_four_columns():
    assert sources("- 甲\n\n\t第二段") == ["- 甲\n\n    第二段"]


# Headings


@pytest.mark.parametrize(
    ("line", "level", "text", "address"),
    [
        ("## 标题", 2, "标题", ""),
        ("### 镁缺乏的信号 {#signs}", 3, "镁缺乏的信号", "signs"),
        ("##   宽   ##", 2, "宽", ""),
        ("## 标题 {#a} ##", 2, "标题", "a"),
        ("## C# 与 F#", 2, "C# 与 F#", ""),
        ("## C# ##", 2, "C#", ""),
        ("## 集合 {a, b}", 2, "集合 {a, b}", ""),
        ("## {#a}", 2, "{#a}", ""),
        ("## 甲 {#a} {#b}", 2, "甲 {#a}", "b"),
        ("###### six", 6, "six", ""),
        ("## 1. 第一步", 2, "1. 第一步", ""),
    ],
)
def test_a_heading_has_level_words_and_address(line, level, text, address):
    (block,) = split_body(line).blocks
    assert (block.kind, block.level, block.source, block.id) == ("heading", level, text, address)


def test_a_heading_needs_no_blank_lines_around_it():
    assert kinds("一段\n## 标题 {#a}\n又一段\n- 甲\n### 小标题") == [
        "paragraph",
        "heading",
        "paragraph",
        "heading",
    ]


@pytest.mark.parametrize("address", ["Signs", "1a", "镁", "a_b", "", "a.b", "x" * 41, 'a"b'])
def test_an_impossible_address_is_reported_and_dropped(address):
    split = split_body(f"一段\n\n## 标题 {{#{address}}}")
    assert [problem.line for problem in split.problems] == [3]
    assert f"{{#{address}}}" in split.problems[0].message
    assert split.blocks[1].source == "标题"
    assert split.blocks[1].id == ""


@pytest.mark.parametrize(
    "address",
    [
        "main",
        "authors",
        "edition",
        "r1",
        "c12",
        "fn-1",
        "fnref-1",
        "fig-a",
        "g-iu",
        "t-iu",
        "toc-h",
    ],
)
def test_addresses_the_page_uses_itself_are_reported(address):
    assert [line for line, _message in problems(f"## 标题 {{#{address}}}")] == [1]


@pytest.mark.parametrize(
    "address", ["safety", "k2", "references", "glossary", "r2d2", "cat", "b1234"]
)
def test_other_addresses_are_fine(address):
    assert problems(f"## 标题 {{#{address}}}") == []


def test_a_repeated_address_is_reported_at_its_second_heading_wherever_it_stands():
    assert [line for line, _message in problems("## 甲 {#a}\n\n## 乙 {#b}\n\n## 丙 {#a}")] == [5]
    inside = "## 甲 {#a}\n\n[[tip|T]]\n\n### 乙 {#a}\n\n[[/tip]]"
    assert [line for line, _message in problems(inside)] == [5]


@pytest.mark.parametrize("line", ["##", "##   ", "## ##", "#"])
def test_a_heading_without_words_is_reported_and_makes_no_block(line):
    split = split_body(f"一段\n\n{line}")
    assert [problem.line for problem in split.problems] == [3]
    assert len(split.blocks) == 1


@pytest.mark.parametrize("line", ["##标题", "###Heading", "＃＃ 标题", "＃标题"])
def test_a_heading_typed_without_blank_or_full_width_is_reported(line):
    assert [line for line, _message in problems(f"一段\n\n{line}")] == [3]
    assert [line for line, _message in problems(f"一段\n{line}")] == [2]


# Lists, tables, rules, footnotes


def test_a_list_goes_on_over_blank_lines():
    body = "- 甲\n\n\n- 乙\n\n  乙的第二段\n\n    - 丙\n\n段落"
    assert kinds(body) == ["list", "paragraph"]
    assert sources(body)[0] == body.removesuffix("\n\n段落")


def test_a_list_ends_at_unindented_text():
    assert kinds("1. a\n\n2. b\n\ntext\n\n3. c") == ["list", "paragraph", "list"]


def test_two_tables_are_two_blocks():
    table = "| a |\n| --- |\n| 1 |"
    assert sources(f"{table}\n\n{table}") == [table, table]


def test_text_right_below_a_rule_is_a_block_of_its_own():
    assert list(zip(kinds("---\n文字"), sources("---\n文字"), strict=True)) == [
        ("rule", "---"),
        ("paragraph", "文字"),
    ]


def test_a_rule_right_below_text_is_a_rule_and_makes_no_heading():
    assert kinds("文字\n---\n文字") == ["paragraph", "rule", "paragraph"]


def test_a_footnote_takes_its_indented_paragraphs():
    body = "[^1]: 第一段\n\n    第二段\n\n不缩进"
    assert list(zip(kinds(body), sources(body), strict=True)) == [
        ("footnote", "[^1]: 第一段\n\n    第二段"),
        ("paragraph", "不缩进"),
    ]


def test_footnotes_one_below_the_other_are_one_block():
    assert kinds("[^1]: a\n[^2]: b") == ["footnote"]


def test_a_footnote_inside_a_container_is_reported():
    found = problems("[[tip|T]]\n\n文字[^1]\n\n[^1]: 注\n\n[[/tip]]")
    assert [line for line, _message in found] == [5]
    assert "[[tip]]" in found[0][1]


# What is wrong with block tags


@pytest.mark.parametrize("name", CONTAINERS)
def test_an_unclosed_container_is_reported_where_it_opens(name):
    split = split_body(f"一段\n\n[[{name}|T]]\n\n文字\n")
    assert [(problem.line, f"[[/{name}]]" in problem.message) for problem in split.problems] == [
        (3, True)
    ]
    assert split.blocks[1].source == "文字"


@pytest.mark.parametrize("name", [*CONTAINERS, *LEAVES, "term"])
def test_a_closing_tag_alone_is_reported(name):
    found = problems(f"一段\n\n[[/{name}]]\n")
    assert [line for line, _message in found] == [3]
    assert f"[[/{name}]]" in found[0][1]


@pytest.mark.parametrize("tag", ["[[note|x]]", "[[Figure:a]]", "[[script|alert(1)]]", "[[x-y]]"])
def test_an_unknown_tag_is_reported_with_the_known_ones_and_makes_no_block(tag):
    split = split_body(f"一段\n\n{tag}\n")
    assert [problem.line for problem in split.problems] == [3]
    for name in (*CONTAINERS, *LEAVES):
        assert name in split.problems[0].message
    assert [block.source for block in split.blocks] == ["一段"]


def test_a_figure_without_a_key_is_reported():
    for body in ("[[figure]]", "[[figure:]]", "[[figure: |标题]]"):
        assert [line for line, _message in problems(f"\n{body}")] == [2]


def test_a_tag_below_a_line_of_text_is_reported_and_still_read():
    split = split_body("一段\n[[figure:a]]\n又一段")
    assert [problem.line for problem in split.problems] == [2]
    assert [block.kind for block in split.blocks] == ["paragraph", "figure", "paragraph"]


@pytest.mark.parametrize(
    "line",
    [
        "见[[figure:a]]。",
        "  [[figure:a]]",
        "[[figure:a]]。",
        "[[figure：a]]",
        "[[tip｜标题]]",
        "- [[product]]",
        "> [[quote|x]]",
        "文字[[/tip]]",
    ],
)
def test_a_block_tag_that_is_not_alone_in_its_line_is_reported(line):
    split = split_body(f"一段\n\n{line}")
    assert [problem.line for problem in split.problems] == [3]
    assert [block.kind in LEAVES + CONTAINERS for block in split.blocks] == [False, False]


def test_a_line_that_is_nearly_a_tag_is_reported():
    for line in ("[[图:a]]", "[[ tip ]]", "[[]]", "[[?]]"):
        assert [line for line, _message in problems(line)] == [1]


@pytest.mark.parametrize(
    "line",
    [
        "【【figure:a】】",
        "［［figure:a］］",
        "：：：tip",
        ":::tip",
        "  【【/tip】】",
        "【【 图 】】",
    ],
)
def test_full_width_tags_are_reported_with_their_line(line):
    for body in (f"一段\n\n{line}", f"一段\n{line}", f"[[tip|T]]\n\n{line}\n\n[[/tip]]"):
        found = problems(body)
        assert [body.split("\n")[number - 1] for number, _message in found] == [line]
        assert line.strip()[:12] in found[0][1]
        assert "[[figure:key]]" in found[0][1]


@pytest.mark.parametrize(
    "text",
    [
        "研究【@dai2018】。",
        "研究［@dai2018］。",
        "研究[＠dai2018]。",
        "好处{claim：C1}",
        "好处｛claim:C1｝",
        "说到[[term：iu]]时",
        "说到【【term:iu】】时",
    ],
)
def test_full_width_marks_inside_a_line_are_reported(text):
    assert [line for line, _message in problems(f"一段\n\n第一行\n{text}")] == [4]


def test_ordinary_full_width_punctuation_is_no_complaint():
    assert problems("他说：“好。”【注】（见上文）——完……：：") == []


def test_containers_may_stand_inside_containers_once():
    body = "[[safety:iron|S]]\n\n文字\n\n[[urgent|U]]\n\n求助\n\n[[/urgent]]\n\n[[/safety]]"
    (block,) = split_body(body).blocks
    assert problems(body) == []
    assert [inner.kind for inner in split_body(block.source, ("safety",)).blocks] == [
        "paragraph",
        "urgent",
    ]


def test_a_container_inside_itself_is_reported():
    found = problems("[[tip|A]]\n\n[[tip|B]]\n\nx\n\n[[/tip]]\n\n[[/tip]]")
    assert [line for line, _message in found] == [3, 9]


def test_a_container_three_deep_is_reported_once_and_its_content_kept():
    body = "[[quote|A]]\n\n[[tip|B]]\n\n[[urgent|C]]\n\nx\n\n[[/urgent]]\n\n[[/tip]]\n\n[[/quote]]"
    assert [line for line, _message in problems(body)] == [5]
    inner = split_body(split_body(body).blocks[0].source, ("quote",)).blocks[0]
    assert [b.source for b in split_body(inner.source, ("quote", "tip")).blocks] == ["x"]


def test_an_unclosed_container_inside_another_is_reported_where_it_opens():
    found = problems("[[safety:iron|S]]\n\n[[urgent|U]]\n\nx\n\n[[/safety]]")
    assert [line for line, _message in found] == [3]
    assert "[[urgent]]" in found[0][1]
    assert "[[safety]]" in found[0][1]


def test_a_stray_closing_tag_inside_a_container_is_reported():
    found = problems("[[tip|T]]\n\nx\n\n[[/quote]]\n\n[[/tip]]")
    assert [line for line, _message in found] == [5]


@pytest.mark.parametrize(
    "tag", ["[[figure:a]]", "[[key-points]]", "[[glossary]]", "[[references]]"]
)
def test_a_block_with_an_address_of_its_own_stands_once(tag):
    assert problems(f"{tag}\n\n[[figure:b]]") == []
    assert [line for line, _message in problems(f"{tag}\n\n{tag}")] == [3]
    inside = f"{tag}\n\n[[tip|T]]\n\n{tag}\n\n[[/tip]]"
    assert [line for line, _message in problems(inside)] == [5]


def test_callouts_may_stand_in_parts():
    assert problems("[[callouts:a]]\n\n[[callouts:b]]\n\n[[callouts]]") == []


def test_problems_come_in_the_order_of_their_lines():
    body = "[[x]]\n\n[[tip|T]]\n\n[[y]]\n\n## 甲 {#a}\n\n[[/tip]]\n\n## 乙 {#a}\n\n[[z]]"
    lines = [line for line, _message in problems(body)]
    assert lines == sorted(lines) == [1, 5, 11, 13]


# Limits


def test_a_body_that_is_too_long_is_reported_and_read_up_to_there():
    split = split_body("a\n" * MAX_BODY)
    assert split.problems[-1].line == MAX_BODY // 2 + 1
    assert sum(len(block.source) for block in split.blocks) <= MAX_BODY


def test_too_many_blocks_are_reported():
    split = split_body("a\n\n" * (MAX_BLOCKS + 5))
    assert len(split.blocks) == MAX_BLOCKS
    assert [problem.line for problem in split.problems] == [2 * MAX_BLOCKS + 1]


@pytest.mark.parametrize(
    "block",
    ["字" * 20_001, "[" * 30, "*" * 2_500, "> " * 90 + "x", "1. " * 60 + "x", "a\n: b\n" * 300],
)
def test_a_block_too_heavy_to_convert_is_reported(block):
    assert [line for line, _message in problems(f"一段\n\n{block}")] == [3]


def test_only_so_many_problems_are_listed():
    assert len(split_body("[[x]]\n" * 500).problems) == MAX_PROBLEMS


# Cleaning


def test_characters_that_no_writer_types_are_dropped():
    assert clean_source("a\x00b\x02c\x1bd\x7fe\x85f\ue000g\ufeffh\u202ei\ud800j") == "abcdefghij"


def test_characters_that_writers_do_type_stay():
    text = "中文\tA\u00a0B\u2060C\u200dD\u3000😀é\U000f0000"
    assert clean_source(text) == text


# Properties

FRAGMENTS = st.sampled_from(
    [
        *(f"[[{name}]]" for name in (*CONTAINERS, *LEAVES, "unknown", "term:a")),
        *(f"[[/{name}]]" for name in (*CONTAINERS, *LEAVES)),
        *("[[tip|标题]]", "[[figure:a|b]]", "[[safety:a, b|c]]", "[[tip|]]]", "[[tip|a]] ]]"),
        *("## ", "##", "## a", "## a #", "## a {#b}", "## a {#B} {#c}", "## a # {#B}", "# #"),
        *("- a", "1. b", "  c", "    d", "> q", "---", "[^1]: n", "| a |", "| - |", "a|b", "-|-"),
        *("文字", "【【x】】", "：：：", " ", "", "\t", "\u3000", "\r\n", "{claim:C1}", "[@a]"),
    ]
)
BODIES = st.one_of(
    st.text(),
    st.text(alphabet="[]/:|#{} \n\t-*>^1ab【：＃\u3000\x00\r"),
    st.lists(FRAGMENTS).map("\n".join),
    st.lists(st.one_of(FRAGMENTS, st.text(max_size=5), st.just("\n\n"))).map("".join),
)


@given(BODIES)
@example("[[tip]]\n  \nx")
@example("## a # #")
@example("## a # {#B}")
@example("- a\n[[x]]\n- b")
@example("[[quote]]\n\n[[tip]]\n\n[[/quote]]\n\n[[/tip]]")
def test_joining_blocks_gives_a_body_that_splits_into_itself(body):
    joined = join_blocks(split_body(body).blocks)
    assert join_blocks(split_body(joined).blocks) == joined


@given(BODIES)
def test_no_text_breaks_the_splitter_and_every_line_exists(body):
    split = split_body(body)
    lines = clean_source(body).count("\n") + 1
    for item in (*split.blocks, *split.problems):
        assert 1 <= item.line <= lines
    assert all(problem.message for problem in split.problems)


@given(BODIES)
def test_splitting_is_idempotent_on_blocks_without_complaint(body):
    first = split_body(body)
    if not first.problems:
        again = split_body(join_blocks(first.blocks))
        assert [block.digest for block in again.blocks] == [block.digest for block in first.blocks]
