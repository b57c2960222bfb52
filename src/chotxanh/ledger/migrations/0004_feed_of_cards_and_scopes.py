"""The feed holds one row a card and scope, numbered after commit, and one row that says where it stands."""

import secrets
from typing import Any

from django.db import migrations, models


def begin_feed(apps: Any, schema_editor: Any) -> None:
    """Begin the first life of this node and of its feed."""
    head = apps.get_model("ledger", "FeedHead")
    head.objects.using(schema_editor.connection.alias).create(
        id=1, node_epoch=secrets.token_hex(6), feed_epoch=secrets.token_hex(6), position=0
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_add_errands_days_and_dirt")]

    operations = [
        migrations.CreateModel(
            name="FeedCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("key", models.CharField(max_length=90)),
                ("scope", models.CharField(max_length=60)),
                ("position", models.BigIntegerField(null=True)),
                ("expires_at_ms", models.BigIntegerField()),
                ("is_gone", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["scope", "position"], name="feed_of_scope"),
                    models.Index(
                        condition=models.Q(("position", None)), fields=["id"], name="feed_unnumbered"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key", "scope"), name="one_row_a_card_and_scope")
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("node_epoch", models.CharField(max_length=16)),
                ("feed_epoch", models.CharField(max_length=16)),
                ("position", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.DeleteModel(name="FeedItem"),
        migrations.RunPython(begin_feed, migrations.RunPython.noop),
    ]
