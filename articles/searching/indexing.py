"""Keep ``SearchText`` in step with the publications."""

from collections.abc import Sequence

from articles.models import Publication, SearchText
from articles.querysets import PublicationQuerySet
from articles.searching.folding import fold
from articles.searching.reading import paragraphs

CHUNK = 50
"""Bodies in memory at a time."""


def index_publication(publication: Publication) -> None:
    """Store what the search compares of one publication, or store it anew.

    Read from the database: after rendering again, the object in hand may hold the old body.
    """
    index_publications(Publication.objects.filter(pk=publication.pk))


def index_missing() -> int:
    """Index every publication that is not indexed yet; how many there were."""
    return index_publications(Publication.objects.filter(search_text=None))


def index_publications(publications: PublicationQuerySet) -> int:
    """Index the publications of a queryset, a few at a time; how many there were."""
    keys = list(publications.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        _store(keys[start : start + CHUNK])
    return len(keys)


def _store(keys: Sequence[int]) -> None:
    rows = Publication.objects.filter(pk__in=keys).values_list("pk", "page", "body_html")
    SearchText.objects.bulk_create(
        [
            SearchText(
                publication_id=key,
                title=fold(page["title"]),
                summary=fold(page["standfirst"]),
                # No term holds a line's end, so none is found across two paragraphs; and each line
                # is one paragraph, so that a result can show the one that was found.
                body="\n".join(map(fold, paragraphs(body_html))),
            )
            for key, page, body_html in rows
        ],
        update_conflicts=True,
        unique_fields=["publication"],
        update_fields=["title", "summary", "body"],
    )
