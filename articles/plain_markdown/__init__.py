"""A published text as Markdown (CommonMark with the tables and footnotes of GFM).

It is made from the stored HTML of the publication, not from what editors typed: so it holds the
very words, numbers and order that readers see, and nothing that was hidden from them.
"""

from articles.plain_markdown.components import body_markdown
from articles.plain_markdown.front_matter import facts_of, front_matter
from articles.plain_markdown.page import disclaimer, text_markdown
from articles.plain_markdown.text import Text, markdown_address, markdown_path, page_address

__all__ = [
    "Text",
    "body_markdown",
    "disclaimer",
    "facts_of",
    "front_matter",
    "markdown_address",
    "markdown_path",
    "page_address",
    "text_markdown",
]
