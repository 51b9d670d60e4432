"""The extension of Python-Markdown: inline marks of the site, and nothing unsafe.

What it turns off, and why: raw HTML (shown as text instead); images by URL (figures are placed by
key, so that alt text and caption cannot be forgotten); headings (``articles.markdown.blocks`` finds
them, because each needs its address); link definitions and abbreviations (a block is converted
alone, so that one in another block would silently do nothing).
"""

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import LINK_RE, InlineProcessor, LinkInlineProcessor
from markdown.treeprocessors import Treeprocessor

# No part of a pattern can run on over the start of another mark: matching takes linear time.
CITATION = re.compile(r"\[@[^\[\]\n]+\]")
CITATION_KEY = re.compile(r"@([A-Za-z0-9][A-Za-z0-9-]*)")
CLAIM = re.compile(r"\{claim:([^{}\n]*)\}")
TERM = re.compile(r"\[\[term:([^|\[\]\n]*)(?:\|([^\[\]\n]*))?\]\]")
FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,40})\]")
# An address may hold brackets in pairs, as DOIs do.
_LINK_TARGET = re.compile(
    r"\(\s*(?:<([^<>\n]*)>|((?:[^\s()<>]|\([^\s()<>]*\))*))"
    r"""(?:\s+(?:"([^"]*)"|'([^']*)'))?\s*\)"""
)

HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
FULL_WIDTH = r"\u3000-\u303f\uff00-\uff65\u2014\u2018\u2019\u201c\u201d\u2026"
WORD_JOINER = "\u2060"


class _Citation(InlineProcessor):
    def handleMatch(self, m, data):
        mark = etree.Element("sup")
        mark.set("data-cite", " ".join(CITATION_KEY.findall(m.group(0))))
        return mark, m.start(0), m.end(0)


class _Claim(InlineProcessor):
    def handleMatch(self, m, data):
        mark = etree.Element("span")
        mark.set("data-claim", m.group(1).strip())
        return mark, m.start(0), m.end(0)


class _Footnote(InlineProcessor):
    def handleMatch(self, m, data):
        mark = etree.Element("sup")
        mark.set("data-footnote", m.group(1))
        return mark, m.start(0), m.end(0)


class _Term(InlineProcessor):
    """A glossary term: a placeholder that carries its key, around the words it is read as."""

    def handleMatch(self, m, data):
        mark = etree.Element("span")
        mark.set("data-term", m.group(1).strip())
        mark.text = (m.group(2) or "").strip()
        return mark, m.start(0), m.end(0)


class _Link(LinkInlineProcessor):
    """A link whose address and title are found at once.

    Python-Markdown's own search reads on to the end of the text for every bracket or quotation
    mark that is left open.
    """

    def getLink(self, data, index):
        found = _LINK_TARGET.match(data, index)
        if not found:
            return "", None, index, False
        title = found[3] or found[4]
        return (
            self.unescape(found[1] or found[2] or ""),
            " ".join(self.unescape(title).split()) if title else None,
            found.end(),
            True,
        )


class _ClaimsLast(Treeprocessor):
    """Move claim marks out of the running text, behind the block they grade.

    A badge opens to a paragraph of its own, and HTML allows no such thing inside ``<p>``.
    """

    def run(self, root):
        parents = {child: parent for parent in root.iter() for child in parent}
        for mark in [item for item in root.iter("span") if item.get("data-claim") is not None]:
            _detach(mark, parents[mark])
            holder = parents[mark]
            while holder is not root and holder.tag not in {"li", "td", "th", "dd", "blockquote"}:
                holder = parents[holder]
            place = len(holder)
            if holder.tag == "li":
                nested = [i for i, child in enumerate(holder) if child.tag in {"ul", "ol"}]
                place = nested[0] if nested else place
            holder.insert(place, mark)


class _NoLinksInLinks(Treeprocessor):
    """Move citations and footnotes behind the link they were typed in; a term is words there.

    Each becomes a link of its own, and a browser would end the outer link at it.
    """

    def run(self, root):
        parents = {child: parent for parent in root.iter() for child in parent}
        for link in list(root.iter("a")):
            marks = [item for item in link.iter("sup") if "data-cite" in item.attrib]
            marks += [item for item in link.iter("sup") if "data-footnote" in item.attrib]
            for mark in reversed(marks):
                _detach(mark, parents[mark])
                mark.tail, link.tail = link.tail, None
                holder = parents[link]
                holder.insert(list(holder).index(link) + 1, mark)
                parents[mark] = holder
            for term in link.iter("span"):
                if "data-term" in term.attrib:
                    term.set("data-word", term.attrib.pop("data-term"))


