"""Typography that has to be in the markup: phrase breaks in headings, the end of a last line."""

import re
from functools import cache
from html import escape, unescape

import budoux

from articles.markdown.extension import HAN, WORD_JOINER

_HAN_CHARACTER = re.compile(f"[{HAN}]")
_TAG = re.compile(r"(<[^>]+>)")
_CLAUSE_ZH = re.compile(r"(?<=[?？!！。：；，])(?=.)")
_QUOTED = re.compile(r"“[^”]{1,8}”")
_CLAUSE_EN = re.compile(r"(?<=[?!:;])\s+(?=\S)")
# Latin letters, digits and their signs stay with the Han word before them: 维生素D3, 25(OH)D.
_NO_BREAK_BEFORE = re.compile(r"^[A-Za-z0-9αβμµ₂()（）\-+.,%®、，。；：？！?!”’…—⁠]")
_TAIL = re.compile(
    rf"(?P<text>[{HAN}]{{2}})(?P<marks>(?:{WORD_JOINER}?<sup[^>]*>(?:<a [^>]*>[^<]*</a>)?</sup>)*)"
    r"(?P<stop>[。！？…”’）]{1,3})(?=</(?:p|li)>)"
)
PROTECTED = ("维生素", "补充剂", "参考文献", "注册营养师", "矿物质", "激素", "羟化酶", "有据")
"""Words that BudouX's model cuts, or may cut; each article's glossary terms are added to them."""

PARTICLES = "了的着过们吗呢吧地得"
"""Characters that belong to the word before them and never start a line of a heading."""

MIN_TAIL_LENGTH = 14
"""Shorter paragraphs cannot leave a single character on a last line."""


@cache
def _parser() -> budoux.Parser:
    """BudouX's model for Simplified Chinese; loading it takes about 20 ms, once."""
    return budoux.load_default_simplified_chinese_parser()


def phrases(text: str, protected: tuple[str, ...] = ()) -> list[str]:
    """Cut Chinese text where a line may end: between words, never inside one.

    ``protected`` are words that must stay whole; the model was trained on news and cuts some
    medical words in two.
    """
    whole = _spans_of(text, (*PROTECTED, *protected, *_QUOTED.findall(text)))
    chunks: list[str] = []
    position = 0
    for chunk in _parser().parse(text):
        is_inside = any(start < position < end for start, end in whole)
        position += len(chunk)
        if chunks and (is_inside or _NO_BREAK_BEFORE.match(chunk) or chunk[0] in PARTICLES):
            chunks[-1] += chunk
        elif chunks and len(chunks[-1]) == 1:
            chunks[-1] += chunk
        else:
            chunks.append(chunk)
    if len(chunks) > 1 and len(_HAN_CHARACTER.findall(chunks[-1])) == 1:
        last = chunks.pop()
        chunks[-1] += last
    return chunks


def _spans_of(text: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    spans = []
    for word in words:
        start = text.find(word)
        while word and start >= 0:
            spans.append((start, start + len(word)))
            start = text.find(word, start + 1)
    return spans


def heading_html(html: str, is_chinese: bool, protected: tuple[str, ...] = ()) -> str:
    """A heading whose lines end at phrase ends. ``html`` is inline HTML already safe."""
    if not is_chinese:
        return html
    if "<" not in html:
        return title_html(unescape(html), is_chinese, protected)
    return "".join(
        part if part.startswith("<") else _with_breaks(unescape(part), protected)
        for part in _TAG.split(html)
    )


def title_html(title: str, is_chinese: bool, protected: tuple[str, ...] = ()) -> str:
    """A title from plain text: each clause is kept together where the width allows."""
    clauses = (_CLAUSE_ZH if is_chinese else _CLAUSE_EN).split(title)
    if is_chinese:
        rendered = [_with_breaks(clause, protected) for clause in clauses]
        separator = ""
    else:
        rendered = [escape(clause, quote=False) for clause in clauses]
        separator = " "
    if len(rendered) == 1:
        return rendered[0]
    return separator.join(f'<span class="ph">{clause}</span>' for clause in rendered)


def keep_tails(html: str) -> str:
    """Tie the last two Han characters of each paragraph to its full stop."""
    if len(html) < MIN_TAIL_LENGTH:
        return html
    return _TAIL.sub(r'<span class="tail">\g<text>\g<marks>\g<stop></span>', html)


def _with_breaks(text: str, protected: tuple[str, ...]) -> str:
    return "<wbr>".join(escape(phrase, quote=False) for phrase in phrases(text, protected))
