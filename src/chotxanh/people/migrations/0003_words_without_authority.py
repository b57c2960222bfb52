"""Corrections of people keep their marks: one said after its lead's grant had ended has no effect."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, _editor: Any) -> None:
    """Take over the marks of what was said."""
    entry, correction = apps.get_model("ledger", "Entry"), apps.get_model("people", "Correction")
    marks = entry.objects.filter(id=OuterRef("id")).values("marks")
    said = correction.objects.filter(id__in=entry.objects.filter(marks__gt=0).values("id"))
    said.update(marks=Subquery(marks[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_links_by_machine"),
        ("ledger", "0009_words_without_authority"),
    ]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="marks",
            field=models.SmallIntegerField(default=0),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
