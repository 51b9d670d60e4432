"""The words of a rendered body as readers read them, paragraph by paragraph."""

import re
from collections.abc import Iterator
from html import unescape

_TOKEN = re.compile(
    # Whole at once: numbers of figures and citations, drawings, and words that a reader presses.
    r"<!--.*?-->|<(?P<skipped>b|summary|sup|svg)\b[^>]*>.*?</(?P=skipped)>"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][\w-]*)(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"
    r"|(?P<text>[^<]+|<)",
    re.S,
)
_INLINE = frozenset({"a", "abbr", "code", "em", "i", "small", "span", "strong", "sub", "wbr"})
"""Elements inside a line; any other one begins and ends a paragraph."""

_SKIPPED_CLASSES = re.compile(
    r"""class=['"](?:[^'"]* )?(?:back|credit|evidence|figure-links|fine|label|references|seal|"""
    r"""visually-hidden|why|zoom__close)(?: [^'"]*)?['"]|id=['"]glance-h['"]"""
)
"""Words of the interface inside a body, the list of references, and what opens only on demand."""

_VOID = frozenset({"br", "hr", "img", "source", "wbr", "input", "use", "path"})
_UNPRINTED = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")


def paragraphs(body_html: str) -> Iterator[str]:
    """Plain texts of the paragraphs, items, cells and headings of ``Publication.body_html``.

    Without markup, entities, soft hyphens and joiners; white space joined; none empty.
    """
    words: list[str] = []
    skipped, depth = "", 0
    for token in _TOKEN.finditer(body_html):
        text, name = token["text"], (token["name"] or "").lower()
        if skipped:
            if name == skipped and not token["rest"].endswith("/"):
                depth += -1 if token["close"] else 1
            if not depth:
                skipped = ""
        elif text:
            words.append(text)
        elif name:
            if not token["close"] and _is_skipped(name, token["rest"]):
                skipped, depth = name, 1
            if name not in _INLINE:
                yield from _paragraph(words)
                words = []
    yield from _paragraph(words)


def _is_skipped(name: str, attributes: str) -> bool:
    is_empty = name in _VOID or attributes.endswith("/")
    return not is_empty and bool(_SKIPPED_CLASSES.search(attributes))


def _paragraph(words: list[str]) -> Iterator[str]:
    text = " ".join(unescape("".join(words)).translate(_UNPRINTED).split())
    if text:
        yield text
