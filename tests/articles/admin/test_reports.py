"""The report of what lapses, the page of desk rules, and the records that can only be read."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import services
from articles.desk import RULES, upkeep
from articles.models import ArticleTranslation, PreviewLink
from authors.models import Registration
from authors.querysets import DAYS_OF_NOTICE
from tests.articles.admin.conftest import MANAGER, REVIEWER, ROLES, WRITER
from tests.factories import make_author, make_publication, make_registration, make_translation

pytestmark = pytest.mark.django_db

REPORTS = "/admin/articles/article/reports/"
RULES_PAGE = "/admin/articles/article/rules/"
DAY = datetime.timedelta(days=1)


def soup_of(client, address: str) -> BeautifulSoup:
    page = client.get(address)
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser")


def test_registrations_are_told_from_the_first_day_of_notice(client_for):
    author, today = make_author(), timezone.localdate()
    days = {"gone": -1, "today": 0, "last": DAYS_OF_NOTICE, "later": DAYS_OF_NOTICE + 1}
    for number, distance in days.items():
        make_registration(author=author, number=number, valid_until=today + distance * DAY)
    make_registration(author=author, number="endless")
    make_registration(
        author=make_author(is_active=False), number="inactive", valid_until=today - DAY
    )
    page = client_for(WRITER).get(REPORTS)
    told = [ending.registration.number for ending in page.context["endings"]]
    assert told == ["gone", "today", "last"]
    assert [ending.is_over for ending in page.context["endings"]] == [True, False, False]


def test_report_and_desk_checks_give_the_same_notice():
    assert DAYS_OF_NOTICE == upkeep.DAYS_OF_NOTICE


def test_registrations_are_filtered_in_their_list_too(client_for):
    author, today = make_author(), timezone.localdate()
    gone = make_registration(author=author, number="gone", valid_until=today - DAY)
    soon = make_registration(
        author=author, number="soon", valid_until=today + DAY, checked_on=today
    )
    client = client_for(MANAGER)

    def found(entry: str) -> set:
        page = client.get(f"/admin/authors/registration/?entry={entry}")
        return {item.pk for item in page.context["cl"].result_list}

    assert found("lapsing") == {gone.pk, soon.pk}
    assert found("lapsed") == {gone.pk}
    assert found("never_checked") == {gone.pk}


def test_overdue_texts_are_told_longest_first_with_the_day(client_for, settings):
    settings.REVIEW_AFTER_MONTHS = 12
    now = timezone.now()
    newer = make_publication(live_from=now - 400 * DAY).translation
    older = make_publication(live_from=now - 900 * DAY).translation
    make_publication(live_from=now - 300 * DAY)
    page = client_for(REVIEWER).get(REPORTS).context["page"]
    assert [text.pk for text in page] == [older.pk, newer.pk]
    assert all(text.due_on < timezone.localdate() for text in page)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_report_reads_in_each_language_for_each_role(client_for, role, language):
    make_registration(author=make_author(), valid_until=timezone.localdate())
    make_publication(live_from=timezone.now() - 900 * DAY)
    soup = soup_of(client_for(role, language), REPORTS)
    assert len(soup.select("table")) == 2
    assert soup.select_one("tbody th a[lang=zh-Hans]")


def test_report_asks_as_much_for_many_as_for_few(client_for):
    client = client_for(MANAGER)

    def queries(rows: int) -> int:
        while Registration.objects.count() < rows:
            make_registration(author=make_author(), valid_until=timezone.localdate())
            make_publication(live_from=timezone.now() - 900 * DAY)
        with CaptureQueriesContext(connection) as context:
            assert client.get(REPORTS).status_code == 200
        return len(context)

    assert queries(3) == queries(20)


# Rules


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_rule_has_its_place_with_why_and_how(client_for, language):
    soup = soup_of(client_for(REVIEWER, language), RULES_PAGE)
    for rule in RULES:
        place = soup.find(id=rule.code)
        assert place is not None, rule.code
        assert place.select_one("h3 .mark")
        assert all(part.get_text(strip=True) for part in place.select("p"))
    assert len(soup.select(".rule")) == len(RULES)


def test_rules_are_one_link_away_from_the_overview(client_for):
    assert soup_of(client_for(WRITER), "/admin/").select(f'a[href="{RULES_PAGE}"]')


# Records


def test_address_of_a_preview_is_never_printed_in_the_list(client_for):
    link = services.make_preview_link(make_translation(), recipient="A reader", days=3)
    client = client_for(MANAGER)
    for address in (
        "/admin/articles/previewlink/",
        f"/admin/articles/previewlink/{link.pk}/change/",
    ):
        assert link.token not in client.get(address).content.decode()


def test_preview_links_are_told_apart(client_for):
    text = make_translation()
    kept = services.make_preview_link(text, recipient="One", days=3)
    revoked = services.make_preview_link(text, recipient="Two", days=3)
    services.revoke_preview_link(revoked)
    ended = PreviewLink.objects.create(
        translation=text,
        recipient="Three",
        created_at=timezone.now() - 2 * DAY,
        expires_at=timezone.now() - DAY,
    )
    assert set(PreviewLink.objects.open()) == {kept}
    assert set(PreviewLink.objects.closed()) == {revoked, ended}
    client = client_for(MANAGER)
    for state, expected in (("open", {kept.pk}), ("closed", {revoked.pk, ended.pk})):
        page = client.get(f"/admin/articles/previewlink/?link={state}")
        assert {item.pk for item in page.context["cl"].result_list} == expected


def test_requests_are_filtered_by_how_they_ended(client_for, account_of):
    author = make_author(user=account_of(REVIEWER))
    requests = []
    for _index in range(2):
        text = make_translation()
        services.save_revision(text)
        requests.append(services.request_review(text, reviewer=author))
    services.answer_review_request(requests[1], outcome="declined", answer="No.")
    client = client_for(WRITER)
    for outcome, expected in (("open", requests[0]), ("declined", requests[1])):
        page = client.get(f"/admin/articles/reviewrequest/?outcome={outcome}")
        assert [item.pk for item in page.context["cl"].result_list] == [expected.pk]


@pytest.mark.parametrize("model", ["reviewrequest", "reviewsignature", "previewlink"])
def test_record_lists_ask_as_much_for_many_as_for_few(client_for, account_of, model):
    client = client_for(MANAGER)
    author = make_author(user=account_of(REVIEWER))

    def queries(rows: int) -> int:
        while ArticleTranslation.objects.count() < rows:
            text = make_translation()
            revision = services.save_revision(text)
            services.request_review(text, reviewer=author)
            services.make_preview_link(text, recipient="A reader", days=3)
            services.sign_review(
                text, revision, content_hash=revision.content_hash, user=account_of(REVIEWER)
            )
        with CaptureQueriesContext(connection) as context:
            assert client.get(f"/admin/articles/{model}/").status_code == 200
        return len(context)

    assert queries(3) == queries(20)
