"""Managing editors have notices to search engines sent again, and delete drafts nobody wants."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

CODENAMES = ["view_indexnownotice", "change_indexnownotice", "delete_article"]


def give_permissions(apps, schema_editor):
    # Permissions are made after all migrations, too late for a group that holds them.
    config = apps.get_app_config("articles")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    found = Permission.objects.filter(content_type__app_label="articles", codename__in=CODENAMES)
    for group in Group.objects.filter(name="Managing editor"):
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_lead_figure_help"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(give_permissions, migrations.RunPython.noop)]
