"""Publish, withdraw and re-render: everything that changes what the public sees."""

import datetime
from collections.abc import Sequence
from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit, indexnow
from articles.building import build_document
from articles.checking import findings_for
from articles.comparing import GRADE, compare_facts
from articles.desk import Finding
from articles.document import Document
from articles.models import ArticleTranslation, Publication, Revision
from articles.rendering import RENDER_VERSION, render
from articles.searching.indexing import index_publication
from articles.services.errors import EditConflict, EditorialError, PublicationRefused
from articles.services.locking import lock_translation
from articles.services.saving import note_findings, save_revision
from articles.share_cards import make_card
from articles.units import digests_of

Change = Publication.Change


@transaction.atomic
def publish(
    translation: ArticleTranslation,
    *,
    change: str,
    public_note: str = "",
    live_from: datetime.datetime | None = None,
    first_live_from: datetime.datetime | None = None,
    updated_at: datetime.datetime | None = None,
    reviewed_at: datetime.datetime | None = None,
    user: AbstractBaseUser | None = None,
    expected_version: int | None = None,
    expected_hash: str | None = None,
    override_reason: str = "",
) -> Publication:
    """Freeze one translation into a publication that readers get from ``live_from`` on.

    ``change`` is a ``Publication.Change``; a correction needs a ``public_note``. A ``live_from``
    in the future goes live by itself. ``first_live_from``, ``updated_at`` and ``reviewed_at`` are
    for imports of texts with a past. ``override_reason`` publishes over stops and is logged.
    ``expected_hash`` is the hash of the document that the editor saw: a grade, a reference or a
    product is part of it, and moves no version of the text.
    Raises PublicationRefused with every stopping finding, EditConflict, or EditorialError.
    """
    translation = lock_translation(translation, expected_version)
    if translation.withdrawn_at:
        raise EditorialError(_("This text is withdrawn. Restore it first, then publish."))
    revision = save_revision(translation, user=user)
    if expected_hash is not None and revision.content_hash != expected_hash:
        raise EditConflict(translation.version, translation.version)
    document = revision.as_document()
    findings = _findings(translation, is_import=user is None)
    stops = [finding for finding in findings if finding.is_stop]
    if stops and not override_reason.strip():
        raise PublicationRefused(stops)
    previous = translation.publications.order_by("-number").first()
    _refuse_bad_change(change, public_note, previous)
    if user and previous:
        _refuse_twice(change, revision, previous)
    live_from = live_from or timezone.now()
    _refuse_silent_grade(change, _read_until(translation, live_from), document)
    first = min(first_live_from or live_from, live_from)
    if previous:
        first = min(previous.first_live_from, first)
    rendered = render(document)
    publication = Publication.objects.create(
        translation=translation,
        revision=revision,
        number=previous.number + 1 if previous else 1,
        body_html=rendered.body_html,
        outline=rendered.outline,
        page=rendered.page,
        render_version=RENDER_VERSION,
        live_from=live_from,
        first_live_from=first,
        updated_at=updated_at or _updated_at(change, live_from, first, previous),
        reviewed_at=reviewed_at or _reviewed_at(change, live_from, previous),
        unit_digests=_accepted_digests(document, change, previous),
        source_digests=translation.source_hashes,
        override_reason=override_reason.strip() if stops else "",
        published_by=user,
        change=change,
        public_note=public_note,
    )
    note_findings(translation, findings)
    index_publication(publication)
    # What readers get before an earlier publication's time comes is new to them.
    reason = "updated" if previous and previous.first_live_from <= live_from else "published"
    indexnow.note_text(translation, reason, due_at=live_from)
    # After the commit: drawing takes its time, and SQLite lets nobody else write meanwhile. What is
    # lost when the process dies between the two is made up for by make_share_cards.
    # A picture that cannot be kept is no reason to tell an editor that the text was not published.
    transaction.on_commit(partial(make_card, publication), robust=True)
    if user:
        _log(publication, stops, user)
    return publication


@transaction.atomic
def withdraw(
    translation: ArticleTranslation,
    *,
    note: str,
    withdrawn_at: datetime.datetime | None = None,
    user: AbstractBaseUser | None = None,
    expected_version: int | None = None,
) -> None:
    """Take a published translation back: readers get 410 with the reason.

    ``withdrawn_at`` is for imports of texts with a past. Raises EditConflict or EditorialError.
    """
    translation = lock_translation(translation, expected_version)
    if not note.strip():
        raise EditorialError(_("Say why the article is withdrawn: readers see it."))
    if not translation.publications.exists():
        raise EditorialError(_("This text was never published, so it cannot be withdrawn."))
    translation.withdrawn_at = withdrawn_at or timezone.now()
    translation.withdrawal_note = note.strip()
    translation.version += 1
    translation.save(update_fields=["withdrawn_at", "withdrawal_note", "version"])
    indexnow.note_text(translation, "withdrawn")
    if user:
        audit.record(audit.Act.WITHDREW, translation, user=user, note=note.strip())


@transaction.atomic
def undo_withdrawal(
    translation: ArticleTranslation,
    *,
    user: AbstractBaseUser | None = None,
    expected_version: int | None = None,
) -> None:
    """Readers get the newest publication again. Raises EditConflict or EditorialError."""
    translation = lock_translation(translation, expected_version)
    if not translation.withdrawn_at:
        raise EditorialError(_("This text is not withdrawn."))
    translation.withdrawn_at = None
    translation.version += 1
    translation.save(update_fields=["withdrawn_at", "version"])
    indexnow.note_text(translation, "published")
    if user:
        audit.record(audit.Act.UNDID_WITHDRAWAL, translation, user=user)


