"""Whether a text still says what was published of it."""

from typing import Any

from articles.document import Document
from articles.markdown.blocks import clean_source


def says_the_same(document: Document, published: Document) -> bool:
    """Whether readers of the two would read the same.

    Where a text stands is not what it says, so its address is left out; so are the characters
    that a bundle cannot hold.
    """
    if document.content_hash == published.content_hash:
        return True
    return _words(document) == _words(published)


def _words(document: Document) -> dict[str, Any]:
    return _cleaned({**document.to_dict(), "slug": ""})


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_source(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {name: _cleaned(item) for name, item in value.items()}
    return value
