"""Document in, HTML and outline out. Pure: no database, no request, the same answer every time.

Prose goes through Python-Markdown and then nh3, block by block. Components are Django templates
(with autoescape) around prose that has already been cleaned. Citations, claims, footnotes and
terms travel through as empty marks and are filled in at the end, when their order is known.
"""

import re
import threading
from dataclasses import dataclass, field
from html import escape
from typing import Any

import nh3
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.disclosure import disclosure_text, link_rel
from articles.document import GRADES, Block, Document, ReferenceData, StatementData
from articles.labels import STUDY_TYPES
from articles.markdown.blocks import split_body
from articles.markdown.extension import (
    join_soft_breaks,
    make_markdown,
    place_citations,
    plain_text,
)
from articles.markdown.typesetting import heading_html, keep_tails, title_html
from articles.reading import count_units, reading_minutes
from healthsite import languages

RENDER_VERSION = "1"
"""Moves whenever the same document would render differently; ``rerender`` follows it."""

ALLOWED_TAGS = frozenset(
    "p h2 h3 h4 ul ol li dl dt dd strong em a code pre blockquote hr br sup sub abbr span "
    "table thead tbody tr th td".split()
)
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "th": {"class", "scope"},
    "td": {"class"},
    "span": {"data-claim", "data-term"},
    "sup": {"data-cite", "data-footnote"},
}
ALLOWED_CLASSES = {"align-left", "align-center", "align-right"}
URL_SCHEMES = {"http", "https", "mailto"}

_local = threading.local()


@dataclass(frozen=True)
class Rendered:
    """A rendered document: the body, its outline, and the other parts of the page as plain data.

    ``outline`` is a list of ``{"id", "level", "text"}``. ``page`` holds what the page template
    prints around the body; keys ending in ``_html`` are safe HTML.
    """

    body_html: str
    outline: list[dict[str, Any]]
    page: dict[str, Any]


def render(document: Document) -> Rendered:
    """Render a whole document in its own language."""
    with translation.override(document.language):
        return _Renderer(document).render()


def render_plain(source: str, language: str) -> SafeString:
    """Render Markdown that stands outside articles (biographies): prose only."""
    document = Document(language=language, slug="", kind="page", title="-", standfirst="")
    with translation.override(language):
        return mark_safe(_Renderer(document).finish(_Renderer(document).prose(source)))  # noqa: S308


def _clean(html: str) -> str:
    """The second wall: whatever Markdown let through, only this list reaches a page."""
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=_filter_attribute,
        url_schemes=URL_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return value if value in ALLOWED_CLASSES else None
    if name == "href" and value.startswith("//"):
        return None
    return value


def _markdown():
    """This thread's converter; building one costs more than converting a block."""
    if not hasattr(_local, "markdown"):
        _local.markdown = make_markdown()
    return _local.markdown