def _detach(mark, parent):
    """Remove a mark but keep the text behind it; no blank is left at an end."""
    place = list(parent).index(mark)
    before = (parent[place - 1].tail if place else parent.text) or ""
    text = before + (mark.tail or "")
    if place == len(parent) - 1:
        text = text.rstrip(" ")
    if place:
        parent[place - 1].tail = text
    else:
        parent.text = text
    parent.remove(mark)
    mark.tail = None


class _TableClasses(Treeprocessor):
    """Python-Markdown aligns cells with ``style=``, which the content security policy blocks."""

    def run(self, root):
        for cell in root.iter():
            if cell.tag in {"td", "th"} and (style := cell.attrib.pop("style", "")):
                cell.set("class", f"align-{style.split(':')[-1].strip(' ;')}")
            if cell.tag == "th" and not cell.get("scope"):
                cell.set("scope", "col")


class SiteExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        for name in ("hashheader", "setextheader", "reference"):
            md.parser.blockprocessors.deregister(name)
        for name in (
            "html",
            "image_link",
            "image_reference",
            "short_image_ref",
            "reference",
            "short_reference",
        ):
            md.inlinePatterns.deregister(name)
        md.inlinePatterns.register(_Link(LINK_RE, md), "link", 160)
        # Before the patterns of links (160 to 170), which start with the same bracket.
        md.inlinePatterns.register(_Term(TERM.pattern, md), "site-term", 178)
        md.inlinePatterns.register(_Citation(CITATION.pattern, md), "site-citation", 177)
        md.inlinePatterns.register(_Footnote(FOOTNOTE.pattern, md), "site-footnote", 176)
        md.inlinePatterns.register(_Claim(CLAIM.pattern, md), "site-claim", 175)
        # After the inline processor (20), which makes the marks.
        md.treeprocessors.register(_ClaimsLast(md), "site-claims-last", 15)
        md.treeprocessors.register(_NoLinksInLinks(md), "site-no-links-in-links", 14)
        md.treeprocessors.register(_TableClasses(md), "site-table-classes", 13)


def make_markdown(is_inline: bool = False) -> Markdown:
    """A converter for one block at a time. Not thread safe: one for each thread.

    ``is_inline``: everything is running text, so that a heading may start with “1. ”.
    """
    markdown = Markdown(
        extensions=["tables", "def_list", "sane_lists", SiteExtension()], output_format="html"
    )
    if is_inline:
        for name in ("indent", "code", "hr", "olist", "ulist", "quote", "table"):
            markdown.parser.blockprocessors.deregister(name)
        for name in ("defindent", "deflist"):
            markdown.parser.blockprocessors.deregister(name)
    return markdown


# What Python-Markdown can convert in a moment. It reads on from every open bracket to the end, and
# calls itself for every list and quotation inside another.
MAX_LENGTH = 20_000
MAX_MARKS = 2_000
MAX_OPEN = 20
MAX_DEFINITIONS = 200
_BRACKET = re.compile(r"[\[\]]")
_NESTED = re.compile(r"(?: *(?:>|(?:[*+-]|\d{1,9}[.)])(?= )))* *")


def is_too_heavy(source: str) -> bool:
    """Whether converting a piece would take seconds, or exhaust the stack."""
    return (
        len(source) > MAX_LENGTH
        or sum(map(source.count, "*_`\\")) > MAX_MARKS
        or source.count("\n:") > MAX_DEFINITIONS
        or _most_open(source) > MAX_OPEN
        or any(_NESTED.match(line).end() > 4 * MAX_OPEN for line in source.split("\n"))
    )


def _most_open(source: str) -> int:
    """How many brackets are open at once."""
    most = now = 0
    for bracket in _BRACKET.findall(source):
        now = now + 1 if bracket == "[" else max(0, now - 1)
        most = max(most, now)
    return most


_CITATIONS = re.compile(rf"{CITATION.pattern}(?:[^\S\n]*{CITATION.pattern})*")
_STOP_ZH = re.compile(r"[。！？；，：、…]{1,4}[”’」』）]?\Z")
_STOP_EN = re.compile(r"[.,;:!?]{1,4}[”’\")]?")
_LINE_START = re.compile(r"(?:\s*(?:[>*+-]|\d{1,9}[.)]))*\s*\Z")


