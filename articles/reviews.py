"""What may be said in public of a review: it follows from signatures and roles, never from hope.

A signature is under one exact text. Of another text it says only how many passages have changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from articles.models import Publication, ReviewSignature
from healthsite import languages
from healthsite.templatetags.typography import long_date


@dataclass(frozen=True)
class Review:
    """One person's newest signature as it bears on one publication.

    ``changed`` counts the passages that differ from what was read; None where nobody recorded it.
    """

    author: str
    signed_at: datetime
    is_exact: bool
    changed: int | None = None


def reviews_of(
    publication: Publication, signatures: Iterable[ReviewSignature]
) -> dict[str, Review]:
    """Reviews by the slug of the author who signed.

    ``signatures``: all of the publication's translation, the newest first, with author and
    revision. One under exactly this text counts before any other; one under a later revision than
    this is not about it at all.
    """
    revision = publication.revision
    reviews: dict[str, Review] = {}
    for signature in signatures:
        slug = signature.author.slug
        if signature.content_hash == revision.content_hash:
            if slug not in reviews or not reviews[slug].is_exact:
                reviews[slug] = Review(slug, signature.signed_at, is_exact=True, changed=0)
        elif slug not in reviews and signature.revision.number < revision.number:
            changed = changed_units(publication.unit_digests, signature.unit_digests)
            reviews[slug] = Review(slug, signature.signed_at, is_exact=False, changed=changed)
    return reviews


def changed_units(now: Mapping[str, list[str]], signed: Mapping[str, str]) -> int | None:
    """How many units differ between a publication and what was signed; None if unknown.

    A mended typing error counts: the signature is not under it.
    """
    if not now or not signed:
        return None
    newest = {unit: accepted[0] for unit, accepted in now.items()}
    return sum(newest.get(unit) != signed.get(unit) for unit in newest.keys() | signed.keys())


def sentence_of(review: Review, name: str) -> str:
    """One review in words, in the language in force."""
    values = {"name": name, "date": long_date(review.signed_at)}
    if review.is_exact:
        return _("This exact version was reviewed by %(name)s on %(date)s.") % values
    if review.changed is None:
        return _("An earlier version was reviewed by %(name)s on %(date)s.") % values
    if not review.changed:
        return (
            _(
                "No passage has changed since the review by %(name)s on %(date)s, but other"
                " details have."
            )
            % values
        )
    return ngettext(
        "%(count)s passage has changed since the review by %(name)s on %(date)s.",
        "%(count)s passages have changed since the review by %(name)s on %(date)s.",
        review.changed,
    ) % (values | {"count": review.changed})


def insider_sentence(name: str, roles: Iterable[str]) -> str:
    """What must be added of a reviewer who made the text; empty for anybody else."""
    roles = set(roles)
    if "author" in roles:
        return _("%(name)s is also an author; this is not independent review.") % {"name": name}
    if "translator" in roles:
        return _("%(name)s is also a translator; this is not independent review.") % {"name": name}
    return ""


def join_sentences(sentences: Iterable[str]) -> str:
    """Sentences as the language in force sets them; empty ones are left out."""
    language = languages.BY_CODE.get(get_language() or "", languages.DEFAULT)
    return ("" if language.is_chinese else " ").join(filter(None, sentences))
