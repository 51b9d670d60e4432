"""Comparisons: nothing is lost, numbers stay whole, moves are moves, and it stays readable."""

import dataclasses
import itertools
import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from articles.comparing import (
    Piece,
    compare_documents,
    compare_facts,
    compare_texts,
    compare_values,
    label_of,
    longest_increasing,
    plain_text,
)
from articles.document import (
    CalloutData,
    ContributionData,
    Document,
    FigureData,
    ImageData,
    ProductMentionData,
    ReferenceData,
    StatementData,
)
from articles.markdown.blocks import split_body
from articles.parity import fill_ids
from articles.units import Unit, units_of

LANGUAGES = ("zh-hans", "en")

# Words that meet: Han, Latin, numbers with and without units, punctuation, marks of the body.
WORDS = (
    *("维生素", "的", "钙", "，", "。", "微克", "国际单位", "magnesium", "of", "the", " ", "\n\n"),
    *("400", "5.5%", "1,000", "µg", "IU", "D3", "25-OH", "[@smith2020]", "{claim:C1}", "e\u0301"),
)
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=30).map("".join))


def joined(pieces: tuple[Piece, ...], without: str) -> str:
    return "".join(piece.text for piece in pieces if piece.op != without)


def marked(old: str, new: str, language: str) -> str:
    """A comparison in one line: [-gone-]{+come+}."""
    forms = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(
        forms[piece.op].format(piece.text) for piece in compare_texts(old, new, language)
    )


# One text


@given(texts, texts, st.sampled_from(LANGUAGES))
def test_both_texts_can_be_read_out_of_a_comparison(old, new, language):
    pieces = compare_texts(old, new, language)
    assert joined(pieces, without="added") == old
    assert joined(pieces, without="removed") == new
    assert all(piece.text for piece in pieces)


@given(texts, texts, st.sampled_from(LANGUAGES))
def test_what_went_stands_before_what_came_and_no_two_pieces_are_one(old, new, language):
    ops = [piece.op for piece in compare_texts(old, new, language)]
    allowed = {
        ("same", "removed"),
        ("same", "added"),
        ("removed", "added"),
        ("removed", "same"),
        ("added", "same"),
    }
    assert set(itertools.pairwise(ops)) <= allowed


@given(texts, st.sampled_from(LANGUAGES))
def test_text_is_the_same_as_itself(text, language):
    assert compare_texts(text, text, language) == ((Piece("same", text),) if text else ())


NUMBER_OR_UNIT = re.compile(r"\d+(?:[.,]\d+)*%?|国际单位|微克|毫克|[A-Za-zµ]+")


@given(
    st.lists(st.sampled_from(WORDS[:19]), max_size=25).map(" ".join),
    st.lists(st.sampled_from(WORDS[:19]), max_size=25).map(" ".join),
    st.sampled_from(LANGUAGES),
)
def test_no_number_unit_or_word_is_cut(old, new, language):
    pieces = compare_texts(old, new, language)
    for text, absent in ((old, "added"), (new, "removed")):
        cuts = set(itertools.accumulate(len(piece.text) for piece in pieces if piece.op != absent))
        for match in NUMBER_OR_UNIT.finditer(text):
            assert not cuts & set(range(match.start() + 1, match.end())), match[0]


