"""Begin an article in every language at once, so that its languages are a pair from the start."""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles import audit
from articles.models import Article, ArticleTranslation
from articles.services.saving import save_revision


@transaction.atomic
def start_article(
    article: Article, titles: Mapping[str, str], *, user: AbstractBaseUser | None = None
) -> dict[str, ArticleTranslation]:
    """Give a stored article a text in each language named (``{"zh-hans": title, …}``)."""
    in_order = sorted(titles, key=lambda code: code != article.source_language)
    return {
        code: start_translation(article, code, title=titles[code], user=user) for code in in_order
    }


@transaction.atomic
def start_translation(
    article: Article, language: str, *, title: str, user: AbstractBaseUser | None = None
) -> ArticleTranslation:
    """An empty text with a title. Whatever has to be there before publication, the checks say."""
    translation = ArticleTranslation.objects.create(
        article=article, language=language, title=title.strip()
    )
    save_revision(translation, user=user)
    if user:
        audit.record(audit.Act.CREATED, translation, user=user, language=language)
    return translation
