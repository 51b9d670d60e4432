"""A reviewer signs exactly what was shown, under the own name, once."""

import pytest
from django.db.models import ProtectedError

from articles import services
from articles.models import AuditEntry, ReviewSignature
from articles.querysets import RecordIsKept
from articles.services import EditorialError
from articles.units import digests_of
from tests.accounts import make_user
from tests.articles.services.texts import edit
from tests.factories import make_author, make_translation

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(user):
    """An active author whose account ``user`` is."""
    return make_author(user=user)


@pytest.fixture
def text():
    text = make_translation()
    services.save_revision(text)
    return text


def newest(text):
    return text.revisions.first()


def sign(text, user, revision=None, **fields):
    revision = revision or newest(text)
    return services.sign_review(
        text, revision, user=user, **{"content_hash": revision.content_hash, **fields}
    )


# Asking


def test_request_is_for_the_newest_revision_and_logged(text, user, reviewer):
    services.save_revision(edit(text))
    text.refresh_from_db()
    request = services.request_review(
        text, reviewer=reviewer, note=" 请看剂量。 ", user=user, expected_version=text.version
    )
    assert (request.revision.number, request.note, request.requested_by) == (2, "请看剂量。", user)
    assert list(text.review_requests.open()) == [request]
    entry = AuditEntry.objects.get(act="asked_review")
    assert entry.details == {"revision": 2, "reviewer": reviewer.slug}


def test_nothing_saved_can_be_reviewed_before_it_is(user, reviewer):
    with pytest.raises(EditorialError, match="Save the text first"):
        services.request_review(make_translation(), reviewer=reviewer)


@pytest.mark.parametrize("fields", [{"user": None}, {"is_active": False}])
def test_somebody_who_could_not_sign_is_not_asked(text, user, fields):
    reviewer = make_author(**{"user": user, **fields})
    with pytest.raises(EditorialError):
        services.request_review(text, reviewer=reviewer)
    assert not text.review_requests.exists()


def test_reviewer_is_asked_once_at_a_time(text, reviewer):
    request = services.request_review(text, reviewer=reviewer)
    with pytest.raises(EditorialError, match="asked already"):
        services.request_review(text, reviewer=reviewer)
    services.answer_review_request(request, outcome="cancelled")
    assert services.request_review(text, reviewer=reviewer).closed_at is None


# Answering


def test_sending_back_says_what_has_to_change(text, user, reviewer):
    request = services.request_review(text, reviewer=reviewer)
    for blank in ("", " \n\u3000"):
        with pytest.raises(EditorialError, match="what has to change"):
            services.answer_review_request(request, outcome="declined", answer=blank, user=user)
    services.answer_review_request(request, outcome="declined", answer=" 剂量。 ", user=user)
    request.refresh_from_db()
    assert (request.outcome, request.answer) == ("declined", "剂量。")
    assert request.closed_at is not None
    entry = AuditEntry.objects.get(act="closed_review")
    assert entry.details == {"outcome": "declined", "reviewer": reviewer.slug, "answer": "剂量。"}


@pytest.mark.parametrize("outcome", ["signed", "", "lost"])
def test_request_is_not_closed_as_anything_else(text, reviewer, outcome):
    request = services.request_review(text, reviewer=reviewer)
    with pytest.raises(EditorialError, match="signing closes it by itself"):
        services.answer_review_request(request, outcome=outcome, answer="…")
    request.refresh_from_db()
    assert request.closed_at is None


def test_closed_request_stays_as_it_was_closed(text, reviewer):
    request = services.request_review(text, reviewer=reviewer)
    services.answer_review_request(request, outcome="cancelled")
    with pytest.raises(EditorialError, match="closed already"):
        services.answer_review_request(request, outcome="declined", answer="…")
    request.refresh_from_db()
    assert (request.outcome, request.answer) == ("cancelled", "")


# Signing


def test_signature_holds_the_hash_and_every_passage_that_was_read(text, user, reviewer):
    revision = newest(text)
    signature = sign(text, user)
    signature.refresh_from_db()
    assert (signature.author, signature.signed_by) == (reviewer, user)
    assert signature.revision == revision
    assert signature.content_hash == revision.content_hash
    assert signature.unit_digests == digests_of(revision.as_document())
    entry = AuditEntry.objects.get(act="signed")
    assert (entry.user, entry.details["content_hash"]) == (user, revision.content_hash)


def test_signing_closes_the_own_request_alone(text, user, reviewer):
    own = services.request_review(text, reviewer=reviewer)
    other = services.request_review(text, reviewer=make_author(user=make_user()))
    elsewhere = make_translation()
    services.save_revision(elsewhere)
    services.request_review(elsewhere, reviewer=reviewer)
    sign(text, user)
    own.refresh_from_db()
    assert (own.outcome, own.closed_at is None) == ("signed", False)
    assert list(text.review_requests.open()) == [other]
    assert elsewhere.review_requests.open().exists()


@pytest.mark.parametrize("fields", [{"user": None}, {"is_active": False}])
def test_account_without_an_active_author_cannot_sign(text, user, fields):
    make_author(**{"user": user, **fields})
    with pytest.raises(EditorialError, match="no active author"):
        sign(text, user)
    assert not ReviewSignature.objects.exists()


def test_nothing_but_what_the_screen_showed_is_signed(text, user, reviewer):
    shown = newest(text)
    services.save_revision(edit(text))
    with pytest.raises(EditorialError, match="Read it again"):
        sign(text, user, newest(text), content_hash=shown.content_hash)
    assert not ReviewSignature.objects.exists()
    assert sign(text, user, shown).revision == shown


def test_revision_is_signed_once_by_each_reviewer(text, user, reviewer):
    sign(text, user)
    with pytest.raises(EditorialError, match="signed this revision already"):
        sign(text, user)
    other = make_user()
    make_author(user=other)
    sign(text, other)
    services.save_revision(edit(text))
    sign(text, user)
    assert ReviewSignature.objects.count() == 3


def test_revision_of_another_text_is_not_signed_here(text, user, reviewer):
    other = make_translation()
    revision = services.save_revision(other)
    with pytest.raises(EditorialError, match="belongs to another text"):
        sign(text, user, revision)
    assert not ReviewSignature.objects.exists()


# Kept


def test_signature_can_be_neither_changed_nor_deleted(text, user, reviewer):
    signature = sign(text, user)
    for act in (
        signature.save,
        signature.delete,
        lambda: ReviewSignature.objects.update(content_hash="0" * 64),
        lambda: ReviewSignature.objects.bulk_update([signature], ["content_hash"]),
        ReviewSignature.objects.all().delete,
        text.signatures.all().delete,
    ):
        with pytest.raises(RecordIsKept):
            act()
    assert ReviewSignature.objects.get().content_hash == newest(text).content_hash


def test_who_signed_and_what_was_signed_cannot_be_deleted(text, user, reviewer):
    sign(text, user)
    for row in (user, reviewer, newest(text), text, text.article):
        with pytest.raises(ProtectedError):
            row.delete()
    assert ReviewSignature.objects.get().signed_by == user
