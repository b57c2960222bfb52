"""Words of leads keep their marks: one said after its lead's grant had ended has no effect."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, _editor: Any) -> None:
    """Take over what was said of clocks, and the marks of what was said of entries."""
    entry, remark, ruling, word = (
        apps.get_model("ledger", name) for name in ("Entry", "Remark", "BootRuling", "BootWord")
    )
    marks = entry.objects.filter(id=OuterRef("id")).values("marks")
    remark.objects.filter(id__in=entry.objects.filter(marks__gt=0).values("id")).update(
        marks=Subquery(marks[:1])
    )
    for each in ruling.objects.iterator():
        said = entry.objects.filter(id=each.ruling).values_list("marks", flat=True).first()
        word.objects.create(id=each.ruling, key=each.key, anchor=each.anchor, at=each.at, marks=said or 0)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0008_posts_of_what_is_held"),
    ]

    operations = [
        migrations.CreateModel(
            name="BootWord",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("key", models.CharField(db_index=True, max_length=73)),
                ("anchor", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("marks", models.SmallIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="remark",
            name="marks",
            field=models.SmallIntegerField(default=0),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.DeleteModel(
            name="BootRuling",
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("actor__isnull", False), ("marks__gt", 0), ("seq__isnull", True)),
                fields=["received_at"],
                name="word_marked",
            ),
        ),
    ]
