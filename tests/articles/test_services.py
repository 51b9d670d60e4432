"""What changes the public site: publish, withdraw, restore, re-render. Saving does not."""

import datetime
import sqlite3
import threading
import time
from contextlib import closing

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.db import connection, connections, transaction
from django.utils import timezone, translation

from articles import checking, services
from articles.building import build_document
from articles.models import (
    Article,
    ArticleTranslation,
    Callout,
    Contribution,
    Figure,
    Publication,
    PublicationIsFrozen,
    Revision,
    Topic,
)
from articles.rendering import RENDER_VERSION, render
from articles.services import EditorialError, PublicationRefused
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

NOON = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
CHANGES = [change for change in Publication.Change.values if change != "first"]


@pytest.fixture(autouse=True)
def english():
    """Messages are asserted in English; documents are rendered in their own language anyway."""
    with translation.override("en"):
        yield


@pytest.fixture
def user():
    return get_user_model().objects.create(username="editor")


def edit(text: ArticleTranslation, words: str = "又一段。") -> ArticleTranslation:
    """A saved edit of the body, on a fresh copy of the row."""
    text = ArticleTranslation.objects.get(pk=text.pk)
    text.body += f"\n{words}\n"
    text.save()
    return text


def publish_edit(text: ArticleTranslation, **fields) -> Publication:
    values = {"change": "clarification", "public_note": "改正了一处。", **fields}
    return services.publish(edit(text), **values)


def words_of(publication: Publication) -> str:
    return BeautifulSoup(publication.body_html, "html.parser").get_text()


def stored(publication: Publication) -> dict:
    """Every column as the database has it."""
    return Publication._base_manager.filter(pk=publication.pk).values().get()


# Publishing


def test_publication_freezes_the_text_as_it_is(user):
    text = make_translation()
    document = build_document(text)
    with time_machine.travel(NOON, tick=False):
        publication = services.publish(text, change="first", user=user)
    rendered = render(document)
    assert publication.translation == text
    assert publication.number == 1
    assert publication.revision.as_document() == document
    assert publication.revision.content_hash == document.content_hash
    assert publication.revision.saved_by == user
    assert publication.body_html == rendered.body_html
    assert publication.outline == rendered.outline
    assert publication.page == rendered.page
    assert publication.render_version == RENDER_VERSION
    assert publication.live_from == publication.first_live_from == publication.published_at == NOON
    assert publication.updated_at is None
    assert publication.published_by == user
    assert (publication.change, publication.public_note) == ("first", "")
    columns = stored(publication)
    assert columns["body_html"] == rendered.body_html
    assert columns["live_from"] == NOON


def test_publishing_needs_neither_request_nor_user_nor_a_language_in_force():
    text = make_translation(language="zh-hans", body="正文。[@smith2020]\n\n[[references]]\n")
    make_reference(article=text.article)
    with translation.override("zh-hans"):
        expected = render(build_document(text))
    with translation.override("en"):
        publication = services.publish(text, change="first")
    assert publication.body_html == expected.body_html
    assert publication.page == expected.page
    assert publication.published_by is None


def test_publishing_keeps_the_revision_that_was_saved():
    text = make_translation()
    revision = services.save_revision(text)
    assert services.publish(text, change="first").revision == revision
    assert Revision.objects.count() == 1


def test_publishing_unsaved_edits_keeps_a_revision_of_them():
    text = make_translation()
    services.save_revision(text)
    publication = services.publish(edit(text), change="first")
    assert publication.revision.number == 2
    assert words_of(publication).endswith("又一段。")


def test_publishing_reads_the_rows_and_not_the_copy_it_is_given():
    text = make_translation()
    stale = ArticleTranslation.objects.get(pk=text.pk)
    edit(text, "刚刚保存的。")
    assert words_of(services.publish(stale, change="first")).endswith("刚刚保存的。")


def test_numbers_count_up_for_each_text_by_itself():
    article = make_article()
    chinese = make_translation(article=article, language="zh-hans")
    english = make_translation(article=article, language="en")
    assert make_publication(translation=chinese).number == 1
    assert publish_edit(chinese).number == 2
    assert make_publication(translation=english).number == 1
    assert publish_edit(chinese).number == 3
    assert [item.number for item in chinese.publications.all()] == [3, 2, 1]


