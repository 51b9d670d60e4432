"""In which languages a list holds anything.

An empty list is no answer to a search, and no translation of one that holds something: it stays out
of the index, of the sitemap and of what other pages name as themselves in another language.
"""

from collections.abc import Callable

from django.db.models import QuerySet

from articles.models import Article, GlossaryTermTranslation, Publication, TopicTranslation
from authors.models import AuthorTranslation
from healthsite.pages import paths_in_all_languages


def _articles() -> QuerySet:
    return Publication.objects.readable().of_kind(Article.Kind.ARTICLE)


def _topics() -> QuerySet:
    return TopicTranslation.objects.with_content().filter(has_articles=True)


def _people() -> QuerySet:
    return AuthorTranslation.objects.filter(author__is_active=True)


def _terms() -> QuerySet:
    return GlossaryTermTranslation.objects.all()


LISTS: dict[str, tuple[Callable[[], QuerySet], str]] = {
    "home": (_articles, "translation__language"),
    "articles:topics": (_topics, "language"),
    "authors:list": (_people, "language"),
    "articles:glossary": (_terms, "language"),
}
"""By the name of a list's address: what it holds, and the column that says in which language."""


def list_paths(name: str, own: str) -> dict[str, str]:
    """Where a list is in each language in which it holds something, in one query for each other.

    ``own`` is the language of the page that asks: it names itself, and knows what it holds.
    """
    rows, column = LISTS[name]
    return {
        code: path
        for code, path in paths_in_all_languages(name).items()
        if code == own or rows().filter(**{column: code}).exists()
    }


def all_list_paths(name: str) -> dict[str, str]:
    """The same for nobody's page, in one query."""
    rows, column = LISTS[name]
    codes = set(rows().order_by().values_list(column, flat=True).distinct())
    return {code: path for code, path in paths_in_all_languages(name).items() if code in codes}
