"""Block ids survive every edit that leaves a block recognisable, and two languages share them."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from articles.document import Block
from articles.markdown.blocks import HEADING_ID, join_blocks, split_body
from articles.parity import (
    ShapeDifference,
    Stamp,
    align_ids,
    carry_ids,
    fill_ids,
    shape_differences,
    stamps_of,
)

# Sentences that share few characters, so that likeness is never an accident of the test.
SENTENCES = (
    "维生素先在肝脏转化再到肾脏",
    "晚上的光线会把入睡推迟半小时",
    "坚果、深绿叶菜与黑巧克力",
    "请带上全部瓶子去问医师",
    "Trials of bone density disagree",
    "Why might K1 not suffice?",
    "Coffee raises urinary losses",
    "Zwölf Boxkämpfer jagen Viktor",
    "0123456789 9876543210",
    "ÆØÅ ßþð œłż ĳŋŧ",
)
KINDS = ("paragraph", "heading", "list", "quote", "tip", "table")


@st.composite
def bodies(draw, min_size: int = 0) -> tuple[Block, ...]:
    """Blocks of one text without ids, every source different."""
    sources = draw(st.lists(st.sampled_from(SENTENCES), unique=True, min_size=min_size, max_size=8))
    return tuple(
        Block(kind, source, level=2 if kind == "heading" else 0)
        for source, kind in zip(
            sources, draw(st.lists(st.sampled_from(KINDS), min_size=8, max_size=8)), strict=False
        )
    )


@st.composite
def bodies_with_addresses(draw, min_size: int = 0) -> tuple[Block, ...]:
    """As ``bodies``, some headings with an address that an editor typed."""
    addresses = iter(
        draw(st.permutations(["why", "signs", "safety", "k2", "limits", "tips", "x", "y"]))
    )
    return tuple(
        replace(block, id=next(addresses))
        if block.kind == "heading" and draw(st.booleans())
        else block
        for block in draw(bodies(min_size=min_size))
    )


@st.composite
def messy_bodies(draw) -> tuple[Block, ...]:
    """Blocks of any kind with short sources that often repeat, with and without addresses."""
    blocks = draw(
        st.lists(
            st.builds(
                Block,
                kind=st.sampled_from(["paragraph", "heading", "figure", "product"]),
                source=st.sampled_from(["", "a", "ab", "abc", "abcd", "xyz"]),
                argument=st.sampled_from(["", "a", "b"]),
            ),
            max_size=7,
        )
    )
    addresses = draw(st.permutations(["why", "signs", "b0a1", "c", "d", "e", "f"]))
    return tuple(
        replace(block, id=address) if block.kind == "heading" and draw(st.booleans()) else block
        for block, address in zip(blocks, addresses, strict=False)
    )


def without_ids(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(replace(block, id="") for block in blocks)


def ids_by_source(blocks: Sequence[Block]) -> dict[str, str]:
    return {block.source: block.id for block in blocks}


def save(blocks: Sequence[Block], previous: Sequence[Block] = ()) -> tuple[Block, ...]:
    """What a save does: blocks come without ids, but for headings with an address."""
    return fill_ids(carry_ids(stamps_of(previous), blocks))


def assert_ids_are_unique(blocks: Sequence[Block]) -> None:
    ids = [block.id for block in blocks]
    assert all(ids)
    assert len(set(ids)) == len(ids)


# New ids


@given(messy_bodies())
def test_every_block_gets_an_id_of_its_own(blocks):
    assert_ids_are_unique(save(blocks))


@given(bodies_with_addresses())
def test_same_body_gets_the_same_ids_everywhere(blocks):
    assert save(blocks) == save(blocks)


@given(messy_bodies())
def test_filling_changes_nothing_but_missing_ids(blocks):
    filled = fill_ids(blocks)
    assert without_ids(filled) == without_ids(blocks)
    for before, after in zip(blocks, filled, strict=True):
        assert before.id in ("", after.id)
    assert fill_ids(filled) == filled


@given(messy_bodies())
def test_new_ids_can_be_typed_as_heading_addresses(blocks):
    assert all(HEADING_ID.match(block.id) for block in save(blocks))


@given(messy_bodies())
def test_new_block_never_takes_a_reserved_id(blocks):
    reserved = {block.id for block in fill_ids(without_ids(blocks))}
    filled = fill_ids(without_ids(blocks), reserved=reserved)
    assert reserved.isdisjoint(block.id for block in filled)
    assert_ids_are_unique(filled)


def test_new_ids_do_not_change_with_the_code():
    """Two imports of one bundle, years apart, give the same ids."""
    blocks = (
        Block("paragraph", "正文。"),
        Block("figure", argument="a"),
        Block("paragraph", "正文。"),
    )
    assert [block.id for block in save(blocks)] == ["b66a1", "bb7be", "b0bfa"]


def test_two_new_blocks_that_would_have_the_same_id_do_not_get_it():
    """A pair that was searched for: four digits of a hash agree by chance."""
    blocks = (Block("paragraph", "Paragraph 517"), Block("paragraph", "Paragraph 41"))
    first, second = fill_ids(blocks)
    assert first.id == fill_ids(blocks[:1])[0].id == "b0fbf"
    assert second.id not in ("", "b0fbf")


# Over one edit


@given(bodies_with_addresses())
def test_saving_again_without_an_edit_changes_no_id(blocks):
    saved = save(blocks)
    assert save(blocks, saved) == saved


@given(messy_bodies())
def test_saving_again_changes_no_id_even_when_blocks_repeat(blocks):
    saved = save(blocks)
    assert save(blocks, saved) == saved


@given(messy_bodies(), messy_bodies())
def test_no_id_is_ever_given_to_two_blocks(before, after):
    edited = save(after, save(before))
    assert_ids_are_unique(edited)
    assert without_ids(edited) == without_ids(after)


@given(messy_bodies(), messy_bodies())
def test_addresses_stay_as_they_are_typed(before, after):
    for typed, edited in zip(after, save(after, save(before)), strict=True):
        assert typed.id in ("", edited.id)


@given(messy_bodies(), messy_bodies(), st.data())
def test_stamps_that_name_an_id_twice_give_it_once(before, after, data):
    stamps = stamps_of(save(before))
    stamps += tuple(data.draw(st.sampled_from(stamps)) for _ in stamps)
    stamps = tuple(
        replace(stamp, id=data.draw(st.sampled_from([stamp.id, "why", ""]))) for stamp in stamps
    )
    assert_ids_are_unique(fill_ids(carry_ids(stamps, after)))


@given(bodies_with_addresses(min_size=1), st.data())
def test_edited_block_keeps_its_id_and_so_do_the_others(blocks, data):
    saved = save(blocks)
    place = data.draw(st.integers(0, len(blocks) - 1))
    edited = replace(blocks[place], source=blocks[place].source + "。新的一句")
    after = save((*blocks[:place], edited, *blocks[place + 1 :]), saved)
    assert [block.id for block in after] == [block.id for block in saved]


@given(bodies_with_addresses(min_size=1), st.data())
def test_block_rewritten_in_its_place_keeps_its_id(blocks, data):
    saved = save(blocks)
    place = data.draw(st.integers(0, len(blocks) - 1))
    edited = replace(blocks[place], source="∑∏∫√∞≈≠≤≥")
    after = save((*blocks[:place], edited, *blocks[place + 1 :]), saved)
    assert [block.id for block in after] == [block.id for block in saved]


@given(bodies_with_addresses(min_size=1), st.data())
def test_inserted_block_gets_a_new_id_and_moves_no_other(blocks, data):
    new = blocks[-1]
    saved = save(blocks[:-1])
    place = data.draw(st.integers(0, len(blocks) - 1))
    after = save((*blocks[:-1][:place], new, *blocks[:-1][place:]), saved)
    assert after[place].id not in {block.id for block in saved}
    assert (*after[:place], *after[place + 1 :]) == saved


@given(bodies_with_addresses(min_size=1), st.data())
def test_deleted_block_takes_its_id_with_it(blocks, data):
    saved = save(blocks)
    place = data.draw(st.integers(0, len(blocks) - 1))
    after = save((*blocks[:place], *blocks[place + 1 :]), saved)
    assert after == (*saved[:place], *saved[place + 1 :])


@given(bodies_with_addresses(), st.data())
def test_moved_blocks_keep_their_ids(blocks, data):
    saved = save(blocks)
    moved = tuple(data.draw(st.permutations(blocks)))
    assert ids_by_source(save(moved, saved)) == ids_by_source(saved)


@given(bodies_with_addresses(min_size=4), st.data())
def test_everything_at_once_loses_no_id_of_a_block_that_is_still_there(blocks, data):
    """Delete one block, insert one, edit one and move the rest about, in one save."""
    new, deleted, edited, *rest = blocks
    saved = save(blocks[1:])
    now = replace(edited, source=edited.source + "！！")
    after = save(tuple(data.draw(st.permutations([now, new, *rest]))), saved)
    expected = ids_by_source(saved)
    expected[now.source] = expected.pop(edited.source)
    gone = expected.pop(deleted.source)
    found = ids_by_source(after)
    is_like = now.kind == new.kind or deleted.kind == new.kind
    fresh = found.pop(new.source)
    assert found == expected
    if not is_like:
        assert fresh not in {gone, *expected.values()}


def test_edited_paragraph_is_not_taken_for_a_deleted_neighbour():
    """One paragraph deleted, the next edited, a new one after it: places alone would mislead."""
    first, second, third = (Block("paragraph", text) for text in SENTENCES[4:7])
    saved = save((Block("heading", "标题", level=2), first, second))
    edited = replace(second, source=second.source + " Probably.")
    after = save((Block("heading", "标题", level=2), edited, third), saved)
    assert after[1].id == saved[2].id
    assert after[2].id not in {block.id for block in saved}


def test_long_paragraph_is_recognised_after_an_edit_and_a_move():
    """Python calls common characters of long texts junk, unless it is told not to."""
    anchor = Block("heading", "标题", level=2)
    long = Block("paragraph", "magnesium in the kidney " * 20)
    saved = save((long, anchor))
    edited = replace(long, source="New words first. " + long.source.replace("kidney", "liver"))
    assert save((anchor, edited), saved)[1].id == saved[0].id


def test_rewritten_paragraph_keeps_its_id_while_another_block_moves():
    last = Block("table", SENTENCES[0])
    rest = [Block("paragraph", text) for text in SENTENCES[1:5]]
    saved = save((*rest, last))
    rewritten = replace(rest[1], source="∑∏∫√∞≈≠≤≥")
    after = save((last, rest[0], rewritten, *rest[2:]), saved)
    assert [block.id for block in after] == [
        saved[4].id,
        saved[0].id,
        saved[1].id,
        saved[2].id,
        saved[3].id,
    ]


def test_block_of_another_kind_in_the_same_place_is_a_new_block():
    saved = save((Block("paragraph", SENTENCES[0]), Block("list", SENTENCES[1])))
    after = save((Block("table", SENTENCES[0]), Block("list", SENTENCES[1])), saved)
    assert after[0].id != saved[0].id
    assert after[1].id == saved[1].id


def test_likeness_below_a_half_is_no_likeness():
    """Moved and edited at once: only likeness is left to recognise a block by."""
    anchor = Block("heading", "标题", level=2)
    saved = save((Block("paragraph", "abcdefgh"), anchor))
    assert save((anchor, Block("paragraph", "abcd1234")), saved)[1].id == saved[0].id
    assert save((anchor, Block("paragraph", "abc12345")), saved)[1].id != saved[0].id


def test_most_alike_block_continues_the_older_one():
    anchor = Block("heading", "标题", level=2)
    saved = save((Block("paragraph", "abcdefgh"), anchor))
    after = save((anchor, Block("paragraph", "abcdef12"), Block("paragraph", "abcdefg1")), saved)
    assert after[2].id == saved[0].id
    assert after[1].id != saved[0].id


def test_stamp_without_its_words_is_matched_by_digest_and_by_place():
    """All that a bundle keeps of a block is its id and its digest."""
    blocks = tuple(Block("paragraph", text) for text in SENTENCES[:3])
    saved = save(blocks)
    stamps = [Stamp(block.id, block.digest) for block in saved]
    rewritten = (blocks[0], replace(blocks[1], source="∑∏∫√∞≈≠≤≥"), blocks[2])
    assert [block.id for block in carry_ids(stamps, rewritten)] == [block.id for block in saved]
    moved = carry_ids(stamps, (blocks[2], blocks[0]))
    assert [block.id for block in moved] == [saved[2].id, saved[0].id]


def test_heading_keeps_its_id_when_its_address_is_no_longer_typed():
    saved = save((Block("heading", "为什么", "why", level=2),))
    assert save((Block("heading", "为什么", level=2),), saved)[0].id == "why"


def test_address_typed_on_a_heading_takes_the_id_from_any_other_block():
    saved = save((Block("paragraph", SENTENCES[0]), Block("heading", "为什么", level=2)))
    stolen = saved[0].id
    after = save(
        (Block("paragraph", SENTENCES[0]), Block("heading", "为什么", stolen, level=2)), saved
    )
    assert after[1].id == stolen
    assert after[0].id != stolen


def test_new_block_does_not_inherit_the_id_of_one_deleted_in_the_same_save():
    """The id is made from content and place: going back to older words must not revive it."""
    first = save((Block("paragraph", SENTENCES[0]), Block("list", SENTENCES[1])))
    second = save((Block("paragraph", SENTENCES[2]), Block("list", SENTENCES[1])), first)
    assert second[0].id == first[0].id
    blocks = (
        Block("paragraph", SENTENCES[0]),
        Block("paragraph", SENTENCES[3]),
        Block("list", SENTENCES[1]),
    )
    carried = carry_ids(stamps_of(second), blocks)
    third = fill_ids(carried, reserved={block.id for block in second})
    assert third[0].id != second[0].id
    assert third[2].id == second[1].id


# Between two languages


def translated(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same shapes in other words; addresses are typed the same, other ids are not."""
    return tuple(
        replace(block, source=f"{index} in English", title="English")
        for index, block in enumerate(blocks)
    )


