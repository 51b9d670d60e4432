"""A feed as Atom (RFC 4287).

Django's ``Atom1Feed`` writes neither content nor several authors, so only its XML writer is used.
"""

from collections.abc import Mapping
from io import BytesIO

from django.utils.xmlutils import SimplerXMLGenerator

from articles.characters import xml_text
from articles.feeds.data import Entry, Feed, Person, moment
from articles.feeds.links import ATOM, JSON
from healthsite import media

NAMESPACE = "http://www.w3.org/2005/Atom"
GENERATOR = "healthsite"
"""The program, without its version: nobody needs to know how old it is."""


class _Writer(SimplerXMLGenerator):
    """Leaves out what XML cannot hold, where Django's would give up the whole feed."""

    def characters(self, content: str) -> None:
        super().characters(xml_text(content))

    def startElement(self, name: str, attrs: Mapping[str, str]) -> None:
        super().startElement(name, {key: xml_text(value) for key, value in attrs.items()})

    def element(self, name: str, text: str = "", **attributes: str) -> None:
        """An element with text only. Empty attributes are left out; ``xml_lang`` is xml:lang."""
        given = {key.replace("_", ":"): value for key, value in attributes.items() if value}
        self.addQuickElement(name, text, given)

    def optional(self, name: str, text: str) -> None:
        """An element that is left out without text."""
        if text:
            self.element(name, text)


def write_atom(feed: Feed) -> bytes:
    """The feed document, in UTF-8."""
    output = BytesIO()
    writer = _Writer(output, "utf-8", short_empty_elements=True)
    writer.startDocument()
    writer.startElement("feed", {"xmlns": NAMESPACE, "xml:lang": feed.language.tag})
    _write_head(writer, feed)
    for entry in feed.entries:
        writer.startElement("entry", {"xml:lang": feed.language.tag})
        _write_entry(writer, feed, entry)
        writer.endElement("entry")
    writer.endElement("feed")
    return output.getvalue()


def _write_head(writer: _Writer, feed: Feed) -> None:
    tag = feed.language.tag
    writer.element("id", feed.id)
    writer.element("title", feed.title)
    writer.optional("subtitle", feed.subtitle)
    writer.element("updated", moment(feed.updated))
    writer.element("link", rel="self", type=ATOM.media_type, href=feed.atom_url)
    writer.element("link", rel="alternate", type="text/html", hreflang=tag, href=feed.url)
    writer.element("link", rel="alternate", type=JSON.media_type, hreflang=tag, href=feed.json_url)
    # An entry that names no author has this one (section 4.2.1).
    _write_person(writer, feed.publisher)
    writer.optional("rights", feed.rights)
    writer.element("icon", feed.icon)
    writer.element("generator", GENERATOR)


def _write_entry(writer: _Writer, feed: Feed, entry: Entry) -> None:
    tag = feed.language.tag
    writer.element("id", entry.id)
    writer.element("title", entry.title)
    writer.element("link", rel="alternate", type="text/html", hreflang=tag, href=entry.url)
    writer.element(
        "link", rel="alternate", type="text/markdown", hreflang=tag, href=entry.markdown_url
    )
    if entry.image:
        writer.element("link", rel="enclosure", type=image_type(entry.image), href=entry.image)
    writer.element("published", moment(entry.published))
    writer.element("updated", moment(entry.updated))
    for person in entry.authors:
        _write_person(writer, person)
    for topic in entry.topics:
        writer.element("category", term=topic.slug, scheme=feed.topics_url, label=topic.name)
    writer.optional("summary", entry.summary)
    writer.optional("rights", feed.rights)
    writer.element("content", entry.content_html, type="html", xml_lang=tag)


def _write_person(writer: _Writer, person: Person) -> None:
    writer.startElement("author", {})
    writer.element("name", person.name)
    writer.element("uri", person.url)
    writer.endElement("author")


def image_type(address: str) -> str:
    """The media type of one of our pictures, by its name; empty where the name does not say."""
    return media.TYPES.get(address.rpartition(".")[2].lower(), "")
