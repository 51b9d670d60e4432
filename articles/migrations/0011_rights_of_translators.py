"""Translators do not edit the glossary: the right to one of its rows alone opened no form."""

from django.db import migrations

CODENAME = "change_glossarytermtranslation"


def take_away(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for group in Group.objects.filter(name="Translator"):
        group.permissions.remove(
            *Permission.objects.filter(content_type__app_label="articles", codename=CODENAME)
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_publication_body_last")]

    operations = [migrations.RunPython(take_away, migrations.RunPython.noop)]
