"""The public log of a text, and the difference of two of its versions, as pages print them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import ngettext_lazy, pgettext_lazy

from articles.comparing import UnitChange, compare_documents, compare_facts
from articles.document import Document
from articles.history_addresses import comparison_address, version_address
from articles.models import Publication, ReviewSignature
from articles.reviews import insider_sentence, join_sentences, reviews_of, sentence_of


@dataclass(frozen=True)
class Entry:
    """One line of the log. ``changes_url`` compares with the version before; empty on the first.

    ``moved`` names the public dates that this publication moved: ``updated``, ``reviewed``.
    """

    publication: Publication
    url: str
    changes_url: str
    is_current: bool
    moved: tuple[str, ...]
    review_text: str


def log_entries(
    publications: Sequence[Publication],
    signatures: Sequence[ReviewSignature],
    *,
    kind: str,
    language: str,
    slug: str,
) -> list[Entry]:
    """The log from ``public_log()``, newest first, and the text's signatures ``with_names``."""
    entries = []
    for place, publication in enumerate(publications):
        older = publications[place + 1] if place + 1 < len(publications) else None
        number = publication.number
        entries.append(
            Entry(
                publication=publication,
                url=version_address(kind, language, slug, number),
                changes_url=(
                    comparison_address(kind, language, slug, older.number, number) if older else ""
                ),
                is_current=place == 0,
                moved=_moved_dates(publication, older),
                review_text=_review_text(publication, signatures),
            )
        )
    return entries


def _moved_dates(publication: Publication, older: Publication | None) -> tuple[str, ...]:
    if older is None:
        return ()
    dates = {"updated": "updated_at", "reviewed": "reviewed_at"}
    return tuple(
        name
        for name, column in dates.items()
        if getattr(publication, column) != getattr(older, column)
    )


def _review_text(publication: Publication, signatures: Sequence[ReviewSignature]) -> str:
    """Signatures under exactly this version, of those whom its byline names as reviewers."""
    roles: dict[str, set[str]] = {}
    for item in publication.page["contributions"]:
        roles.setdefault(item["author"], set()).add(item["role"])
    names = {item.author.slug: item.name for item in signatures if item.name}
    exact = [item for item in signatures if item.content_hash == publication.revision.content_hash]
    return join_sentences(
        sentence
        for slug, review in reviews_of(publication, exact).items()
        if slug in names and "reviewer" in roles.get(slug, ())
        for sentence in (
            sentence_of(review, names[slug]),
            insider_sentence(names[slug], roles[slug]),
        )
    )


# The difference of two versions


@dataclass(frozen=True)
class Stretch:
    """Changes one after the other, or passages that stayed as they were."""

    is_same: bool
    changes: tuple[UnitChange, ...]


@dataclass(frozen=True)
class Difference:
    """``stretches`` in reading order; ``facts`` are what no passage says; ``counts`` in words."""

    stretches: tuple[Stretch, ...]
    facts: tuple[UnitChange, ...]
    counts: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.counts


COUNTS = {
    "changed": ngettext_lazy("%(n)s passage changed", "%(n)s passages changed", "n"),
    "added": ngettext_lazy("%(n)s passage added", "%(n)s passages added", "n"),
    "removed": ngettext_lazy("%(n)s passage removed", "%(n)s passages removed", "n"),
    "moved": ngettext_lazy("%(n)s passage moved", "%(n)s passages moved", "n"),
    "facts": ngettext_lazy("%(n)s detail changed", "%(n)s details changed", "n"),
}
"""What a difference is made of, most telling first."""

KIND_LABELS = {
    "changed": pgettext_lazy("passage", "Changed"),
    "added": pgettext_lazy("passage", "Added"),
    "removed": pgettext_lazy("passage", "Removed"),
    "moved": pgettext_lazy("passage", "Moved"),
}


def difference_of(old: Document, new: Document) -> Difference:
    """What differs between two versions of one text."""
    changes = compare_documents(old, new)
    facts = compare_facts(old, new)
    counts = Counter(change.kind for change in changes)
    # A passage that moved and changed is counted once under each.
    counts["moved"] = sum(change.is_moved for change in changes)
    counts["facts"] = len(facts)
    return Difference(
        tuple(_stretches(changes)),
        facts,
        tuple(str(words % {"n": counts[name]}) for name, words in COUNTS.items() if counts[name]),
    )


def _stretches(changes: Iterable[UnitChange]) -> Iterator[Stretch]:
    for is_same, run in groupby(changes, key=lambda change: change.kind == "same"):
        yield Stretch(is_same, tuple(run))
