"""Ask for a review, answer the request, and sign what was read."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.models import ArticleTranslation, ReviewRequest, ReviewSignature, Revision
from articles.services.errors import EditorialError
from articles.services.locking import lock_translation
from articles.units import digests_of
from authors.models import Author

Outcome = ReviewRequest.Outcome


@transaction.atomic
def request_review(
    translation: ArticleTranslation,
    *,
    reviewer: Author,
    note: str = "",
    user: AbstractBaseUser | None = None,
    expected_version: int | None = None,
) -> ReviewRequest:
    """Ask a reviewer to read the newest revision. Raises EditConflict or EditorialError."""
    translation = lock_translation(translation, expected_version)
    revision = translation.revisions.order_by("-number").first()
    if revision is None:
        raise EditorialError(_("Save the text first: a review is of one revision."))
    if reviewer.user_id is None:
        raise EditorialError(
            _("%(name)s has no account to sign with. Give the author one first.")
            % {"name": reviewer}
        )
    if not reviewer.is_active:
        raise EditorialError(
            _("%(name)s is no longer active, so nobody can sign.") % {"name": reviewer}
        )
    if translation.review_requests.open().filter(reviewer=reviewer).exists():
        raise EditorialError(_("This reviewer has been asked already."))
    request = ReviewRequest.objects.create(
        translation=translation,
        revision=revision,
        reviewer=reviewer,
        note=note.strip(),
        requested_by=user,
    )
    audit.record(
        audit.Act.ASKED_REVIEW,
        translation,
        user=user,
        revision=revision.number,
        reviewer=reviewer.slug,
    )
    return request


@transaction.atomic
def answer_review_request(
    request: ReviewRequest,
    *,
    outcome: str,
    answer: str = "",
    user: AbstractBaseUser | None = None,
) -> None:
    """Send a request back or cancel it. Raises EditorialError."""
    request = ReviewRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.closed_at:
        raise EditorialError(_("This request is closed already."))
    if outcome not in {Outcome.DECLINED, Outcome.CANCELLED}:
        raise EditorialError(_("A request is sent back or cancelled; signing closes it by itself."))
    if outcome == Outcome.DECLINED and not answer.strip():
        raise EditorialError(_("Say what has to change before you can sign."))
    _close(request, outcome, answer)
    audit.record(
        audit.Act.CLOSED_REVIEW,
        request.translation,
        user=user,
        outcome=str(outcome),
        reviewer=request.reviewer.slug,
        answer=answer.strip(),
    )


@transaction.atomic
def sign_review(
    translation: ArticleTranslation,
    revision: Revision,
    *,
    content_hash: str,
    user: AbstractBaseUser,
) -> ReviewSignature:
    """Sign one exact text as its reviewer. It closes the reviewer's open request.

    ``content_hash`` is the hash of what the reviewer's screen showed: a signature under something
    else is refused. The account must belong to an active author. Raises EditorialError.
    """
    author = Author.objects.filter(user=user).first()
    if author is None or not author.is_active:
        raise EditorialError(
            _("Your account belongs to no active author, so there is no name to sign with.")
        )
    translation = lock_translation(translation)
    if revision.translation_id != translation.pk:
        raise EditorialError(_("This revision belongs to another text."))
    if content_hash != revision.content_hash:
        raise EditorialError(_("The text has changed since you opened it. Read it again."))
    if ReviewSignature.objects.filter(revision=revision, author=author).exists():
        raise EditorialError(_("You have signed this revision already."))
    signature = ReviewSignature.objects.create(
        translation=translation,
        revision=revision,
        author=author,
        content_hash=content_hash,
        unit_digests=digests_of(revision.as_document()),
        signed_by=user,
    )
    for request in translation.review_requests.open().filter(reviewer=author):
        _close(request, Outcome.SIGNED, "")
    audit.record(
        audit.Act.SIGNED,
        translation,
        user=user,
        revision=revision.number,
        content_hash=content_hash,
    )
    return signature


def _close(request: ReviewRequest, outcome: str, answer: str) -> None:
    request.outcome = outcome
    request.answer = answer.strip()
    request.closed_at = timezone.now()
    request.save(update_fields=["outcome", "answer", "closed_at"])
