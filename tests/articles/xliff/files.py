"""Documents and hand-off files for tests, without a database."""

from articles.document import Document
from articles.markdown.blocks import split_body
from articles.parity import align_ids, fill_ids
from articles.xliff.writer import export_xliff


def document(language: str, *, body: str = "", source: Document | None = None, **fields):
    """A document whose blocks have ids, those of ``source`` where the shapes correspond."""
    blocks = split_body(body).blocks
    if source:
        blocks = align_ids(source.blocks, blocks)
    values = {"title": "A title", "standfirst": "", **fields}
    return Document(language=language, slug="d3", kind="article", blocks=fill_ids(blocks), **values)


def export(source: Document, target: Document | None = None, **values) -> bytes:
    """A hand-off from ``source`` into the other language, as version 7."""
    language = "en" if source.language == "zh-hans" else "zh-hans"
    options = {"original": "d3", "version": 7, **values}
    return export_xliff(source, target, language, **options)
