"""Typography that has to be in the markup: phrase breaks in headings, the end of a last line."""

import re
from functools import cache
from html import escape, unescape

import budoux

from articles.markdown.extension import HAN, WORD_JOINER

_HAN_CHARACTER = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+(?:[、，：；·]?[{HAN}]+)*")
_TAG = re.compile(r"(<[^>]+>)")
# A clause ends at its stop and the closing marks behind it, which must not start a line.
_CLAUSE_ZH = re.compile(r"[?？!！。：；，]++[”’」』）》]*+(?=.)")
_QUOTED = re.compile(r"“[^“”]{1,8}”")
_CLAUSE_EN = re.compile(r"(?<=[?!:;])\s+(?=\S)")
# Latin letters, digits and their signs stay with the Han word before them: 维生素D3, 25(OH)D.
_NO_BREAK_BEFORE = re.compile(r"^[A-Za-z0-9αβμµ₂()（）\-+.,%®、，。；：？！?!”’…—⁠]")
_NO_BREAK_AFTER = tuple("“‘（《「『(")
_MARK = rf"{WORD_JOINER}?<sup[^>]*>[^<]*(?:<a [^>]*>[^<]*</a>)*</sup>"
_TAIL = re.compile(
    rf"(?P<text>[{HAN}]{{2}})(?P<marks>(?:{_MARK})*)"
    # With a full stop at the end of a paragraph or item; items may also end without one.
    r"(?P<stop>[。！？…”’）]{1,3}(?=</(?:p|li)>)|(?=</li>))"
)
PROTECTED = ("维生素", "补充剂", "参考文献", "注册营养师", "矿物质", "激素", "羟化酶", "有据")
"""Words that BudouX's model cuts, or may cut; each article's glossary terms are added to them."""

PARTICLES = "了的着过们吗呢吧地得"
"""Characters that belong to the word before them and never start a line of a heading."""

MAX_HEADING = 300
"""Longer texts are no headings: they are not cut into phrases, which takes its time."""

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
    if len(text) > MAX_HEADING:
        return [text]
    whole = _whole(text, protected)
    chunks: list[str] = []
    position = 0
    for chunk in _parser().parse(text):
        is_inside = _is_inside(position, whole)
        position += len(chunk)
        is_bound = _NO_BREAK_BEFORE.match(chunk) or chunk[0] in PARTICLES
        if chunks and (is_inside or is_bound or _binds_what_follows(chunks[-1])):
            chunks[-1] += chunk
        else:
            chunks.append(chunk)
    if len(chunks) > 1 and len(_HAN_CHARACTER.findall(chunks[-1])) == 1:
        last = chunks.pop()
        chunks[-1] += last
    return chunks


def _whole(text: str, protected: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the words stand that must stay whole."""
    spans = []
    for word in (*PROTECTED, *protected, *_QUOTED.findall(text)):
        start = text.find(word)
        while word and start >= 0:
            spans.append((start, start + len(word)))
            start = text.find(word, start + 1)
    return spans


def _binds_what_follows(chunk: str) -> bool:
    return len(chunk) == 1 or chunk.endswith(_NO_BREAK_AFTER)


def _is_inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < position < end for start, end in spans)


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
    if is_chinese:
        rendered = [_with_breaks(clause, protected) for clause in clauses(title, protected)]
        separator = ""
    else:
        rendered = [escape(clause, quote=False) for clause in _CLAUSE_EN.split(title)]
        separator = " "
    if len(rendered) == 1:
        return rendered[0]
    return separator.join(f'<span class="ph">{clause}</span>' for clause in rendered)


def clauses(title: str, protected: tuple[str, ...]) -> list[str]:
    """The clauses of a Chinese title; the last one has more than one Han character."""
    if len(title) > MAX_HEADING:
        return [title]
    whole = _whole(title, protected)
    cuts = [match.end() for match in _CLAUSE_ZH.finditer(title)]
    cuts = [cut for cut in cuts if not _is_inside(cut, whole)]
    if cuts and len(_HAN_CHARACTER.findall(title[cuts[-1] :])) == 1:
        cuts.pop()
    return [title[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]


def mark_han(html: str) -> str:
    """Mark Chinese words in a text of another language, so that they are read and drawn right.

    What stands in tags is left alone; the caller passes no HTML that has Chinese marked already.
    """
    if not _HAN_CHARACTER.search(html):
        return html
    parts = _TAG.split(html)
    parts[::2] = [_HAN_RUN.sub(r'<i lang="zh-Hans">\g<0></i>', part) for part in parts[::2]]
    return "".join(parts)


def keep_tails(html: str) -> str:
    """Tie the last two Han characters of each paragraph to its full stop."""
    if len(html) < MIN_TAIL_LENGTH:
        return html
    return _TAIL.sub(r'<span class="tail">\g<text>\g<marks>\g<stop></span>', html)


def _with_breaks(text: str, protected: tuple[str, ...]) -> str:
    return "<wbr>".join(escape(phrase, quote=False) for phrase in phrases(text, protected))
