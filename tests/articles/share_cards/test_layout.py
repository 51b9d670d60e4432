"""Where the lines of a card's title end: no lone marks, no lost words, never slow."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.share_cards.layout import (
    ELLIPSIS,
    LOOSE,
    NOT_FIRST,
    NOT_LAST,
    Setting,
    break_lines,
    pieces,
    runs,
    set_title,
)

WIDTH, HEIGHT, LEADING = 1056, 196, 1.24
SIZES = (84, 76, 70, 64, 58, 52, 46, 42, 38)
ZH_TITLE = "补了维生素D3却没见效?关键在缺镁"
EN_TITLE = "Taking Vitamin D3 but Seeing No Results? The Missing Key Is Magnesium"

chinese_words = st.sampled_from([
    "镁", "的", "了", "维生素", "补充剂", "关系", "骨质疏松", "怎么", "为什么",
    "、", "，", "。", "：", "？", "！", "“", "”", "（", "）", "《", "》", "【", "】",
    "……", "—", "·", "％", "℃", "$", "￥",
])  # fmt: skip
latin_words = st.sampled_from([
    "a", "D3", "K2", "magnesium", "Sjögren", "25(OH)D₂", "Mg²⁺", "β-carotene", "5%", "30°", "$5",
    "“key”", "(", "(or", "not)", "—", "why?", "no:", "electroencephalographic", "Mädchen's",
])  # fmt: skip
any_word = st.from_regex(r"[a-zé]{1,24}", fullmatch=True)
SPACE = st.just(" ")
chinese = st.lists(chinese_words, max_size=60).map("".join)
english = st.lists(latin_words, max_size=50).map(" ".join)
mixed = st.lists(chinese_words | latin_words | SPACE, max_size=60).map("".join)
texts = st.one_of(st.tuples(chinese | mixed, st.just(True)), st.tuples(english, st.just(False)))


def measure_at(size: int):
    """Letters half as wide as they are high, everything else as wide."""
    return lambda text: sum(size / 2 if ord(letter) < 0x250 else size for letter in text)


def setting_of(text: str, is_chinese: bool, **box) -> Setting:
    values = {"width": WIDTH, "height": HEIGHT, "sizes": SIZES, "leading": LEADING, **box}
    return set_title(text, is_chinese, measure_at, **values)


def longest_bound(text: str) -> int:
    """Characters of the longest stretch in which no line may end, for want of a place in it."""
    stretches = re.split(f"(?<=[^{re.escape(NOT_LAST)}])(?=[^{re.escape(NOT_FIRST)}])", text)
    return max((len(stretch) for stretch in stretches), default=0)


def bare(text: str) -> str:
    return "".join(text.split())


# What holds for every title


@given(texts)
@example(("维生素 D3 与（ 镁 ）的 关系 。怎么补 ，才 好" * 3, True))
@example(("Magnesium — the key to vitamin D — and what nobody told you about it", False))
def test_no_line_starts_or_ends_with_a_mark_that_must_not(text_and_language):
    """But for a mark that starts or ends the whole text, there being nothing to tie it to.

    A row of marks wider than a line would have to be cut too; none of these texts has one.
    """
    text, is_chinese = text_and_language
    text = " ".join(text.split())
    if longest_bound(text) > 12:
        return
    lines = setting_of(text, is_chinese).lines
    for before, after in zip(lines, lines[1:], strict=False):
        assert before[-1] not in NOT_LAST
        assert after[0] not in NOT_FIRST
    if lines and lines[0][0] in NOT_FIRST:
        assert text.startswith(lines[0][0])
    if lines and lines[-1][-1] in NOT_LAST:
        assert text.endswith(lines[-1][-1])


@given(texts)
@example(("镁", True))
@example(("D", False))
@example(("", True))
def test_nothing_is_lost_but_spaces_where_lines_end(text_and_language):
    """What is too long keeps its beginning and says so with an ellipsis."""
    text, is_chinese = text_and_language
    setting = setting_of(text, is_chinese)
    found = bare("".join(setting.lines))
    if found == bare(text):
        return
    assert setting.size == SIZES[-1]
    assert found.endswith(ELLIPSIS)
    assert bare(text).startswith(found.removesuffix(ELLIPSIS))
    assert len(found) > 1


@given(texts)
@example(("！" * 90, True))
def test_no_line_is_wider_than_the_box_and_none_is_too_many(text_and_language):
    text, is_chinese = text_and_language
    size, lines = (setting := setting_of(text, is_chinese)).size, setting.lines
    assert all(measure_at(size)(line) <= WIDTH for line in lines)
    assert len(lines) * size * LEADING <= HEIGHT
    assert all(line and line == line.strip() for line in lines)


@given(st.lists(chinese_words | latin_words | any_word, max_size=30))
@example(["干燥综合征Sjögren"] * 3)
def test_latin_words_are_whole(parts):
    """Words of up to 24 letters, also in Chinese text, where no space stands around them."""
    text = "的".join(parts)
    found = setting_of(text, is_chinese=True)
    for before, after in zip(found.lines, found.lines[1:], strict=False):
        assert not re.search(r"[A-Za-zé]$", before) or not re.match(r"[A-Za-zé]", after)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=100))
@example("镁" * 28)
@example("镁" * 13)
def test_last_line_of_a_chinese_title_is_more_than_one_character(text):
    """A title of one character alone is its own line."""
    lines = setting_of(text, is_chinese=True).lines
    assert len(lines) < 2 or len(lines[-1]) > 1


def test_a_last_line_of_one_character_is_no_way_to_fit():
    """So that a smaller size is tried."""
    assert break_lines(["维生素D", "镁"], len, width=4, most=3) is None
    assert break_lines(["维生", "素D", "镁"], len, width=4, most=3) == ("维生", "素D镁")


# What reads well


@pytest.mark.parametrize(("title", "is_chinese", "lines"), [
    (ZH_TITLE, True, ("补了维生素D3却没见效?", "关键在缺镁")),
    (EN_TITLE, False, ("Taking Vitamin D3 but Seeing No Results?", "The Missing Key Is Magnesium")),
    ("“真的缺镁吗？”医生这样问病人", True, ("“真的缺镁吗？”", "医生这样问病人")),
    ("Really?! The key is magnesium", False, ("Really?!", "The key is magnesium")),
])  # fmt: skip
def test_lines_end_with_clauses_where_type_may_stay_large(title, is_chinese, lines):
    assert setting_of(title, is_chinese).lines == lines


def test_type_is_not_made_much_smaller_for_the_sake_of_clauses():
    title = "镁？" + "维生素补充剂的关系" * 2
    setting = setting_of(title, is_chinese=True)
    assert setting.size >= 0.7 * SIZES[0]


def test_short_titles_are_large_and_long_ones_small():
    sizes = [setting_of("维生素" * count, is_chinese=True).size for count in (1, 8, 20, 35)]
    assert sizes == sorted(set(sizes), reverse=True)
    assert (sizes[0], sizes[-1]) == (SIZES[0], SIZES[-1])


def test_lines_are_of_much_the_same_width():
    lines = break_lines(["word "] * 12, len, width=50, most=3)
    assert [len(line.split()) for line in lines] == [6, 6]


def test_terms_of_an_article_are_not_cut():
    title = "为什么骨化二醇的水平比骨化三醇的水平更能说明问题呢"
    for size in SIZES:
        box = {"sizes": (size,), "protected": ("骨化二醇", "骨化三醇"), "height": 1000}
        joined = "|".join(setting_of(title, is_chinese=True, **box).lines)
        assert "骨化二醇" in joined
        assert "骨化三醇" in joined


# What is too long


@pytest.mark.parametrize(("text", "is_chinese"), [
    ("维生素D、维生素K与镁的关系" * 13, True),
    ("维生素缺" * 50, True),
    ("镁" * 200, True),
    ("了，的。" * 50, True),
    ("word " * 40, False),
    ("a " * 100, False),
    ("x" * 200, False),
    ("！" * 200, True),
    (("Vitamin D (25(OH)D) " * 10)[:200], True),
])  # fmt: skip
def test_a_title_of_200_characters_ends_with_an_ellipsis_at_once(text, is_chinese):
    setting_of(ZH_TITLE, is_chinese=True)  # Loading the model of phrases is paid before.
    started = time.perf_counter()
    setting = setting_of(text, is_chinese)
    assert time.perf_counter() - started < 0.8
    assert bare(text).startswith(bare("".join(setting.lines)).removesuffix(ELLIPSIS))
    if setting.lines[-1].endswith(ELLIPSIS):
        assert len(setting.lines) >= 3
        assert setting.lines[-1][-2] not in LOOSE


def test_signs_that_change_what_is_said_stay_before_the_ellipsis():
    lines = setting_of("magnesium 5%, " * 14, is_chinese=False, width=700).lines
    assert lines[-1].endswith(f"5%{ELLIPSIS}")


@pytest.mark.parametrize("is_chinese", [True, False])
def test_a_text_without_words_has_no_lines(is_chinese):
    assert setting_of("  ", is_chinese).lines == ()


# Parts


@given(texts)
def test_pieces_are_the_text(text_and_language):
    text, is_chinese = text_and_language
    assert "".join(pieces(text, is_chinese)) == " ".join(text.split())


@given(texts)
@example(("Magnesium ( the key ) costs $ 5", False))
@example(("关于【 镁 】的￥ 5", True))
def test_no_piece_starts_or_ends_with_a_mark_that_must_not(text_and_language):
    parts = [part.strip() for part in pieces(*text_and_language)]
    assert not [part for part in parts[1:] if part[0] in NOT_FIRST]
    assert not [part for part in parts[:-1] if part[-1] in NOT_LAST]


@pytest.mark.parametrize(("line", "parts"), [
    ("补了D3却", ["补了", "D3", "却"]),
    ("含量5%的", ["含量", "5%", "的"]),
    ("No Han", ["No Han"]),
    ("", [""]),
])  # fmt: skip
def test_air_stands_between_chinese_and_latin_letters(line, parts):
    assert runs(line) == parts
