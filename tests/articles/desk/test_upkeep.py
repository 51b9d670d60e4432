"""Registrations that lapse, and reviews that are overdue."""

import datetime

import pytest

from articles.desk import STOP, WARN, DeskContext, Lapsing
from articles.desk.upkeep import (
    DAYS_OF_NOTICE,
    people_have_names,
    registrations_are_current,
    review_is_not_overdue,
)
from tests.articles.desk.documents import make_document, summary

TODAY = datetime.date(2026, 11, 22)


def _context(days: int) -> DeskContext:
    until = TODAY + datetime.timedelta(days=days)
    return DeskContext(today=TODAY, lapsing=(Lapsing("Louise W Lu", "N-17", until),))


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "ended on"), (0, "ends on"), (DAYS_OF_NOTICE, "ends on")]
)
def test_registration_that_has_ended_or_soon_will_is_a_warning(days, words):
    (finding,) = registrations_are_current(make_document(), _context(days))
    assert summary([finding]) == [("registration-lapses", WARN, "Byline", 0)]
    assert "N-17 of Louise W Lu" in finding.message
    assert words in finding.message


def test_registration_that_goes_on_has_no_finding():
    assert list(registrations_are_current(make_document(), _context(DAYS_OF_NOTICE + 1))) == []


def test_somebody_in_the_byline_without_a_name_is_a_stop():
    context = DeskContext(today=TODAY, unnamed=("louise",))
    (finding,) = people_have_names(make_document(), context)
    assert summary([finding]) == [("author-unnamed", STOP, "Byline", 0)]
    assert "louise" in finding.message
    assert list(people_have_names(make_document(), DeskContext(today=TODAY))) == []


def test_review_that_was_due_yesterday_is_a_warning():
    context = DeskContext(today=TODAY, review_due_on=datetime.date(2026, 11, 21))
    (finding,) = review_is_not_overdue(make_document(), context)
    assert summary([finding]) == [("review-overdue", WARN, "Next review", 0)]
    assert "21" in finding.message


@pytest.mark.parametrize("due", [None, TODAY, datetime.date(2027, 1, 1)])
def test_review_that_is_not_due_has_no_finding(due):
    context = DeskContext(today=TODAY, review_due_on=due)
    assert list(review_is_not_overdue(make_document(), context)) == []
