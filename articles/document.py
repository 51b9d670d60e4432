"""One translation as plain data: what preview, publication, checks, diffs and export all read.

Nothing here knows about the database. A document is made by ``articles.building`` from working
rows, frozen as JSON in a revision, and rendered by ``articles.rendering``.
"""

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

GRADES = ("strong", "moderate", "limited", "mechanistic", "unverified")
"""Evidence grades from firmest to least firm; ``unverified`` has no layer of ground at all."""

NUTRIENTS = (
    "magnesium",
    "vitamin-d",
    "vitamin-k",
    "calcium",
    "iron",
    "zinc",
    "iodine",
    "selenium",
    "vitamin-a",
    "vitamin-b12",
    "folate",
    "omega-3",
)
"""Safety tags: an article tagged with one must carry a safety block that names it."""


@dataclass(frozen=True)
class Block:
    """One top-level block of a body.

    ``id`` is stable over edits. ``source`` is the Markdown inside the block (for containers the
    lines between the tags), ``argument`` what follows the colon of a block tag, ``title`` what
    follows its bar, ``line`` the first line in the body (1-based, not part of the identity).
    """

    kind: str
    source: str = ""
    id: str = ""
    level: int = 0
    argument: str = ""
    title: str = ""
    line: int = field(default=0, compare=False)

    @property
    def shape(self) -> tuple[str, int, str]:
        """What must be the same in every language: kind, heading level, and the key it names."""
        return (self.kind, self.level, self.argument)

    @property
    def digest(self) -> str:
        """Short hash of the block's content (not of its id or place)."""
        content = "\x1f".join(
            (self.kind, str(self.level), self.argument, self.title, self.source.strip())
        )
        return hashlib.sha256(content.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class RenditionData:
    """One stored size of a raster image: path below the media folder, format, width in px."""

    path: str
    format: str
    width: int
    height: int


@dataclass(frozen=True)
class ImageData:
    """An image as a page needs it. ``svg`` holds the sanitised markup of a drawing."""

    key: str
    width: int
    height: int
    renditions: tuple[RenditionData, ...] = ()
    svg: str = ""
    credit: str = ""
    licence: str = ""


@dataclass(frozen=True)
class FigureData:
    key: str
    image: ImageData
    alt: str
    caption: str
    narrow_image: ImageData | None = None
    text: str = ""


@dataclass(frozen=True)
class CalloutData:
    key: str
    icon: str
    label: str
    text: str


@dataclass(frozen=True)
class ProductMentionData:
    """A product as this language names it. ``relationship`` decides disclosure and link ``rel``."""

    product: str
    name: str
    name_language: str
    brand: str
    relationship: str
    text: str
    website: str = ""
    gloss: str = ""
    components: str = ""
    label_note: str = ""


@dataclass(frozen=True)
class ReferenceData:
    """A reference with only its verified details. ``address`` is the best link, or empty."""

    key: str
    study_type: str
    authors: str = ""
    year: int | None = None
    title: str = ""
    label: str = ""
    container: str = ""
    locator: str = ""
    doi: str = ""
    pmid: str = ""
    isbn: str = ""
    url: str = ""
    accessed_on: str = ""
    participants: int | None = None
    is_complete: bool = True

    @property
    def address(self) -> str:
        """Where the reference can be read: DOI first, then PubMed, then the plain address."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url


@dataclass(frozen=True)
class StatementData:
    """A claim in the words of one language, with its language-free grade and references."""

    claim: str
    grade: str
    references: tuple[str, ...]
    text: str = ""
    basis: str = ""


@dataclass(frozen=True)
class TermData:
    key: str
    term: str
    abbreviation: str
    definition: str


@dataclass(frozen=True)
class ContributionData:
    author: str
    role: str


@dataclass(frozen=True)
class Document:
    """One translation, whole. Tuples keep the editor's order.

    ``body`` and ``hidden_mention`` are there for the desk checks while a text is being edited.
    They are not part of the document's identity and are not stored with it.
    """

    language: str
    slug: str
    kind: str
    title: str
    standfirst: str
    seal: str = ""
    scene: int = 1
    seo_title: str = ""
    seo_description: str = ""
    original_label: str = ""
    edition_note: str = ""
    is_adaptation: bool = False
    source_language: str = ""
    lead_figure: str = ""
    topics: tuple[str, ...] = ()
    nutrients: tuple[str, ...] = ()
    contributions: tuple[ContributionData, ...] = ()
    blocks: tuple[Block, ...] = ()
    figures: tuple[FigureData, ...] = ()
    callouts: tuple[CalloutData, ...] = ()
    mention: ProductMentionData | None = None
    statements: tuple[StatementData, ...] = ()
    references: tuple[ReferenceData, ...] = ()
    terms: tuple[TermData, ...] = ()
    body: str = field(default="", compare=False, repr=False)
    """The Markdown that ``blocks`` were split from: what is wrong in it, and on which line."""
    hidden_mention: ProductMentionData | None = field(default=None, compare=False, repr=False)
    """The product mention of an article that shows no products."""

    @cached_property
    def figures_by_key(self) -> dict[str, FigureData]:
        return {figure.key: figure for figure in self.figures}

    @cached_property
    def callouts_by_key(self) -> dict[str, CalloutData]:
        return {callout.key: callout for callout in self.callouts}

    @cached_property
    def statements_by_claim(self) -> dict[str, StatementData]:
        return {statement.claim: statement for statement in self.statements}

    @cached_property
    def references_by_key(self) -> dict[str, ReferenceData]:
        return {reference.key: reference for reference in self.references}

    @cached_property
    def terms_by_key(self) -> dict[str, TermData]:
        return {term.key: term for term in self.terms}

    @property
    def content_hash(self) -> str:
        """SHA-256 over the canonical JSON: what a signature signs and a comparison compares."""
        canonical = json.dumps(
            self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def block_hashes(self) -> dict[str, str]:
        """Digest of each block by its id, in order."""
        return {block.id: block.digest for block in self.blocks}

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data without empty values; ``from_dict`` is the inverse."""
        return _pack(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Document":
        """The document that ``to_dict`` made. Unknown keys are refused with a TypeError."""
        return _unpack(cls, data)


_NESTED: dict[str, type] = {
    "contributions": ContributionData,
    "blocks": Block,
    "figures": FigureData,
    "callouts": CalloutData,
    "statements": StatementData,
    "terms": TermData,
    "renditions": RenditionData,
    "image": ImageData,
    "narrow_image": ImageData,
    "mention": ProductMentionData,
}
# ``references`` is a tuple of records on a document and a tuple of keys on a statement.
_NESTED_ON_DOCUMENT = {**_NESTED, "references": ReferenceData}


def _pack(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        packed = {}
        for item in dataclasses.fields(value):
            content = getattr(value, item.name)
            if not item.compare or (content == item.default and content is not False):
                continue
            packed[item.name] = _pack(content)
        return packed
    if isinstance(value, tuple):
        return [_pack(item) for item in value]
    return value


def _unpack(cls: type, data: dict[str, Any]) -> Any:
    nested = _NESTED_ON_DOCUMENT if cls is Document else _NESTED
    values = {}
    for name, content in data.items():
        kind = nested.get(name)
        if isinstance(content, list):
            content = tuple(_unpack(kind, item) if kind else item for item in content)
        elif kind and isinstance(content, dict):
            content = _unpack(kind, content)
        values[name] = content
    return cls(**values)
