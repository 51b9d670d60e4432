"""The components of an article (templates/components) as Markdown."""

from collections.abc import Mapping
from types import MappingProxyType

from articles.document import FigureData
from articles.pictures import picture_address
from articles.plain_markdown.blocks import BlockWriter, item, join, join_items, quote
from articles.plain_markdown.escaping import escape_text, link_target, one_space
from articles.plain_markdown.tree import Element, parse_html


def body_markdown(
    html: str, address: str, figures: Mapping[str, FigureData] = MappingProxyType({})
) -> str:
    """Stored HTML as Markdown, with labels in the language in force.

    ``address`` is the absolute address of the page; ``figures`` are those of the document by key:
    drawings stand in the page itself, so their files are named by the document alone.
    """
    return join(ComponentWriter(address, figures).blocks(parse_html(html).children))


class ComponentWriter(BlockWriter):
    """Each rule is named after the class of the component it writes."""

    def __init__(self, address: str, figures: Mapping[str, FigureData]) -> None:
        super().__init__(address)
        self.figures = figures
        self.rules = {
            "why": self._evidence_note,
            "at-a-glance": self._key_points,
            "symptom": self._callout,
            "diagram": self._figure,
            "photo": self._figure,
            "disclosure": self._product_mention,
            "reader-question": self._reader_question,
            "tip": self._box,
            "safety": self._box,
            "urgent": self._box,
            "references": self._references,
            "footnotes": self._footnotes,
        }

    def _evidence_note(self, node: Element) -> list[str]:
        """A grade in words and what it rests on. The link to the grades is there once already."""
        summary, reason = node.elements[0], node.elements[-1]
        links = [child for child in reason.elements if child.tag == "a"]
        basis = [child for child in reason.children if not links or child is not links[-1]]
        return [quote([f"{self.bold(summary)}{self.colon}{self.inline(basis)}"])]

    def _key_points(self, node: Element) -> list[str]:
        heading, points, *rest = node.elements
        items = []
        for point in points.elements:
            words, grade = point.elements
            label = self.bold(grade)
            items.append(item("-", [f"{label}{self.colon}{self.inline(words.children)}"]))
        return [*self.block(heading), join_items(items), *self.blocks(rest)]

    def _callout(self, node: Element) -> list[str]:
        """What stands beside the icon: a label, its text and the grades."""
        (card,) = (child for child in node.elements if child.tag == "div")
        label = self.bold(card.elements[0])
        return self._labelled(label, self.blocks(card.elements[1:]))

    def _figure(self, node: Element) -> list[str]:
        figure = self.figures.get(node.attributes["id"].removeprefix("fig-"))
        caption = node.first("figcaption")
        picture = [self._picture(figure)] if figure else []
        return [*picture, *(self.blocks(caption.children) if caption else [])]

    def _picture(self, figure: FigureData) -> str:
        alt = escape_text(one_space(figure.alt))
        address = picture_address(figure.image)
        return f"![{alt}]({link_target(address)})" if address else alt

    def _product_mention(self, node: Element) -> list[str]:
        """The label, the product, and the disclosure at once, before anything is said of it."""
        disclosure, gloss = node.first("fine"), node.first("gloss")
        label, name = node.elements[:2]
        first = [child for child in (gloss, disclosure) if child]
        known = [label, name, *first]
        rest = [child for child in node.elements if not any(child is item for item in known)]
        return [quote([self.bold(label), self.bold(name), *self.blocks([*first, *rest])])]

    def _reader_question(self, node: Element) -> list[str]:
        question, caption = node.first("blockquote"), node.first("figcaption")
        parts = self.blocks(question.children) if question else []
        if caption:
            parts.append(f"— {self.inline(caption.children)}")
        return [quote(parts)]

    def _box(self, node: Element) -> list[str]:
        """A box with its title in bold: a heading of the page would break up the outline."""
        title = node.first("safety__title") or (
            node.elements[0] if node.elements and node.elements[0].tag == "h3" else None
        )
        rest = [child for child in node.children if child is not title]
        words = [self.bold(title)] if title else []
        return [quote([*words, *self.blocks(rest)])]

    def _references(self, node: Element) -> list[str]:
        """Numbered as they are cited; the kind of study stands behind each."""
        items = []
        for number, entry in enumerate(node.elements[0].elements, 1):
            kind = entry.first("kind")
            rest = [child for child in entry.children if child is not kind]
            study = self.inline(kind.children) if kind else ""
            items.append(item(f"{number}.", [f"{self.inline(rest)} — {study}"]))
        return [join_items(items)]

    def _footnotes(self, node: Element) -> list[str]:
        notes = []
        for number, note in enumerate(node.elements[0].elements, 1):
            lines = join(self.blocks(note.children)).split("\n")
            rest = [f"    {line}".rstrip() for line in lines[1:]]
            notes.append("\n".join([f"[^{number}]: {lines[0]}", *rest]))
        return ["\n".join(notes)]