@given(bodies_with_addresses())
def test_text_of_the_same_shape_takes_every_id_of_its_source(blocks):
    source = save(blocks)
    aligned = align_ids(source, translated(blocks))
    assert [block.id for block in aligned] == [block.id for block in source]
    assert shape_differences(source, aligned) == ()


@given(messy_bodies(), messy_bodies())
def test_alignment_gives_no_id_twice_and_keeps_those_there_are(one, other):
    source, blocks = save(one), carry_ids(stamps_of(save(other)), other)
    aligned = align_ids(source, blocks)
    given_ids = [block.id for block in aligned if block.id]
    assert len(set(given_ids)) == len(given_ids)
    assert without_ids(aligned) == without_ids(blocks)
    for before, after in zip(blocks, aligned, strict=True):
        assert before.id in ("", after.id)
    by_id = {block.id: block for block in source}
    for before, after in zip(blocks, aligned, strict=True):
        if after.id and not before.id:
            assert by_id[after.id].shape == after.shape


@given(messy_bodies(), messy_bodies())
def test_alignment_twice_is_alignment_once(one, other):
    source = save(one)
    aligned = align_ids(source, other)
    assert align_ids(source, aligned) == aligned


@given(bodies_with_addresses(min_size=1), st.data())
def test_block_added_to_the_source_is_recognised_in_the_translation(blocks, data):
    """The source gains blocks; the translation catches up with one of them, wherever it stands."""
    source = save(blocks)
    place = data.draw(st.integers(0, len(blocks)))
    other = data.draw(st.integers(0, len(blocks)))
    assume(place != other)
    gained = [Block("paragraph", "新的一段"), Block("paragraph", "又一段")]
    longer = list(blocks)
    for index, block in sorted(zip((place, other), gained, strict=True), key=lambda p: -p[0]):
        longer.insert(index, block)
    now = save(tuple(longer), source)
    known = dict(zip(blocks, source, strict=True))
    text = translated(blocks)
    kept = [replace(block, id=known[old].id) for block, old in zip(text, blocks, strict=True)]
    kept.insert(place, Block("paragraph", "A new paragraph"))
    aligned = align_ids(now, kept)
    assert aligned[place].id == ids_by_source(now)["新的一段"]


