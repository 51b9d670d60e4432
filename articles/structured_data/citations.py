"""References as schema.org's works, with verified details only."""

from articles.document import ReferenceData
from healthsite.structured_data import Node, node

SCHOLARLY = frozenset(
    {
        *("review", "systematic_review", "randomised_trial", "controlled_trial", "observational"),
        *("small_study", "laboratory", "guideline", "position_statement", "editorial"),
        *("questionnaire_study", "survey"),
    }
)
"""Kinds of source that are articles of a journal once they have a DOI or a PubMed number."""


def citation(reference: ReferenceData) -> Node:
    """A printed reference, or nothing where too little of the work is verified.

    A work is named by its verified title or its DOI. A reference that has neither is described on
    the page in our own words, which often say that the source itself was not read: a bare address
    in a graph would claim that it was. Authors are left out: they are printed as one text, and
    which part of it names a person and which a body nobody recorded.
    """
    if not (reference.title or reference.doi):
        return {}
    return node(
        _kind_of(reference),
        name=reference.title,
        url=reference.address,
        datePublished=f"{reference.year:04}" if reference.year else "",
        isbn=reference.isbn,
        isPartOf=_container(reference),
    )


def _kind_of(reference: ReferenceData) -> str:
    if reference.isbn:
        return "Book"
    if reference.study_type == "textbook":
        return "Chapter" if reference.container else "Book"
    if reference.study_type in SCHOLARLY and (reference.doi or reference.pmid):
        return "ScholarlyArticle"
    return "CreativeWork"


def _container(reference: ReferenceData) -> Node:
    """The journal or book it appeared in. What else a container is (a site, a register) is open."""
    kinds = {"ScholarlyArticle": "Periodical", "Chapter": "Book"}
    kind = kinds.get(_kind_of(reference))
    return node(kind, name=reference.container) if kind and reference.container else {}
