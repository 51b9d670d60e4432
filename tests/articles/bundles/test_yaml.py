"""YAML in and out: nothing is guessed, nothing is lost, and what is written reads well."""

import datetime

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from articles.bundles import yaml_reading
from articles.bundles.yaml_reading import Mapping, Sequence, YamlError, load, split_head
from articles.bundles.yaml_writing import Flow, FlowRecord, dump, join_head
from articles.markdown.blocks import clean_source

READERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]

SPECIAL = (
    "ab \t\n'\"\\#:-,[]{}&*!|>%@`~=<.+?0159eExX_yesnotrufl"
    "中文，。“”₂µé😀\u00a0\u00ad\u2028\u2029\u2060\u3000"
)
texts = st.lists(
    st.sampled_from(SPECIAL) | st.characters(exclude_categories=["Cs"]), max_size=25
).map(lambda characters: clean_source("".join(characters)))


def plain(value):
    """What the reader returns, without lines."""
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.values.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value.items]
    return value


# There and back


@given(texts)
@example("no")
@example("null")
@example("~")
@example("1e3")
@example("0x1F")
@example("12:30:45")
@example("1_000")
@example("2026-01-01")
@example("2026-01-01T00:00:00Z")
@example("<<")
@example("=")
@example("---")
@example("--- a")
@example("...")
@example("# a")
@example("a #b")
@example("a: b")
@example("a:")
@example("- a")
@example("? a")
@example(" a")
@example("a ")
@example("\u00a0a")
@example("a\tb")
@example("\n")
@example("\n\n")
@example(" \n")
@example("\na")
@example("  a\nb")
@example("\ta\nb\n")
@example("a  \nb\n")
@example("a\n   \n")
@example("a\n\n\n")
@example("---\na\n---\n")
@example("it's")
@example('"')
@example("'\"\\")
@example("a\u2028b\nc")
def test_any_text_comes_back_wherever_it_stands(text: str):
    data = {
        "text": text,
        "list": [
            {"first": text, "flow": Flow([text, "a"]), "deep": {"deeper": text}},
            FlowRecord(one=text, many=Flow([text])),
        ],
        "last": "end",
    }
    source = dump(data)
    assert plain(load(source)) == data
    for reader in READERS:
        assert yaml.load(source, Loader=reader) == data
    assert split_head(join_head(source, text))[:2] == (source, text)


@given(texts)
def test_the_lines_of_fields_are_those_of_the_file(text: str):
    source = dump({"first": text, "last": "end"})
    assert load(source, first_line=7).lines["last"] == source.count("\n") + 6


@given(texts, texts)
def test_a_head_and_a_body_are_told_apart(value: str, body: str):
    head = dump({"title": value})
    file = join_head(head, body)
    found_head, found_body, first_line = split_head(file)
    assert (found_head, found_body) == (head, body)
    if body:
        assert file.split("\n")[first_line - 1 :] == body.split("\n")


def test_other_values_are_written_as_yaml_has_them():
    time = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    data = {"yes": True, "no": False, "count": 12, "on": datetime.date(2026, 1, 2), "at": time}
    assert dump(data) == (
        "yes: true\nno: false\ncount: 12\non: 2026-01-02\nat: 2026-01-02T03:04:05+00:00\n"
    )


# How it reads


@pytest.mark.parametrize("text", [
    "补了维生素D3却没见效?关键在缺镁",
    "镁：不是“唯一”原因（见下）——…",
    "1,25(OH)₂D、25 µg、Mg²⁺、1α-羟化酶",
    "50\u00a0µg a day",
    "word\u2060joiner",
    "Health Life® 海藻钙",
    "How light and melatonin hang together.",
    "J Sleep, 12(3):45–67",
    "Editor’s note, “as such”",
    "😀 good",
    "https://example.org/a?b=c&d=e#f",
    "10.1016/S0140-6736(05)66473-3",
    "3.5 mg, twice",
    "（括号）",
    "“quoted”",
])  # fmt: skip
def test_ordinary_words_stand_bare(text: str):
    assert dump({"text": text}) == f"text: {text}\n"


@pytest.mark.parametrize(("text", "written"), [
    ("About: this", "'About: this'"),
    ("[@smith2019] says", "'[@smith2019] says'"),
    ("30541089", "'30541089'"),
    ("20-02273", "'20-02273'"),
    ("no", "'no'"),
    ("2026-01-01", "'2026-01-01'"),
    ("学习时间: 1'", '"学习时间: 1\'"'),
    ("it's: so", '"it\'s: so"'),
    ('say "a: b"', "'say \"a: b\"'"),
    ("中文 ", "'中文 '"),
    ("a: b\u00a0c", "'a: b\u00a0c'"),
    ("a: 😀", "'a: 😀'"),
    ("a\u2028b", '"a\\u2028b"'),
])  # fmt: skip
def test_quotation_marks_stand_only_where_they_must(text: str, written: str):
    assert dump({"text": text}) == f"text: {written}\n"


