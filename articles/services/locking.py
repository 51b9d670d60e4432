"""One writer at a time, and nobody writes over what they have not seen."""

from articles.models import Article, ArticleTranslation
from articles.services.errors import EditConflict


def lock_translation(
    translation: ArticleTranslation, expected_version: int | None = None
) -> ArticleTranslation:
    """The row as it is now, locked until the transaction ends (on SQLite the file is).

    ``expected_version`` is the version the editor saw; None for programs that saw nothing.
    Raises EditConflict when another was saved since.
    """
    locked = (
        ArticleTranslation.objects.select_for_update(of=("self",))
        .select_related("article")
        .get(pk=translation.pk)
    )
    if expected_version is not None and locked.version != expected_version:
        raise EditConflict(expected_version, locked.version)
    return locked


def lock_article(article: Article, expected_version: int | None = None) -> Article:
    """The same for what has no language."""
    locked = Article.objects.select_for_update().get(pk=article.pk)
    if expected_version is not None and locked.version != expected_version:
        raise EditConflict(expected_version, locked.version)
    return locked