@given(bodies_with_addresses(min_size=2))
def test_shared_addresses_keep_sections_in_step(blocks):
    """A paragraph that one section lacks does not shift the ids of the next."""
    sections = (
        Block("paragraph", "引言一"),
        Block("paragraph", "引言二"),
        Block("heading", "信号", "section", level=2),
        *without_ids(blocks),
    )
    assume(all(block.id != "section" for block in blocks))
    source = save(sections)
    text = translated(sections)[1:]
    aligned = align_ids(source, text)
    assert [block.id for block in aligned[1:]] == [block.id for block in source[2:]]


def test_long_text_is_compared_as_a_whole():
    """Python calls common shapes of long texts junk, unless it is told not to."""
    paragraphs = tuple(Block("paragraph", f"第{number}段") for number in range(300))
    source = save((Block("figure", argument="a"), *paragraphs))
    text = translated(paragraphs)
    aligned = align_ids(source, text)
    assert [block.id for block in aligned] == [block.id for block in source[1:]]
    assert shape_differences(source, text) == (ShapeDifference((source[0].id,), ()),)


def test_block_of_another_shape_takes_no_id_of_the_source():
    source = save((Block("figure", argument="a"), Block("heading", "标题", level=2)))
    for other in (
        Block("figure", argument="b"),
        Block("heading", "Title", level=3),
        Block("paragraph", "标题"),
    ):
        assert align_ids(source, (other,))[0].id == ""