@pytest.mark.parametrize(
    ("old", "new", "language", "expected"),
    [
        (
            "每天补充400国际单位，持续8周。",
            "每天补充800国际单位，持续12周。",
            "zh-hans",
            "每天补充[-400-]{+800+}国际单位，持续[-8-]{+12+}周。",
        ),
        ("每天5微克。", "每天5毫克。", "zh-hans", "每天5[-微克-]{+毫克+}。"),
        ("每天25.5微克。", "每天25微克。", "zh-hans", "每天[-25.5-]{+25+}微克。"),
        ("about 1,000 IU", "about 1,100 IU", "en", "about [-1,000-]{+1,100+} IU"),
        ("a 5% share", "a 50% share", "en", "a [-5%-]{+50%+} share"),
        ("10 mg", "10 µg", "en", "10 [-mg-]{+µg+}"),
        ("维生素D和钙", "维生素D和维生素K和钙", "zh-hans", "维生素D和{+维生素K和+}钙"),
        ("the cat came", "the cat cat came", "en", "the cat {+cat +}came"),
        ("One. Three.", "One. Two. Three.", "en", "One.{+ Two.+} Three."),
        # Single characters that only happen to be equal are no islands.
        (
            "晚上的光线会影响睡眠。",
            "夜晚的强光会推迟入睡。",
            "zh-hans",
            "[-晚上的光线会影响睡眠-]{+夜晚的强光会推迟入睡+}。",
        ),
        ("old word here", "new term here", "en", "[-old word-]{+new term+} here"),
        (
            "Put the phone away at ten",
            "Put it away at ten",
            "en",
            "Put [-the phone-]{+it+} away at ten",
        ),
        # A number that stayed between two changes is worth seeing.
        ("约5周左右", "共5周以上", "zh-hans", "[-约-]{+共+}5周[-左右-]{+以上+}"),
    ],
)
def test_comparison_reads_as_an_editor_would_mark_it(old, new, language, expected):
    assert marked(old, new, language) == expected


def test_sentence_that_stayed_between_rewritten_ones_is_shown_as_the_same():
    kept = "这句话没有变，应当照样读到。"
    old = f"从前这里写的是一件事情的经过。{kept}后面又写了很多别的内容。"
    new = f"现在完全换了说法与角度来讲。{kept}结尾也整段重新写过一遍。"
    assert any(
        kept in piece.text for piece in compare_texts(old, new, "zh-hans") if piece.op == "same"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_huge_texts_are_compared_by_sentences_and_lose_nothing(language):
    old = "".join(f"第{number}句写了一些内容。" for number in range(6000))
    new = "".join(f"第{number}句改了许多说法！" for number in range(3000)) + old[-60_000:]
    pieces = compare_texts(old, new, language)
    assert joined(pieces, without="added") == old
    assert joined(pieces, without="removed") == new


def test_line_that_stayed_in_a_text_that_changed_everywhere_is_found():
    """Every sentence differs, so only lines are left to compare."""
    old = "".join(f"甲{number}。" for number in range(900)) + "\n不变的一行\n"
    new = "".join(f"乙{number}。" for number in range(900)) + "\n不变的一行\n"
    assert compare_texts(old, new, "zh-hans")[-1].op == "same"


def test_texts_without_anything_in_common_are_one_change():
    old, new = ("".join(f"{word}{number}\n" for number in range(2000)) for word in "甲乙")
    assert compare_texts(old, new, "zh-hans") == (Piece("removed", old), Piece("added", new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, "a", (Piece("added", "a"),)),
        ("a", None, (Piece("removed", "a"),)),
        (None, "", ()),
        (1, 2, (Piece("removed", "1"), Piece("added", "2"))),
        (True, True, (Piece("same", "True"),)),
    ],
)
def test_values_of_fields_are_compared_as_texts(old, new, expected):
    assert compare_values(old, new, "en") == expected


# Whole documents


def document(body: str = "", **fields) -> Document:
    """A document whose blocks are headings with the ids given, or what the body says."""
    values = {"language": "en", "slug": "a", "kind": "article", "title": "T", "standfirst": "S"}
    blocks = fill_ids(split_body(body).blocks)
    return Document(**{**values, "blocks": blocks, **fields})


def headed(ids: str, **texts_) -> Document:
    """One heading for each letter; a keyword changes the words of one."""
    return document("\n\n".join(f"## {texts_.get(id_, f'Word {id_}')} {{#{id_}}}" for id_ in ids))


