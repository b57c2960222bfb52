"""When entries came is kept beside their facts: what came late, when a warning was known, waits for the department."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, _editor: Any) -> None:
    """Take over when each entry was received."""
    received = apps.get_model("ledger", "Entry").objects.filter(id=OuterRef("id")).values("received_at")
    for name in ("Collection",):
        apps.get_model("specimens", name).objects.update(received_at=Subquery(received[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("specimens", "0001_initial"),
        ("ledger", "0006_what_is_erased_and_unread"),
    ]

    operations = [
        migrations.AddField(
            model_name="collection",
            name="received_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="tube",
            name="late_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