# Differences of shape


@given(messy_bodies())
def test_same_shapes_have_no_difference(blocks):
    assert shape_differences(save(blocks), translated(blocks)) == ()


@given(bodies(min_size=1), st.data())
def test_missing_block_is_one_difference_that_names_it(blocks, data):
    source = save(tuple(Block(block.kind, block.source, argument=block.source) for block in blocks))
    place = data.draw(st.integers(0, len(blocks) - 1))
    text = (*source[:place], *source[place + 1 :])
    assert shape_differences(source, text) == (ShapeDifference((source[place].id,), ()),)
    assert shape_differences(text, source) == (ShapeDifference((), (source[place].id,)),)


def test_replaced_block_is_named_on_both_sides():
    source = save((Block("paragraph", "一"), Block("figure", argument="a")))
    text = (replace(source[0], source="One"), Block("table", "| a |", "b111"))
    assert shape_differences(source, text) == (ShapeDifference((source[1].id,), ("b111",)),)


@given(messy_bodies(), st.data())
def test_footnotes_are_no_difference_wherever_they_stand(blocks, data):
    notes = [Block("footnote", f"[^{number}]: …", f"n{number}") for number in range(3)]
    source = save(blocks)
    text = list(source)
    for note in notes:
        text.insert(data.draw(st.integers(0, len(text))), note)
    assert shape_differences(source, text) == ()
    assert shape_differences(text, source) == ()


# With real bodies


def test_body_that_is_split_again_has_the_same_ids():
    body = join_blocks(
        (
            Block("paragraph", "晚上的光线会影响睡眠。"),
            Block("heading", "为什么", "why", level=2),
            Block("figure", argument="eye"),
            Block("tip", "早点关灯。", title="提示"),
            Block("list", "- 一\n- 二"),
        )
    )
    saved = save(split_body(body).blocks)
    assert_ids_are_unique(saved)
    assert save(split_body(body).blocks, saved) == saved
    assert saved[1].id == "why"


def test_sentences_of_these_tests_are_unlike_one_another():
    for one, other in itertools.combinations(SENTENCES, 2):
        carried = carry_ids(
            [Stamp("b1", "x", "paragraph", one)], [Block("table", "|"), Block("paragraph", other)]
        )
        assert carried[1].id == ""