@pytest.mark.parametrize(("text", "written"), [
    ("one\ntwo\n", "|\n  one\n  two\n"),
    ("one\n\ntwo", "|-\n  one\n\n  two\n"),
    ("one  \ntwo: 中文\u00a0#\n", "|\n  one  \n  two: 中文\u00a0#\n"),
    ("one\n\n", "|+\n  one\n\n"),
    ("  one\ntwo\n", "|2\n    one\n  two\n"),
    ("\none\n", "|2\n\n  one\n"),
])  # fmt: skip
def test_texts_of_several_lines_are_blocks(text: str, written: str):
    assert dump({"text": text}) == f"text: {written}"


def test_lists_of_keys_and_short_records_take_one_line():
    data = {
        "ids": Flow(["b12a:1f9c30d2", "why:00000000"]),
        "claims": [FlowRecord(key="C1", references=Flow(["a", "b"]))],
        "none": Flow(),
    }
    assert dump(data) == (
        "ids: [b12a:1f9c30d2, why:00000000]\nclaims:\n- {key: C1, references: [a, b]}\nnone: []\n"
    )


# Reading


def test_scalars_stay_as_typed():
    source = "a: no\nb: 0123\nc: 1e3\nd: 2026-01-01\ne: 12:30\nf: 'null'\ng: 1_000\nh: 0x1F\n"
    assert list(load(source).values.values()) == [
        "no",
        "0123",
        "1e3",
        "2026-01-01",
        "12:30",
        "null",
        "1_000",
        "0x1F",
    ]


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "# a comment"])
def test_nothing_is_nothing(nothing: str):
    assert load(f"a: {nothing}\n").values == {"a": None}
    assert load(f"{nothing}\n") is None


def test_lines_are_those_of_the_file():
    found = load("a: b\n\nlist:\n- c\n-\n  d: e\n", first_line=10)
    assert found.lines == {"a": 10, "list": 12}
    assert found.values["list"].lines == [13, 15]
    assert found.values["list"].items[1].lines == {"d": 15}


@pytest.mark.parametrize("reader", READERS, ids=["python", "libyaml"])
@pytest.mark.parametrize(("source", "line", "message"), [
    ("a: b\nc: d: e\n", 2, "belongs in quotation marks"),
    ("a: b\n\tc: d\n", 2, "Indent with spaces"),
    ("a: 'b\nc: d\n", 1, "The quotation mark opened here is never closed."),
    ("a: [b\nc: d\n", 1, "The bracket opened here is not closed"),
    ("a: @b\n", 1, "A text that starts with @ belongs"),
    ("a: &b c\n", 1, "anchors and aliases"),
    ("a: *b\n", 1, "anchors and aliases"),
    ("a: !b c\n", 1, "tags"),
    ("a: ! c\n", 1, "tags"),
    ("a: b\na: c\n", 2, "“a” stands twice"),
    ("? [a]\n: b\n", 1, "must be a plain word"),
    ("? ~\n: b\n", 1, "must be a plain word"),
    ("a: b\n---\nc: d\n", 2, "A second line ---"),
    ('a: "\\0"\n', 1, "U+0000"),
    ('a: "\\x7f"\n', 1, "U+007F"),
    ('a: "\\ufeff"\n', 1, "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
    ("a:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 20)), 13, "nested too deep"),
])  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(monkeypatch, reader, source, line, message):
    monkeypatch.setattr(yaml_reading, "_Loader", reader)
    with pytest.raises(YamlError, match=".") as error:
        load(source)
    assert message in str(error.value)
    assert error.value.line == line


@given(st.text(alphabet="ab:- \n\t'\"[]{}&*!|>#%?,\\0\u2028中", max_size=40))
def test_no_source_gets_past_as_anything_but_an_error(source: str):
    try:
        load(source)
    except YamlError as error:
        assert 1 <= error.line <= source.count("\n") + 1  # noqa: PT017


@pytest.mark.parametrize("bomb", ["[" * 200_000, "a: " + "{a: " * 50_000, "- " * 200_000])
def test_deep_nesting_ends_early(bomb: str):
    with pytest.raises(YamlError, match="nested too deep"):
        load(bomb)


def test_a_bomb_of_aliases_ends_at_its_first_anchor():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{last}, *{last}]\n"
        for last, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(YamlError, match="anchors"):
        load(bomb)


@pytest.mark.parametrize(("file", "head", "body", "line"), [
    ("---\na: b\n---\n\nText\n", "a: b\n", "Text\n", 5),
    ("---\na: b\n---\nText\n", "a: b\n", "Text\n", 4),
    ("---\na: b\n---\n\n\nText", "a: b\n", "\nText", 5),
    ("---\na: b\n---", "a: b\n", "", 4),
    ("---\n---\nText", "", "Text", 3),
    ("---\na: b\n---\n\nText\n\n---\n\nMore", "a: b\n", "Text\n\n---\n\nMore", 5),
])  # fmt: skip
def test_a_body_starts_after_the_second_mark(file, head, body, line):
    assert split_head(file) == (head, body, line)
