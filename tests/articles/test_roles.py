"""The four roles hold exactly what their work needs, whatever the site had before."""

import importlib
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.accounts import make_user

pytestmark = pytest.mark.django_db

roles = importlib.import_module("articles.migrations.0003_roles")
later = importlib.import_module("articles.migrations.0009_rights_of_managers")
latest = importlib.import_module("articles.migrations.0011_rights_of_translators")
HELD = roles.ROLES | {
    "Managing editor": [*roles.ROLES["Managing editor"], *later.CODENAMES],
    "Translator": [code for code in roles.ROLES["Translator"] if code != latest.CODENAME],
}
"""Everything that the migrations give, without what a later one takes."""

TEXT_PARTS = ("figure", "callout", "productmention", "statement")
WRITES = {
    "Writer": {
        *(f"{act}_{part}" for act in ("add", "change", "delete") for part in TEXT_PARTS),
        *(
            f"{act}_{model}"
            for act in ("add", "change", "delete")
            for model in ("contribution", "reference", "claim")
        ),
        *(
            f"{act}_{model}"
            for act in ("add", "change")
            for model in (
                *("article", "articletranslation", "image", "glossaryterm"),
                *("glossarytermtranslation", "reviewrequest", "previewlink"),
            )
        ),
        "edit_source",
    },
    "Translator": {
        *(f"{act}_{part}" for act in ("add", "change", "delete") for part in TEXT_PARTS),
        *("add_articletranslation", "change_articletranslation", "add_image", "change_image"),
    },
    "Reviewer": {"add_reviewsignature"},
}
"""What each role may change. The managing editor has more, but is no writer of history."""

NOBODY = (
    *("change_auditentry", "delete_auditentry", "add_auditentry"),
    *("change_reviewsignature", "delete_reviewsignature"),
    *("change_revision", "delete_revision", "add_revision"),
    *("change_publication", "delete_publication"),
    *("add_articleslug", "change_articleslug", "delete_articleslug"),
    *("delete_articletranslation", "delete_reviewrequest"),
)


def make_roles() -> None:
    """What the migrations do, with the models of their time."""
    editor = SimpleNamespace(connection=connection)
    loader = MigrationExecutor(connection).loader
    for name, give in (
        ("0003_roles", roles.make_roles),
        ("0009_rights_of_managers", later.give_permissions),
        ("0011_rights_of_translators", latest.take_away),
    ):
        give(loader.project_state([("articles", name)]).apps, editor)


def held(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


@pytest.fixture(autouse=True)
def made():
    """Another test may have emptied the database, and with it what the migration made."""
    Group.objects.all().delete()
    make_roles()


def test_there_are_four_roles():
    assert set(Group.objects.values_list("name", flat=True)) == set(HELD)
    assert set(HELD) == {"Writer", "Translator", "Reviewer", "Managing editor"}


@pytest.mark.parametrize("name", sorted(HELD))
def test_role_holds_exactly_what_is_listed(name):
    assert held(name) == set(HELD[name])
    assert len(HELD[name]) == len(set(HELD[name]))


@pytest.mark.parametrize("name", sorted(WRITES))
def test_role_changes_nothing_but_what_its_work_needs(name):
    assert {code for code in held(name) if not code.startswith("view_")} == WRITES[name]


def test_no_role_changes_what_is_kept():
    for name in HELD:
        assert not held(name) & set(NOBODY)


def test_what_only_a_managing_editor_may_do():
    for code in (
        *("add_publication", "withdraw_articletranslation", "override_desk_check"),
        *("rename_article", "view_auditentry", "export_auditentry", "add_forbiddenphrase"),
        *("delete_article", "view_indexnownotice"),
    ):
        assert [name for name in sorted(HELD) if code in held(name)] == ["Managing editor"]


def test_nobody_but_a_reviewer_signs():
    holders = [name for name in sorted(HELD) if "add_reviewsignature" in held(name)]
    assert holders == ["Reviewer"]


def test_no_role_touches_accounts():
    for name in HELD:
        group = Group.objects.get(name=name)
        apps_of = set(group.permissions.values_list("content_type__app_label", flat=True))
        assert apps_of <= {"articles", "authors"}


def test_migrating_twice_changes_nothing():
    before = {name: held(name) for name in HELD}
    make_roles()
    assert {name: held(name) for name in HELD} == before
    assert Group.objects.count() == 4


def test_what_a_site_gave_a_role_before_is_kept():
    extra = Permission.objects.get(codename="delete_topic")
    Group.objects.all().delete()
    group = Group.objects.create(name="Writer")
    group.permissions.add(extra)
    member = make_user()
    member.groups.add(group)
    make_roles()
    assert held("Writer") == {*HELD["Writer"], "delete_topic"}
    assert list(group.user_set.all()) == [member]
