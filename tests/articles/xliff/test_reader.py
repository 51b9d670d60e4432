"""Whatever is uploaded, the answer is a hand-off or sentences that say what is wrong and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.xliff.names import MAX_BYTES
from articles.xliff.problems import HandoffRefused
from articles.xliff.reader import examine_xliff, read_xliff
from tests.articles.xliff.files import document, export

SOURCE = document(
    "en",
    standfirst="One [@a] and [[term:iron|iron]], see [here](/en/x).",
    edition_note="Two **bold**.",
)
TARGET = document("zh-hans", standfirst="一。")
FILE = export(SOURCE)


def answered(text: str, unit: str = "@standfirst", state: str = "translated") -> bytes:
    """The file with a target in one unit, as XML."""
    head, name, tail = FILE.decode().partition(f'name="{unit}"')
    tail = tail.replace("</source>", f"</source><target>{text}</target>", 1)
    return f"{head}{name}{tail.replace('initial', state, 1)}".encode()


PH = '<ph id="1" dataRef="d1"/>'
TERM = '<pc id="2" dataRefStart="d2s" dataRefEnd="d2e">铁</pc>'
LINK = '<pc id="3" dataRefStart="d3s" dataRefEnd="d3e">这里</pc>'


def problems_of(data: bytes):
    with pytest.raises(HandoffRefused) as refusal:
        read_xliff(data)
    assert all(str(problem) for problem in refusal.value.problems)
    return refusal.value.problems


def test_codes_become_marks_in_the_order_of_the_translation():
    units = read_xliff(answered(f"看{LINK}：{TERM}和一{PH}。")).units
    text = "看[这里](/en/x)：[[term:iron|铁]]和一[@a]。"
    assert units["@standfirst"].target_text == text
    assert units["@standfirst"].is_confirmed
    assert not units["@title"].is_confirmed
    assert units["@title"].target_text == ""


def test_remarks_of_the_program_are_left_out():
    marked = (
        f'<mrk id="m1" type="term">看{LINK}</mrk>：'
        f'<sm id="m2"/>{TERM}<em startRef="m2"/>一{PH}<cp hex="0001"/>。'
    )
    text = "看[这里](/en/x)：[[term:iron|铁]]一[@a]。"
    assert read_xliff(answered(marked)).units["@standfirst"].target_text == text


def test_a_pair_may_come_back_as_two_codes():
    halves = '<sc id="2" dataRef="d2s"/>铁<ec startRef="2" dataRef="d2e"/>'
    text = "[[term:iron|铁]]一[@a][这里](/en/x)"
    assert read_xliff(answered(f"{halves}一{PH}{LINK}")).units["@standfirst"].target_text == text


def test_marks_that_were_typed_count_as_marks():
    typed = "一[@a]、[[term:iron|铁]]、[这里](/en/x)。"
    assert read_xliff(answered(typed)).units["@standfirst"].target_text == typed


def test_divided_segments_are_one_text():
    data = answered(f"一{PH}，{TERM}{LINK}。")
    more = (
        b"</segment><ignorable><source> </source></ignorable>"
        b'<segment state="final"><source>x</source>' + "<target>二。</target></segment>".encode()
    )
    head, name, tail = data.partition(b'name="@standfirst"')
    data = head + name + tail.replace(b"</segment>", more, 1)
    text = "一[@a]，[[term:iron|铁]][这里](/en/x)。 二。"
    assert read_xliff(data).units["@standfirst"].target_text == text


def test_half_a_unit_is_refused():
    data = answered(f"一{PH}，{TERM}{LINK}。")
    more = b"</segment><segment><source>x</source></segment>"
    head, name, tail = data.partition(b'name="@standfirst"')
    (problem,) = problems_of(head + name + tail.replace(b"</segment>", more, 1))
    assert problem.unit == "@standfirst"


def test_emphasis_may_be_left_out():
    assert read_xliff(answered("二。", "@edition-note")).units["@edition-note"].is_changed


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (f"一{TERM}{LINK}", "[@a]"),
        (f"一{PH}{LINK}", "[[term:iron|…]]"),
        (f"一{PH}{TERM}", "[…](/en/x)"),
        (f"一{PH}{PH}{TERM}{LINK}", "[@a]"),
        (f"一{PH}{TERM}{LINK}[@a]", "[@a]"),
    ],
)
def test_a_lost_or_doubled_mark_names_unit_line_and_mark(text, mark):
    (problem,) = problems_of(answered(text))
    assert problem.unit == "@standfirst"
    lines = FILE.decode().split("\n")
    assert "One" in lines[problem.line - 1]
    assert mark in problem.message


def test_an_unknown_code_is_refused():
    problems = problems_of(answered(f'{PH}{TERM}{LINK}<ph id="9" dataRef="d9"/>'))
    assert ["9" in problem.message for problem in problems] == [True]


def test_an_untouched_text_is_never_blamed_for_its_marks():
    """It lacked them when it was handed off, and the desk checks speak of that."""
    units = read_xliff(export(SOURCE, TARGET, stale={"@standfirst"})).units
    assert not units["@standfirst"].is_changed
    assert not units["@standfirst"].is_confirmed


def test_all_problems_come_at_once():
    data = answered(f"一{TERM}{LINK}").replace(b'trgLang="zh-Hans"', b'trgLang="de"')
    data = data.replace(b'"version">7<', b'"version">seven<')
    assert {(problem.unit, bool(problem.line)) for problem in problems_of(data)} == {
        ("", True),
        ("@standfirst", True),
    }
    assert len(problems_of(data)) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"document:2.0", b"document:1.2"),
        (b"document:2.0", b"document:9"),
        (b'version="2.0"', b'version="1.2"'),
        (b'version="2.0"', b'version="3.0"'),
        (b'srcLang="en"', b""),
        (b'trgLang="zh-Hans"', b'trgLang="tlh"'),
        (b'type="article"', b'type="other"'),
        (b'"version">7<', '"version">７<'.encode()),
        (b'type="source-digest"', b'type="other"'),
        (b'id="_40_standfirst"', b'id="_40_title"'),
        (b"</file>", b'</file><file id="f2"/>'),
        (b"</xliff>", b""),
        (b"<xliff", b"<!DOCTYPE x><xliff"),
        (b"<xliff", b'<!DOCTYPE x [<!ENTITY e "e">]><xliff'),
        (b"encoding='UTF-8'", b"encoding='klingon'"),
        (FILE, b""),
        (FILE, b" \n"),
        (FILE, b"PK\x03\x04"),
        (FILE, b"<html/>"),
        (FILE, FILE[: len(FILE) // 2]),
        (FILE, b"<a>" * 100_000),
        (b"</file>", b"<group>" * 50 + b"</group>" * 50 + b"</file>"),
        (b"</file>", b"<group/>" * 100_001 + b"</file>"),
        (FILE, FILE + b" " * MAX_BYTES),
    ],
)
def test_what_is_no_hand_off_is_refused_in_one_sentence(old, new):
    assert old in FILE
    assert len(problems_of(FILE.replace(old, new, 1))) == 1


def test_the_file_may_be_in_another_encoding_of_unicode():
    text = FILE.decode().replace("encoding='UTF-8'", "encoding='UTF-16'")
    assert read_xliff(text.encode("utf-16")) == read_xliff(FILE)


def test_units_in_groups_are_read():
    data = FILE.replace(b"</notes>\n    <unit", b'</notes><group id="g"><unit', 1)
    data = data.replace(b"</file>", b"</group></file>")
    assert read_xliff(data).units.keys() == read_xliff(FILE).units.keys()


@given(st.data())
def test_a_damaged_file_never_fails(data):
    start = data.draw(st.integers(0, len(FILE)))
    end = data.draw(st.integers(start, len(FILE)))
    with_holes = FILE[:start] + data.draw(st.binary(max_size=20)) + FILE[end:]
    try:
        _handoff, problems = examine_xliff(with_holes)
    except HandoffRefused as refusal:
        problems = refusal.problems
    assert all(str(problem) for problem in problems)


@given(st.binary())
def test_anything_else_is_refused(data):
    with pytest.raises(HandoffRefused):
        read_xliff(data)
