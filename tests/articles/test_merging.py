"""Two editors, one text: nothing that either of them typed is lost."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.document import (
    Block,
    CalloutData,
    Document,
    FigureData,
    ImageData,
    ProductMentionData,
    StatementData,
)
from articles.merging import FIELDS, merge_documents, parts_of

WORDS = st.text(alphabet="ab镁", min_size=1, max_size=3)
"""Short, so that both editors often type the same."""

KEYS = st.lists(st.sampled_from(["k1", "k2", "k3"]), unique=True, max_size=3)


def image(key: str) -> ImageData:
    return ImageData(key, 10, 10)


def mention(product: str, text: str) -> ProductMentionData:
    return ProductMentionData(product, product, "en", "Brand", "none", text)


def blocks(draw) -> tuple[Block, ...]:
    ids = draw(st.lists(st.sampled_from("abcdef"), max_size=5, unique=True))
    # A draft may give two headings one address.
    if ids and draw(st.booleans()):
        ids.append(ids[0])
    return tuple(Block("paragraph", draw(WORDS), id=name) for name in ids)


@st.composite
def documents(draw) -> Document:
    return Document(
        "en",
        "slug",
        "article",
        **{name: draw(WORDS | st.just("")) for name in FIELDS},
        blocks=blocks(draw),
        figures=tuple(
            FigureData(
                key,
                image(draw(WORDS)),
                draw(WORDS),
                draw(WORDS),
                draw(st.none() | st.builds(image, WORDS)),
            )
            for key in draw(KEYS)
        ),
        callouts=tuple(
            CalloutData(key, draw(WORDS), draw(WORDS), draw(WORDS)) for key in draw(KEYS)
        ),
        statements=tuple(
            StatementData(key, "limited", (), draw(WORDS), draw(WORDS)) for key in draw(KEYS)
        ),
        mention=draw(st.none() | st.builds(mention, st.sampled_from(["p1", "p2"]), WORDS)),
    )


@st.composite
def edits(draw, base: Document) -> Document:
    """What an editor makes of a text: parts of it kept, changed, moved, removed, added."""
    other = draw(documents())
    values = {
        name: getattr(draw(st.sampled_from([base, base, other])), name)
        for name in (*FIELDS, "mention", "figures", "callouts", "statements")
    }
    kept = draw(st.permutations(base.blocks) if draw(st.booleans()) else st.just(base.blocks))
    edited = [
        replace(block, source=draw(WORDS)) if draw(st.booleans()) else block
        for block in kept
        if draw(st.booleans()) or draw(st.booleans())
    ]
    new = draw(st.lists(st.tuples(st.integers(0, 6), st.sampled_from("xyz"), WORDS), max_size=2))
    for place, name, text in new:
        edited.insert(place, Block("paragraph", text, id=name))
    return replace(base, **values, blocks=tuple(edited))


@st.composite
def three(draw) -> tuple[Document, Document, Document]:
    base = draw(documents())
    return base, draw(edits(base)), draw(edits(base))


def typed(document: Document) -> dict[str, str]:
    return {part.id: part.text for part in parts_of(document)}


def name_of(part: str) -> str:
    """A part's id without the number that tells it from another of the same id."""
    return part.split("~")[0]


def said(document: Document) -> set[tuple[str, str]]:
    return {(name_of(part), text) for part, text in typed(document).items()}


def block_ids(*sides: Document) -> Counter[str]:
    """How often each id stands in the text that has it most often."""
    counts = Counter()
    for side in sides:
        counts |= Counter(block.id for block in side.blocks)
    return counts


@settings(max_examples=40, deadline=None)
@given(three())
def test_nothing_that_either_side_typed_is_lost(sides):
    base, mine, theirs = sides
    merged = merge_documents(base, mine, theirs)
    old, own, new, now = (said(item) for item in (base, mine, theirs, merged.document))
    assert own - old <= now
    clashes = {name_of(part) for part in merged.clashes}
    assert {name for name, _text in new - old - now} <= clashes


@settings(max_examples=40, deadline=None)
@given(three())
def test_what_is_neither_old_nor_typed_is_in_no_merged_text(sides):
    base, mine, theirs = sides
    merged = merge_documents(base, mine, theirs)
    own, new, now = (said(item) for item in (mine, theirs, merged.document))
    assert now <= own | new


@settings(max_examples=40, deadline=None)
@given(three())
def test_what_one_removed_and_the_other_left_alone_is_gone(sides):
    base, mine, theirs = sides
    merged = merge_documents(base, mine, theirs).document
    # Of two passages with one id nobody can say which was removed.
    repeated = {name for name, count in block_ids(base, mine, theirs).items() if count > 1}
    old, own, new, now = (
        {block.id: block for block in item.blocks if block.id not in repeated}
        for item in (base, mine, theirs, merged)
    )
    for name, block in old.items():
        left = [side[name] for side in (own, new) if name in side]
        if len(left) < 2 and all(item == block for item in left):
            assert name not in now


@settings(max_examples=40, deadline=None)
@given(three())
def test_merging_with_nobody_else_gives_one_s_own_text(sides):
    base, mine, _theirs = sides
    merged = merge_documents(base, mine, base)
    assert merged.document == mine
    assert (merged.taken, merged.clashes) == ((), ())


@settings(max_examples=40, deadline=None)
@given(three())
def test_merging_nothing_of_one_s_own_gives_the_other_s_text(sides):
    base, _mine, theirs = sides
    merged = merge_documents(base, base, theirs)
    assert merged.document == theirs
    assert merged.clashes == ()
    old, new = typed(base), typed(theirs)
    assert set(merged.taken) >= {part for part in new if old.get(part) != new[part]}