def test_same_text_can_be_published_again_with_the_same_revision():
    first = make_publication()
    second = services.publish(first.translation, change="full_review")
    assert second.number == 2
    assert second.revision == first.revision


def test_user_who_published_can_be_deleted(user):
    publication = services.publish(make_translation(), change="first", user=user)
    user.delete()
    assert stored(publication)["published_by_id"] is None
    assert Revision.objects.get().saved_by is None


# Frozen


def frozen_copy() -> tuple[Publication, dict]:
    publication = Publication.objects.get(pk=make_publication().pk)
    return publication, stored(publication)


FROZEN = [
    field.name
    for field in Publication._meta.fields
    if field.name not in {"id", "body_html", "outline", "page", "render_version"}
]


def test_saved_publication_cannot_be_saved_again():
    publication, before = frozen_copy()
    publication.public_note = "…"
    for arguments in ({}, {"update_fields": ["public_note"]}, {"force_update": True}):
        with pytest.raises(PublicationIsFrozen):
            publication.save(**arguments)
    assert stored(publication) == before


def test_new_copy_cannot_be_saved_over_a_publication():
    publication, before = frozen_copy()
    copy = Publication(**{**before, "change": "typo"})
    with pytest.raises(PublicationIsFrozen):
        copy.save()
    with pytest.raises(PublicationIsFrozen):
        Publication.objects.update_or_create(pk=publication.pk, defaults={"change": "typo"})
    assert stored(publication) == before


def test_publication_cannot_be_deleted():
    publication, before = frozen_copy()
    with pytest.raises(PublicationIsFrozen):
        publication.delete()
    with pytest.raises(PublicationIsFrozen):
        Publication.objects.all().delete()
    with pytest.raises(PublicationIsFrozen):
        publication.translation.publications.filter(number=1).delete()
    assert stored(publication) == before


@pytest.mark.parametrize("name", FROZEN)
def test_no_frozen_column_can_be_updated(name):
    publication, before = frozen_copy()
    value = before[Publication._meta.get_field(name).attname]
    for values in ({name: value}, {name: value, "body_html": "…"}):
        with pytest.raises(PublicationIsFrozen):
            Publication.objects.update(**values)
        with pytest.raises(PublicationIsFrozen):
            publication.translation.publications.all().update(**values)
    assert stored(publication) == before


def test_publications_cannot_be_updated_in_bulk():
    publication, before = frozen_copy()
    publication.change = "typo"
    with pytest.raises(PublicationIsFrozen):
        Publication.objects.bulk_update([publication], ["change"])
    with pytest.raises(PublicationIsFrozen):
        Publication.objects.bulk_create(
            [publication],
            update_conflicts=True,
            unique_fields=["translation", "number"],
            update_fields=["change"],
        )
    assert stored(publication) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("body_html", "<p>…</p>"),
        ("outline", [{"id": "a", "level": 2, "text": "…"}]),
        ("page", {"title": "…"}),
        ("render_version", "2"),
    ],
)
def test_columns_that_follow_from_the_document_can_be_updated(name, value):
    publication, before = frozen_copy()
    Publication.objects.filter(pk=publication.pk).update(**{name: value})
    assert stored(publication) == before | {name: value}


def test_refusal_says_what_to_do_instead():
    assert "Publish a new one, or withdraw" in str(PublicationIsFrozen())


# The kind of change


def test_first_publication_is_first_only_once():
    publication = make_publication()
    with pytest.raises(EditorialError, match="say what changed"):
        services.publish(edit(publication.translation), change="first")
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("note", ["", " \n\u3000"])
def test_correction_needs_a_note(note):
    publication = make_publication()
    with pytest.raises(EditorialError, match="says in public what was corrected"):
        services.publish(edit(publication.translation), change="correction", public_note=note)
    assert Publication.objects.count() == 1


def test_correction_with_a_note_is_published_with_it():
    second = publish_edit(
        make_publication().translation, change="correction", public_note="剂量写错了。"
    )
    assert (second.change, second.public_note) == ("correction", "剂量写错了。")


