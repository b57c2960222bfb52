"""Starts and ends of shifts stand in a table of their own, with the hours of their tickets."""

import base64
import json
from datetime import datetime
from typing import Any

from django.db import migrations, models


def fill(apps: Any, _editor: Any) -> None:
    """Store the boundaries that were applied before there was the table."""
    entry, shift = apps.get_model("ledger", "Entry"), apps.get_model("ledger", "Shift")
    boundaries = entry.objects.filter(kind__in=["shift.started", "shift.ended"], answer="applied")
    for each in boundaries.exclude(log=None).iterator():
        hours = _hours(each.body) if each.kind == "shift.started" and each.body else {}
        actor = each.actor if each.kind == "shift.started" else None
        shift.objects.create(id=each.id, log=each.log, seq=each.seq, actor=actor, **hours)


def _hours(body: str) -> dict[str, datetime]:
    """Read the hours of a ticket; those of that time had no number."""
    text = json.loads(body)["facts"]["ticket"].partition(".")[0]
    ticket = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return {name: datetime.fromisoformat(ticket[name]) for name in ("issued_at", "expires_at")}


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_vacuum_the_feed_often"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("log", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("actor", models.UUIDField(null=True)),
                ("ticket", models.UUIDField(null=True)),
                ("issued_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="entry",
            name="entry_of_shift",
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["log", "seq"], name="shift_of_log"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
