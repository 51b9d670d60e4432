"""A text's public state travels: dates, drafts, schedules and withdrawals."""

import datetime

import pytest
import time_machine

from articles import services
from articles.bundles import export_bundle, import_bundle
from articles.models import Article, ArticleTranslation, Publication
from tests.articles.bundles.files import (
    EN,
    PUBLISH,
    ZH,
    BundleFiles,
    clear_site,
    contents,
    exported,
    tables,
)

pytestmark = pytest.mark.django_db

NEW_YEAR = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def text(language: str = "en") -> ArticleTranslation:
    return ArticleTranslation.objects.select_related("article").get(
        article__slug="sleep", language=language
    )


def newest(language: str = "en") -> Publication:
    return text(language).publications.order_by("-number").first()


def edit(words: str, language: str = "en") -> ArticleTranslation:
    """What the admin does when an editor saves: rows, then a revision."""
    found = text(language)
    found.body = found.body.replace("## Why", f"{words}\n\n## Why")
    found.save()
    services.save_revision(found)
    return found


def carried(tmp_path) -> dict[str, bytes]:
    """Export, import on an empty site, export again: the files, which must be the same."""
    first = exported(tmp_path / "first")
    clear_site()
    import_bundle(tmp_path / "first")
    second = exported(tmp_path / "second")
    assert first == second
    return second


def dates(language: str = "en") -> tuple:
    last = newest(language)
    return last.live_from, last.first_live_from, last.updated_at, last.change, last.public_note


# Dates


def test_the_first_publication_carries_one_date(files: BundleFiles, tmp_path):
    files.load()
    found = carried(tmp_path)
    assert PUBLISH.encode() in found[EN]
    assert dates() == (NEW_YEAR, NEW_YEAR, None, "first", "")


@pytest.mark.parametrize("changes", [
    ["correction"],
    ["clarification", "typo"],
    ["correction", "typo", "typo"],
    ["typo"],
    ["typo", "evidence"],
    ["evidence", "full_review"],
])  # fmt: skip
def test_a_history_carries_its_dates_to_a_fresh_site(files: BundleFiles, tmp_path, changes):
    files.load()
    for number, change in enumerate(changes, 1):
        edit(f"Edit {number}.")
        services.publish(
            text(), change=change, public_note="Why.", live_from=NEW_YEAR + number * DAY
        )
    before = dates()
    carried(tmp_path)
    assert dates() == before
    assert newest().number == 1


def test_a_later_typo_keeps_the_date_of_the_correction(files: BundleFiles, tmp_path):
    files.load()
    edit("One.")
    services.publish(text(), change="correction", public_note="Why.", live_from=NEW_YEAR + DAY)
    edit("Two.")
    services.publish(text(), change="typo", live_from=NEW_YEAR + 2 * DAY)
    head = carried(tmp_path)[EN].decode()
    assert "  first_at: 2026-01-01T00:00:00+00:00\n" in head
    assert "  updated_at: 2026-01-02T00:00:00+00:00\n" in head
    assert newest().updated_at == NEW_YEAR + DAY


def test_the_last_full_review_keeps_its_date(files: BundleFiles, tmp_path):
    files.load()
    services.publish(text(), change="full_review", live_from=NEW_YEAR + DAY)
    assert "reviewed_at" not in carried(tmp_path)[EN].decode()
    assert newest().reviewed_at == NEW_YEAR + DAY
    edit("One.")
    services.publish(text(), change="typo", live_from=NEW_YEAR + 2 * DAY)
    assert "  reviewed_at: 2026-01-02T00:00:00+00:00\n" in carried(tmp_path / "later")[EN].decode()
    assert newest().reviewed_at == NEW_YEAR + DAY


def test_what_an_import_finds_out_itself_is_not_written(files: BundleFiles, tmp_path):
    files.load()
    edit("One.")
    services.publish(text(), change="evidence", live_from=NEW_YEAR + DAY)
    assert b"updated_at" not in carried(tmp_path)[EN]
    assert newest().updated_at == NEW_YEAR + DAY


