"""Where blocks and texts stand: what rules scan, and on which line of the body."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.texts import Text, all_blocks, all_texts
from articles.document import Document
from articles.markdown.blocks import CONTAINERS, LEAVES, MAX_DEPTH, join_blocks
from tests.articles.desk.documents import (
    block_of,
    line_of,
    make_callout,
    make_document,
    make_figure,
    make_mention,
    make_statement,
)

PIECES = (
    "One paragraph\nof two lines.",
    "## A heading",
    "### With an address {#address}",
    "- an item\n- another\n\n  that goes on",
    "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "> a quotation",
    "[[figure:pathway]]",
    "[^1]: a note\n\n    that goes on",
)


@st.composite
def bodies(draw, outer: tuple[str, ...] = ()) -> str:
    """Pieces in any order with any number of blank lines between them, containers in containers."""
    pieces = draw(st.lists(st.sampled_from(PIECES), max_size=4))
    if len(outer) < MAX_DEPTH:
        others = [name for name in CONTAINERS if name not in outer]
        for name in draw(st.lists(st.sampled_from(others), max_size=2)):
            above, below = (draw(st.sampled_from(["\n", "\n\n", "\n\n\n", "\n \n"])) for _ in "12")
            inside = draw(bodies(outer=(*outer, name)))
            pieces.append(f"[[{name}|Title]]{above}{inside}{below}[[/{name}]]")
    pieces = draw(st.permutations(pieces))
    gaps = draw(
        st.lists(st.sampled_from(["\n\n", "\n\n\n"]), min_size=len(pieces), max_size=len(pieces))
    )
    return "".join(piece + gap for piece, gap in zip(pieces, gaps, strict=True))


@given(bodies(), st.sampled_from(["", "\n", "\n\n"]), st.booleans())
def test_every_block_starts_on_the_line_it_names(body, above, has_windows_lines):
    body = above + body
    document = make_document(body=body.replace("\n", "\r\n") if has_windows_lines else body)
    lines = body.split("\n")
    for block in all_blocks(document):
        line = lines[block.line - 1]
        if block.kind in (*CONTAINERS, *LEAVES):
            assert line.startswith(f"[[{block.kind}")
        elif block.kind == "heading":
            assert line.startswith(f"{'#' * block.level} {block.source}")
        else:
            assert line == block.source.split("\n")[0]


@given(bodies())
def test_every_text_of_the_body_starts_on_the_line_it_names(body):
    document = make_document(body=body)
    lines = body.split("\n")
    for text in all_texts(document):
        if text.line and text.source:
            source = text.source.split("\n")
            stretch = lines[text.line - 1 : text.line - 1 + len(source)]
            assert [line.lstrip("# ").split(" {#")[0] for line in stretch[:1]] == [
                line.lstrip("# ").split(" {#")[0] for line in source[:1]
            ]
            assert stretch[1:] == source[1:]


@given(bodies())
def test_every_block_is_found_once(body):
    document = make_document(body=body)
    found = list(all_blocks(document))
    assert len({block.line for block in found}) == len(found)
    by_line = {block.line: block for block in found}
    assert [by_line[block.line] for block in document.blocks] == list(document.blocks)
    opened = sum(
        line.startswith(tuple(f"[[{name}" for name in CONTAINERS)) for line in body.split("\n")
    )
    assert sum(block.kind in CONTAINERS for block in found) == opened


@pytest.mark.parametrize("blank", ["\n", "\n\n", "\n\n\n\n"])
@pytest.mark.parametrize("name", CONTAINERS)
def test_source_of_a_container_starts_below_its_blank_lines(name, blank):
    document = make_document(
        body=f"Above.\n\n[[{name}|Title]]{blank}first\nsecond\n\n[[/{name}]]\n"
    )
    text = next(text for text in all_texts(document) if text.source.startswith("first"))
    assert text.line == line_of(document, "first")
    assert text.block_id == block_of(document, "first")


def test_blocks_inside_a_container_carry_its_id_unless_they_have_their_own():
    document = make_document(body="[[tip]]\n\n### One {#one}\n\nTwo.\n\n[[/tip]]\n")
    container, heading, paragraph = all_blocks(document)
    assert (heading.id, heading.line) == ("one", 3)
    assert (paragraph.id, paragraph.line) == (container.id, 5)


def test_blocks_two_containers_deep_have_their_line():
    document = make_document(
        body="Above.\n\n[[safety:iron]]\n[[urgent|Now]]\n\n\nCall.\n\n[[/urgent]]\n[[/safety]]\n"
    )
    assert [(block.kind, block.line) for block in all_blocks(document)] == [
        ("paragraph", 1),
        ("safety", 3),
        ("urgent", 4),
        ("paragraph", 7),
    ]
    assert len({block.id for block in all_blocks(document)}) == 2


def test_frozen_document_has_no_lines_anywhere():
    document = make_document(body="Text.\n\n[[tip]]\n\n## In the tip\n\n[[/tip]]\n")
    frozen = Document.from_dict(document.to_dict())
    assert [block.line for block in all_blocks(frozen)] == [0, 0, 0]
    assert [block.kind for block in all_blocks(frozen)] == ["paragraph", "tip", "heading"]
    assert {text.line for text in all_texts(frozen)} == {0}


def test_normal_form_of_a_body_keeps_every_block():
    document = make_document(body="[[tip|A]]\nText.\n[[/tip]]\n")
    again = make_document(body=join_blocks(document.blocks))
    assert [(block.kind, block.source) for block in all_blocks(again)] == [
        (block.kind, block.source) for block in all_blocks(document)
    ]


def test_fields_of_markdown_follow_the_body_with_their_names():
    document = make_document(
        body="Body.\n",
        standfirst="Stand.",
        edition_note="Note.",
        figures=(make_figure(caption="Caption.", text="Words."),),
        callouts=(make_callout(text="Card."),),
        statements=(make_statement(text="Statement.", basis="Basis."),),
        mention=make_mention(text="Mention."),
    )
    body, *fields = all_texts(document)
    assert body == Text("Body.", document.blocks[0].id, 1, "paragraph")
    assert [(text.source, text.where, text.block_id, text.line) for text in fields] == [
        ("Stand.", "Standfirst", "", 0),
        ("Note.", "Edition note", "", 0),
        ("Caption.", "Figure “pathway”", "", 0),
        ("Words.", "Figure “pathway”", "", 0),
        ("Card.", "Callout “sleep”", "", 0),
        ("Statement.", "Claim C7", "", 0),
        ("Basis.", "Claim C7", "", 0),
        ("Mention.", "Product mention", "", 0),
    ]


def test_mention_that_is_switched_off_is_no_text_of_the_page():
    document = make_document(hidden_mention=make_mention(text="Mention."))
    assert all(text.source != "Mention." for text in all_texts(document))
