"""The extension of Python-Markdown: inline marks of the site, and nothing unsafe.

What it turns off, and why: raw HTML (shown as text instead), reference-style link definitions
stay, images by URL (figures are placed by key, so that alt text and caption cannot be forgotten).
"""

import re
import xml.etree.ElementTree as etree
from html import escape

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

CITATION = re.compile(r"\[@[^\]\n]+\]")
CITATION_KEY = re.compile(r"@([A-Za-z0-9][A-Za-z0-9-]*)")
CLAIM = re.compile(r"\{claim:([^}\n]*)\}")
TERM = re.compile(r"\[\[term:([^|\]\n]*)(?:\|([^\]\n]*))?\]\]")
FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,40})\]")

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


class _ClaimsLast(Treeprocessor):
    """Move claim marks out of the running text, behind the block they grade.

    A badge opens to a paragraph of its own, and HTML allows no such thing inside ``<p>``.
    """

    def run(self, root):
        parents = {child: parent for parent in root.iter() for child in parent}
        for mark in [item for item in root.iter("span") if item.get("data-claim") is not None]:
            self._detach(mark, parents[mark])
            holder = parents[mark]
            while holder is not root and holder.tag not in {"li", "td", "th", "dd", "blockquote"}:
                holder = parents[holder]
            place = len(holder)
            if holder.tag == "li":
                nested = [i for i, child in enumerate(holder) if child.tag in {"ul", "ol"}]
                place = nested[0] if nested else place
            mark.tail = None
            holder.insert(place, mark)

    def _detach(self, mark, parent):
        """Remove a mark but keep the text behind it."""
        place = list(parent).index(mark)
        tail = mark.tail or ""
        if place:
            parent[place - 1].tail = ((parent[place - 1].tail or "") + tail).rstrip(" ")
        else:
            parent.text = ((parent.text or "") + tail).rstrip(" ")
        parent.remove(mark)


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
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.deregister("image_link")
        md.inlinePatterns.deregister("image_reference")
        md.inlinePatterns.deregister("short_image_ref", strict=False)
        # Before the patterns of links (160 to 170), which start with the same bracket.
        md.inlinePatterns.register(_Term(TERM.pattern, md), "site-term", 178)
        md.inlinePatterns.register(_Citation(CITATION.pattern, md), "site-citation", 177)
        md.inlinePatterns.register(_Footnote(FOOTNOTE.pattern, md), "site-footnote", 176)
        md.inlinePatterns.register(_Claim(CLAIM.pattern, md), "site-claim", 175)
        # After the inline processor (20), which makes the marks.
        md.treeprocessors.register(_ClaimsLast(md), "site-claims-last", 15)
        md.treeprocessors.register(_TableClasses(md), "site-table-classes", 14)


def make_markdown() -> Markdown:
    """A converter for one block at a time. Not thread safe: one for each thread."""
    return Markdown(
        extensions=["tables", "abbr", "def_list", "sane_lists", SiteExtension()],
        output_format="html",
    )


def place_citations(source: str, is_chinese: bool) -> str:
    """Put citation marks where the language wants them: before the stop in Chinese, else after."""
    marks = r"((?:\s*\[@[^\]\n]+\])+)"
    if is_chinese:
        moved = re.sub(rf"([。！？；，：、…]+[”’」』）]?){marks}", _swap, source)
        return re.sub(rf"{marks}(?=[。！？；，：、…”’）]|$)", _join, moved)
    return re.sub(rf"{marks}([.,;:!?]+[”’\")]?)", _swap, source)


def _swap(match: re.Match) -> str:
    first, second = match.group(1), match.group(2)
    return f"{second.strip()}{first.strip()}"


def _join(match: re.Match) -> str:
    return WORD_JOINER + match.group(1).strip()


_MARKUP_END = re.compile(r"(?:[*_~`\])}]|\[@[^\]]*\]|\{claim:[^}]*\})+$")
_MARKUP_START = re.compile(r"^(?:[*_~`\[(]+)(?! )")
_CJK_END = re.compile(rf"[{HAN}{FULL_WIDTH}]$")
_CJK_START = re.compile(rf"^[{HAN}{FULL_WIDTH}]")


def join_soft_breaks(source: str) -> str:
    """Join lines broken between two Han characters: a browser would print a blank there."""
    joined = [""]
    for line in source.split("\n"):
        before = _MARKUP_END.sub("", joined[-1].rstrip())
        after = _MARKUP_START.sub("", line.lstrip())
        if joined[-1] and not joined[-1].endswith("  ") and _CJK_END.search(before) and (
            _CJK_START.match(after)
        ):
            joined[-1] = joined[-1].rstrip() + line.lstrip()
        else:
            joined.append(line)
    return "\n".join(joined[1:]) if len(joined) > 1 else source


def plain_text(source: str) -> str:
    """The words of a piece of Markdown without its marks, for lists, feeds and descriptions."""
    text = CITATION.sub("", source)
    text = CLAIM.sub("", text)
    text = FOOTNOTE.sub("", text)
    text = TERM.sub(lambda match: match.group(2) or match.group(1), text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\*{1,2}|`", "", text).strip()


def escape_text(text: str) -> str:
    return escape(text, quote=False)
