"""What the desk checks say about a translation as it is in the database."""

from articles.building import build_document
from articles.desk import Finding, check_document
from articles.document import Document
from articles.models import ArticleTranslation


def findings_for(
    translation: ArticleTranslation, document: Document | None = None, *, is_alone: bool = False
) -> list[Finding]:
    """Everything the desk checks say about a translation, worst first.

    ``document`` is an unsaved draft; without it the working rows are read. ``is_alone`` leaves out
    the comparison with the other language.
    """
    counterpart = None if is_alone else counterpart_of(translation)
    return check_document(document or build_document(translation), counterpart)


def counterpart_of(translation: ArticleTranslation) -> Document | None:
    """The document this one is compared with: the source language's, or for it another."""
    others = translation.article.translations.exclude(pk=translation.pk)
    source = others.filter(language=translation.article.source_language).first()
    other = source or others.first()
    return build_document(other) if other else None
