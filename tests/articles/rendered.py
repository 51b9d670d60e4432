"""Documents to render and what comes out, as trees: plain data, no database."""

from bs4 import BeautifulSoup, Tag

from articles.document import (
    CalloutData,
    Document,
    FigureData,
    ImageData,
    ProductMentionData,
    ReferenceData,
    StatementData,
    TermData,
)
from articles.markdown.blocks import split_body
from articles.parity import fill_ids
from articles.rendering import Rendered, render

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'
    '<defs><path id="arrow" d="M0 0h9"/></defs><use href="#arrow"/></svg>'
)
REFERENCES = tuple(
    ReferenceData(key, "review", title=f"Title of {key}", doi=f"10.1234/{key}")
    for key in ("dai2018", "rude1985", "mah2021")
)
STATEMENTS = (
    StatementData("C1", "strong", ("dai2018",), "Statement one.", "Basis one.[@rude1985]"),
    StatementData("C2", "limited", ("rude1985",), "Statement two.", "Basis two."),
)
TERMS = (
    TermData("calcidiol", "骨化二醇", "25(OH)D", "储存型"),
    TermData("iu", "国际单位", "IU", "一种剂量单位"),
)


def make_figure(key: str = "activation", **fields) -> FigureData:
    values = {
        "image": ImageData(key, 840, 520, svg=DRAWING),
        "narrow_image": ImageData(f"{key}-tall", 288, 520, svg=DRAWING),
        "alt": "A drawing.",
        "caption": "A caption.",
        **fields,
    }
    return FigureData(key, **values)


def make_callout(key: str = "sleep", **fields) -> CalloutData:
    return CalloutData(**{"key": key, "icon": "sleep", "label": "Sleep", "text": "Bad.", **fields})


def make_mention(**fields) -> ProductMentionData:
    values = {
        "product": "seaweed",
        "name": "Seaweed Plus",
        "name_language": "en",
        "brand": "Blue Ocean",
        "relationship": "unconfirmed",
        "text": "What is in it.",
        "components": "calcium",
        "label_note": "As the label says.",
        **fields,
    }
    return ProductMentionData(**values)


def make_document(body: str = "", language: str = "zh-hans", **fields) -> Document:
    """A document with references, claims and terms for a body to use."""
    values = {
        "slug": "example",
        "kind": "article",
        "title": "标题",
        "standfirst": "导语。",
        "references": REFERENCES,
        "statements": STATEMENTS,
        "terms": TERMS,
        **fields,
    }
    return Document(language=language, blocks=fill_ids(split_body(body).blocks), **values)


def rendered(body: str = "", language: str = "zh-hans", **fields) -> Rendered:
    return render(make_document(body, language, **fields))


def html_of(body: str, language: str = "zh-hans", **fields) -> str:
    return rendered(body, language, **fields).body_html


def tree_of(body: str, language: str = "zh-hans", **fields) -> Tag:
    return tree(html_of(body, language, **fields))


def tree(html: str) -> Tag:
    return BeautifulSoup(html, "html.parser")


def dead_addresses(page: Tag) -> list[str]:
    """Links to a place on the page that is not there."""
    ids = {element["id"] for element in page.select("[id]")}
    links = [link["href"] for link in page.select("a[href^='#'], use[href^='#']")]
    # The signs of grades come with every page (templates/includes/sprite.html).
    return [link for link in links if link[1:] not in ids and not link.startswith("#e-")]


def repeated_ids(page: Tag) -> list[str]:
    ids = [element["id"] for element in page.select("[id]")]
    return sorted({found for found in ids if ids.count(found) > 1})


def misplaced_elements(html: str) -> list[str]:
    """Where a browser's tree would differ from what is written: blocks inside running text.

    ``html.parser`` builds the tree as written, so what stands in it can be compared with HTML's
    content models.
    """
    running_text = {"p", "h2", "h3", "h4", "a", "em", "strong", "code", "span", "sup", "summary"}
    blocks = "p, div, section, details, figure, ul, ol, dl, table, blockquote, h2, h3, h4, pre, hr"
    found = [
        f"<{block.name}> in <{parent.name}>"
        for block in tree(html).select(blocks)
        for parent in block.parents
        if parent.name in running_text
    ]
    return found + ["<a> in <a>" for _link in tree(html).select("a a")]
