"""What somebody tries who wants more of the desk than their role gives, or wants it to stop."""

import random
from dataclasses import replace
from difflib import SequenceMatcher

import pytest

from articles import parity
from articles.document import Block
from articles.parity import MAX_SHAPES, MAX_WORK, align_ids, carry_ids, shape_differences, stamps_of

# Work that grows faster than the text


@pytest.fixture
def work(monkeypatch) -> list[int]:
    """Characters or shapes times those they are compared with, of each costly comparison."""
    done: list[int] = []

    class Counted(SequenceMatcher):
        def __init__(self, isjunk, old, new, autojunk=True):
            if len(set(old)) < len(old):
                done.append(len(old) * len(new))
            super().__init__(isjunk, old, new, autojunk)

    monkeypatch.setattr(parity, "SequenceMatcher", Counted)
    return done


def _paragraphs(count: int, seed: int) -> tuple[Block, ...]:
    chance = random.Random(seed)
    words = ["magnesium", "vitamin", "sleep", "a", "trial", "of", "the", "bone", "sun", "kidney"]
    texts = (" ".join(chance.choices(words, k=40)) for _ in range(count))
    return tuple(Block("paragraph", f"{text} {place}.") for place, text in enumerate(texts))


def _named(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(replace(block, id=f"b{place}") for place, block in enumerate(blocks))


def test_a_rewritten_article_is_recognised_with_bounded_work(work):
    old, new = _named(_paragraphs(300, 1)), _paragraphs(300, 2)
    carried = carry_ids(stamps_of(old), new)
    assert {block.id for block in carried} == {block.id for block in old}
    assert sum(work) <= MAX_WORK


def test_a_long_paragraph_is_compared_with_bounded_work(work):
    (old,), (new,) = (
        _named((Block("paragraph", "的是" * 50_000),)),
        (Block("paragraph", "是" * 90_000),),
    )
    carry_ids(stamps_of([old]), [new])
    assert sum(work) <= MAX_WORK


def test_edited_paragraphs_that_moved_are_recognised_in_a_long_text():
    old = _named(_paragraphs(40, 3))
    moved = [replace(block, source=f"New: {block.source} Indeed.", id="") for block in old]
    moved = [*moved[20:], *moved[:20], Block("paragraph", "One more.")]
    carried = carry_ids(stamps_of(old), moved)
    assert [block.id for block in carried[:-1]] == [f"b{(place + 20) % 40}" for place in range(40)]


def test_texts_of_other_shapes_are_aligned_with_bounded_work(work):
    source = _named(
        tuple(
            Block("heading", "h", level=1) if place % 2 else Block("paragraph", "p")
            for place in range(700)
        )
    )
    blocks = _paragraphs(700, 4)
    align_ids(source, blocks)
    shape_differences(source, blocks)
    assert max(work, default=0) <= MAX_SHAPES


def test_a_long_text_of_nearly_the_same_shape_is_aligned():
    source = _named(_paragraphs(400, 5))
    blocks = (*_paragraphs(200, 6), Block("heading", "h", level=2), *_paragraphs(200, 7))
    aligned = [block.id for block in align_ids(source, blocks)]
    assert aligned == [
        *(f"b{place}" for place in range(200)),
        "",
        *(f"b{place}" for place in range(200, 400)),
    ]
    (difference,) = shape_differences(source, blocks)
    assert difference.source_ids == ()