@pytest.mark.parametrize("change", [change for change in CHANGES if change != "correction"])
def test_other_changes_need_no_note(change):
    second = publish_edit(make_publication().translation, change=change, public_note="")
    assert (second.number, second.change) == (2, change)


def test_unknown_change_is_refused_with_the_known_ones():
    with pytest.raises(EditorialError) as refusal:
        services.publish(make_translation(), change="edit")
    assert "“edit”" in str(refusal.value)
    assert "first, typo, clarification, correction, evidence, full_review" in str(refusal.value)
    assert not Publication.objects.exists()


# Dates


@pytest.mark.parametrize("change", CHANGES)
def test_change_that_readers_should_know_about_moves_the_updated_date(change):
    with time_machine.travel(NOON, tick=False) as clock:
        first = make_publication()
        clock.shift(DAY)
        second = publish_edit(first.translation, change=change)
    assert second.live_from == NOON + DAY
    assert second.first_live_from == NOON
    assert second.updated_at == (None if change == "typo" else NOON + DAY)


def test_typing_error_keeps_the_date_of_the_last_change_that_counts():
    with time_machine.travel(NOON, tick=False) as clock:
        text = make_publication().translation
        dates = []
        for change in ("typo", "evidence", "typo", "full_review", "typo"):
            clock.shift(DAY)
            dates.append(publish_edit(text, change=change).updated_at)
    assert dates == [None, NOON + 2 * DAY, NOON + 2 * DAY, NOON + 4 * DAY, NOON + 4 * DAY]


def test_updated_date_is_the_day_the_change_goes_live():
    with time_machine.travel(NOON, tick=False):
        text = make_publication(live_from=NOON - 9 * DAY).translation
        second = publish_edit(text, change="evidence", live_from=NOON + 3 * DAY)
    assert second.updated_at == second.live_from == NOON + 3 * DAY
    assert second.first_live_from == NOON - 9 * DAY


def test_first_date_is_kept_over_every_later_publication():
    with time_machine.travel(NOON, tick=False) as clock:
        text = make_publication().translation
        for change in CHANGES:
            clock.shift(DAY)
            assert publish_edit(text, change=change).first_live_from == NOON


def test_text_with_a_past_keeps_its_first_date():
    """An import of a text that was public elsewhere."""
    publication = make_publication(
        change="evidence", live_from=NOON, first_live_from=NOON - 300 * DAY
    )
    assert publication.first_live_from == NOON - 300 * DAY
    assert publication.updated_at == publication.live_from == NOON
    second = publish_edit(publication.translation, live_from=NOON + DAY)
    assert second.first_live_from == NOON - 300 * DAY


@pytest.mark.parametrize("change", ["typo", "evidence"])
def test_text_with_a_past_keeps_its_updated_date(change):
    publication = make_publication(
        change=change,
        live_from=NOON,
        first_live_from=NOON - 300 * DAY,
        updated_at=NOON - 30 * DAY,
    )
    assert publication.updated_at == NOON - 30 * DAY


def test_first_date_given_after_the_live_date_is_the_live_date():
    publication = make_publication(live_from=NOON, first_live_from=NOON + DAY)
    assert publication.first_live_from == NOON


def test_typing_error_mended_now_brings_forward_a_change_that_was_scheduled():
    """Its text is read from now on, so its date must not lie in the future."""
    with time_machine.travel(NOON, tick=False) as clock:
        text = make_publication().translation
        clock.shift(DAY)
        scheduled = publish_edit(text, change="evidence", live_from=NOON + 9 * DAY)
        mended = publish_edit(text, change="typo")
    assert scheduled.updated_at == NOON + 9 * DAY
    assert mended.updated_at == mended.live_from == NOON + DAY


def test_typing_error_dated_back_does_not_move_the_date_of_the_change_before_it():
    with time_machine.travel(NOON, tick=False) as clock:
        text = make_publication(live_from=NOON - 9 * DAY).translation
        publish_edit(text, change="evidence")
        clock.shift(DAY)
        assert publish_edit(text, change="typo", live_from=NOON - DAY).updated_at == NOON


