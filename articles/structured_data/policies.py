"""Which site pages a graph may name as the publisher's policies."""

from articles.models import Article, Publication
from articles.models.content import address_of

SLUGS = ("editorial-policy", "corrections")


def published_policies(language: str) -> dict[str, str]:
    """Paths of the policies that readers can read in this language, by slug, in one query."""
    readable = Publication.objects.readable().of_kind(Article.Kind.PAGE).in_language(language)
    slugs = readable.filter(translation__article__slug__in=SLUGS).values_list(
        "translation__article__slug", flat=True
    )
    return {slug: address_of(Article.Kind.PAGE, language, slug) for slug in slugs.order_by("pk")}
