"""Every save keeps the whole text, and no reader notices."""

import pytest
import time_machine

from articles import services
from articles.building import build_document
from articles.models import (
    Article,
    ArticleTranslation,
    Callout,
    Contribution,
    Figure,
    Publication,
    Revision,
    Topic,
)
from tests.articles.services.texts import NOON, edit, stored
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


def test_saving_rows_changes_nothing_that_readers_read():
    article = make_article(authors=[make_author()])
    text = make_translation(
        article=article, body="正文。{claim:C1}\n\n[[figure:a]]\n\n[[callouts]]\n\n[[references]]\n"
    )
    reference = make_reference(article=article)
    claim = make_claim(article=article, references=[reference])
    statement = make_statement(translation=text, claim=claim, basis="一项。[@smith2020]")
    figure = Figure.objects.create(
        translation=text, key="a", image=make_image(), alt="图", caption="图注。"
    )
    callout = Callout.objects.create(
        translation=text, key="a", icon="sleep", label="睡眠", text="…"
    )
    publication = make_publication(translation=text)
    before = stored(publication)
    revision = Revision.objects.filter(pk=publication.revision_id).values().get()

    text = edit(text)
    text.title = text.standfirst = text.seo_title = "改过的"
    text.save()
    figure.alt = figure.caption = "改过的"
    figure.save()
    figure.image.svg = "<svg/>"
    figure.image.save()
    callout.delete()
    claim.grade = "strong"
    claim.save()
    statement.text = "改过的"
    statement.save()
    reference.title = "改过的"
    reference.save()
    Contribution.objects.all().delete()
    Article.objects.filter(pk=article.pk).update(is_adaptation=True, scene=5)
    services.save_revision(ArticleTranslation.objects.get(pk=text.pk))

    assert stored(publication) == before
    assert Revision.objects.filter(pk=publication.revision_id).values().get() == revision
    (readable,) = Publication.objects.readable().whole()
    assert readable.pk == publication.pk
    assert (readable.body_html, readable.page) == (before["body_html"], before["page"])


def test_save_keeps_a_revision_of_the_whole(user):
    text = make_translation()
    with time_machine.travel(NOON, tick=False):
        revision = services.save_revision(text, user=user, note="初稿")
    document = build_document(text)
    assert revision.as_document() == document
    assert revision.document == document.to_dict()
    assert revision.content_hash == document.content_hash
    assert (revision.number, revision.saved_by, revision.note) == (1, user, "初稿")
    assert revision.saved_at == NOON
    assert str(revision).endswith("1")


def test_save_without_a_change_gives_the_last_revision():
    text = make_translation()
    first = services.save_revision(text)
    assert services.save_revision(text, note="again") == first
    assert Revision.objects.get().note == ""
    assert ArticleTranslation.objects.get(pk=text.pk).version == 1


def test_save_counts_revisions_and_versions_for_each_text_by_itself():
    one, other = make_translation(), make_translation()
    assert services.save_revision(one).number == 1
    assert services.save_revision(other).number == 1
    one = edit(one)
    assert services.save_revision(one).number == 2
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.version, other.version) == (2, 1)


def test_save_back_to_an_older_text_is_a_new_revision():
    text = make_translation()
    first = services.save_revision(text)
    services.save_revision(edit(text))
    third = services.save_revision(text)  # the first copy still holds the first body
    assert third.number == 3
    assert third.content_hash == first.content_hash


def test_save_of_a_stale_copy_still_raises_the_version():
    text = make_translation()
    stale = ArticleTranslation.objects.get(pk=text.pk)
    services.save_revision(text)
    stale.body += "\n旧副本。\n"
    services.save_revision(stale)
    assert ArticleTranslation.objects.get(pk=text.pk).version == 2


def test_save_writes_no_column_but_its_own():
    text = make_translation()
    stale = ArticleTranslation.objects.get(pk=text.pk)
    edit(text, "刚刚保存的。")
    services.save_revision(stale)
    assert "刚刚保存的。" in ArticleTranslation.objects.get(pk=text.pk).body


def test_save_that_touches_what_has_no_language_is_a_new_revision():
    text = make_translation()
    services.save_revision(text)
    text.article.topics.add(Topic.objects.create(slug="sleep"))
    assert services.save_revision(text).number == 2
