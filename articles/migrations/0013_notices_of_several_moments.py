"""An address keeps a notice for each moment at which it changes, so that none takes another's place.

Attempts used to move ``due_at``. They have a column of their own now, and ``due_at`` is when the
address changes.
"""

from django.db import migrations, models
from django.db.models import F, Q

TRIED = Q(attempts__gt=0) | ~Q(last_error="")
"""Notices whose ``due_at`` an attempt has moved, or a pause that the engine asked for."""


def part_attempts_from_changes(apps, schema_editor):
    """When these changed is not known any more: not after they were noted, or they would wait."""
    _notices(apps, schema_editor).filter(TRIED).update(retry_at=F("due_at"), due_at=F("created_at"))


def keep_the_first_of_each_address(apps, schema_editor):
    """On the way back, an address has room for one: what readers see already is told."""
    notices = _notices(apps, schema_editor)
    seen, later = set(), []
    for pk, path in notices.order_by("due_at", "pk").values_list("pk", "path"):
        if path in seen:
            later.append(pk)
        seen.add(path)
    for pk in later:
        notices.filter(pk=pk).delete()
    notices.filter(retry_at__isnull=False).update(due_at=F("retry_at"))


def _notices(apps, schema_editor):
    return apps.get_model("articles", "IndexNowNotice").objects.using(
        schema_editor.connection.alias
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_what_shared_pictures_say")]
    operations = [
        migrations.AlterField(
            model_name="indexnownotice",
            name="path",
            field=models.CharField(max_length=300, verbose_name="address"),
        ),
        migrations.AddField(
            model_name="indexnownotice",
            name="retry_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="next attempt"),
        ),
        migrations.RunPython(part_attempts_from_changes, keep_the_first_of_each_address),
        migrations.AddConstraint(
            model_name="indexnownotice",
            constraint=models.UniqueConstraint(
                fields=("path", "due_at"), name="index_now_notice_once_per_moment"
            ),
        ),
    ]
