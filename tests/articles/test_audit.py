"""The log: who, what, when and from where; added to, and nothing else."""

from contextvars import copy_context

import pytest
import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.test import RequestFactory

from articles import audit
from articles.models import AuditEntry, Figure
from articles.querysets import RecordIsKept
from tests.accounts import make_user
from tests.articles.admin.conftest import confirmed
from tests.articles.services.texts import NOON
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_publication,
    make_translation,
)

pytestmark = pytest.mark.django_db

PASSWORD = "five-layers-of-malachite"


@pytest.fixture
def user():
    user = make_user(username="editor", is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    return user


def everything_logged() -> str:
    return str(list(AuditEntry.objects.values()))


# From where


def answer_from(address: str | None):
    """The address recorded while a request from there is answered."""
    request = RequestFactory().get("/")
    request.META.pop("REMOTE_ADDR")
    if address is not None:
        request.META["REMOTE_ADDR"] = address
    entries = []

    def view(request):
        entries.append(audit.record("exported"))
        return HttpResponse()

    audit.AddressMiddleware(view)(request)
    return entries[0].address


@pytest.mark.parametrize(
    ("remote", "recorded"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        (None, None),
        ("/run/gunicorn.sock", None),
        ("192.0.2.7:8000", None),
    ],
)
def test_entry_says_where_the_request_came_from(remote, recorded):
    assert answer_from(remote) == recorded
    assert AuditEntry.objects.get().address == recorded


def test_what_a_visitor_writes_is_no_address(client, user):
    client.post(
        "/admin/login/",
        {"username": "editor", "password": PASSWORD},
        headers={"x-forwarded-for": "203.0.113.9", "forwarded": "for=203.0.113.9"},
        REMOTE_ADDR="192.0.2.7",
    )
    assert AuditEntry.objects.get().address == "192.0.2.7"


def test_address_does_not_leak_into_what_comes_after():
    answer_from("192.0.2.7")
    assert audit.record("saved").address is None

    def fail(request):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        audit.AddressMiddleware(fail)(RequestFactory().get("/", REMOTE_ADDR="192.0.2.8"))
    assert audit.record("saved").address is None


def test_requests_at_the_same_time_have_each_their_own_address():
    found = {}

    def outer(request):
        copy_context().run(lambda: found.update(inner=answer_from("192.0.2.8")))
        found["outer"] = audit.record("exported").address
        return HttpResponse()

    audit.AddressMiddleware(outer)(RequestFactory().get("/", REMOTE_ADDR="192.0.2.7"))
    assert found == {"inner": "192.0.2.8", "outer": "192.0.2.7"}


# Who and what


def test_entry_names_the_person_the_act_and_the_thing(user):
    text = make_translation()
    with time_machine.travel(NOON, tick=False):
        entry = audit.record("saved", text, user=user, revision=3)
    entry.refresh_from_db()
    assert (entry.at, entry.user, entry.user_name, entry.act) == (NOON, user, "editor", "saved")
    assert (entry.target_type, entry.target_id) == ("articletranslation", str(text.pk))
    assert (entry.target, entry.article) == (str(text), text.article.slug)
    assert entry.details == {"revision": 3}


@pytest.mark.parametrize("what", ["article", "translation", "publication", "image", "figure"])
def test_entry_names_the_article_of_whatever_belongs_to_one(what):
    article = make_article(slug="sleep")
    text = make_translation(article=article)
    image = make_image(article=article)
    target = {
        "article": lambda: article,
        "translation": lambda: text,
        "publication": lambda: make_publication(translation=text),
        "image": lambda: image,
        "figure": lambda: Figure.objects.create(translation=text, key="a", image=image),
    }[what]()
    assert audit.record("changed", target).article == "sleep"


def test_entry_without_a_person_or_thing():
    entry = audit.record("exported", make_image())
    assert (entry.user, entry.user_name, entry.article) == (None, "", "")
    assert audit.record("exported", user=AnonymousUser()).user is None


# Logging in


def test_login_and_failure_are_logged_without_the_password(client, user):
    wrong = "an-entirely-wrong-password"
    client.post("/admin/login/", {"username": "editor", "password": wrong})
    client.post("/admin/login/", {"username": "editor", "password": PASSWORD})
    failed, passed = AuditEntry.objects.order_by("pk")
    assert (failed.act, failed.user, failed.user_name) == ("login_failed", None, "editor")
    assert (passed.act, passed.user, passed.user_name) == ("logged_in", user, "editor")
    assert PASSWORD not in everything_logged()
    assert wrong not in everything_logged()


def test_password_typed_as_a_name_is_not_logged(client, user):
    client.post("/admin/login/", {"username": PASSWORD, "password": PASSWORD})
    assert AuditEntry.objects.get().user_name == ""
    assert PASSWORD not in everything_logged()


# What the admin changes


@pytest.fixture
def desk(client, user):
    client.force_login(user)
    return client


def acts(**values) -> list[AuditEntry]:
    return list(AuditEntry.objects.exclude(act="logged_in").filter(**values).order_by("target_id"))


def test_changes_in_the_admin_are_copied_with_their_message(desk, user):
    group = Group.objects.create(name="Before")
    desk.post(f"/admin/auth/group/{group.pk}/change/", {"name": "After"}, REMOTE_ADDR="192.0.2.7")
    (entry,) = acts()
    assert (entry.act, entry.user, entry.target) == ("changed", user, "After")
    assert (entry.target_type, entry.target_id) == ("group", str(group.pk))
    assert entry.address == "192.0.2.7"
    assert entry.details["message"]


def test_password_that_an_administrator_sets_is_not_logged(desk, user):
    new = "another-layer-of-malachite"
    desk.post(
        f"/admin/auth/user/{user.pk}/password/",
        {"password1": new, "password2": new, "usable_password": "true"},
    )
    (entry,) = acts()
    assert (entry.act, entry.target) == ("changed", "editor")
    assert new not in everything_logged()
    user.refresh_from_db()
    assert user.password not in everything_logged()


@pytest.mark.parametrize("count", [1, 3])
def test_every_row_of_a_bulk_deletion_is_logged(desk, count):
    rows = [Group.objects.create(name=f"group {number}") for number in range(count)]
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    desk.post("/admin/auth/group/", chosen)
    assert acts() == []
    desk.post("/admin/auth/group/", {**chosen, "post": "yes"})
    assert not Group.objects.filter(pk__in=[row.pk for row in rows]).exists()
    # The database says in which order it deletes.
    assert sorted((entry.act, entry.target) for entry in acts()) == [
        ("deleted", row.name) for row in rows
    ]


def test_deletion_that_something_stands_against_is_not_logged(desk):
    authors = [make_author(), make_author()]
    make_article(authors=authors)
    desk.post(
        "/admin/authors/author/",
        confirmed(*authors),
    )
    assert type(authors[0]).objects.count() == 2
    assert acts() == []


def test_entry_about_what_is_gone_already_is_still_made(user):
    group = Group.objects.create(name="Gone")
    pk, content_type = group.pk, ContentType.objects.get_for_model(Group)
    group.delete()
    LogEntry.objects.create(
        user=user, content_type=content_type, object_id=pk, object_repr="Gone", action_flag=CHANGE
    )
    assert [entry.target for entry in acts()] == ["Gone"]


# Kept


def test_entries_are_only_ever_added():
    entry = audit.record("exported")
    for act in (
        entry.save,
        entry.delete,
        lambda: AuditEntry.objects.update(act="saved"),
        lambda: AuditEntry.objects.bulk_update([entry], ["act"]),
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"act": "saved"}),
    ):
        with pytest.raises(RecordIsKept):
            act()
    assert AuditEntry.objects.get().act == "exported"


