"""Document in, HTML and outline out. Pure: no database, no request, the same answer every time.

Prose goes through Python-Markdown and then nh3, block by block. Components are Django templates
(with autoescape) around prose that has already been cleaned. Citations, claims, footnotes and
terms travel through as empty marks and are filled in at the end, when their order is known.
"""

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape, unescape
from typing import Any

import nh3
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.characters import xml_text
from articles.disclosure import disclosure_text, link_rel
from articles.document import GRADES, Block, Document, FigureData, ReferenceData, StatementData
from articles.labels import STUDY_TYPES
from articles.markdown.blocks import (
    CONTAINERS,
    ONCE,
    RESERVED_ID,
    clean_source,
    split_body,
)
from articles.markdown.extension import (
    WORD_JOINER,
    is_too_heavy,
    join_soft_breaks,
    make_markdown,
    place_citations,
    widen_lists,
)
from articles.markdown.typesetting import heading_html, keep_tails, mark_han, title_html
from articles.pictures import picture_path
from articles.reading import count_units, reading_minutes
from healthsite import languages
from healthsite.templatetags.typography import sources

RENDER_VERSION = "3"
"""Moves whenever the same document would render differently; ``rerender`` follows it."""

INLINE_TAGS = frozenset({"strong", "em", "a", "code", "br", "sup", "span"})
ALLOWED_TAGS = INLINE_TAGS | {
    *("p", "ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"class", "scope"},
    "td": {"class"},
    "span": {"data-claim", "data-term", "data-word"},
    "sup": {"data-cite", "data-footnote"},
}
ALLOWED_CLASSES = {"align-left", "align-center", "align-right"}
URL_SCHEMES = {"http", "https", "mailto"}
_GOOD_ADDRESS = re.compile(
    r"https?://[^/\\]|mailto:|[#?]|/(?![/\\])|[^:/?#\\]+(?:[/?#]|\Z)|\Z", re.I | re.A
)
"""A whole web address, a mailbox, or a place on this site; browsers read a backslash as a slash."""

PICTURE_SIZES = "(min-width: 48rem) 40.5rem, 100vw"
"""How wide a photograph is shown (components/picture.html), for browsers that choose a file."""

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
    """Render a whole document in its own language.

    What a title was pasted with and nobody sees is left out: HTML, XML and the readers of Markdown
    stumble over control characters.
    """
    with translation.override(document.language):
        rendered = _Renderer(document).render()
    return Rendered(**{name: _seen(value) for name, value in vars(rendered).items()})


def _seen(value: Any) -> Any:
    """Plain data without characters that no document may hold, however deep they are."""
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, dict):
        return {name: _seen(item) for name, item in value.items()}
    return [_seen(item) for item in value] if isinstance(value, list | tuple) else value


def render_blocks(document: Document) -> dict[str, SafeString]:
    """Each block by itself, by its id: what the desk shows beside the other language.

    Blocks that are filled in at the end of a page (glossary, references) are left empty.
    """
    with translation.override(document.language):
        renderer = _Renderer(document)
        return {
            block.id: mark_safe(renderer.finish(renderer.block(block)))  # noqa: S308 (cleaned)
            for block in document.blocks
        }


def render_plain(source: str, language: str) -> SafeString:
    """Render Markdown that stands outside articles (biographies): prose only."""
    document = Document(language=language, slug="", kind="page", title="-", standfirst="")
    with translation.override(language):
        renderer = _Renderer(document)
        return mark_safe(renderer.finish(renderer.prose(source)))  # noqa: S308