@pytest.mark.parametrize("change", CHANGES)
def test_change_before_the_text_was_ever_read_is_no_update(change):
    with time_machine.travel(NOON, tick=False):
        text = make_publication(live_from=NOON + 9 * DAY).translation
        second = publish_edit(text, change=change)
    assert second.first_live_from == second.live_from == NOON
    assert second.updated_at is None


# Live by itself


def readable_number(text: ArticleTranslation) -> int | None:
    found = Publication.objects.readable().filter(translation=text).first()
    return found.number if found else None


def test_publication_of_the_future_goes_live_by_itself():
    with time_machine.travel(NOON, tick=False) as clock:
        text = make_publication(live_from=NOON + DAY).translation
        assert readable_number(text) is None
        clock.move_to(NOON + DAY - datetime.timedelta(microseconds=1))
        assert readable_number(text) is None
        clock.move_to(NOON + DAY)
        assert readable_number(text) == 1


def test_scheduled_change_replaces_the_text_by_itself():
    with time_machine.travel(NOON, tick=False) as clock:
        text = make_publication().translation
        publish_edit(text, live_from=NOON + DAY)
        assert readable_number(text) == 1
        clock.move_to(NOON + DAY)
        assert readable_number(text) == 2


def test_publication_made_after_a_scheduled_one_wins_for_good():
    with time_machine.travel(NOON, tick=False) as clock:
        text = make_publication().translation
        publish_edit(text, live_from=NOON + DAY)
        publish_edit(text)
        assert readable_number(text) == 3
        clock.move_to(NOON + 2 * DAY)
        assert readable_number(text) == 3


# Refusals


WRONG_BODY = "### 跳级\n\n[[wrong]]\n\n正文。[@nope]\n"


def test_all_findings_that_stop_are_reported_at_once():
    text = make_translation(title="标题", standfirst="", body=WRONG_BODY)
    make_reference(article=text.article, key="uncited")
    with pytest.raises(PublicationRefused) as refusal:
        services.publish(text, change="first")
    findings = refusal.value.findings
    assert {finding.rule for finding in findings} == {
        "title",
        "heading-levels",
        "block-tags",
        "unknown-key",
        "reference-cited",
        "reference-list",
    }
    assert all(finding.is_stop for finding in findings)
    lines = str(refusal.value).split("\n")
    assert len(lines) == len(findings)
    assert any(line.startswith("Body, line 3: [[wrong]] is not a block") for line in lines)


def test_refused_publication_leaves_nothing_behind():
    text = make_translation(body=WRONG_BODY)
    with pytest.raises(PublicationRefused):
        services.publish(text, change="first")
    assert not Publication.objects.exists()
    assert not Revision.objects.exists()
    assert ArticleTranslation.objects.get(pk=text.pk).version == 0


def test_text_readers_have_stays_when_its_successor_is_refused():
    text = make_publication().translation
    with pytest.raises(PublicationRefused):
        publish_edit(edit(text, "[[wrong]]"))
    assert readable_number(text) == 1


def test_unknown_block_tag_never_vanishes_without_a_word():
    """An unknown tag makes no block, so it is in neither revision nor page: it must be refused."""
    text = make_publication().translation
    with pytest.raises(PublicationRefused) as refusal:
        services.publish(edit(text, "[[wrong]]"), change="typo")
    assert [finding.rule for finding in refusal.value.findings] == ["block-tags"]


def test_warnings_do_not_stop():
    article = make_article()
    make_translation(article=article, language="en", body="One block only.\n")
    text = make_translation(article=article, body="一段。\n\n## 标题\n\n[[product]]\n")
    findings = checking.findings_for(text)
    assert [finding.rule for finding in findings] == ["block-structure", "product-disclosure"]
    assert not any(finding.is_stop for finding in findings)
    assert services.publish(text, change="first").number == 1


# What is found beside the form


def test_findings_compare_a_translation_with_its_source():
    article = make_article()
    make_translation(article=article, language="zh-hans")
    text = make_translation(article=article, language="en", body="One block only.\n")
    (finding,) = checking.findings_for(text)
    assert (finding.rule, finding.is_stop) == ("block-structure", False)