@pytest.mark.parametrize("how", ["one", "many"])
def test_account_can_go_and_its_entries_stay_with_their_name(how, user):
    entry = audit.record("exported", user=user)
    pk = user.pk
    if how == "one":
        user.delete()
    else:
        type(user).objects.filter(pk=pk).delete()
    found = AuditEntry.objects.values().get(pk=entry.pk)
    assert (found["user_id"], found["user_name"]) == (pk, "editor")
    assert str(AuditEntry.objects.get()).endswith("editor exported")


def test_what_an_entry_is_about_can_go_and_the_entry_stays():
    text = make_translation()
    audit.record("saved", text)
    name = str(text)
    text.article.delete()
    assert AuditEntry.objects.get().target == name


@pytest.mark.parametrize(
    ("count", "header", "expected"),
    [
        (0, "198.51.100.1", "192.0.2.7"),
        (1, None, "192.0.2.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.5, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.5, 198.51.100.1", "203.0.113.5"),
        (2, "198.51.100.1", "192.0.2.7"),
        (1, "198.51.100.1, ", "192.0.2.7"),
    ],
)
def test_address_is_what_the_outermost_of_our_servers_saw(settings, count, header, expected):
    settings.FRONT_SERVERS = count
    headers = {"x-forwarded-for": header} if header else {}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers=headers)
    assert audit.client_address(request) == expected
