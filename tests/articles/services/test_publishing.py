"""Publishing freezes one text for readers, and says what changed."""

import datetime

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone, translation

from articles import checking, services
from articles.building import build_document
from articles.models import ArticleTranslation, AuditEntry, Publication, Revision
from articles.rendering import RENDER_VERSION, render
from articles.services import EditConflict, EditorialError, PublicationRefused
from articles.units import digests_of
from tests.accounts import make_user
from tests.articles.services.texts import (
    CHANGES,
    DAY,
    NOON,
    edit,
    publish_edit,
    readable_number,
    stored,
    words_of,
)
from tests.factories import (
    make_article,
    make_claim,
    make_publication,
    make_reference,
    make_statement,
    make_translation,
)

pytestmark = pytest.mark.django_db


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


def test_publishing_inside_a_transaction_that_fails_publishes_nothing():
    text = make_translation()
    with transaction.atomic():
        services.publish(text, change="first")
        transaction.set_rollback(True)
    assert not Publication.objects.exists()
    assert not ArticleTranslation.objects.published(at=timezone.now()).exists()


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
    monkeypatch.setattr(services.publishing, "RENDER_VERSION", "99")
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


# Versions


def test_publishing_over_what_the_editor_has_not_seen_is_refused(user):
    text = make_translation()
    services.save_revision(text)
    seen = text.version
    services.save_revision(edit(text))
    with pytest.raises(EditConflict) as conflict:
        services.publish(text, change="first", expected_version=seen, user=user)
    assert (conflict.value.expected, conflict.value.current) == (seen, seen + 1)
    assert not Publication.objects.exists()
    assert not AuditEntry.objects.filter(act="published").exists()
    assert services.publish(text, change="first", expected_version=seen + 1, user=user).number == 1


# Over a stop


def test_publishing_over_a_stop_needs_a_reason_that_is_kept(user):
    text = make_translation(body=WRONG_BODY)
    for blank in ("", " \n\u3000"):
        with pytest.raises(PublicationRefused):
            services.publish(text, change="first", user=user, override_reason=blank)
    reason = " 编辑部决定。 "
    publication = services.publish(text, change="first", user=user, override_reason=reason)
    assert stored(publication)["override_reason"] == "编辑部决定。"
    entry = AuditEntry.objects.get(act="overrode")
    assert (entry.user, entry.details["reason"]) == (user, "编辑部决定。")
    assert any(stop.startswith("block-tags: ") for stop in entry.details["stops"])


def test_reason_without_a_stop_is_not_kept(user):
    publication = services.publish(
        make_translation(), change="first", user=user, override_reason="…"
    )
    assert stored(publication)["override_reason"] == ""
    assert not AuditEntry.objects.filter(act="overrode").exists()


# When the text was last reviewed


@pytest.mark.parametrize("change", CHANGES)
def test_full_review_alone_moves_the_date_of_the_last_review(change):
    with time_machine.travel(NOON, tick=False) as clock:
        first = make_publication()
        clock.shift(DAY)
        second = publish_edit(first.translation, change=change)
        clock.shift(DAY)
        third = publish_edit(first.translation, change="evidence")
    expected = NOON + DAY if change == "full_review" else None
    assert [first.reviewed_at, second.reviewed_at, third.reviewed_at] == [None, expected, expected]


def test_review_that_was_scheduled_is_brought_forward_with_its_text():
    """The date readers see must not lie in the future."""
    with time_machine.travel(NOON, tick=False) as clock:
        text = make_publication().translation
        clock.shift(DAY)
        scheduled = publish_edit(text, change="full_review", live_from=NOON + 9 * DAY)
        mended = publish_edit(text, change="typo")
    assert scheduled.reviewed_at == NOON + 9 * DAY
    assert mended.reviewed_at == mended.live_from == NOON + DAY


def test_text_with_a_past_keeps_the_date_of_its_review():
    publication = make_publication(live_from=NOON, reviewed_at=NOON - 30 * DAY)
    assert publication.reviewed_at == NOON - 30 * DAY
    assert publish_edit(publication.translation).reviewed_at == NOON - 30 * DAY


# What means the same


def say(text: ArticleTranslation, title: str, change: str) -> Publication:
    ArticleTranslation.objects.filter(pk=text.pk).update(title=title)
    return services.publish(text, change=change)


