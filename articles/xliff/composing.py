"""The blocks of a translation after an import: what came back in the place where it belongs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from articles.document import Block, Document
from articles.markdown.blocks import LEAVES, split_body


def block_from(text: str, model: Block) -> Block | None:
    """A translated text as the block it must stay: same kind, level and key as ``model``.

    None if it is something else, or more than one block.
    """
    blocks = split_body(text).blocks
    if len(blocks) != 1 or blocks[0].shape != model.shape:
        return None
    if blocks[0].id and blocks[0].id != model.id:
        return None
    return replace(blocks[0], id=model.id)


def compose(source: Document, target: Document, texts: Mapping[str, Block]) -> tuple[Block, ...]:
    """The translation's blocks with those of ``texts`` (by id) put in.

    What the translation has stays in its order. What it lacks follows the block that it follows in
    the source, with the tags that stand between them and place something.
    """
    blocks = [texts.get(block.id, block) for block in target.blocks]
    wanted = _missing(source.blocks, {block.id for block in blocks}, texts)
    previous = ""
    for block in source.blocks:
        if block.id in wanted:
            blocks.insert(_place_after(blocks, previous), texts.get(block.id, block))
        if any(present.id == block.id for present in blocks):
            previous = block.id
    return tuple(blocks)


def _missing(source: Sequence[Block], present: set[str], texts: Mapping[str, Block]) -> set[str]:
    """Ids to insert: what came back, and, if anything did, the tags without words."""
    came = {block.id for block in source if block.id in texts and block.id not in present}
    if not came:
        return set()
    wordless = {block.id for block in source if block.kind in (*LEAVES, "rule")}
    return came | (wordless - present)


def _place_after(blocks: Sequence[Block], previous: str) -> int:
    """The place behind a block, or the start."""
    for place, block in enumerate(blocks):
        if block.id == previous:
            return place + 1
    return 0
