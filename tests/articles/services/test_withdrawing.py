"""A text is taken back with a reason, and comes back as it was."""

import pytest
import time_machine

from articles import services
from articles.models import ArticleTranslation, AuditEntry
from articles.services import EditConflict, EditorialError
from tests.articles.services.texts import DAY, NOON, edit, publish_edit, readable_number
from tests.factories import make_article, make_publication, make_translation

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("act", ["withdraw", "undo_withdrawal"])
def test_withdrawing_and_undoing_it_are_versions_and_entries_of_the_log(act, user):
    text = make_publication().translation
    if act == "undo_withdrawal":
        services.withdraw(text, note="数据有误。")
    text.refresh_from_db()
    run = {
        "withdraw": lambda **fields: services.withdraw(text, note="数据有误。", **fields),
        "undo_withdrawal": lambda **fields: services.undo_withdrawal(text, **fields),
    }[act]
    before = ArticleTranslation.objects.filter(pk=text.pk).values().get()
    with pytest.raises(EditConflict):
        run(expected_version=text.version - 1, user=user)
    assert ArticleTranslation.objects.filter(pk=text.pk).values().get() == before
    run(expected_version=text.version, user=user)
    assert ArticleTranslation.objects.get(pk=text.pk).version == text.version + 1
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.act) == (
        user,
        {"withdraw": "withdrew", "undo_withdrawal": "undid_withdrawal"}[act],
    )