def _clean(html: str, tags: frozenset[str] = ALLOWED_TAGS) -> str:
    """The second wall: whatever Markdown let through, only this list reaches a page."""
    clean = nh3.clean(
        html,
        tags=set(tags),
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=_filter_attribute,
        url_schemes=URL_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    # Entities can name characters that no source may hold; attributes are already without them.
    return clean_source(clean)


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    value = clean_source(value)
    if name == "class":
        return value if value in ALLOWED_CLASSES else None
    if name == "href" and not _GOOD_ADDRESS.match(re.sub(r"[\x00-\x20]", "", value)):
        return None
    return value


def _convert(source: str, is_inline: bool) -> str:
    """Markdown to HTML. Each thread keeps its converters: building one takes its time."""
    converters = _local.__dict__.setdefault("converters", {})
    if is_inline not in converters:
        converters[is_inline] = make_markdown(is_inline)
    try:
        return converters[is_inline].reset().convert(source)
    except RecursionError:
        # It has lost its place and cannot be used again.
        del converters[is_inline]
        return _as_typed(source)


def _as_typed(source: str) -> str:
    return f"<p>{escape(source)}</p>"


def _unwrapped(html: str) -> str:
    """A single paragraph without its tags, anything else as it is."""
    html = html.strip()
    is_single = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    return html[3:-4] if is_single else html


@dataclass
class _Renderer:
    document: Document
    cited: list[str] = field(default_factory=list)
    used_terms: list[str] = field(default_factory=list)
    figures_seen: int = 0
    headings_seen: int = 0

    def __post_init__(self) -> None:
        self.is_chinese = languages.BY_CODE[self.document.language].is_chinese
        self.protected = tuple(term.term for term in self.document.terms)
        self.footnotes: dict[str, str] = {}
        self.footnote_order: list[str] = []
        self.outer: tuple[str, ...] = ()
        self.ids: set[str] = set()
        self.placed: set[tuple[str, str]] = set()
        self.claims: dict[str, dict[str, Any]] = {}
        self.pictures: list[str] = []
        self.preload: dict[str, str] = {}
        kinds = set(_kinds(self.document.blocks))
        self.has_glossary = "glossary" in kinds
        self.has_references = "references" in kinds

    # The whole page

    def render(self) -> Rendered:
        document = self.document
        self._collect_footnotes()
        parts = [self.block(block) for block in document.blocks]
        body = self.finish("\n".join(part for part in parts if part))
        body += self._footnote_list()
        body = self._fill_late_parts(body)
        standfirst = self._outside_body(self.inline(document.standfirst))
        edition_note = self._outside_body(_unwrapped(self.prose(document.edition_note)))
        words = self._text_of(body)
        han_count, word_count = count_units(words)
        return Rendered(
            body_html=body,
            outline=self._outline(),
            page={
                "title": document.title,
                "title_html": title_html(document.title, self.is_chinese, self.protected),
                "standfirst": self._plain(document.standfirst),
                "standfirst_html": self._last_line(standfirst),
                "seal": document.seal,
                "scene": document.scene,
                "seo_title": document.seo_title,
                "seo_description": document.seo_description or self._plain(document.standfirst),
                "original_label": document.original_label,
                "edition_note_html": edition_note,
                "is_adaptation": document.is_adaptation,
                "contributions": [
                    {"author": item.author, "role": item.role} for item in document.contributions
                ],
                "disclosure": disclosure_text(document.mention) if document.mention else "",
                "reading_minutes": reading_minutes(words),
                "word_count": han_count + word_count,
                "grades": self._grades_used(),
                "pictures": self.pictures,
                "preload": self.preload,
            },
        )

    def _grades_used(self) -> dict[str, int]:
        """How many claims carry each grade, for the summary on cards."""
        grades = [statement.grade for statement in self.document.statements]
        return {grade: grades.count(grade) for grade in GRADES if grade in grades}

    def _outline(self) -> list[dict[str, Any]]:
        return [
            {"id": block.id, "level": block.level, "text": self._plain(block.source)}
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
        return unescape(_TAG.sub(" ", body))

    def _plain(self, source: str) -> str:
        """The words of a piece of Markdown, for lists, feeds and descriptions."""
        html = _TERM_MARK.sub(self._words_of_term, self.inline(source))
        text = unescape(_TAG.sub("", html)).replace(WORD_JOINER, "")
        return " ".join(text.split())

    def _outside_body(self, html: str) -> str:
        """Fill the marks of a text that stands beside the body, perhaps twice on a page.

        So nothing here is the first mention of anything: a citation names what the body cites.
        """
        html = _CLAIM_MARK.sub("", html)
        html = _TERM_MARK.sub(self._words_of_term, html)
        html = _CITE_MARK.sub(lambda match: self._citation(match, is_body=False), html)
        return _FOOTNOTE_MARK.sub("", html)

    def _last_line(self, html: str) -> str:
        return keep_tails(f"<p>{html}</p>")[3:-4] if self.is_chinese and html else html

    # Prose

    def prose(self, source: str) -> str:
        """Markdown to clean HTML that still carries its marks."""
        return self._converted(source, ALLOWED_TAGS)

    def inline(self, source: str) -> str:
        """Markdown of one paragraph, without the paragraph around it and without claims."""
        return self.text_and_claims(source)[0]

    def text_and_claims(self, source: str) -> tuple[str, list[StatementData]]:
        """One paragraph as inline HTML, and the claims it carries."""
        html = self._converted(source, INLINE_TAGS, is_inline=True)
        return _CLAIM_MARK.sub("", html).strip(), self._statements_in(html)

    def _converted(self, source: str, tags: frozenset[str], is_inline: bool = False) -> str:
        source = clean_source(source).expandtabs(4)
        if is_too_heavy(source):
            return _clean(_as_typed(source), tags)
        if not is_inline:
            source = widen_lists(source)
        source = place_citations(source, self.is_chinese)
        if self.is_chinese:
            source = join_soft_breaks(source)
        html = _clean(_convert(source, is_inline), tags)
        return html if self.is_chinese else mark_han(html)

    def _statements_in(self, html: str) -> list[StatementData]:
        found = self.document.statements_by_claim
        keys = dict.fromkeys(_CLAIM_MARK.findall(html))
        return [found[key] for key in keys if key in found]

    # Blocks

    def block(self, block: Block) -> str:
        """One block as HTML with marks."""
        if block.kind in (*ONCE, "product"):
            place = (block.kind, block.argument if block.kind == "figure" else "")
            if place in self.placed:
                return ""
            self.placed.add(place)
        method = getattr(self, f"_render_{block.kind.replace('-', '_')}", self._render_prose)
        return method(block).strip()

    def _render_heading(self, block: Block) -> str:
        self.headings_seen += 1
        text = heading_html(self.inline(block.source), self.is_chinese, self.protected)
        level = min(max(block.level, 2), 4)
        address = self._own_id(block)
        opening = f'h{level} id="{escape(address)}"' if address else f"h{level}"
        return f"<{opening}>{text}</h{level}>"

    def _own_id(self, block: Block) -> str:
        """The block's id, unless the page has it already."""
        if block.id in self.ids or RESERVED_ID.match(block.id):
            return ""
        self.ids.add(block.id)
        return block.id

    def _render_prose(self, block: Block) -> str:
        # Prose carries no ids: nothing on the page points at a paragraph, and they do not compress.
        html = self.prose(block.source).strip()
        if block.kind == "table":
            html = (
                f'<div class="table-scroll" tabindex="0" role="group"{self._table_name()}>'
                f"{html}</div>"
            )
            return self._fill_claims(html)
        if block.kind != "paragraph" or self.outer:
            return self._fill_claims(html)
        statements = self._statements_in(html)
        html = _CLAIM_MARK.sub("", html).strip()
        if not statements:
            return html
        return self._component("noted", paragraph=mark_safe(html), claims=self._claims(statements))  # noqa: S308

    def _table_name(self) -> str:
        name = escape(_("Table"))
        return f' aria-label="{name}"'

    def _render_footnote(self, block: Block) -> str:
        """Printed at the end, by ``_footnote_list``."""
        return ""

    def _render_rule(self, block: Block) -> str:
        return "<hr>"

    def _inner(self, block: Block) -> SafeString:
        self.outer += (block.kind,)
        inner = split_body(block.source, self.outer).blocks
        html = "\n".join(self.block(child) for child in inner)
        self.outer = self.outer[:-1]
        return mark_safe(html)  # noqa: S308 (made of rendered blocks)

    def _container(self, name: str, block: Block, **context) -> str:
        return self._component(
            name,
            id=self._own_id(block),
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
        if path := picture_path(figure.image):
            self.pictures.append(path)
        return self._component(
            "figure",
            figure=_with_own_names(figure, self.figures_seen),
            number=self.figures_seen,
            is_early=self._is_early(figure),
            sizes=PICTURE_SIZES,
            caption=mark_safe(self.inline(figure.caption)),  # noqa: S308 (cleaned)
            text=mark_safe(self.prose(figure.text)) if figure.text else "",  # noqa: S308
            id=f"fig-{figure.key}",
        )

    def _is_early(self, figure: FigureData) -> bool:
        """Whether a photograph may be the first large thing painted: it stands above any heading.

        Such a one is fetched at once and announced in ``<head>``; all others wait until they come
        near (web.dev: optimise LCP). With a second layout the browser alone knows which one it is.
        """
        is_early = not (figure.image.svg or self.headings_seen or self.figures_seen > 1)
        if is_early and not figure.narrow_image:
            for media_type, srcset in sources(figure.image)[:1]:
                self.preload = {"srcset": srcset, "sizes": PICTURE_SIZES, "type": media_type}
        return is_early

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
        return self._component("callouts", id=self._own_id(block), callouts=cards) if cards else ""

    def _render_key_points(self, block: Block) -> str:
        found = self.document.statements_by_claim
        keys = [key for key in block.argument.split(",") if key]
        statements = [found[key] for key in keys if key in found]
        return (
            self._component("key_points", id=self._own_id(block), claims=self._claims(statements))
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
        for statement in statements:
            if statement.claim not in self.claims:
                self.claims[statement.claim] = {
                    "key": statement.claim,
                    "grade": statement.grade,
                    "text": mark_safe(self.inline(statement.text)),  # noqa: S308 (cleaned)
                    "basis": mark_safe(self.inline(statement.basis)),  # noqa: S308 (cleaned)
                    "grade_url": f"{self._grades_page()}#{statement.grade}",
                }
        return [self.claims[statement.claim] for statement in statements]

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

    def _citation(self, match: re.Match, is_body: bool = True) -> str:
        links = []
        for key in match.group(1).split():
            if key not in self.document.references_by_key or not (is_body or key in self.cited):
                continue
            is_first = key not in self.cited
            if is_first:
                self.cited.append(key)
            number = self.cited.index(key) + 1
            address = f' id="c{number}"' if is_first else ""
            name = escape(_("Reference %(number)s") % {"number": number})
            links.append(
                f'<a href="#r{number}"{address} aria-label="{name}">{number}</a>'
                if self.has_references
                else str(number)
            )
        return f'<sup class="cite">{"".join(links)}</sup>' if links else ""

    def _term(self, match: re.Match) -> str:
        key, words = match.group(2), self._words_of_term(match)
        is_link = match.group(1) == "term" and key in self.document.terms_by_key
        if not is_link or not self.has_glossary:
            return words
        is_first = key not in self.used_terms
        if is_first:
            self.used_terms.append(key)
        address = f' id="t-{escape(key)}"' if is_first else ""
        return f'<a class="term" href="#g-{escape(key)}"{address}>{words}</a>'

    def _words_of_term(self, match: re.Match) -> str:
        term = self.document.terms_by_key.get(match.group(2))
        return match.group(3) or (escape(term.term, quote=False) if term else "")

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
            name = ""
            for line in block.source.split("\n"):
                if start := _FOOTNOTE_DEFINITION.match(line):
                    name = start[1]
                    self.footnotes[name] = line[start.end() :]
                else:
                    self.footnotes[name] += "\n" + line.removeprefix("    ")

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
        notes = []
        # A note may be the first to name another, so the list can grow while it is written.
        for number, name in enumerate(self.footnote_order, 1):
            text = self.finish(_unwrapped(self.prose(self.footnotes[name])))
            notes.append({"number": number, "text": mark_safe(text)})  # noqa: S308 (cleaned)
        return self._component("footnotes", notes=notes) if notes else ""

    def _component(self, name: str, **context) -> str:
        return render_to_string(f"components/{name}.html", context)


def _with_own_names(figure: FigureData, number: int) -> FigureData:
    """A figure whose drawings take names inside from its number: two may share an image."""
    narrow = figure.narrow_image
    return replace(
        figure,
        image=replace(figure.image, key=f"d{number}w"),
        narrow_image=replace(narrow, key=f"d{number}n") if narrow else None,
    )


def _kinds(blocks: Iterable[Block], outer: tuple[str, ...] = ()) -> Iterator[str]:
    """The kinds of all blocks, also of those inside others."""
    for block in blocks:
        yield block.kind
        if block.kind in CONTAINERS:
            names = (*outer, block.kind)
            yield from _kinds(split_body(block.source, names).blocks, names)


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
_TERM_MARK = re.compile(r'<span data-(term|word)="([^"]*)">(.*?)</span>', re.S)
_CITE_MARK = re.compile(r'<sup data-cite="([^"]*)"></sup>')
_FOOTNOTE_MARK = re.compile(r'<sup data-footnote="([^"]*)"></sup>')
_FOOTNOTE_DEFINITION = re.compile(r"^\[\^([^\]\s]+)\]: *")
_TAG = re.compile(r"<[^>]+>")
# Markup that no prose can contain: nh3 drops comments.
_GLOSSARY_SLOT = "<!--slot:glossary-->"
_REFERENCES_SLOT = "<!--slot:references-->"
