"""The tables of what is written while people look; what may be lost in a crash is not worth a write to the log."""

import uuid
from typing import Any

from django.db import migrations, models


def let_some_be_lost(_apps: Any, schema_editor: Any) -> None:
    """After a crash everybody may try again, a draft, which lives for an hour, and a session may be gone."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE beside_bucket SET UNLOGGED")
        schema_editor.execute("ALTER TABLE beside_draft SET UNLOGGED")
        schema_editor.execute("ALTER TABLE beside_officesession SET UNLOGGED")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Bucket",
            fields=[
                ("key", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ("full_at", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("key", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("expires_at_ms", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="HeardDevice",
            fields=[
                ("device", models.UUIDField(primary_key=True, serialize=False)),
                ("site", models.CharField(default="", max_length=40)),
                ("waiting", models.PositiveIntegerField()),
                ("heard_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OfficeSession",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("member", models.UUIDField(db_index=True, null=True)),
                ("browser", models.CharField(default="", max_length=60)),
                ("sealed", models.BinaryField()),
                ("began_at", models.DateTimeField(db_index=True)),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PersonalAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("member", models.UUIDField()),
                ("subject", models.CharField(max_length=90)),
                ("purpose", models.CharField(max_length=40)),
                ("read_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "personal accesses",
                "indexes": [models.Index(fields=["subject"], name="access_of_subject")],
            },
        ),
        migrations.RunPython(let_some_be_lost, migrations.RunPython.noop),
    ]