def kinds(old: Document, new: Document) -> list[tuple[str, str]]:
    """The blocks of a comparison as pairs of id and kind."""
    return [
        (change.id, f"moved+{change.kind}" if change.is_moved else change.kind)
        for change in compare_documents(old, new)
        if change.unit.is_block
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("abc", "abc", "a= b= c="),
        ("abc", "ac", "a= b- c="),
        ("bc", "abc", "a+ b= c="),
        ("abc", "bca", "b= c= a>"),
        ("abc", "cab", "c> a= b="),
        ("abcd", "badc", None),
        ("abc", "", "a- b- c-"),
        ("", "ab", "a+ b+"),
        ("abcd", "xd", "a- b- c- x+ d="),
        ("abxy", "abzw", "a= b= x- y- z+ w+"),
        ("axbyc", "acb", None),
    ],
)
def test_blocks_come_in_the_new_order_with_removed_ones_where_they_were(old, new, expected):
    signs = {"same": "=", "removed": "-", "added": "+", "moved+moved": ">"}
    found = kinds(headed(old), headed(new))
    if expected is not None:
        assert " ".join(id_ + signs[kind] for id_, kind in found) == expected
    assert [id_ for id_, kind in found if kind != "removed"] == list(new)
    assert {id_ for id_, kind in found if kind == "removed"} == set(old) - set(new)


@given(st.permutations("abcdefg"))
def test_the_fewest_blocks_count_as_moved(order):
    found = kinds(headed("abcdefg"), headed("".join(order)))
    moved = [id_ for id_, kind in found if kind == "moved+moved"]
    still = [id_ for id_, kind in found if kind == "same"]
    assert still == sorted(still)
    longest = max(
        len(chosen)
        for size in range(8)
        for chosen in itertools.combinations(order, size)
        if list(chosen) == sorted(chosen)
    )
    assert len(moved) == len(order) - longest


def test_block_that_moved_and_changed_is_both():
    found = compare_documents(headed("abc"), headed("bca", a="Another"))
    (change,) = [change for change in found if change.id == "a"]
    assert (change.kind, change.is_moved, change.was_below) == ("changed", True, False)
    (change,) = [c for c in compare_documents(headed("abc"), headed("cab")) if c.id == "c"]
    assert (change.kind, change.is_moved, change.was_below) == ("moved", True, True)


def test_two_headings_with_one_address_in_a_draft_are_two_blocks():
    """The desk refuses them, but their comparison must come before that."""
    twice = dataclasses.replace(headed("ab"), blocks=(*headed("ab").blocks, *headed("a").blocks))
    assert [kind for _id, kind in kinds(headed("ab"), twice)] == ["same", "same", "added"]
    assert [kind for _id, kind in kinds(twice, headed("ab"))] == ["same", "same", "removed"]


IMAGE = ImageData("x", 1, 1)


def test_every_unit_of_both_documents_is_in_the_comparison_once():
    old = document(
        "One.\n\nTwo.",
        figures=(FigureData("f", IMAGE, "alt", "caption"), FigureData("g", IMAGE, "alt", "c")),
        callouts=(CalloutData("c", "sleep", "label", "text"),),
    )
    new = document(
        "One.",
        edition_note="Note",
        figures=(FigureData("g", IMAGE, "alt", "c"), FigureData("f", IMAGE, "alt", "else")),
        statements=(StatementData("C1", "strong", (), "text", "basis"),),
    )
    found = compare_documents(old, new)
    ids = [change.id for change in found]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {unit.id for unit in (*units_of(old), *units_of(new))}
    assert [c.id for c in found if c.new] == [unit.id for unit in units_of(new)]
    by_id = {change.id: change.kind for change in found}
    # Figures have no order of their own that a reader would see.
    assert by_id["@figure:g:alt"] == by_id["@figure:f:alt"] == "same"
    assert by_id["@figure:f:caption"] == "changed"
    assert by_id["@callout:c:text"] == "removed"
    assert by_id["@edition-note"] == by_id["@statement:C1:basis"] == "added"


def test_pieces_of_a_change_are_what_is_typed_and_what_is_read():
    old = headed("a", a="Take 5 mg[@x]")
    new = headed("a", a="Take 6 mg[@x]")
    change = compare_documents(old, new)[-1]
    assert joined(change.pieces, without="added") == "## Take 5 mg[@x] {#a}"
    assert joined(change.plain_pieces, without="added") == "Take 5 mg[x]"
    assert change.has_other_words
    emphasised = compare_documents(old, headed("a", a="Take **5** mg[@x]"))[-1]
    assert (emphasised.kind, emphasised.has_other_words) == ("changed", False)


