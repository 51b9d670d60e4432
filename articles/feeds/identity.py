"""Names of feeds and entries that stay when addresses change (RFC 4287, 4.2.6)."""

import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from articles.models import Publication


def permanent_id(kind: str, language: str, name: str = "") -> str:
    """A name for one thing of this site, as ``urn:uuid:…`` (RFC 9562, version 5).

    ``kind`` and ``name`` (a slug) are what tells it from others, and no address: those may change.
    Of the origin only the host counts, so that moving to https or to another port changes nothing.
    """
    host = urlsplit(settings.SITE_ORIGIN).hostname
    named = uuid.uuid5(uuid.NAMESPACE_URL, f"https://{host}/{kind}/{language}/{name}")
    return f"urn:uuid:{named}"


def with_first_slug(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """Annotate ``first_slug``: the one under which each text was first published.

    It is frozen there. Old addresses say less: going back to one strikes it from their list.
    """
    first = Publication.objects.filter(translation=OuterRef("translation"), number=1).order_by()
    slug = KeyTextTransform("slug", "revision__document")
    return publications.annotate(first_slug=Subquery(first.values_list(slug)[:1]))
