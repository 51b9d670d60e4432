"""Units: every text of a document is in exactly one, and it changes when the text does."""

import dataclasses

from hypothesis import given
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
from articles.markdown.blocks import block_source
from articles.units import MENTION, digests_of, units_of

WORDS = st.text("甲乙abc 。", min_size=1, max_size=6)
FILLED = WORDS.filter(str.strip)
KEYS = ("a", "b-2")
PLACED = ("figure", "callouts", "key-points", "product", "glossary", "references")

blocks = st.builds(
    lambda kind, source, level, argument: Block(
        kind, source if kind not in PLACED else "", level=level, argument=argument
    ),
    st.sampled_from(["paragraph", "heading", "tip", "list", "rule", *PLACED]),
    FILLED,
    st.integers(0, 3),
    st.sampled_from(["", "x"]),
)
image = ImageData("i", 1, 1)


def rows(build):
    """Up to two rows, each with a key of its own."""
    return st.lists(st.sampled_from(KEYS), unique=True).flatmap(
        lambda keys: st.tuples(*map(build, keys))
    )


documents = st.builds(
    Document,
    language=st.just("en"),
    slug=st.just("a"),
    kind=st.just("article"),
    title=WORDS,
    standfirst=WORDS | st.just(""),
    edition_note=WORDS | st.just(""),
    blocks=st.lists(blocks, max_size=4).map(
        lambda found: tuple(
            dataclasses.replace(block, id=f"b{place}") for place, block in enumerate(found)
        )
    ),
    figures=rows(
        lambda key: st.builds(FigureData, st.just(key), st.just(image), WORDS, WORDS, text=WORDS)
    ),
    callouts=rows(lambda key: st.builds(CalloutData, st.just(key), st.just("sleep"), WORDS, WORDS)),
    statements=rows(
        lambda key: st.builds(
            StatementData, st.just(key), st.just("limited"), st.just(()), WORDS, WORDS
        )
    ),
    mention=st.none()
    | st.builds(lambda text: ProductMentionData("p", "P", "en", "B", "none", text), WORDS),
)


def texts_of(document: Document) -> list[str]:
    """Everything that an editor types as words, empty ones left out."""
    found = [document.title, document.standfirst, document.edition_note]
    found += [block_source(block) for block in document.blocks]
    for figure in document.figures:
        found += [figure.alt, figure.caption, figure.text]
    for callout in document.callouts:
        found += [callout.label, callout.text]
    for statement in document.statements:
        found += [statement.text, statement.basis]
    if document.mention:
        found.append(document.mention.text)
    return [text for text in found if text.strip()]


@given(documents)
def test_every_text_is_in_exactly_one_unit(document):
    units = units_of(document)
    assert sorted(unit.text for unit in units) == sorted(texts_of(document))
    assert len({unit.id for unit in units}) == len(units)
    assert digests_of(document) == {unit.id: unit.digest for unit in units}


@given(documents)
def test_blocks_keep_their_ids_and_everything_else_is_marked(document):
    found = [unit.id for unit in units_of(document) if unit.is_block]
    assert found == [block.id for block in document.blocks]
    assert all(unit.id.startswith("@") for unit in units_of(document) if not unit.is_block)


@given(documents)
def test_units_survive_storage(document):
    assert units_of(Document.from_dict(document.to_dict())) == units_of(document)


CHANGES = {
    "@title": lambda found, text: {"title": text},
    "@standfirst": lambda found, text: {"standfirst": text},
    "@edition-note": lambda found, text: {"edition_note": text},
    "figure": lambda found, text: {"figures": _first(found.figures, caption=text)},
    "callout": lambda found, text: {"callouts": _first(found.callouts, label=text)},
    "statement": lambda found, text: {"statements": _first(found.statements, basis=text)},
    "block": lambda found, text: {"blocks": _first(found.blocks, source=text)},
}


def _first(rows, **values):
    return tuple(
        dataclasses.replace(row, **values) if place == 0 else row for place, row in enumerate(rows)
    )


def differing(one: Document, other: Document) -> set[str]:
    left, right = digests_of(one), digests_of(other)
    return {unit for unit in left.keys() | right.keys() if left.get(unit) != right.get(unit)}


@given(documents, st.sampled_from(sorted(CHANGES)), WORDS)
def test_digest_changes_exactly_where_the_text_does(document, what, text):
    changed = dataclasses.replace(document, **CHANGES[what](document, text))
    found = differing(document, changed)
    before = {unit.id: unit.text.strip() for unit in units_of(document)}
    after = {unit.id: unit.text.strip() for unit in units_of(changed)}
    expected = {
        unit for unit in before.keys() | after.keys() if before.get(unit) != after.get(unit)
    }
    if what == "block":
        # A tag that only places something prints no source, which nobody can have typed.
        assert expected <= found <= {document.blocks[0].id if document.blocks else ""}
    else:
        assert found == expected


def test_digest_of_a_block_follows_kind_level_key_and_heading():
    block = Block("tip", "Words.", "b1", title="Heading")
    digest = digests_of(_document(block))["b1"]
    for values in ({"kind": "urgent"}, {"level": 2}, {"argument": "x"}, {"title": "Other"}):
        assert digests_of(_document(dataclasses.replace(block, **values)))["b1"] != digest
    assert digests_of(_document(dataclasses.replace(block, line=7)))["b1"] == digest


def _document(*found: Block) -> Document:
    return Document("en", "a", "article", "Title", "", blocks=found)


def test_tags_that_only_place_something_have_no_words():
    found = {
        kind: units_of(_document(Block(kind, id="b1")))[-1].has_words
        for kind in (*PLACED, "rule", "paragraph", "heading", "tip", "footnote")
    }
    assert [kind for kind, has_words in found.items() if has_words] == [
        *("paragraph", "heading", "tip", "footnote")
    ]


def test_mention_that_is_hidden_is_still_a_text():
    mention = ProductMentionData("p", "P", "en", "B", "none", "Words.")
    shown = dataclasses.replace(_document(), mention=mention)
    hidden = dataclasses.replace(_document(), hidden_mention=mention)
    assert digests_of(shown) == digests_of(hidden)
    assert MENTION in digests_of(hidden)
