"""The four roles of an editorial team, each with what its work needs and nothing else."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EVERYTHING_IN_A_TEXT = ["figure", "callout", "productmention", "statement"]
READ = [
    *("article", "articleslug", "articletranslation", "contribution", "topic", "topictranslation"),
    *("reference", "claim", "image", "product", "producttranslation"),
    *("glossaryterm", "glossarytermtranslation", "revision", "publication"),
    *("reviewrequest", "reviewsignature", "forbiddenphrase", *EVERYTHING_IN_A_TEXT),
    *("author", "authortranslation", "registration", "registrationtranslation"),
]


def _all(actions: str, models: list[str]) -> list[str]:
    return [f"{action}_{model}" for model in models for action in actions.split()]


ROLES = {
    "Writer": [
        *_all("view", READ),
        *_all("add change delete", [*EVERYTHING_IN_A_TEXT, "contribution", "reference", "claim"]),
        *_all("add change", ["article", "articletranslation", "image"]),
        *_all("add change", ["glossaryterm", "glossarytermtranslation"]),
        "edit_source",
        *("add_reviewrequest", "change_reviewrequest", "add_previewlink", "change_previewlink"),
        "view_previewlink",
    ],
    "Translator": [
        *_all("view", READ),
        *_all("add change delete", EVERYTHING_IN_A_TEXT),
        *("add_articletranslation", "change_articletranslation", "add_image", "change_image"),
        "change_glossarytermtranslation",
    ],
    "Reviewer": [*_all("view", READ), "add_reviewsignature"],
    "Managing editor": [
        *_all("view", READ),
        *_all(
            "add change delete",
            [
                *EVERYTHING_IN_A_TEXT,
                *("contribution", "reference", "claim", "image", "topic", "topictranslation"),
                *("product", "producttranslation", "glossaryterm", "glossarytermtranslation"),
                *("author", "authortranslation", "registration", "registrationtranslation"),
                "forbiddenphrase",
            ],
        ),
        *_all("add change", ["article", "articletranslation", "reviewrequest", "previewlink"]),
        "view_previewlink",
        *("edit_source", "rename_article", "add_publication", "withdraw_articletranslation"),
        *("override_desk_check", "view_auditentry", "export_auditentry"),
    ],
}


def make_roles(apps, schema_editor):
    # Permissions are made after all migrations, too late for a group that holds them.
    for label in ("articles", "authors"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    known = {
        permission.codename: permission
        for permission in Permission.objects.filter(
            content_type__app_label__in=["articles", "authors"]
        )
    }
    for name, codenames in ROLES.items():
        group, _is_new = Group.objects.get_or_create(name=name)
        group.permissions.add(*(known[codename] for codename in codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_editors_desk"),
        ("authors", "0002_accounts_of_authors"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    # Groups may have been changed or given people since: undoing leaves them.
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
