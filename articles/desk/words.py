"""The words a reader reads, out of Markdown as an editor types it."""

import re
from functools import lru_cache

from articles.document import Document
from articles.markdown.extension import CITATION, CLAIM, FOOTNOTE, HAN, TERM

OBJECT = "\ufffc"
"""Stands in the words for what is no prose: code, or an address."""

LINK = re.compile(
    r"\[(?P<text>(?:[^\[\]\n]|\[\[[^\[\]\n]*\]\]|\[[^\[\]\n]*\])*)\]"
    r"\(\s*<?(?P<target>(?:[^\s()<>]|\([^\s()<>]*\))*)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
"""A Markdown link. An address may hold brackets in pairs, as DOIs do."""

ADDRESS = re.compile(r"https?://[^\s<>\]\"'，。；）]+", re.I)

HAN_LETTER = re.compile(f"[{HAN}]")
_CODE = re.compile(r"(`+)[^\n]*?\1")
_FOOTNOTE_START = re.compile(r"^\[\^[^\]\s]+\]:", re.M)
_EMPHASIS = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)")
_SENTENCE_END_ZH = re.compile(r"(?<=[。！？…])[”’」』）]*")
_SENTENCE_END_EN = re.compile(r"(?<=[.!?])[”’\")\]]*\s+(?=[“‘\"(\[]*[A-Z0-9])")
_LIST_MARK = re.compile(r"^\s*(?:>\s?)*(?:[*+-]|\d{1,9}[.)])\s+|^\s*(?:>\s?)+|^\s*:\s+", re.M)


def words_of(source: str, document: Document) -> str:
    """A piece of Markdown as it is read, on the same lines.

    Citations, claims, footnote marks and emphasis go; links and terms leave their words.
    """
    terms = tuple((term.key, term.term) for term in document.terms)
    return _words(source, terms if "[[term:" in source else ())


@lru_cache(maxsize=4096)
def _words(source: str, terms: tuple[tuple[str, str], ...]) -> str:
    names = dict(terms)
    words = _CODE.sub(OBJECT, source)
    words = CITATION.sub("", words)
    words = CLAIM.sub("", words)
    words = _FOOTNOTE_START.sub("", words)
    words = FOOTNOTE.sub("", words)
    words = LINK.sub(lambda match: match["text"], words)
    words = TERM.sub(lambda match: match[2] or names.get(match[1].strip(), match[1]), words)
    words = ADDRESS.sub(OBJECT, words)
    return _EMPHASIS.sub("", words)


def without_list_marks(words: str) -> str:
    """Lists, quotations and definitions without the signs that start their lines."""
    return _LIST_MARK.sub("", words)


def sentences_of(words: str, is_chinese: bool) -> list[str]:
    """Sentences of plain words; an item of a list and a cell of a table are sentences too."""
    pieces: list[str] = []
    for part in re.split(r"\n\s*\n|\n(?=\s*(?:[*+-]|\d{1,9}[.)])\s)|\|", words):
        text = " ".join(without_list_marks(part).split())
        ends = _SENTENCE_END_ZH if is_chinese else _SENTENCE_END_EN
        pieces += [piece.strip() for piece in ends.split(text) if piece.strip()]
    return pieces


def key_of(words: str) -> str:
    """Words as they are compared: letters and digits only, in lower case."""
    return re.sub(r"[\W_]+", "", words).casefold()
