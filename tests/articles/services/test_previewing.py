"""Links for readers of a draft who have no account."""

import datetime

import pytest
import time_machine

from articles import services
from articles.models import AuditEntry, PreviewLink
from articles.services import EditorialError
from tests.articles.services.texts import DAY, NOON
from tests.factories import make_translation

pytestmark = pytest.mark.django_db


def make_link(**fields):
    return services.make_preview_link(
        make_translation(), **{"recipient": "外部审阅人", "days": 7, **fields}
    )


def test_link_lives_as_long_as_was_said_and_is_logged(user):
    with time_machine.travel(NOON, tick=False):
        link = make_link(user=user, recipient="  外部审阅人 ")
    assert (link.created_at, link.expires_at) == (NOON, NOON + 7 * DAY)
    assert (link.recipient, link.created_by) == ("外部审阅人", user)
    assert AuditEntry.objects.get().details == {"recipient": "外部审阅人", "days": 7}


def test_link_is_open_until_its_last_moment():
    with time_machine.travel(NOON, tick=False):
        make_link(days=1)
    assert PreviewLink.objects.open(NOON + DAY - datetime.timedelta(microseconds=1)).exists()
    assert not PreviewLink.objects.open(NOON + DAY).exists()


def test_no_two_links_share_a_token_and_none_is_in_the_log():
    links = [make_link() for _number in range(5)]
    assert len({link.token for link in links}) == 5
    # 192 bits in base64.
    assert all(len(link.token) == 32 for link in links)
    assert not any(
        link.token in str(entry.details) for entry in AuditEntry.objects.all() for link in links
    )


@pytest.mark.parametrize("days", [-1, 0, 31])
def test_link_for_too_long_or_no_time_is_refused(days):
    with pytest.raises(EditorialError, match="1 to 30 days"):
        make_link(days=days)


@pytest.mark.parametrize("recipient", ["", " \n\u3000"])
def test_link_is_for_somebody(recipient):
    with pytest.raises(EditorialError, match="who the link is for"):
        make_link(recipient=recipient)


def test_revoked_link_is_closed_for_good(user):
    with time_machine.travel(NOON, tick=False) as clock:
        link = make_link()
        services.revoke_preview_link(link, user=user)
        assert not PreviewLink.objects.open().exists()
        clock.shift(DAY)
        services.revoke_preview_link(link, user=user)
    link.refresh_from_db()
    assert link.revoked_at == NOON
    entry = AuditEntry.objects.get(act="revoked")
    assert (entry.user, entry.target_id) == (user, str(link.translation_id))