@dataclass
class _Renderer:
    document: Document
    cited: list[str] = field(default_factory=list)
    used_terms: list[str] = field(default_factory=list)
    figures_seen: int = 0

    def __post_init__(self) -> None:
        self.is_chinese = languages.BY_CODE[self.document.language].is_chinese
        self.protected = tuple(term.term for term in self.document.terms)
        self.footnotes: dict[str, str] = {}
        self.footnote_order: list[str] = []

    # The whole page

    def render(self) -> Rendered:
        document = self.document
        self._collect_footnotes()
        parts = [self.block(block) for block in document.blocks if block.kind != "footnote"]
        edition_note = self.inline(document.edition_note)
        standfirst = self.inline(document.standfirst)
        body = self.finish("\n".join(part for part in parts if part))
        body += self._footnote_list()
        body = self._fill_late_parts(body)
        words = self._text_of(body)
        han_count, word_count = count_units(words)
        return Rendered(
            body_html=body,
            outline=self._outline(),
            page={
                "title": document.title,
                "title_html": title_html(document.title, self.is_chinese, self.protected),
                "standfirst": plain_text(document.standfirst),
                "standfirst_html": keep_tails(f"<p>{standfirst}</p>")[3:-4] if standfirst else "",
                "seal": document.seal,
                "scene": document.scene,
                "seo_title": document.seo_title,
                "seo_description": document.seo_description or plain_text(document.standfirst),
                "original_label": document.original_label,
                "edition_note_html": self.finish(edition_note),
                "is_adaptation": document.is_adaptation,
                "contributions": [
                    {"author": item.author, "role": item.role} for item in document.contributions
                ],
                "disclosure": disclosure_text(document.mention) if document.mention else "",
                "reading_minutes": reading_minutes(words),
                "word_count": han_count + word_count,
                "grades": self._grades_used(),
            },
        )

    def _grades_used(self) -> dict[str, int]:
        """How many claims carry each grade, for the summary on cards."""
        grades = [statement.grade for statement in self.document.statements]
        return {grade: grades.count(grade) for grade in GRADES if grade in grades}

    def _outline(self) -> list[dict[str, Any]]:
        return [
            {"id": block.id, "level": block.level, "text": plain_text(block.source)}
            for block in self.document.blocks
            if block.kind == "heading"
        ]

    def _text_of(self, body: str) -> str:
        """The words a reader reads: without references, glossary, drawings and hidden texts."""
        for start, end in (
            ('<section class="references"', "</section>"),
            ('<dl class="glossary"', "</dl>"),
            ("<summary", "</summary>"),
            ("<svg", "</svg>"),
            ("<details", "</details>"),
        ):
            body = re.sub(f"{re.escape(start)}.*?{re.escape(end)}", " ", body, flags=re.S)
        return re.sub(r"<[^>]+>", " ", body)

    # Prose

    def prose(self, source: str) -> str:
        """Markdown to clean HTML that still carries its marks."""
        source = place_citations(source, self.is_chinese)
        if self.is_chinese:
            source = join_soft_breaks(source)
        markdown = _markdown()
        markdown.reset()
        return _clean(markdown.convert(source))

    def inline(self, source: str) -> str:
        """Markdown of one paragraph, without the paragraph around it."""
        html = self.prose(source).strip()
        return re.sub(r"^<p>(.*)</p>$", r"\1", html, flags=re.S)

    def text_and_claims(self, source: str) -> tuple[str, list[StatementData]]:
        """One paragraph as inline HTML, and the claims it carries."""
        html = self.prose(source)
        statements = self._statements_in(html)
        html = _CLAIM_MARK.sub("", html).strip()
        return re.sub(r"^<p>(.*)</p>$", r"\1", html, flags=re.S), statements

    def _statements_in(self, html: str) -> list[StatementData]:
        found = self.document.statements_by_claim
        return [found[key] for key in _CLAIM_MARK.findall(html) if key in found]

    # Blocks

    def block(self, block: Block, is_inner: bool = False) -> str:
        """One block as HTML with marks. ``is_inner``: it stands inside another block."""
        method = getattr(self, f"_render_{block.kind.replace('-', '_')}", None)
        html = method(block) if method else self._render_prose(block, is_inner)
        return html.strip()

    def _render_heading(self, block: Block) -> str:
        text = heading_html(self.inline(block.source), self.is_chinese, self.protected)
        level = min(max(block.level, 2), 4)
        address = f' id="{escape(block.id)}"' if block.id else ""
        return f"<h{level}{address}>{text}</h{level}>"

    def _render_prose(self, block: Block, is_inner: bool) -> str:
        html = self.prose(block.source).strip()
        address = f' id="{escape(block.id)}"' if block.id and not is_inner else ""
        if block.kind == "table":
            html = f'<div class="table-scroll" tabindex="0" role="group"{self._table_name()}>' \
                   f"{html}</div>"
            return self._fill_claims(html)
        if block.kind != "paragraph" or is_inner:
            html = self._fill_claims(html)
            return re.sub(r"^<(\w+)", rf"<\1{address}", html, count=1) if address else html
        statements = self._statements_in(html)
        html = _CLAIM_MARK.sub("", html).strip()
        if address:
            html = re.sub(r"^<p>", f"<p{address}>", html, count=1)
        if not statements:
            return html
        return self._component("noted", paragraph=mark_safe(html), claims=self._claims(statements))  # noqa: S308

    def _table_name(self) -> str:
        return f' aria-label="{escape(_("Table"))}"'

    def _render_rule(self, block: Block) -> str:
        return "<hr>"

    def _inner(self, block: Block) -> SafeString:
        inner = split_body(block.source).blocks
        html = "\n".join(self.block(child, is_inner=True) for child in inner)
        return mark_safe(html)  # noqa: S308 (made of rendered blocks)

    def _container(self, name: str, block: Block, **context) -> str:
        return self._component(
            name,
            id=block.id,
            title=block.title,
            title_html=mark_safe(  # noqa: S308 (escapes each phrase)
                title_html(block.title, self.is_chinese, self.protected)
            ),
            content=self._inner(block),
            **context,
        )

    def _render_quote(self, block: Block) -> str:
        seal = _("Q")
        return self._container("reader_question", block, seal=seal)

    def _render_tip(self, block: Block) -> str:
        return self._container("tip", block)

    def _render_safety(self, block: Block) -> str:
        return self._container("safety", block)

    def _render_urgent(self, block: Block) -> str:
        return self._container("urgent", block)

    def _render_figure(self, block: Block) -> str:
        figure = self.document.figures_by_key.get(block.argument)
        if figure is None:
            return ""
        self.figures_seen += 1
        return self._component(
            "figure",
            figure=figure,
            number=self.figures_seen,
            caption=mark_safe(self.inline(figure.caption)),  # noqa: S308 (cleaned)
            text=mark_safe(self.prose(figure.text)) if figure.text else "",  # noqa: S308
            id=f"fig-{figure.key}",
        )

    def _render_callouts(self, block: Block) -> str:
        keys = [key for key in block.argument.split(",") if key]
        found = self.document.callouts_by_key
        chosen = [found[key] for key in keys if key in found] if keys else self.document.callouts
        cards = []
        for callout in chosen:
            text, statements = self.text_and_claims(callout.text)
            cards.append(
                {
                    "key": callout.key,
                    "icon": callout.icon,
                    "label": callout.label,
                    "text": mark_safe(text),  # noqa: S308 (cleaned)
                    "claims": self._claims(statements),
                }
            )
        return self._component("callouts", id=block.id, callouts=cards) if cards else ""

    def _render_key_points(self, block: Block) -> str:
        found = self.document.statements_by_claim
        keys = [key for key in block.argument.split(",") if key]
        statements = [found[key] for key in keys if key in found]
        return (
            self._component("key_points", id=block.id, claims=self._claims(statements))
            if statements
            else ""
        )

    def _render_product(self, block: Block) -> str:
        mention = self.document.mention
        if mention is None:
            return ""
        html = self.prose(mention.text)
        statements = self._statements_in(html)
        return self._component(
            "product_mention",
            mention=mention,
            text=mark_safe(_CLAIM_MARK.sub("", html)),  # noqa: S308 (cleaned)
            claims=self._claims(statements),
            disclosure=disclosure_text(mention),
            rel=link_rel(mention),
            name_tag=languages.BY_CODE[mention.name_language].tag,
            is_foreign=mention.name_language != self.document.language,
        )

    def _render_glossary(self, block: Block) -> str:
        return _GLOSSARY_SLOT

    def _render_references(self, block: Block) -> str:
        return _REFERENCES_SLOT

    # Claims

    def _claims(self, statements: list[StatementData]) -> list[dict[str, Any]]:
        return [
            {
                "key": statement.claim,
                "grade": statement.grade,
                "text": mark_safe(self.inline(statement.text)),  # noqa: S308 (cleaned)
                "basis": mark_safe(self.inline(statement.basis or "")),  # noqa: S308 (cleaned)
                "grade_url": f"{self._grades_page()}#{statement.grade}",
            }
            for statement in statements
        ]

    def _grades_page(self) -> str:
        return reverse("pages:detail", args=[self.document.language, "evidence-grades"])

    def _fill_claims(self, html: str) -> str:
        def badge(match: re.Match) -> str:
            statement = self.document.statements_by_claim.get(match.group(1))
            if statement is None:
                return ""
            return self._component("evidence_note", claim=self._claims([statement])[0]).strip()

        return _CLAIM_MARK.sub(badge, html)

    # What is known only at the end: numbers of citations, terms used, footnotes

    def finish(self, html: str) -> str:
        """Fill in citations, terms and footnotes in reading order; set the ends of lines."""
        html = _CLAIM_MARK.sub("", html)
        html = _TERM_MARK.sub(self._term, html)
        html = _CITE_MARK.sub(self._citation, html)
        html = _FOOTNOTE_MARK.sub(self._footnote, html)
        return keep_tails(html) if self.is_chinese else html

    def _citation(self, match: re.Match) -> str:
        links = []
        for key in match.group(1).split():
            if key not in self.document.references_by_key:
                continue
            is_first = key not in self.cited
            if is_first:
                self.cited.append(key)
            number = self.cited.index(key) + 1
            address = f' id="c{number}"' if is_first else ""
            name = escape(_("Reference %(number)s") % {"number": number})
            links.append(f'<a href="#r{number}"{address} aria-label="{name}">{number}</a>')
        return f'<sup class="cite">{"".join(links)}</sup>' if links else ""

    def _term(self, match: re.Match) -> str:
        key, words = match.group(1), match.group(2)
        term = self.document.terms_by_key.get(key)
        if term is None:
            return words
        words = words or escape(term.term, quote=False)
        if not self._has_glossary:
            return words
        is_first = key not in self.used_terms
        if is_first:
            self.used_terms.append(key)
        address = f' id="t-{key}"' if is_first else ""
        return f'<a class="term" href="#g-{key}"{address}>{words}</a>'

    @property
    def _has_glossary(self) -> bool:
        return any(block.kind == "glossary" for block in self.document.blocks)

    def _fill_late_parts(self, body: str) -> str:
        glossary = self._component("glossary", terms=self._glossary_terms()).strip()
        body = body.replace(_GLOSSARY_SLOT, glossary, 1)
        references = self._component("references", references=self._reference_list()).strip()
        return body.replace(_REFERENCES_SLOT, references, 1)

    def _glossary_terms(self) -> list[Any]:
        return [self.document.terms_by_key[key] for key in self.used_terms]

    def _reference_list(self) -> list[dict[str, Any]]:
        return [
            {
                "number": number,
                "data": self.document.references_by_key[key],
                "study": study_label(self.document.references_by_key[key]),
            }
            for number, key in enumerate(self.cited, 1)
        ]

    def _collect_footnotes(self) -> None:
        for block in self.document.blocks:
            if block.kind != "footnote":
                continue
            for name, text in _FOOTNOTE_DEFINITION.findall(block.source):
                self.footnotes[name] = text

    def _footnote(self, match: re.Match) -> str:
        name = match.group(1)
        if name not in self.footnotes:
            return ""
        is_first = name not in self.footnote_order
        if is_first:
            self.footnote_order.append(name)
        number = self.footnote_order.index(name) + 1
        address = f' id="fnref-{number}"' if is_first else ""
        label = escape(_("Footnote %(number)s") % {"number": number})
        return (
            f'<sup class="cite cite--note"><a href="#fn-{number}"{address} '
            f'aria-label="{label}">*{number}</a></sup>'
        )

    def _footnote_list(self) -> str:
        if not self.footnote_order:
            return ""
        notes = [
            {"number": number, "text": mark_safe(self.finish(self.inline(self.footnotes[name])))}  # noqa: S308
            for number, name in enumerate(list(self.footnote_order), 1)
        ]
        return self._component("footnotes", notes=notes)

    def _component(self, name: str, **context) -> str:
        return render_to_string(f"components/{name}.html", context)


def study_label(reference: ReferenceData) -> str:
    """What kind of source a reference is, in the language in force."""
    label = str(STUDY_TYPES[reference.study_type])
    if reference.participants:
        return _("%(study)s, %(count)s people") % {
            "study": label,
            "count": f"{reference.participants:,}",
        }
    return label


_CLAIM_MARK = re.compile(r'<span data-claim="([^"]*)"></span>')
_TERM_MARK = re.compile(r'<span data-term="([^"]*)">(.*?)</span>', re.S)
_CITE_MARK = re.compile(r'<sup data-cite="([^"]*)"></sup>')
_FOOTNOTE_MARK = re.compile(r'<sup data-footnote="([^"]*)"></sup>')
_FOOTNOTE_DEFINITION = re.compile(r"^\[\^([^\]\s]+)\]:[ ]*(.*(?:\n(?:    .*|$))*)", re.M)
# Markup that no prose can contain: nh3 drops comments.
_GLOSSARY_SLOT = "<!--slot:glossary-->"
_REFERENCES_SLOT = "<!--slot:references-->"
