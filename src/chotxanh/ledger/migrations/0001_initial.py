"""The tables of the ledger; a node's first life and that of its feed begin with them."""

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
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="BootAnchor",
            fields=[
                ("key", models.CharField(max_length=73, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("anchor", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="BootRuling",
            fields=[
                ("key", models.CharField(max_length=73, primary_key=True, serialize=False)),
                ("anchor", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("ruling", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="DailyJob",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("last_day", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="DirtyKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=120)),
                ("noted_at", models.DateTimeField()),
            ],
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
        migrations.CreateModel(
            name="Rejudging",
            fields=[
                ("key", models.CharField(max_length=90, primary_key=True, serialize=False)),
                ("after", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField(max_length=32)),
                ("device", models.UUIDField()),
                ("log", models.UUIDField(null=True)),
                ("seq", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=40)),
                ("version", models.PositiveSmallIntegerField()),
                ("actor", models.UUIDField(null=True)),
                ("occurred_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField()),
                ("earliest_at", models.DateTimeField(null=True)),
                ("marks", models.SmallIntegerField(default=0)),
                ("unsettled_boot", models.UUIDField(null=True)),
                ("facility", models.CharField(default="", max_length=40)),
                ("received_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(max_length=10)),
                ("problem", models.CharField(max_length=60)),
                ("body", models.TextField()),
                ("signature", models.BinaryField(max_length=64)),
                ("personal", models.BinaryField(null=True)),
            ],
            options={
                "verbose_name_plural": "entries",
                "indexes": [
                    models.Index(
                        condition=models.Q(("answer", "applied"), _negated=True),
                        fields=["answer", "received_at"],
                        name="entry_not_applied",
                    ),
                    models.Index(
                        condition=models.Q(("kind__in", ["shift.started", "shift.ended"])),
                        fields=["log", "seq"],
                        name="entry_of_shift",
                    ),
                    models.Index(
                        condition=models.Q(("unsettled_boot__isnull", False)),
                        fields=["log", "unsettled_boot"],
                        name="entry_unsettled",
                    ),
                    models.Index(
                        condition=models.Q(("earliest_at__isnull", False)),
                        fields=["log", "seq"],
                        name="entry_in_doubt",
                    ),
                    models.Index(
                        condition=models.Q(("earliest_at__isnull", False), ("unsettled_boot__isnull", False)),
                        fields=["answer", "received_at"],
                        name="entry_doubtful_boot",
                    ),
                    models.Index(
                        condition=models.Q(("actor__isnull", False)),
                        fields=["actor", "id"],
                        name="entry_of_actor",
                    ),
                    models.Index(
                        condition=models.Q(("facility", ""), _negated=True),
                        fields=["facility", "id"],
                        name="entry_of_facility",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("log", "seq"), name="one_entry_per_running_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Errand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=120)),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("leased_until", models.DateTimeField(null=True)),
                ("is_paused", models.BooleanField(default=False)),
                ("gave_up_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(default="", max_length=60)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("gave_up_at", None), ("is_paused", False)),
                        fields=["due_at"],
                        name="errand_to_run",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("name", "key"), name="one_errand_a_key")],
            },
        ),
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
            name="Log",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("device", models.UUIDField()),
                ("highest_seq", models.BigIntegerField(default=0)),
                ("gaps", models.JSONField(default=list)),
                ("missing", models.BigIntegerField(default=0)),
                ("doubtful_seq", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("missing__gt", 0)),
                        fields=["-missing", "id"],
                        name="log_with_gaps",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("entry", models.UUIDField(db_index=True)),
                ("what", models.CharField(max_length=10)),
                ("actor", models.UUIDField(null=True)),
                ("log", models.UUIDField(null=True)),
                ("seq", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("what", "withdrawn")), fields=["log"], name="withdrawal_of_log"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry", models.UUIDField(null=True)),
                ("device", models.UUIDField(null=True)),
                ("problem", models.CharField(max_length=60)),
                ("received_at", models.DateTimeField()),
                ("raw", models.BinaryField()),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("looked_into_by", models.UUIDField(null=True)),
                ("looked_into_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "set aside",
                "indexes": [
                    models.Index(fields=["-received_at", "-id"], name="set_aside_newest"),
                    models.Index(
                        condition=models.Q(
                            ("problem__in", ("id_reused", "log_of_another_device", "running_number_reused"))
                        ),
                        fields=["device"],
                        name="set_aside_alarms",
                    ),
                ],
            },
        ),
        migrations.RunPython(begin_feed, migrations.RunPython.noop),
    ]