def test_findings_compare_a_source_with_its_translation():
    article = make_article()
    text = make_translation(article=article, language="zh-hans", body="只有一段。\n")
    make_translation(article=article, language="en")
    assert [finding.rule for finding in checking.findings_for(text)] == ["block-structure"]


def test_findings_of_a_text_alone_compare_nothing():
    assert checking.findings_for(make_translation()) == []


def test_findings_name_the_line_of_the_body_that_is_being_edited():
    text = make_translation(body="\n\n[[tip]]\n\n\n\n正文。[@nope]\n[[/tip]]\n\n[[references]]\n")
    (finding,) = checking.findings_for(text)
    assert (finding.rule, finding.line) == ("unknown-key", 7)


# Withdrawing


def test_withdrawn_text_is_not_readable_and_says_why():
    text = make_publication().translation
    with time_machine.travel(NOON, tick=False):
        services.withdraw(text, note="  数据有误。\n")
    text.refresh_from_db()
    assert (text.withdrawn_at, text.withdrawal_note) == (NOON, "数据有误。")
    assert readable_number(text) is None
    assert list(ArticleTranslation.objects.withdrawn()) == [text]


def test_text_with_a_past_keeps_the_date_of_its_withdrawal():
    text = make_publication().translation
    services.withdraw(text, note="数据有误。", withdrawn_at=NOON - 30 * DAY)
    text.refresh_from_db()
    assert text.withdrawn_at == NOON - 30 * DAY


def test_withdrawing_one_language_leaves_the_other():
    article = make_article()
    texts = [make_translation(article=article, language=code) for code in ("zh-hans", "en")]
    for text in texts:
        make_publication(translation=text)
    services.withdraw(texts[0], note="数据有误。")
    assert readable_number(texts[0]) is None
    assert readable_number(texts[1]) == 1


@pytest.mark.parametrize("note", ["", " \n\u3000"])
def test_withdrawing_needs_a_reason(note):
    text = make_publication().translation
    with pytest.raises(EditorialError, match="Say why"):
        services.withdraw(text, note=note)
    assert readable_number(text) == 1


def test_text_that_was_never_published_cannot_be_withdrawn():
    text = make_translation()
    with pytest.raises(EditorialError, match="never published"):
        services.withdraw(text, note="数据有误。")
    assert ArticleTranslation.objects.get(pk=text.pk).withdrawn_at is None


def test_withdrawn_text_refuses_publication_until_it_is_restored():
    text = make_publication().translation
    services.withdraw(text, note="数据有误。")
    with pytest.raises(EditorialError, match="Restore it first"):
        publish_edit(text)
    assert text.publications.count() == 1
    services.undo_withdrawal(text)
    assert publish_edit(text).number == 2


def test_restored_text_is_read_as_it_was():
    text = make_publication().translation
    publish_edit(text)
    services.withdraw(text, note="数据有误。")
    services.undo_withdrawal(text)
    text.refresh_from_db()
    assert text.withdrawn_at is None
    assert readable_number(text) == 2
    assert not ArticleTranslation.objects.withdrawn().exists()


def test_text_that_is_not_withdrawn_cannot_be_restored():
    with pytest.raises(EditorialError, match="not withdrawn"):
        services.undo_withdrawal(make_publication().translation)


def test_scheduled_publication_of_a_withdrawn_text_does_not_go_live():
    with time_machine.travel(NOON, tick=False) as clock:
        text = make_publication().translation
        publish_edit(text, live_from=NOON + DAY)
        services.withdraw(text, note="数据有误。")
        clock.move_to(NOON + 2 * DAY)
        assert readable_number(text) is None


def test_withdrawing_reads_the_row_and_not_the_copy_it_is_given():
    text = make_publication().translation
    stale = ArticleTranslation.objects.get(pk=text.pk)
    edit(text, "刚刚保存的。")
    services.withdraw(stale, note="数据有误。")
    services.undo_withdrawal(stale)
    assert "刚刚保存的。" in ArticleTranslation.objects.get(pk=text.pk).body


# Saving


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


