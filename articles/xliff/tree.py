"""XML that a stranger uploads, as a plain tree that knows its lines; nothing in it is obeyed.

No entities, no document type, nothing fetched, and no more elements or levels than a hand-off has.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, InputSource, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser
from django.utils.translation import gettext as _

from articles.xliff.problems import HandoffProblem, HandoffRefused

MAX_ELEMENTS = 100_000
"""An article has at most 1,000 blocks; a unit with twenty marks has some eighty elements."""

MAX_DEPTH = 40
"""Groups inside groups and marks inside marks; a file of ours has seven levels."""


@dataclass
class Node:
    """One element. ``attributes`` are those without a namespace; ``children`` texts and nodes."""

    namespace: str
    name: str
    attributes: dict[str, str]
    line: int
    children: list["Node | str"] = field(default_factory=list)

    def find_all(self, namespace: str, *names: str) -> Iterator["Node"]:
        """The elements right inside this one that have one of these names."""
        for child in self.children:
            if (
                isinstance(child, Node)
                and child.namespace == namespace
                and (child.name in names or not names)
            ):
                yield child

    @property
    def text(self) -> str:
        """The characters right inside, without those of inner elements."""
        return "".join(child for child in self.children if isinstance(child, str))


def parse(data: bytes) -> Node:
    """The root of an XML file. Raises HandoffRefused with one sentence if it is none."""
    builder = _Builder()
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(builder)
    source = InputSource()
    source.setByteStream(io.BytesIO(data))
    try:
        parser.parse(source)
    except DefusedXmlException as error:
        raise _refusal(
            _("The file has a document type or entities, which no hand-off needs. Export it anew.")
        ) from error
    except SAXParseException as error:
        raise _refusal(
            _("From here on this is not XML: the file is damaged, or it was cut off."),
            error.getLineNumber() or 0,
        ) from error
    except (SAXException, ValueError, LookupError) as error:
        raise _refusal(_("This is not an XML file.")) from error
    return builder.root


def _refusal(message: str, line: int = 0) -> HandoffRefused:
    return HandoffRefused([HandoffProblem(message, line=line)])


class _Builder(ContentHandler):
    """Collects the events of the parser into ``root``."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", "", {}, 0)
        self.open: list[Node] = []
        self.count = 0
        self.locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:
        self.locator = locator

    def startElementNS(
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        line = self.locator.getLineNumber() or 0
        self.count += 1
        if self.count > MAX_ELEMENTS or len(self.open) >= MAX_DEPTH:
            raise _refusal(
                _("The file has more elements than a hand-off can have. Export it anew."), line
            )
        plain = {attribute[1]: value for attribute, value in attrs.items() if not attribute[0]}
        node = Node(name[0] or "", name[1], plain, line)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        self.open.pop()

    def characters(self, content: str) -> None:
        self.open[-1].children.append(content)
