"""The first screen: each list has what it promises, for whom it promises it, in few queries."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import services
from articles.admin.overview import ROWS
from articles.models import ArticleTranslation, Autosave
from authors.models import Author
from tests.articles.admin.conftest import (
    MANAGER,
    NOBODY,
    REVIEWER,
    ROLES,
    TRANSLATOR,
    WRITER,
)
from tests.factories import (
    make_article,
    make_author,
    make_publication,
    make_registration,
    make_translation,
)

pytestmark = pytest.mark.django_db

INDEX = "/admin/"
DAY = datetime.timedelta(days=1)


def make_pair(**fields) -> tuple[ArticleTranslation, ArticleTranslation]:
    """A source and its translation, both saved and free of stops."""
    article = make_article(**fields)
    texts = tuple(make_translation(article=article, language=code) for code in ("zh-hans", "en"))
    for text in texts:
        services.save_revision(text)
        ArticleTranslation.objects.filter(pk=text.pk).update(stop_count=0, warning_count=0)
    return texts


def move(source: ArticleTranslation, user: User | None = None) -> None:
    """Let a source say something more."""
    source.refresh_from_db()
    source.body += "\n又一段。\n"
    source.save()
    services.save_revision(source, user=user)


def counts(client) -> dict[str, int]:
    """How long each list that is shown is, by its key."""
    columns = client.get(INDEX).context["columns"]
    sections = [section for column in columns for section in column]
    return {panel.key: panel.count for section in sections for panel in section.filled}


def test_stale_translation_waits_for_its_translator_and_is_told_to_others(client_for):
    source, _text = make_pair()
    assert "stale" not in counts(client_for(WRITER))
    move(source)
    assert counts(client_for(TRANSLATOR))["catch-up"] == 1
    told = counts(client_for(WRITER))
    assert told["stale"] == 1
    assert "catch-up" not in told


def test_text_with_stops_waits_for_those_who_can_mend_it(client_for):
    source, text = make_pair()
    ArticleTranslation.objects.update(stop_count=2)
    assert counts(client_for(WRITER))["my-stops"] == 2
    assert "other-stops" not in counts(client_for(WRITER))
    translator = counts(client_for(TRANSLATOR))
    assert (translator["my-stops"], translator["other-stops"]) == (1, 1)
    reviewer = counts(client_for(REVIEWER))
    assert "my-stops" not in reviewer
    assert reviewer["other-stops"] == 2


def test_ready_text_waits_for_who_publishes_until_it_is_published(client_for):
    source, text = make_pair()
    assert counts(client_for(MANAGER))["ready"] == 2
    assert "ready" not in counts(client_for(WRITER))
    services.publish(source, change="first")
    assert counts(client_for(MANAGER))["ready"] == 1
    move(source)
    assert counts(client_for(MANAGER))["ready"] == 2
    ArticleTranslation.objects.filter(pk=source.pk).update(stop_count=1)
    assert counts(client_for(MANAGER))["ready"] == 1


def test_text_that_was_never_checked_is_not_called_ready(client_for):
    services.save_revision(make_translation())
    assert "ready" not in counts(client_for(MANAGER))


def test_review_waits_for_the_reviewer_who_was_asked_alone(client_for, account_of):
    _source, text = make_pair()
    author = make_author(user=account_of(REVIEWER))
    services.request_review(text, reviewer=author, user=account_of(WRITER))
    assert counts(client_for(REVIEWER))["requested"] == 1
    for role in (WRITER, TRANSLATOR, MANAGER):
        assert "requested" not in counts(client_for(role))


def test_text_that_was_sent_back_waits_for_who_asked_until_it_is_saved(client_for, account_of):
    source, _text = make_pair()
    author = make_author(user=account_of(REVIEWER))
    request = services.request_review(source, reviewer=author, user=account_of(WRITER))
    assert "sent-back" not in counts(client_for(WRITER))
    services.answer_review_request(request, outcome="declined", answer="Not yet.")
    assert counts(client_for(WRITER))["sent-back"] == 1
    assert "sent-back" not in counts(client_for(MANAGER))
    move(source, account_of(WRITER))
    assert "sent-back" not in counts(client_for(WRITER))


def test_what_i_typed_and_did_not_save_waits_for_me(client_for, account_of):
    source, _text = make_pair()
    Autosave.objects.create(translation=source, user=account_of(WRITER), version=1)
    assert counts(client_for(WRITER))["typed"] == 1
    assert "typed" not in counts(client_for(MANAGER))


def test_scheduled_text_is_listed_with_both_clocks_until_its_time(client_for):
    source, text = make_pair()
    services.publish(source, change="first", live_from=timezone.now() + DAY)
    services.publish(text, change="first")
    page = client_for(MANAGER).get(INDEX)
    [row] = [
        row
        for section in page.context["columns"][1]
        for panel in section.filled
        if panel.key == "scheduled"
        for row in panel.rows
    ]
    assert row.title == source.title
    assert "Auckland" in row.note
    assert "Beijing" in row.note


def test_replaced_schedule_is_no_schedule(client_for):
    source, _text = make_pair()
    services.publish(source, change="first", live_from=timezone.now() + DAY)
    services.publish(source, change="typo")
    assert "scheduled" not in counts(client_for(MANAGER))


def test_overdue_counts_from_the_last_full_review(client_for, settings):
    settings.REVIEW_AFTER_MONTHS = 12
    long_ago = timezone.now() - 800 * DAY
    overdue = make_publication(live_from=long_ago).translation
    reviewed = make_publication(live_from=long_ago).translation
    make_publication(translation=reviewed, change="full_review")
    page = make_translation(article=make_article(kind="page"))
    make_publication(translation=page, live_from=long_ago)
    withdrawn = make_publication(live_from=long_ago).translation
    services.withdraw(withdrawn, note="A reason.")
    assert list(ArticleTranslation.objects.overdue_for_review()) == [overdue]
    assert counts(client_for(REVIEWER))["overdue"] == 1


def test_lapsing_registration_is_told(client_for):
    author = make_author()
    today = timezone.localdate()
    make_registration(author=author, number="1", valid_until=today - DAY)
    make_registration(author=author, number="2", valid_until=today + 30 * DAY)
    make_registration(author=author, number="3", valid_until=today + 300 * DAY)
    make_registration(author=author, number="4")
    assert counts(client_for(WRITER))["registrations"] == 2


def test_text_published_over_a_stop_is_told_until_a_better_one_is_published(client_for):
    text = make_translation(body="[[figure:none]]\n")
    services.publish(text, change="first", override_reason="It is urgent.")
    assert counts(client_for(WRITER))["overridden"] == 1
    text.refresh_from_db()
    text.body = "一段文字。\n"
    text.save()
    services.publish(text, change="typo")
    assert "overridden" not in counts(client_for(WRITER))


def test_article_without_a_text_in_a_language_is_told(client_for):
    make_pair()
    assert "unfinished" not in counts(client_for(WRITER))
    make_translation()
    assert counts(client_for(WRITER))["unfinished"] == 1


def everything(account_of, number: int) -> None:
    """So many things in every list, whoever looks."""
    reviewer, manager = account_of(REVIEWER), account_of(MANAGER)
    author = Author.objects.filter(user=reviewer).first() or make_author(user=reviewer)
    for index in range(number):
        source, text = make_pair()
        services.request_review(text, reviewer=author, user=manager)
        sent = services.request_review(source, reviewer=author, user=manager)
        Autosave.objects.create(translation=text, user=manager, version=1)
        services.answer_review_request(sent, outcome="declined", answer="No.")
        old = make_publication(live_from=timezone.now() - 900 * DAY).translation
        later = make_translation(body="[[figure:none]]\n")
        services.publish(
            later, change="first", live_from=timezone.now() + DAY, override_reason="Urgent."
        )
        ArticleTranslation.objects.filter(pk=old.pk).update(stop_count=1)
        stale, _behind = make_pair()
        move(stale, manager)
        make_registration(
            author=author, number=f"{number}-{index}", valid_until=timezone.localdate()
        )


@pytest.mark.slow
@pytest.mark.parametrize("role", [WRITER, TRANSLATOR, REVIEWER, MANAGER])
def test_queries_do_not_grow_with_what_there_is(client_for, account_of, role):
    client = client_for(role)

    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            assert client.get(INDEX).status_code == 200
        return len(context)

    everything(account_of, 3)
    few = queries()
    assert len(counts(client)) >= 5
    everything(account_of, 10)
    assert queries() == few


def test_every_whole_list_is_as_long_as_the_overview_says(client_for, account_of):
    everything(account_of, 2)
    for role in ROLES:
        client = client_for(role)
        columns = client.get(INDEX).context["columns"]
        panels = [p for column in columns for section in column for p in section.filled]
        for panel in panels:
            page = client.get(panel.url)
            if "cl" in page.context:
                assert page.context["cl"].result_count == panel.count, (role, panel.key)
            else:
                assert page.status_code == 200, (role, panel.key)


def test_long_list_is_cut_and_leads_to_the_whole(client_for):
    for _index in range(ROWS + 1):
        make_pair()
    soup = BeautifulSoup(client_for(MANAGER).get(INDEX).content, "html.parser")
    panel = soup.select_one(".panel--ready")
    assert len(panel.select(".rows > li")) == ROWS
    assert panel.select_one(".onward a")["href"].endswith("?state=ready")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_five_questions_are_answered_in_each_language(client_for, role, language):
    soup = BeautifulSoup(client_for(role, language).get(INDEX).content, "html.parser")
    asked = [link["href"] for link in soup.select(".tally a")]
    assert asked == ["#waiting", "#broken", "#stale", "#scheduled", "#overdue"]
    assert all(soup.select_one(anchor) for anchor in asked)
    assert soup.html["lang"] == ("zh-Hans" if language == "zh-hans" else "en")


@pytest.mark.parametrize(
    ("role", "is_there"), [(WRITER, True), (MANAGER, True), (TRANSLATOR, False), (REVIEWER, False)]
)
def test_new_article_is_offered_to_those_who_may_start_one(client_for, role, is_there):
    soup = BeautifulSoup(client_for(role).get(INDEX).content, "html.parser")
    start = reverse("admin:articles_article_start")
    assert bool(soup.select(f'.opening a[href="{start}"]')) == is_there


def test_account_without_a_role_is_told_so_and_sees_no_text(client_for):
    make_pair()
    page = client_for(NOBODY).get(INDEX)
    assert page.context["columns"] == ()
    assert page.context["latest"] == ()


def test_own_latest_texts_are_offered_newest_first(client_for, account_of):
    writer = account_of(WRITER)
    texts = [make_pair()[0] for _index in range(2)]
    for text in texts:
        move(text, writer)
    latest = client_for(WRITER).get(INDEX).context["latest"]
    assert [row.url.split("/")[-3] for row in latest] == [str(texts[1].pk), str(texts[0].pk)]
    assert client_for(MANAGER).get(INDEX).context["latest"] == ()