# Rendering again


def test_rerender_writes_the_derived_columns_and_nothing_else(monkeypatch):
    article = make_article()
    texts = [make_translation(article=article, language=code) for code in ("zh-hans", "en")]
    for text in texts:
        make_publication(translation=text)
    publish_edit(texts[0])
    before = {item.pk: stored(item) for item in Publication.objects.all()}
    spoilt = {"body_html": "", "outline": [], "page": {}, "render_version": "0"}
    Publication.objects.update(**spoilt)
    monkeypatch.setattr(services, "RENDER_VERSION", "99")
    assert services.rerender(Publication.objects.all()) == 3
    for pk, columns in before.items():
        assert stored(Publication(pk=pk)) == columns | {"render_version": "99"}


def test_rerender_takes_the_frozen_text_and_not_the_rows():
    publication = make_publication()
    html = publication.body_html
    edit(publication.translation, "还没有发表。")
    assert services.rerender(Publication.objects.all()) == 1
    assert stored(publication)["body_html"] == html


def test_rerender_of_some_leaves_the_others():
    one, other = make_publication(), make_publication()
    Publication.objects.update(render_version="0")
    assert services.rerender(Publication.objects.filter(pk=one.pk)) == 1
    assert stored(one)["render_version"] == RENDER_VERSION
    assert stored(other)["render_version"] == "0"


def test_rerender_takes_what_readers_read():
    make_publication()
    assert services.rerender(Publication.objects.readable()) == 1
    assert services.rerender(Publication.objects.none()) == 0


# At the same time


@pytest.fixture
def shared_database(tmp_path, monkeypatch):
    """A database that several connections write to at once.

    The tests' SQLite lives in memory, where connections cannot wait for each other; it is copied
    to a file that is opened with the site's own options.
    """
    if connection.vendor == "sqlite":
        path = tmp_path / "shared.sqlite3"
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        monkeypatch.setitem(connections.settings["default"], "NAME", str(path))


def in_threads(*jobs) -> list:
    """Run each job on a connection of its own; what they give, or the error, in their order."""
    results: list = [None] * len(jobs)

    def run(place: int) -> None:
        try:
            results[place] = jobs[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


class Overlap:
    """Stands in for a step of a transaction: the first to come waits until the second is near."""

    def __init__(self, step):
        self.step = step
        self.is_inside = threading.Event()

    def __call__(self, *args, **kwargs):
        if not self.is_inside.is_set():
            self.is_inside.set()
            # The second cannot come further than the lock, so there is nothing to wait for but
            # time: enough for it to read an old number if no lock held it.
            time.sleep(0.5)
        return self.step(*args, **kwargs)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_publications_at_the_same_time_get_two_numbers(shared_database, monkeypatch):
    (text,) = in_threads(lambda: make_publication().translation)
    overlap = Overlap(services.publishing.render)
    monkeypatch.setattr(services.publishing, "render", overlap)

    def second():
        assert overlap.is_inside.wait(timeout=30)
        return services.publish(text, change="typo").number

    numbers = in_threads(lambda: services.publish(text, change="typo").number, second)
    assert sorted(numbers, key=str) == [2, 3]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_saving_while_a_text_is_published_waits_for_its_turn(shared_database, monkeypatch):
    """What has no language changes without a write to the text, which would wait by itself."""
    (text,) = in_threads(lambda: edit(make_publication().translation))
    overlap = Overlap(services.publishing.render)
    monkeypatch.setattr(services.publishing, "render", overlap)

    def second():
        assert overlap.is_inside.wait(timeout=30)
        Article.objects.filter(pk=text.article_id).update(scene=5)
        return services.save_revision(ArticleTranslation.objects.get(pk=text.pk)).number

    numbers = in_threads(lambda: services.publish(text, change="typo").revision.number, second)
    assert numbers == [2, 3]


def test_publishing_inside_a_transaction_that_fails_publishes_nothing():
    text = make_translation()
    with transaction.atomic():
        services.publish(text, change="first")
        transaction.set_rollback(True)
    assert not Publication.objects.exists()
    assert not ArticleTranslation.objects.published(at=timezone.now()).exists()