def place_citations(source: str, is_chinese: bool) -> str:
    """Put citation marks where the language wants them: before the stop in Chinese, else after.

    They follow the word they belong to without a blank; in Chinese no line can start with one.
    """
    placed, position = "", 0
    for run in _CITATIONS.finditer(source):
        # Several marks in a row are one: its numbers are kept apart.
        before, marks = source[position : run.start()], re.sub(r"\]\s*\[", "; ", run[0])
        words = before.rstrip()
        if _starts_a_line(source, run.start()) or words.endswith(("|", "\\", "`")):
            placed, position = placed + before + marks, run.end()
        elif is_chinese:
            stop = _STOP_ZH.search(words, max(0, len(words) - 5))
            typed_after = stop[0] if stop else ""
            words = words[: len(words) - len(typed_after)]
            placed, position = placed + words + WORD_JOINER + marks + typed_after, run.end()
        else:
            stop = _STOP_EN.match(source, run.end())
            placed, position = placed + words, run.end()
            if stop:
                placed, position = placed + stop[0], stop.end()
            placed += marks
    return placed + source[position:]


def _starts_a_line(source: str, position: int) -> bool:
    """Whether nothing but the mark of a list or quotation stands before, in this paragraph."""
    start = source.rfind("\n", 0, position) + 1
    if position - start > 80 or not _LINE_START.match(source, start, position):
        return False
    is_soft_break = source[max(0, start - 2) : start].strip() and not source[start:position].strip()
    return not is_soft_break


_LIST_ITEM = re.compile(r"(?:[*+-]|\d{1,9}[.)]) ")


def widen_lists(source: str) -> str:
    """Indent what stands inside a list item by four blanks a level, however it was typed.

    Two or three blanks, as most editors type them, are no indent for Python-Markdown: inner lists
    would join the outer one, and later paragraphs of an item would leave the list.
    """
    widened: list[str] = []
    columns: list[int] = []
    is_after_blank, is_paragraph = True, False
    for line in source.split("\n"):
        text = line.lstrip(" ")
        column = len(line) - len(text)
        is_item = bool(_LIST_ITEM.match(text))
        inside = [place for place in columns if place + 2 <= column]
        if not text:
            widened.append("")
        elif is_item:
            if is_paragraph:
                widened.append("")  # A paragraph of an item would swallow the next item.
            widened.append(" " * 4 * len(inside) + re.sub(r"^(\d+)\)", r"\1.", text))
            columns = [*inside, column]
        elif inside:
            deeper = max(0, column - inside[-1] - 4) // 4 * 4 if is_after_blank else 0
            widened.append(" " * (4 * len(inside) + deeper) + text)
            columns = inside
        else:
            widened.append(line)
            columns = [] if is_after_blank else columns
        is_paragraph = not is_item and bool(inside if is_after_blank else is_paragraph)
        is_after_blank = not text
    return "\n".join(widened)


_MARKUP_END = re.compile(r"(?:[*_~`\])}]|\[@[^\[\]]*\]|\{claim:[^{}]*\})+\Z")
_MARKUP_START = re.compile(r"^(?:[*_~`\[(]+)(?! )")
_QUOTE_MARK = re.compile(r"^(?: {0,3}> ?)+")
_NO_JOIN = re.compile(r"\s*(?:[*+-]\s|\d{1,9}[.)]\s|[|:>])")
_CJK = rf"[{HAN}{FULL_WIDTH}]"
_JOINED = re.compile(rf"{_CJK}\n{_CJK}|[{HAN}]\n[A-Za-z0-9]|[A-Za-z0-9]\n[{HAN}]")


def join_soft_breaks(source: str) -> str:
    """Join lines broken beside a Han character: a browser would print a blank there.

    Between Latin words, and at the end of a line that asks for a break, the line end stays.
    """
    lines = source.split("\n")
    if len(lines) > 1 and "|" in lines[0] and not lines[1].strip("|:- "):
        return source  # The rows of a table
    joined = lines[:1]
    for before, line in zip(lines, lines[1:], strict=False):
        quote = _QUOTE_MARK.match(line)
        text = line[quote.end() :] if quote and _QUOTE_MARK.match(before) else line
        ends = _MARKUP_END.sub("", before[-120:].rstrip())[-1:]
        starts = _MARKUP_START.sub("", text.lstrip()[:120])[:1]
        is_break = before.endswith(("  ", "\\")) or _NO_JOIN.match(text)
        if not is_break and _JOINED.match(f"{ends}\n{starts}"):
            joined[-1] = joined[-1].rstrip()
            joined.append(text.lstrip())
        else:
            joined += ["\n", line]
    return "".join(joined)
