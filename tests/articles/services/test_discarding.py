"""An article that readers never had can go; whatever they had, or somebody signed, stays."""

import datetime

import pytest
from django.utils import timezone

from articles import services
from articles.models import (
    Article,
    ArticleTranslation,
    AuditEntry,
    Figure,
    Image,
    Revision,
)
from articles.services import EditConflict, EditorialError
from tests.accounts import make_user
from tests.factories import (
    make_article,
    make_author,
    make_claim,
    make_image,
    make_publication,
    make_reference,
    make_statement,
    make_translation,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Article:
    """Two texts with everything that a draft may have, saved and sent to a reviewer."""
    article = make_article(slug="draft")
    reference = make_reference(article=article)
    claim = make_claim(article=article, references=[reference])
    image = make_image(article=article)
    for code in ("zh-hans", "en"):
        text = make_translation(article=article, language=code)
        make_statement(translation=text, claim=claim)
        Figure.objects.create(translation=text, key="one", image=image, caption="One")
        services.save_revision(text)
        services.request_review(text, reviewer=make_author(user=make_user()))
        services.make_preview_link(text, recipient="A reader", days=3)
    article.refresh_from_db()
    return article


def test_a_draft_goes_with_everything_that_hangs_on_it(draft, user):
    other = make_translation(article=make_article(slug="other"))
    services.save_revision(other)
    titles = [text.title for text in draft.translations.all()]
    services.discard_article(draft, user=user, expected_version=services.version_of_all(draft))
    assert list(Article.objects.values_list("slug", flat=True)) == ["other"]
    assert list(ArticleTranslation.objects.all()) == [other]
    assert list(Revision.objects.values_list("translation", flat=True)) == [other.pk]
    assert not Image.objects.exists()
    entry = AuditEntry.objects.get(act="deleted")
    assert (entry.user, entry.article, entry.details) == (user, "draft", {"titles": titles})


def published(draft: Article) -> None:
    make_publication(translation=draft.translations.first(), override_reason="For a test.")


def scheduled(draft: Article) -> None:
    make_publication(
        translation=draft.translations.first(),
        override_reason="For a test.",
        live_from=timezone.now() + datetime.timedelta(days=9),
    )


def withdrawn(draft: Article) -> None:
    published(draft)
    services.withdraw(draft.translations.first(), note="A reason.")


def signed(draft: Article) -> None:
    text = draft.translations.first()
    revision = text.revisions.first()
    revision.signatures.create(
        translation=text, author=make_author(), content_hash=revision.content_hash
    )


def shown_elsewhere(draft: Article) -> None:
    text = make_translation(article=make_article())
    Figure.objects.create(translation=text, key="two", image=draft.images.get(), caption="Two")


@pytest.mark.parametrize(
    "happen", [published, scheduled, withdrawn, signed, shown_elsewhere], ids=lambda f: f.__name__
)
def test_what_was_public_signed_or_shown_elsewhere_stays(draft, user, happen):
    happen(draft)
    before = (Revision.objects.count(), Figure.objects.count(), draft.translations.count())
    reason = services.why_kept(draft)
    assert reason
    with pytest.raises(EditorialError) as refusal:
        services.discard_article(draft, user=user)
    assert str(refusal.value) == reason
    after = (Revision.objects.count(), Figure.objects.count(), draft.translations.count())
    assert after == before
    assert not AuditEntry.objects.filter(act="deleted").exists()


def rename(draft: Article) -> None:
    services.rename(draft, "another")


def save_a_text(draft: Article) -> None:
    text = draft.translations.first()
    text.title += "!"
    text.save()
    services.save_revision(text, expected_version=text.version)


@pytest.mark.parametrize("change", [rename, save_a_text], ids=lambda f: f.__name__)
def test_an_article_that_somebody_changed_since_stays(draft, user, change):
    seen = services.version_of_all(draft)
    change(draft)
    with pytest.raises(EditConflict):
        services.discard_article(draft, user=user, expected_version=seen)
    assert Article.objects.filter(pk=draft.pk).exists()


def test_its_address_is_free_again(draft, user):
    services.discard_article(draft, user=user)
    assert make_article(slug="draft").slug == "draft"
