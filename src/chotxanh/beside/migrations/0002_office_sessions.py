import uuid
from typing import Any

from django.db import migrations, models


def let_them_be_lost(_apps: Any, schema_editor: Any) -> None:
    """After a crash a session may be gone: whoever had it signs in again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE beside_officesession SET UNLOGGED")


class Migration(migrations.Migration):
    dependencies = [
        ("beside", "0001_initial"),
    ]

    operations = [
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
        migrations.RunPython(let_them_be_lost, migrations.RunPython.noop),
    ]
