"""Everything that changes what the public sees: publish, withdraw, restore, re-render."""

import datetime
from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.building import build_document, pack_stamps
from articles.desk import Finding, check_document
from articles.document import Document
from articles.models import ArticleTranslation, Publication, Revision
from articles.rendering import RENDER_VERSION, render


class EditorialError(Exception):
    """Something an editor asked for that cannot be done; the message says how to mend it."""


class PublicationRefused(EditorialError):
    """The checks found problems that stop a publication. ``findings`` holds all of them."""

    def __init__(self, findings: Sequence[Finding]):
        self.findings = tuple(findings)
        super().__init__(
            "\n".join(f"{finding.place}: {finding.message}" for finding in self.findings)
        )


def findings_for(translation: ArticleTranslation) -> list[Finding]:
    """Everything the desk checks say about a translation's working rows, worst first."""
    return check_document(build_document(translation), _counterpart(translation))


@transaction.atomic
def save_revision(
    translation: ArticleTranslation, *, user: AbstractBaseUser | None = None, note: str = ""
) -> Revision:
    """Freeze the working rows as a revision; the last one is returned if nothing changed.

    Called after the rows are saved. Never changes what the public sees.
    """
    locked = _locked(translation)
    document = build_document(translation)
    translation.block_ids = pack_stamps(document.blocks)
    last = translation.revisions.order_by("-number").first()
    if last and last.content_hash == document.content_hash:
        translation.save(update_fields=["block_ids"])
        return last
    translation.source_hashes = _source_hashes(translation)
    translation.version = locked.version + 1
    translation.save(update_fields=["block_ids", "source_hashes", "version"])
    return Revision.objects.create(
        translation=translation,
        number=last.number + 1 if last else 1,
        document=document.to_dict(),
        content_hash=document.content_hash,
        saved_by=user,
        note=note,
    )


@transaction.atomic
def publish(
    translation: ArticleTranslation,
    *,
    change: str,
    public_note: str = "",
    live_from: datetime.datetime | None = None,
    first_live_from: datetime.datetime | None = None,
    updated_at: datetime.datetime | None = None,
    user: AbstractBaseUser | None = None,
) -> Publication:
    """Freeze one translation into a publication that readers get from ``live_from`` on.

    ``change`` is a ``Publication.Change``; a correction needs a ``public_note``. A ``live_from``
    in the future goes live by itself. ``first_live_from`` and ``updated_at`` are for imports of
    texts with a past.
    Raises PublicationRefused with every stopping finding, or EditorialError.
    """
    translation = _locked(translation)
    if translation.withdrawn_at:
        raise EditorialError(_("This text is withdrawn. Restore it first, then publish."))
    revision = save_revision(translation, user=user)
    document = revision.as_document()
    # Built again for the body and its lines, which a revision does not keep.
    findings = check_document(build_document(translation), None)
    stops = [finding for finding in findings if finding.is_stop]
    if stops:
        raise PublicationRefused(stops)
    previous = translation.publications.order_by("-number").first()
    _refuse_bad_change(change, public_note, previous)
    live_from = live_from or timezone.now()
    first = min(first_live_from or live_from, live_from)
    if previous:
        first = min(previous.first_live_from, first)
    rendered = render(document)
    return Publication.objects.create(
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
        published_by=user,
        change=change,
        public_note=public_note,
    )


@transaction.atomic
def withdraw(
    translation: ArticleTranslation,
    *,
    note: str,
    withdrawn_at: datetime.datetime | None = None,
    user: AbstractBaseUser | None = None,
) -> None:
    """Take a published translation back: readers get 410 with the reason.

    ``withdrawn_at`` is for imports of texts with a past.
    """
    translation = _locked(translation)
    if not note.strip():
        raise EditorialError(_("Say why the article is withdrawn: readers see it."))
    if not translation.publications.exists():
        raise EditorialError(_("This text was never published, so it cannot be withdrawn."))
    translation.withdrawn_at = withdrawn_at or timezone.now()
    translation.withdrawal_note = note.strip()
    translation.save(update_fields=["withdrawn_at", "withdrawal_note"])


@transaction.atomic
def restore(translation: ArticleTranslation, *, user: AbstractBaseUser | None = None) -> None:
    """Undo a withdrawal: readers get the newest publication again."""
    translation = _locked(translation)
    if not translation.withdrawn_at:
        raise EditorialError(_("This text is not withdrawn."))
    translation.withdrawn_at = None
    translation.save(update_fields=["withdrawn_at"])


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
        count += 1
    return count


def _locked(translation: ArticleTranslation) -> ArticleTranslation:
    """The row as it is now, locked until the transaction ends (on SQLite the file is)."""
    return (
        ArticleTranslation.objects.select_for_update(of=("self",))
        .select_related("article")
        .get(pk=translation.pk)
    )


def _counterpart(translation: ArticleTranslation) -> Document | None:
    """The document this one is compared with: the source language's, or for it another."""
    others = translation.article.translations.exclude(pk=translation.pk)
    source = others.filter(language=translation.article.source_language).first()
    other = source or others.first()
    return build_document(other) if other else None


def _source_hashes(translation: ArticleTranslation) -> dict[str, str]:
    article = translation.article
    if translation.language == article.source_language:
        return {}
    source = article.translations.filter(language=article.source_language).first()
    if source is None:
        return {}
    return dict(entry.rsplit(":", 1) for entry in source.block_ids)


def _refuse_bad_change(change: str, note: str, previous: Publication | None) -> None:
    if change not in Publication.Change.values:
        raise EditorialError(
            _("“%(change)s” is not a kind of change. Known: %(known)s.")
            % {"change": change, "known": ", ".join(Publication.Change.values)}
        )
    if change == Publication.Change.FIRST and previous:
        raise EditorialError(
            _("Only the first publication is a first publication; say what changed.")
        )
    if change == Publication.Change.CORRECTION and not note.strip():
        raise EditorialError(_("A correction says in public what was corrected."))


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
