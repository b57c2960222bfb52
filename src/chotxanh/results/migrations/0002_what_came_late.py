"""When entries came is kept beside their facts: what came late, when a warning was known, waits for the department."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, _editor: Any) -> None:
    """Take over when each entry was received."""
    received = apps.get_model("ledger", "Entry").objects.filter(id=OuterRef("id")).values("received_at")
    for name in ("ResultFact", "ResultSignature"):
        apps.get_model("results", name).objects.update(received_at=Subquery(received[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0001_initial"),
        ("ledger", "0006_what_is_erased_and_unread"),
    ]

    operations = [
        migrations.AddField(
            model_name="personresult",
            name="waits_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="resultfact",
            name="received_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="resultsignature",
            name="received_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="tuberesult",
            name="late_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="personresult",
            index=models.Index(
                condition=models.Q(("waits_since__isnull", False)),
                fields=["waits_since"],
                name="result_came_late",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