@settings(max_examples=40, deadline=None)
@given(three())
def test_both_editors_hear_of_the_same_clashes(sides):
    base, mine, theirs = sides
    one, other = merge_documents(base, mine, theirs), merge_documents(base, theirs, mine)
    assert set(one.clashes) == set(other.clashes)
    assert not set(one.clashes) & set(one.taken)


@settings(max_examples=40, deadline=None)
@given(three())
def test_merging_again_after_the_other_saved_the_merger_changes_nothing(sides):
    base, mine, theirs = sides
    merged = merge_documents(base, mine, theirs).document
    again = merge_documents(theirs, merged, theirs)
    assert again.document == merged
    assert (again.taken, again.clashes) == ((), ())


@settings(max_examples=40, deadline=None)
@given(documents(), documents())
def test_without_a_known_beginning_every_difference_is_shown(mine, theirs):
    empty = Document("en", "", "", title="", standfirst="")
    merged = merge_documents(empty, mine, theirs)
    own, new = typed(mine), typed(theirs)
    both = {part for part in own.keys() & new.keys() if own[part] != new[part]}
    assert both <= set(merged.clashes)
    assert said(mine) <= said(merged.document)


def text(*sources: str, **values) -> Document:
    """A text whose blocks are called by their first letters."""
    return Document(
        "en",
        "slug",
        "article",
        **{"title": "T", "standfirst": "S", **values},
        blocks=tuple(Block("paragraph", source, id=source[0]) for source in sources),
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "merged", "clashes"),
    [
        # One edits, the other edits elsewhere.
        (["a1", "b", "c"], ["a", "b", "c2"], ["a1", "b", "c2"], []),
        # Both edit one passage.
        (["a1", "b", "c"], ["a2", "b", "c"], ["a1", "b", "c"], ["a"]),
        # Both make the same edit.
        (["a1", "b", "c"], ["a1", "b", "c"], ["a1", "b", "c"], []),
        # One removes what the other left alone, or changed.
        (["a", "c"], ["a", "b", "c2"], ["a", "c2"], []),
        (["a", "c"], ["a", "b2", "c"], ["a", "b2", "c"], ["b"]),
        (["a", "b1", "c"], ["a", "c"], ["a", "b1", "c"], ["b"]),
        # Both add, behind the same passage or where one of them removed it.
        (["a", "x", "b", "c"], ["a", "y", "b", "c"], ["a", "x", "y", "b", "c"], []),
        (["a", "c"], ["a", "b", "y", "c"], ["a", "y", "c"], []),
        (["x", "a", "b", "c"], ["a", "b", "c", "y"], ["x", "a", "b", "c", "y"], []),
        # One moves, the other edits; whoever it is.
        (["c", "a", "b"], ["a", "b2", "c"], ["c", "a", "b2"], []),
        (["a", "b1", "c"], ["c", "a", "b"], ["c", "a", "b1"], []),
        (["a", "b", "c", "x"], ["c", "a", "b"], ["c", "x", "a", "b"], []),
        # Both move.
        (["c", "a", "b"], ["b", "a", "c"], ["c", "a", "b"], []),
    ],
)
def test_passages_are_merged_as_two_careful_people_would(mine, theirs, merged, clashes):
    result = merge_documents(text("a", "b", "c"), text(*mine), text(*theirs))
    assert [block.source for block in result.document.blocks] == merged
    assert list(result.clashes) == clashes


def test_of_one_figure_each_editor_s_change_is_kept():
    figure = FigureData("k", image("old"), "alt", "caption")
    base = replace(text("a"), figures=(figure,))
    mine = replace(base, figures=(replace(figure, caption="mine"),))
    theirs = replace(base, figures=(replace(figure, image=image("new"), alt="theirs"),))
    merged = merge_documents(base, mine, theirs)
    assert merged.document.figures == (FigureData("k", image("new"), "theirs", "mine"),)
    assert set(merged.taken) == {"@figure:k:image", "@figure:k:alt"}


@pytest.mark.parametrize("name", ["seal", "original_label", "seo_title", "seo_description"])
def test_a_clash_in_a_field_that_nobody_translates_is_reported_too(name):
    base, mine, theirs = (text("a", **{name: value}) for value in ("0", "1", "2"))
    merged = merge_documents(base, mine, theirs)
    assert getattr(merged.document, name) == "1"
    assert merged.clashes == (f"@{name.replace('_', '-')}",)


def test_a_mention_that_readers_do_not_see_is_merged_like_one_they_see():
    base, mine, theirs = (
        replace(text("a"), hidden_mention=mention(product, words))
        for product, words in (("p1", "old"), ("p2", "old"), ("p1", "theirs"))
    )
    merged = merge_documents(base, mine, theirs).document
    assert merged.mention is None
    assert (merged.hidden_mention.product, merged.hidden_mention.text) == ("p2", "theirs")


def test_what_belongs_to_the_article_is_as_it_is_now():
    base = text("a")
    theirs = replace(base, nutrients=("iron",), slug="renamed")
    merged = merge_documents(base, replace(base, title="Mine"), theirs).document
    assert (merged.nutrients, merged.slug, merged.title) == (("iron",), "renamed", "Mine")


def test_of_a_figure_that_both_added_the_other_s_second_picture_stays():
    base = text("a")
    mine = replace(base, figures=(FigureData("k", image("i"), "Alt.", "Caption."),))
    theirs = replace(
        base, figures=(FigureData("k", image("i"), "Alt.", "Theirs.", image("narrow")),)
    )
    merged = merge_documents(base, mine, theirs)
    (figure,) = merged.document.figures
    assert (figure.caption, figure.narrow_image) == ("Caption.", image("narrow"))
    assert merged.taken == ("@figure:k:narrow-image",)
    assert merged.clashes == ("@figure:k:caption",)