def titles_of(publication: Publication) -> list[str]:
    """The accepted titles of a publication, the newest first; digests as the titles they are of."""
    names = {
        digests_of(build_document(make_translation(title=name)))["@title"]: name for name in "ABC"
    }
    return [names[digest] for digest in stored(publication)["unit_digests"]["@title"]]


def test_text_before_a_mended_typing_error_means_the_same():
    text = make_translation(title="A")
    accepted = [
        titles_of(say(text, title, change))
        for title, change in (
            ("A", "first"),
            ("B", "typo"),
            ("C", "typo"),
            ("A", "typo"),
            ("A", "evidence"),
            ("B", "clarification"),
            ("C", "clarification"),
            ("C", "typo"),
            ("A", "evidence"),
        )
    ]
    assert accepted == [
        ["A"],
        ["B", "A"],
        ["C", "B", "A"],
        ["A", "C", "B"],
        ["A", "C", "B"],
        ["B", "A", "C"],
        ["C", "B", "A"],
        ["C", "B", "A"],
        ["A", "C", "B"],
    ]


def test_change_that_counts_leaves_no_older_meaning():
    text = make_translation(title="A")
    say(text, "A", "first")
    assert titles_of(say(text, "B", "typo")) == ["B", "A"]
    assert titles_of(say(text, "C", "clarification")) == ["C"]


def test_every_unit_of_the_text_is_among_the_digests():
    publication = make_publication()
    expected = digests_of(publication.revision.as_document())
    assert {
        unit: items[0] for unit, items in stored(publication)["unit_digests"].items()
    } == expected


# The log


def test_publishing_is_logged_as_what_it_is(user):
    with time_machine.travel(NOON, tick=False):
        text = make_translation()
        services.publish(text, change="first", user=user)
        services.publish(edit(text), change="evidence", user=user, live_from=NOON + DAY)
    now, later = AuditEntry.objects.filter(act__in=["published", "scheduled"]).order_by("pk")
    assert (now.act, later.act) == ("published", "scheduled")
    assert (now.user, now.article, now.target_id) == (user, text.article.slug, str(text.pk))
    assert now.details["number"] == 1
    assert later.details["live_from"] == (NOON + DAY).isoformat()
    assert later.details["change"] == "evidence"


def test_import_is_no_act_of_a_person():
    text = make_publication().translation
    services.withdraw(text, note="数据有误。")
    services.undo_withdrawal(text)
    assert not AuditEntry.objects.exists()


def test_lists_know_how_many_stops_and_warnings_a_published_text_has(user):
    text = make_translation(body=WRONG_BODY)
    services.publish(text, change="first", user=user, override_reason="…")
    findings = checking.findings_for(text)
    text.refresh_from_db()
    assert text.stop_count == sum(finding.is_stop for finding in findings) > 0


def test_the_same_text_is_not_published_twice_at_the_desk():
    text, user = make_translation(), make_user()
    first = services.publish(text, change="first", user=user)
    with pytest.raises(services.EditorialError, match="1"):
        services.publish(text, change="typo", user=user)
    review = services.publish(text, change="full_review", user=user)
    with pytest.raises(services.EditorialError):
        services.publish(text, change="full_review", user=user)
    assert list(text.publications.order_by("number")) == [first, review]


def test_what_waits_for_its_time_can_be_brought_forward_as_it_is():
    text, user = make_translation(), make_user()
    later = timezone.now() + datetime.timedelta(days=3)
    services.publish(text, change="first", live_from=later, user=user)
    services.publish(text, change="clarification", user=user)
    assert text.publications.count() == 2


@pytest.mark.parametrize("by_whom", ["somebody", "nobody"])
def test_a_grade_is_measured_by_what_readers_read(user, by_whom):
    """A publication that another replaced before its time told them nothing."""
    account = user if by_whom == "somebody" else None
    text = make_translation(article=make_article())
    claim = make_claim(article=text.article, references=[make_reference(article=text.article)])
    make_statement(translation=text, claim=claim)
    text.body += "\nA word.{claim:C1}[@smith2020]\n\n[[references]]\n"
    text.save()

    def grade(value: str) -> None:
        text.article.claims.update(grade=value)

    grade("strong")
    services.publish(text, change="first", override_reason="A test.")
    grade("limited")
    later = timezone.now() + DAY
    services.publish(text, change="evidence", live_from=later, override_reason="A test.")
    with pytest.raises(EditorialError):
        services.publish(text, change="typo", user=account, override_reason="A test.")
    grade("strong")
    assert services.publish(text, change="typo", user=account, override_reason="A test.")