def test_a_history_goes_on_where_the_text_came_from(files: BundleFiles, tmp_path):
    files.load()
    edit("One.")
    services.publish(text(), change="correction", public_note="Why.", live_from=NEW_YEAR + DAY)
    carried(tmp_path)
    edit("Two.")
    services.publish(text(), change="typo", live_from=NEW_YEAR + 9 * DAY)
    assert dates()[:3] == (NEW_YEAR + 9 * DAY, NEW_YEAR, NEW_YEAR + DAY)


def test_times_to_the_microsecond_survive(files: BundleFiles, tmp_path):
    at = datetime.datetime(2026, 3, 4, 5, 6, 7, 891011, tzinfo=datetime.UTC)
    files.edit(EN, PUBLISH, "")
    files.load()
    services.publish(text(), change="first", live_from=at)
    carried(tmp_path)
    assert newest().live_from == at


@pytest.mark.parametrize("typed", [
    "2026-01-01T09:00:00+09:00",
    "2026-01-01 00:00:00Z",
    "2026-01-01T00:00",
    "'2026-01-01T00:00:00+00:00'",
    "2025-12-31T13:00:00-11:00",
])  # fmt: skip
def test_a_time_may_be_typed_in_several_ways(files: BundleFiles, typed):
    files.edit(EN, "2026-01-01T00:00:00+00:00", typed)
    files.load()
    assert newest().live_from == NEW_YEAR


# Texts that have changed since


def test_an_edited_text_is_not_exported_as_published(files: BundleFiles, tmp_path):
    files.load()
    edit("Not for readers yet.")
    report = export_bundle(tmp_path / "export")
    found = contents(tmp_path / "export")
    assert report.unpublished == ["sleep (en)"]
    assert b"Not for readers yet." in found[EN]
    assert b"publish:" not in found[EN]
    assert b"publish:" in found[ZH]


def test_an_edited_text_comes_back_as_a_draft(files: BundleFiles, tmp_path):
    files.load()
    edit("Not for readers yet.")
    carried(tmp_path)
    assert "Not for readers yet." in text().body
    assert newest() is None
    assert newest("zh-hans") is not None


def test_an_export_of_an_edited_text_changes_nothing_at_home(files: BundleFiles, tmp_path):
    files.load()
    edit("Not for readers yet.")
    before = tables()
    export_bundle(tmp_path / "export")
    assert import_bundle(tmp_path / "export").published == []
    assert tables() == before


def test_an_edit_that_was_undone_is_published_again(files: BundleFiles, tmp_path):
    files.load()
    edited = edit("Not for readers yet.")
    edited.body = edited.body.replace("Not for readers yet.\n\n", "")
    edited.save()
    services.save_revision(edited)
    assert export_bundle(tmp_path / "export").unpublished == []


def test_what_has_no_language_makes_both_texts_drafts(files: BundleFiles, tmp_path):
    files.load()
    article = Article.objects.get(slug="sleep")
    article.shows_products = False
    article.save()
    report = export_bundle(tmp_path / "export")
    assert report.unpublished == ["sleep (en)", "sleep (zh-hans)"]


def test_line_ends_of_a_form_are_no_edit(files: BundleFiles, tmp_path):
    files.load()
    callout = text().callouts.get()
    callout.text = "Late to bed,\r\ndrowsy by day."
    callout.save()
    services.publish(text(), change="typo", live_from=NEW_YEAR + DAY)
    export_bundle(tmp_path / "export")
    assert b"\r" not in b"".join(contents(tmp_path / "export").values())
    assert import_bundle(tmp_path / "export").published == []
    assert text().publications.count() == 2
    assert export_bundle(tmp_path / "again").unpublished == []


# Scheduled


def test_a_schedule_travels(files: BundleFiles, tmp_path, client):
    files.load()
    edit("Tomorrow.")
    services.publish(
        text(), change="evidence", live_from=datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
    )
    found = carried(tmp_path)
    assert b"at: 2030-01-01T00:00:00+00:00" in found[EN]
    assert b"first_at: 2026-01-01T00:00:00+00:00" in found[EN]
    assert not Publication.objects.readable().filter(translation=text()).exists()
    with time_machine.travel("2030-01-02", tick=False):
        assert Publication.objects.readable().filter(translation=text()).exists()


