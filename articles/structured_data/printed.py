"""What a rendered body prints of its document: a graph may name nothing else.

A document holds all of its article's references and figures; the body shows those that the text
uses. Read from the stored HTML, which our own templates wrote (``components/references.html``,
``components/figure.html``), because rendering again for each page would cost too much.
"""

import re
from html import escape, unescape

from articles.document import Document, FigureData, ReferenceData
from articles.markdown.extension import WORD_JOINER
from healthsite.templatetags.typography import sentence

_REFERENCES = re.compile(r'<section class="references".*?</section>', re.S)
_CAPTION = re.compile(
    r'<figure [^>]*\bid="fig-([^"]+)">.*?<figcaption><b>.*?</b>(.*?)<p class="figure-links">', re.S
)
_CITE = re.compile(r"<sup class=['\"]cite.*?</sup>", re.S)
_TAG = re.compile(r"<[^>]+>")


def plain(html: str) -> str:
    """The words of a piece of cleaned HTML, without the numbers of citations."""
    text = unescape(_TAG.sub("", _CITE.sub("", html))).replace(WORD_JOINER, "")
    return " ".join(text.split())


def plain_blocks(html: str) -> str:
    """The words of several paragraphs: a space stands between two."""
    return plain(html.replace("</p>", "</p> ").replace("</li>", "</li> "))


def printed_references(document: Document, body: str) -> list[ReferenceData]:
    """The references in the printed list, in its order, told by their address or their title."""
    found = _REFERENCES.search(body)
    if not found:
        return []
    places = {item.key: _place_of(item, found[0]) for item in document.references}
    printed = [item for item in document.references if places[item.key] >= 0]
    return sorted(printed, key=lambda item: places[item.key])


def _place_of(reference: ReferenceData, section: str) -> int:
    """Where a reference stands in the list; -1 where it does not, or nothing tells it apart."""
    if reference.address:
        return section.find(f'href="{escape(reference.address)}"')
    if not reference.title:
        return -1
    title = escape(sentence(reference.title))
    # Behind the authors, or first: one title may be the end of another.
    return max(section.find(f">{title} "), section.find(f". {title} "))


def printed_figures(document: Document, body: str) -> list[tuple[FigureData, str]]:
    """The figures on the page in their order, each with its caption as plain text."""
    known = document.figures_by_key
    return [
        (known[match[1]], plain(match[2])) for match in _CAPTION.finditer(body) if match[1] in known
    ]


def names_in(names: list[str], body: str) -> list[str]:
    """Those of the names that the page prints, whatever spaces the setting put into them."""
    text = "".join(plain(body).split()).casefold()
    return [name for name in names if "".join(name.split()).casefold() in text]
