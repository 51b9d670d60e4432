"""A document as data: it survives JSON whole, and its hash is its identity."""

import dataclasses
import json
import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.document import (
    Block,
    CalloutData,
    ContributionData,
    Document,
    FigureData,
    ImageData,
    ProductMentionData,
    ReferenceData,
    RenditionData,
    StatementData,
    TermData,
)


def values_of(kind: Any) -> st.SearchStrategy:
    """Any value of a type that a document's field may have."""
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return st.lists(values_of(arguments[0]), max_size=2).map(tuple)
    if isinstance(kind, types.UnionType):
        return st.one_of(*map(values_of, arguments))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        names = [item.name for item in dataclasses.fields(kind) if item.compare]
        return st.builds(kind, **{name: values_of(hints[name]) for name in names})
    return {
        str: st.text(max_size=8),
        int: st.integers(min_value=0, max_value=10**6),
        bool: st.booleans(),
        types.NoneType: st.none(),
    }[kind]


documents = values_of(Document)

IMAGE = ImageData(
    key="activation-zh-hans",
    width=840,
    height=520,
    renditions=(RenditionData("images/a-480.webp", "webp", 480, 297),),
    svg="<svg/>",
    credit="编辑部",
    licence="CC BY 4.0",
)

WHOLE = Document(
    language="zh-hans",
    slug="d3-k2-magnesium",
    kind="article",
    title="吃了维生素D3却没效果？",
    standfirst="镁可能是其中一块拼图。",
    seal="镁",
    scene=2,
    seo_title="维生素D3与镁",
    seo_description="D3如何激活。",
    original_label="学习时间: 1'",
    edition_note="关于本版。",
    is_adaptation=True,
    source_language="zh-hans",
    lead_figure="activation",
    topics=("supplements", "bones"),
    nutrients=("magnesium", "vitamin-d"),
    contributions=(ContributionData("louise-w-lu", "author"), ContributionData("a-b", "editor")),
    blocks=(
        Block("heading", "两步激活", "activation", level=2, line=1),
        Block("safety", "先问医生。", "b12a", argument="magnesium", title="请先读", line=3),
    ),
    figures=(FigureData("activation", IMAGE, "示意图", "两步。", IMAGE, "1. 起点"),),
    callouts=(CalloutData("sleep", "sleep", "睡眠", "睡不好。"),),
    mention=ProductMentionData(
        product="health-life",
        name="海藻钙",
        name_language="zh-hans",
        brand="Health Life",
        relationship="unconfirmed",
        text="看标签。",
        website="https://example.org",
        gloss="seaweed calcium",
        components="维生素D3",
        label_note="按说明使用。",
    ),
    statements=(StatementData("C7", "limited", ("dai2018",), "小型试验提示。", "试验少。"),),
    references=(
        ReferenceData(
            key="dai2018",
            study_type="randomised_trial",
            authors="Dai Q",
            year=2018,
            title="Magnesium status",
            label="一项试验",
            container="Am J Clin Nutr",
            locator="108(6):1249",
            doi="10.1093/ajcn/nqy274",
            pmid="30541089",
            isbn="978-0-00-000000-2",
            url="https://example.org/dai",
            accessed_on="2026-11-22",
            participants=180,
            is_complete=False,
        ),
    ),
    terms=(TermData("calcidiol", "骨化二醇", "25(OH)D", "储存型"),),
)


def changed_copies(value: Any) -> Iterator[tuple[str, Any]]:
    """Every copy of a value that differs in one place only, with the name of that place."""
    if dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            if not item.compare:
                continue
            for place, copy in changed_copies(getattr(value, item.name)):
                yield f".{item.name}{place}", dataclasses.replace(value, **{item.name: copy})
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            for place, copy in changed_copies(inner):
                yield f"[{index}]{place}", value[:index] + (copy,) + value[index + 1 :]
        yield "[removed]", value[:-1]
        yield "[repeated]", (*value, value[-1])
        if len(value) > 1:
            yield "[reversed]", value[::-1]
    elif isinstance(value, bool):
        yield "", not value
    elif isinstance(value, int):
        yield "", value + 1
    else:
        yield "", f"{value} "


@given(documents)
def test_document_survives_json_whole(document):
    stored = json.loads(json.dumps(document.to_dict()))
    restored = Document.from_dict(stored)
    assert restored == document
    assert restored.to_dict() == document.to_dict()
    assert restored.content_hash == document.content_hash


@given(documents, documents)
def test_documents_have_the_same_hash_exactly_when_they_are_equal(one, other):
    assert (one.content_hash == other.content_hash) == (one == other)


def test_example_has_every_field_filled():
    empty = [
        name
        for name, value in vars(WHOLE).items()
        if not value and name not in ("body", "hidden_mention")
    ]
    assert empty == []


def test_hash_of_the_example_is_the_one_that_was_signed():
    """Signatures and revisions keep hashes for years: no change of code may move them."""
    assert WHOLE.content_hash == (
        "046778678d53efab72be6c01e2769c90d9fc9efdd6da645be3c945cffd671817"
    )


@pytest.mark.parametrize(
    "document", [pytest.param(copy, id=place) for place, copy in changed_copies(WHOLE)]
)
def test_hash_moves_with_every_field(document):
    assert document != WHOLE
    assert document.content_hash != WHOLE.content_hash
    assert Document.from_dict(document.to_dict()) == document


