"""Authors as a page prints them: name, credentials, registrations, in one language."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from authors.models import Author, AuthorTranslation, RegistrationTranslation


@dataclass(frozen=True)
class Profile:
    """An author with the registrations of one language."""

    words: AuthorTranslation
    registrations: tuple[RegistrationTranslation, ...]

    @property
    def slug(self) -> str:
        return self.words.author.slug


def profiles(slugs: Iterable[str], language: str) -> dict[str, Profile]:
    """Authors by slug, in two queries however many they are."""
    words = AuthorTranslation.objects.in_language(language)
    return _with_registrations(words.filter(author__slug__in=set(slugs)), language)


def listed_profiles(language: str) -> list[Profile]:
    """Everybody in the list of authors, in the order of their names, in two queries."""
    words = AuthorTranslation.objects.in_language(language)
    return list(
        _with_registrations(words.filter(author__in=Author.objects.active()), language).values()
    )


def _with_registrations(words: QuerySet[AuthorTranslation], language: str) -> dict[str, Profile]:
    registrations = (
        RegistrationTranslation.objects.filter(
            language=language, registration__author__in=[item.author_id for item in words]
        )
        .select_related("registration")
        .order_by("registration__number", "pk")
    )
    by_author: dict[int, list[RegistrationTranslation]] = {}
    for registration in registrations:
        by_author.setdefault(registration.registration.author_id, []).append(registration)
    return {
        item.author.slug: Profile(item, tuple(by_author.get(item.author_id, ()))) for item in words
    }
