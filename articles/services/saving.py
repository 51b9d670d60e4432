"""Freeze working rows as revisions, and keep track of which source each passage follows."""

import hashlib
from collections.abc import Collection, Mapping
from types import MappingProxyType

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from articles import audit
from articles.building import build_document, pack_stamps
from articles.desk import STOP, WARN, Finding
from articles.document import Document
from articles.models import ArticleTranslation, Revision
from articles.services.locking import lock_translation
from articles.units import MENTION, digests_of, units_of


@transaction.atomic
def save_revision(
    translation: ArticleTranslation,
    *,
    user: AbstractBaseUser | None = None,
    note: str = "",
    expected_version: int | None = None,
    confirmed: Collection[str] = (),
    follows: Mapping[str, str] = MappingProxyType({}),
    is_text: bool = True,
) -> Revision:
    """Freeze the working rows as a revision; the last one is returned if nothing changed.

    Called after the rows are saved, in the same transaction as they. ``confirmed`` are ids of
    units that the editor declares still correct although their source has changed. ``follows``
    gives, by unit, the digest of an older source that a passage brought from elsewhere follows
    ("" where none is known). ``is_text`` is False for a change of the article, which no editor of
    the text can overwrite: the version stays. Never changes what the public sees.
    Raises EditConflict.
    """
    locked = lock_translation(translation, expected_version)
    document = build_document(translation)
    last = translation.revisions.order_by("-number").first()
    is_same = last is not None and last.content_hash == document.content_hash
    _remember(translation, document, last, confirmed, follows)
    if is_same:
        if confirmed:
            translation.version = locked.version + 1
            translation.save(update_fields=["version"])
        return last
    translation.version = locked.version + is_text
    translation.changed_at = timezone.now()
    translation.save(update_fields=["version", "changed_at"])
    revision = Revision.objects.create(
        translation=translation,
        number=last.number + 1 if last else 1,
        document=document.to_dict(),
        content_hash=document.content_hash,
        saved_by=user,
        note=note[:300],
    )
    if user:
        audit.record(audit.Act.SAVED, translation, user=user, revision=revision.number, note=note)
    return revision


@transaction.atomic
def confirm_units(
    translation: ArticleTranslation,
    units: Collection[str],
    *,
    user: AbstractBaseUser | None = None,
    expected_version: int | None = None,
) -> None:
    """Declare passages still correct although their source has changed since."""
    translation = lock_translation(translation, expected_version)
    save_revision(translation, user=user, confirmed=units)
    audit.record(audit.Act.CONFIRMED, translation, user=user, units=sorted(units))


def source_of(translation: ArticleTranslation) -> ArticleTranslation | None:
    """The text in the source language, or None for that text itself and where there is none."""
    article = translation.article
    if translation.language == article.source_language:
        return None
    return article.translations.filter(language=article.source_language).first()


def deviations(translation: ArticleTranslation) -> dict[str, str]:
    """Where a translation follows its source otherwise than if it had been made of it just now.

    By unit the digest of the source that the passage follows, or "" where none is known: passages
    behind, passages left out on purpose, and passages that the source no longer has.
    """
    source, last = source_of(translation), translation.revisions.order_by("-number").first()
    if source is None or last is None:
        return {}
    own, source_document = digests_of(build_document(translation)), build_document(source)
    known = _known_source(translation, own, source_document, last, ())
    fresh = {unit: digest for unit, digest in digests_of(source_document).items() if unit in own}
    return {
        unit: known.get(unit, "")
        for unit in [*fresh, *sorted(known.keys() - fresh.keys())]
        if known.get(unit) != fresh.get(unit)
    }


def combined(digests: Mapping[str, str]) -> str:
    """One short digest for many: texts that say the same have the same, in whatever order."""
    lines = "\n".join(f"{unit}:{digest}" for unit, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def _remember(
    translation: ArticleTranslation,
    document: Document,
    last: Revision | None,
    confirmed: Collection[str],
    follows: Mapping[str, str],
) -> None:
    """Store block ids and what the text was made from, as far as this save tells."""
    own = digests_of(document)
    values = {"block_ids": pack_stamps(document.blocks), "units_digest": combined(own)}
    source = source_of(translation)
    if source is None:
        values |= {"source_hashes": {}, "source_digest": ""}
    else:
        source_document = build_document(source)
        known = _known_source(translation, own, source_document, last, confirmed)
        known = {unit: digest for unit, digest in {**known, **follows}.items() if digest}
        values |= {"source_hashes": known, "source_digest": combined(known)}
    changed = [name for name, value in values.items() if getattr(translation, name) != value]
    for name in changed:
        setattr(translation, name, values[name])
    if changed:
        translation.save(update_fields=changed)


def _known_source(
    translation: ArticleTranslation,
    own: Mapping[str, str],
    source: Document,
    last: Revision | None,
    confirmed: Collection[str],
) -> dict[str, str]:
    """Of each passage, the digest of the source it follows.

    An edit of a passage, or the word of an editor, moves it to the source as it is now; what was
    not touched stays where it was. A passage that was taken out here follows nothing. One that the
    source no longer has is kept until it is gone here too, so that the editor hears of it.
    """
    before = digests_of(last.as_document()) if last else {}
    known = translation.source_hashes
    if MENTION in own and MENTION in known and MENTION not in before:
        # It was hidden when the last revision was made, so nobody knows whether it has changed.
        before = before | {MENTION: own.get(MENTION, "")}
    now: dict[str, str] = {}
    for unit in units_of(source):
        is_edited = unit.id in own and own[unit.id] != before.get(unit.id)
        is_tag = unit.id in own and not unit.has_words
        is_taken_out = unit.id in before and unit.id not in own
        if is_edited or is_tag or unit.id in confirmed:
            now[unit.id] = unit.digest
        elif unit.id in known and not is_taken_out:
            now[unit.id] = known[unit.id]
    gone = {unit for unit in known if unit not in now and unit in own and unit not in confirmed}
    return now | {unit: known[unit] for unit in gone}


def note_findings(translation: ArticleTranslation, findings: Collection[Finding]) -> None:
    """Keep how many stops and warnings a saved text has, for lists of many texts."""
    ArticleTranslation.objects.filter(pk=translation.pk).update(
        stop_count=sum(finding.severity == STOP for finding in findings),
        warning_count=sum(finding.severity == WARN for finding in findings),
    )
