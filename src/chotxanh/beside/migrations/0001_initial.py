"""The tables of what is written while people look; what may be lost in a crash is not worth a write to the log."""

from typing import Any

from django.db import migrations, models


def let_some_be_lost(_apps: Any, schema_editor: Any) -> None:
    """After a crash everybody may try again, and a draft, which lives for an hour, may be gone."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE beside_bucket SET UNLOGGED")
        schema_editor.execute("ALTER TABLE beside_draft SET UNLOGGED")


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