@pytest.mark.parametrize(
    ("kind", "source", "expected"),
    [
        ("paragraph", "A **b** *c* [d](/en/about/).{claim:C1}", "A b c d (/en/about/)."),
        ("paragraph", "[[term:calcidiol|骨化二醇]]、[[term:k]]", "骨化二醇、k"),
        ("paragraph", "2 * 3 * 4", "2 * 3 * 4"),
        ("heading", "## Why {#why}", "Why"),
        ("tip", "[[tip|Heading]]\n\nText.\n\n[[/tip]]", "Heading\n\nText."),
        ("figure", "[[figure:activation]]", "activation"),
        ("references", "[[references]]", ""),
        ("rule", "---", ""),
    ],
)
def test_marks_of_the_body_are_not_read(kind, source, expected):
    assert plain_text(Unit("b1", kind, source, "")) == expected


def test_words_of_what_a_body_places_are_read():
    assert plain_text(Unit("@figure:x:caption", "figure", "A **caption**", "")) == "A caption"


def test_facts_that_no_unit_says_are_compared_too():
    reference = ReferenceData("r1", "review", title="A title", doi="10.1/x")
    mention = ProductMentionData("p", "D3", "en", "Brand", "sponsored", "text")
    old = document(
        statements=(StatementData("C1", "limited", ("r1",), "t", "b"),),
        references=(reference,),
        contributions=(ContributionData("ann", "author"),),
    )
    new = document(
        statements=(StatementData("C1", "strong", ("r1",), "t", "b"),),
        contributions=(ContributionData("ann", "author"), ContributionData("ann", "reviewer")),
        mention=mention,
    )
    with translation.override("en"):
        found = {change.id: change.kind for change in compare_facts(old, new)}
        assert compare_facts(new, new) == ()
        reworded = dataclasses.replace(
            new, statements=(StatementData("C1", "strong", ("r1",), "else", "b"),)
        )
        assert compare_facts(new, reworded) == ()
    assert found == {
        "@grade:C1": "changed",
        "@reference:r1": "removed",
        "@person:ann": "changed",
        "@product:p": "added",
    }


@given(st.permutations(range(9)))
def test_longest_increasing_run_is_one_and_none_is_longer(numbers):
    chosen = longest_increasing(numbers)
    run = [number for number in numbers if number in chosen]
    assert run == sorted(run)
    assert not any(
        list(more) == sorted(more) for more in itertools.combinations(numbers, len(run) + 1)
    )


# What people call a unit


def test_every_unit_of_a_document_has_a_name_for_people():
    blocks = "\n\n".join(
        [
            "## H {#h}\n\nText.\n\n- a\n\n> q\n\n---\n\n| a | b |\n| - | - |\n| 1 | 2 |",
            "[[quote|Q]]\n\nT\n\n[[/quote]]\n\n[[tip|T]]\n\nT\n\n[[/tip]]",
            "[[safety:iron|S]]\n\nT\n\n[[/safety]]\n\n[[urgent|U]]\n\nT\n\n[[/urgent]]",
            "[[figure:x]]\n\n[[callouts]]\n\n[[key-points:C1]]\n\n[[product]]\n\n[[glossary]]",
            "[[references]]\n\n[^1]: Note",
        ]
    )
    whole = document(
        blocks,
        edition_note="Note",
        figures=(FigureData("x", IMAGE, "alt", "caption", None, "text"),),
        callouts=(CalloutData("c", "sleep", "label", "text"),),
        statements=(StatementData("C1", "strong", (), "text", "basis"),),
        mention=ProductMentionData("p", "D3", "en", "Brand", "sponsored", "text"),
    )
    with translation.override("en"):
        units = units_of(whole)
        labels = {unit.id: str(label_of(unit.id, unit.kind)) for unit in units}
    assert len(set(labels.values())) == len(units)
    for unit in units:
        assert labels[unit.id] not in {unit.id, unit.kind}
        assert "@" not in labels[unit.id]


def test_name_of_an_unknown_unit_is_its_id():
    assert str(label_of("@something:new")) == "@something:new"


def test_name_is_in_the_language_in_force_when_it_is_printed():
    label = label_of("@title")
    with translation.override("zh-hans"):
        chinese = str(label)
    with translation.override("en"):
        assert str(label) != chinese