def rerender(publications) -> int:
    """Render publications again from their frozen documents after the renderer moved.

    Only derived columns change; a queryset of publications in, the number of rows out.
    """
    count = 0
    for publication in publications.select_related("revision").iterator(chunk_size=50):
        rendered = render(publication.revision.as_document())
        Publication.objects.filter(pk=publication.pk).update(
            body_html=rendered.body_html,
            outline=rendered.outline,
            page=rendered.page,
            render_version=RENDER_VERSION,
        )
        publication.refresh_from_db()
        index_publication(publication)
        make_card(publication)
        count += 1
    return count


def _findings(translation: ArticleTranslation, *, is_import: bool) -> list[Finding]:
    """All findings. Built again for the body's lines, which a revision does not keep.

    An import brings one language after the other, so that none can be compared while it runs.
    """
    return findings_for(translation, build_document(translation), is_alone=is_import)


def _log(publication: Publication, stops: Sequence[Finding], user: AbstractBaseUser) -> None:
    is_later = publication.live_from > timezone.now()
    details = {
        "number": publication.number,
        "change": publication.change,
        "note": publication.public_note,
        "live_from": publication.live_from.isoformat(),
    }
    act = audit.Act.SCHEDULED if is_later else audit.Act.PUBLISHED
    audit.record(act, publication.translation, user=user, **details)
    if stops:
        audit.record(
            audit.Act.OVERRODE,
            publication.translation,
            user=user,
            number=publication.number,
            reason=publication.override_reason,
            stops=[f"{finding.rule}: {finding.message}" for finding in stops],
        )


def _refuse_bad_change(change: str, note: str, previous: Publication | None) -> None:
    if change not in Change.values:
        raise EditorialError(
            _("“%(change)s” is not a kind of change. Known: %(known)s.")
            % {"change": change, "known": ", ".join(Change.values)}
        )
    if change == Change.FIRST and previous:
        raise EditorialError(
            _("Only the first publication is a first publication; say what changed.")
        )
    if change == Change.CORRECTION and not note.strip():
        raise EditorialError(_("A correction says in public what was corrected."))


def _read_until(translation: ArticleTranslation, at: datetime.datetime) -> Publication | None:
    """What readers read just before ``at``; of a text that they cannot read yet, its last version.

    A publication made after another was scheduled replaces it, so that readers never have that one.
    """
    known = translation.publications.order_by("-number").select_related("revision")
    return known.filter(live_from__lte=at).first() or known.first()


def _refuse_silent_grade(change: str, before: Publication | None, now: Document) -> None:
    """A typing error moves no date, so that readers would not hear of another grade."""
    if change != Change.TYPO or before is None:
        return
    facts = compare_facts(before.revision.as_document(), now)
    if any(item.id.startswith(GRADE) for item in facts):
        raise EditorialError(
            _("The evidence is graded otherwise than readers know it, which is no typing error.")
        )


def _refuse_twice(change: str, revision: Revision, previous: Publication) -> None:
    """A button pressed twice publishes once: the same text again says nothing new to readers.

    A full review may find nothing to change, once a day. What waits for its time may be brought
    forward.
    """
    is_same = previous.revision_id == revision.pk and previous.live_from <= timezone.now()
    is_review = change == Change.FULL_REVIEW and (
        previous.change != change
        or timezone.localdate(previous.published_at) != timezone.localdate()
    )
    if is_same and not is_review:
        raise EditorialError(
            _(
                "This very text is published already, as publication %(number)s. Change it first, "
                "or publish a full review."
            )
            % {"number": previous.number}
        )


def _accepted_digests(
    document: Document, change: str, previous: Publication | None
) -> dict[str, list[str]]:
    """Each unit's digest, and the older ones that mean the same.

    Mending a typing error changes what is printed and not what is said: a translation made from
    the text before it is not behind.
    """
    before = previous.unit_digests if previous else {}
    accepted = {}
    for unit, digest in digests_of(document).items():
        older = before.get(unit, [])
        is_same_meaning = digest in older or change == Change.TYPO
        rest = [item for item in older if item != digest] if is_same_meaning else []
        accepted[unit] = [digest, *rest]
    return accepted


def _reviewed_at(
    change: str, live_from: datetime.datetime, previous: Publication | None
) -> datetime.datetime | None:
    """When the last full review went live: nothing else may move it.

    What was reviewed for a later time is read as soon as this publication is live.
    """
    if change == Change.FULL_REVIEW:
        return live_from
    if previous and previous.reviewed_at:
        return min(previous.reviewed_at, max(live_from, timezone.now()))
    return None


def _updated_at(
    change: str,
    live_from: datetime.datetime,
    first: datetime.datetime,
    previous: Publication | None,
) -> datetime.datetime | None:
    """The last change readers should know about, or None while they know one text only.

    What the previous publication was still to change is read as soon as this one is live.
    """
    if change in Publication.MOVES_UPDATED:
        updated = live_from
    elif previous and previous.updated_at:
        updated = min(previous.updated_at, max(live_from, timezone.now()))
    else:
        return None
    return updated if updated > first else None
