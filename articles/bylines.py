"""Who wrote and who reviewed, in words that follow from the roles and overstate nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from articles.labels import ROLES
from articles.reviews import Review, insider_sentence, join_sentences, sentence_of
from authors.bylines import Profile, profiles
from healthsite import languages


@dataclass(frozen=True)
class Credit:
    """One person of the byline with all roles they have here."""

    profile: Profile
    roles: tuple[str, ...]

    @property
    def roles_text(self) -> str:
        """“Author and reviewer”, or 作者、审阅."""
        return join_words([str(ROLES[role]) for role in self.roles])


@dataclass(frozen=True)
class Byline:
    credits: tuple[Credit, ...]
    review_text: str

    @property
    def authors(self) -> tuple[Credit, ...]:
        return tuple(credit for credit in self.credits if "author" in credit.roles)


def byline(
    contributions: list[dict[str, Any]],
    language: str,
    reviews: Mapping[str, Review] = MappingProxyType({}),
) -> Byline:
    """The byline of a publication's frozen contributions, with the authors as they are now.

    ``reviews``: see ``articles.reviews.reviews_of``.
    """
    roles: dict[str, list[str]] = {}
    for item in contributions:
        roles.setdefault(item["author"], []).append(item["role"])
    found = profiles(roles, language)
    credits = tuple(
        Credit(found[slug], tuple(names)) for slug, names in roles.items() if slug in found
    )
    return Byline(credits, review_text(credits, reviews))


def review_text(
    credits: tuple[Credit, ...], reviews: Mapping[str, Review] = MappingProxyType({})
) -> str:
    """What may be said of review. Whoever wrote or translated the text is never independent.

    Only signatures of those whom the byline names as reviewers count.
    """
    reviewers = [credit for credit in credits if "reviewer" in credit.roles]
    if not reviewers:
        return _("Not independently reviewed.")
    signed = [credit for credit in reviewers if credit.profile.slug in reviews]
    if signed:
        return join_sentences(
            sentence
            for credit in signed
            for sentence in _signed_sentences(credit, reviews[credit.profile.slug])
        )
    insiders = [credit for credit in reviewers if "author" in credit.roles]
    if insiders:
        return _("The reviewer is also an author; this is not independent review.")
    return _("Reviewer named by the editors; no signed review of this version is on record.")


def _signed_sentences(credit: Credit, review: Review) -> tuple[str, str]:
    name = credit.profile.words.name
    return sentence_of(review, name), insider_sentence(name, credit.roles)


def join_words(words: list[str]) -> str:
    """A list as the language in force writes it, the first word as a sentence starts."""
    if not words:
        return ""
    separator, last = _("list separator|, ").split("|")[-1], _("list end| and ").split("|")[-1]
    first = words[0]
    rest = [word[:1].lower() + word[1:] for word in words[1:]]
    if not rest:
        return first
    return separator.join([first, *rest[:-1]]) + last + rest[-1]


def join_names(names: list[str], language: str) -> str:
    """Names as a byline lists them: 、 in Chinese, commas in English."""
    return ("、" if languages.BY_CODE[language].is_chinese else ", ").join(names)
