"""Logs keep how many numbers are missing from them; alarms among what was set aside say who looked into them."""

from typing import Any

from django.db import migrations, models


def count_missing(apps: Any, _schema_editor: object) -> None:
    """Count the numbers in the gaps of each log that has some."""
    Log = apps.get_model("ledger", "Log")
    for log in Log.objects.filter(has_gaps=True).iterator():
        log.missing = sum(last - first + 1 for first, last in log.gaps)
        log.save(update_fields=["missing"])


def mark_gaps(apps: Any, _schema_editor: object) -> None:
    """Mark the logs that have gaps, as before."""
    apps.get_model("ledger", "Log").objects.filter(missing__gt=0).update(has_gaps=True)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_access_log_moves_beside")]

    operations = [
        migrations.RemoveIndex(model_name="log", name="log_with_gaps"),
        migrations.AddField(model_name="log", name="missing", field=models.BigIntegerField(default=0)),
        migrations.RunPython(count_missing, mark_gaps),
        migrations.RemoveField(model_name="log", name="has_gaps"),
        migrations.AddField(
            model_name="setaside", name="looked_into_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(model_name="setaside", name="looked_into_by", field=models.UUIDField(null=True)),
        migrations.AddIndex(
            model_name="log",
            index=models.Index(
                condition=models.Q(("missing__gt", 0)), fields=["-missing", "id"], name="log_with_gaps"
            ),
        ),
        migrations.AddIndex(
            model_name="setaside",
            index=models.Index(fields=["-received_at", "-id"], name="set_aside_newest"),
        ),
        migrations.AddIndex(
            model_name="setaside",
            index=models.Index(
                condition=models.Q(
                    ("problem__in", ("id_reused", "log_of_another_device", "running_number_reused"))
                ),
                fields=["device"],
                name="set_aside_alarms",
            ),
        ),
    ]