def test_a_schedule_cannot_be_moved_forward(files: BundleFiles):
    files.edit(EN, "at: 2026-01-01", "at: 2030-01-01")
    files.load()
    files.edit(EN, "at: 2030-01-01", "at: 2029-01-01")
    (problem,) = files.problems()
    assert problem.line == files.line_of(EN, "at: 2029")
    assert "is to be published at 2030-01-01T00:00:00+00:00 already" in problem.message


# Withdrawn


def withdrawn(at: str = "2026-02-01T00:00:00+00:00", note: str = "It was wrong.") -> str:
    return f"withdrawn:\n  note: {note}\n  at: {at}\n"


def test_a_withdrawal_travels_with_its_date(files: BundleFiles, tmp_path, client):
    files.load()
    with time_machine.travel("2026-02-01T08:00:00Z", tick=False):
        services.withdraw(text(), note="It was wrong.")
    found = carried(tmp_path)
    assert withdrawn("2026-02-01T08:00:00+00:00").encode() in found[EN]
    assert text().withdrawn_at.isoformat() == "2026-02-01T08:00:00+00:00"
    assert newest().live_from == NEW_YEAR
    response = client.get("/en/articles/sleep/")
    assert response.status_code == 410
    assert "It was wrong." in response.content.decode()


def test_a_withdrawal_can_be_asked_for_in_the_file(files: BundleFiles):
    files.load()
    files.edit(EN, "publish:", "withdrawn:\n  note: It was wrong.\npublish:")
    with time_machine.travel("2026-03-01T00:00:00Z", tick=False):
        files.load()
    assert text().withdrawn_at.isoformat() == "2026-03-01T00:00:00+00:00"
    before = tables()
    files.load()
    assert tables() == before


def test_another_reason_for_a_withdrawal_is_taken_over(files: BundleFiles):
    files.edit(EN, "publish:", withdrawn() + "publish:")
    files.load()
    files.edit(EN, "It was wrong.", "It was out of date.")
    files.load()
    assert text().withdrawal_note == "It was out of date."


def test_a_text_withdrawn_no_more_is_restored(files: BundleFiles):
    files.edit(EN, "publish:", withdrawn() + "publish:")
    files.load()
    files.edit(EN, withdrawn(), "")
    files.load()
    assert text().withdrawn_at is None
    assert Publication.objects.readable().filter(translation=text()).exists()


def test_a_withdrawn_text_can_be_mended_and_published_in_one_step(files: BundleFiles):
    files.edit(EN, "publish:", withdrawn() + "publish:")
    files.load()
    files.edit(EN, withdrawn(), "")
    files.edit(EN, "Evening light", "Late light")
    files.edit(EN, PUBLISH, PUBLISH.replace("01-01", "03-01").replace("first", "clarification"))
    assert files.load().published == ["sleep (en)"]
    assert text().withdrawn_at is None
    assert "Late light" in newest().body_html


def test_a_withdrawn_text_can_be_mended_and_stay_withdrawn(files: BundleFiles):
    files.edit(EN, "publish:", withdrawn() + "publish:")
    files.load()
    files.edit(EN, "Evening light", "Late light")
    files.edit(EN, PUBLISH, PUBLISH.replace("01-01", "03-01").replace("first", "clarification"))
    files.load()
    assert text().withdrawn_at.isoformat() == "2026-02-01T00:00:00+00:00"
    assert newest().number == 2


def test_a_withdrawn_text_that_was_edited_stays_withdrawn_everywhere(files: BundleFiles, tmp_path):
    files.edit(EN, "publish:", withdrawn() + "publish:")
    files.load()
    edit("Not for readers yet.")
    before = tables()
    export_bundle(tmp_path / "home")
    import_bundle(tmp_path / "home")
    assert tables() == before
    found = carried(tmp_path)
    assert b"publish:" not in found[EN]
    assert withdrawn().encode() in found[EN]
    assert newest() is None
    assert text().withdrawn_at is not None