@pytest.mark.parametrize("field", ["mention", "figures.narrow_image", "references.year"])
def test_hash_moves_when_a_part_is_left_out(field):
    changes = {
        "mention": {"mention": None},
        "figures.narrow_image": {
            "figures": (dataclasses.replace(WHOLE.figures[0], narrow_image=None),)
        },
        "references.year": {"references": (dataclasses.replace(WHOLE.references[0], year=None),)},
    }
    document = dataclasses.replace(WHOLE, **changes[field])
    assert document.content_hash != WHOLE.content_hash
    assert Document.from_dict(document.to_dict()) == document


def test_line_of_a_block_is_no_part_of_its_identity():
    moved = dataclasses.replace(
        WHOLE, blocks=tuple(dataclasses.replace(block, line=99) for block in WHOLE.blocks)
    )
    assert moved == WHOLE
    assert moved.content_hash == WHOLE.content_hash
    assert all("line" not in block for block in moved.to_dict()["blocks"])


def test_what_only_checks_read_is_no_part_of_the_identity():
    edited = dataclasses.replace(WHOLE, body="## 正文", hidden_mention=WHOLE.mention)
    assert edited == WHOLE
    assert edited.content_hash == WHOLE.content_hash
    assert {"body", "hidden_mention"}.isdisjoint(edited.to_dict())


def test_empty_values_are_not_stored():
    document = Document(language="en", slug="a", kind="page", title="A", standfirst="")
    assert document.to_dict() == {
        "language": "en",
        "slug": "a",
        "kind": "page",
        "title": "A",
        "standfirst": "",
        "is_adaptation": False,
    }


@pytest.mark.parametrize("cls", [Document, Block, ReferenceData])
def test_stored_document_with_an_unknown_field_is_refused(cls):
    data = WHOLE.to_dict()
    place = {Document: data, Block: data["blocks"][0], ReferenceData: data["references"][0]}[cls]
    place["colour"] = "red"
    with pytest.raises(TypeError, match="colour"):
        Document.from_dict(data)


def test_stored_document_without_a_required_field_is_refused():
    data = WHOLE.to_dict()
    del data["title"]
    with pytest.raises(TypeError, match="title"):
        Document.from_dict(data)


def test_document_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        WHOLE.title = "别的"


def test_parts_are_found_by_their_keys():
    assert WHOLE.figures_by_key == {"activation": WHOLE.figures[0]}
    assert WHOLE.callouts_by_key == {"sleep": WHOLE.callouts[0]}
    assert WHOLE.statements_by_claim == {"C7": WHOLE.statements[0]}
    assert WHOLE.references_by_key == {"dai2018": WHOLE.references[0]}
    assert WHOLE.terms_by_key == {"calcidiol": WHOLE.terms[0]}


# Blocks


BLOCK = Block("tip", "多吃坚果。", "b12a", level=2, argument="a", title="提示", line=3)


@pytest.mark.parametrize("field", ["kind", "source", "level", "argument", "title"])
def test_digest_of_a_block_moves_with_its_content(field):
    value = 3 if field == "level" else "别的"
    assert dataclasses.replace(BLOCK, **{field: value}).digest != BLOCK.digest


@pytest.mark.parametrize("change", [{"id": "b999"}, {"line": 9}, {"source": "\n多吃坚果。\n\n"}])
def test_digest_of_a_block_does_not_move_with_its_id_its_place_or_blank_lines(change):
    assert dataclasses.replace(BLOCK, **change).digest == BLOCK.digest


def test_digest_does_not_confuse_the_fields_of_a_block():
    assert Block("tip", "b", title="a").digest != Block("tip", "a", title="b").digest
    assert Block("tip", "", title="ab").digest != Block("tip", "b", title="a").digest


def test_digest_of_a_block_is_the_one_that_bundles_keep():
    assert BLOCK.digest == "d5796576"


def test_shape_is_what_languages_share():
    assert BLOCK.shape == ("tip", 2, "a")
    assert dataclasses.replace(BLOCK, source="Eat nuts.", title="Tip", id="x").shape == BLOCK.shape
    for change in ({"kind": "quote"}, {"level": 3}, {"argument": "b"}):
        assert dataclasses.replace(BLOCK, **change).shape != BLOCK.shape


def test_block_hashes_follow_the_order_of_the_body():
    assert list(WHOLE.block_hashes.items()) == [
        ("activation", WHOLE.blocks[0].digest),
        ("b12a", WHOLE.blocks[1].digest),
    ]


# References


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        (
            {"doi": "10.1093/ajcn/nqy274", "pmid": "1", "url": "https://a.example"},
            "https://doi.org/10.1093/ajcn/nqy274",
        ),
        (
            {"pmid": "30541089", "url": "https://a.example"},
            "https://pubmed.ncbi.nlm.nih.gov/30541089/",
        ),
        ({"url": "https://a.example"}, "https://a.example"),
        ({"isbn": "978-0-00-000000-2"}, ""),
    ],
)
def test_reference_is_read_at_its_most_lasting_address(fields, address):
    assert ReferenceData("key", "review", **fields).address == address
