"""Of what is held the post is kept, so that who leads one site or post decides on what was done there."""

import json
from typing import Any
from uuid import UUID

from django.db import migrations, models


def fill(apps: Any, _editor: Any) -> None:
    """Read the posts of what is held already."""
    held = apps.get_model("ledger", "Entry").objects.filter(answer="held").exclude(body="")
    for entry in held.exclude(kind="shift.started").iterator():
        post = json.loads(entry.body).get("facts", {}).get("post")
        if post is not None:
            held.filter(id=entry.id).update(post=UUID(post))


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0007_entries_found_by_their_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="post",
            field=models.UUIDField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
