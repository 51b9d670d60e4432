"""Move the body of a publication behind its other columns.

SQLite keeps a row in one piece: whoever reads a column behind the body walks past all of it. A list
of 100,000 publications then reads gigabytes for their dates (benchmarks/sitemaps.py). PostgreSQL
keeps long texts elsewhere, and loses nothing.
"""

from django.db import migrations, models
from django.db.models import F


def copy_bodies(apps, schema_editor):
    Publication = apps.get_model("articles", "Publication")
    Publication.objects.using(schema_editor.connection.alias).update(moved_html=F("body_html"))


def copy_back(apps, schema_editor):
    Publication = apps.get_model("articles", "Publication")
    Publication.objects.using(schema_editor.connection.alias).update(body_html=F("moved_html"))


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_rights_of_managers")]
    operations = [
        migrations.AddField(
            model_name="publication",
            name="moved_html",
            field=models.TextField(default="", editable=False, verbose_name="body"),
        ),
        migrations.RunPython(copy_bodies, copy_back),
        # On the way back, the column is made before it is filled.
        migrations.AlterField(
            model_name="publication",
            name="body_html",
            field=models.TextField(default="", editable=False, verbose_name="body"),
        ),
        migrations.RemoveField(model_name="publication", name="body_html"),
        migrations.RenameField(
            model_name="publication", old_name="moved_html", new_name="body_html"
        ),
        migrations.AlterField(
            model_name="publication",
            name="body_html",
            field=models.TextField(editable=False, verbose_name="body"),
        ),
    ]
