from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("tube", models.CharField(db_index=True, max_length=90)),
                ("person_code", models.CharField(db_index=True, max_length=15)),
                ("reason", models.CharField(max_length=10)),
                ("outcome", models.CharField(max_length=15)),
                ("actor", models.UUIDField(null=True)),
                ("contacted_at", models.DateTimeField()),
                ("marks", models.SmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("key", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("escalated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OverdueTube",
            fields=[
                ("tube", models.CharField(max_length=90, primary_key=True, serialize=False)),
                ("facility", models.CharField(max_length=40)),
                ("site", models.CharField(max_length=40)),
                ("sampled_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="PersonResult",
            fields=[
                ("key", models.CharField(max_length=110, primary_key=True, serialize=False)),
                ("person_code", models.CharField(db_index=True, max_length=15)),
                ("registration", models.UUIDField(null=True)),
                ("category", models.CharField(max_length=20)),
                ("tube", models.CharField(max_length=90)),
                ("facility", models.CharField(max_length=40)),
                ("test_type", models.CharField(max_length=10)),
                ("value", models.CharField(max_length=12)),
                ("result", models.UUIDField()),
                ("sampled_at", models.DateTimeField()),
                ("resulted_at", models.DateTimeField()),
                ("paper", models.CharField(default="", max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name="ResultFact",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("tube", models.CharField(db_index=True, max_length=90)),
                ("value", models.CharField(max_length=12)),
                ("corrects", models.UUIDField(null=True)),
                ("reason", models.CharField(max_length=20)),
                ("actor", models.UUIDField(null=True)),
                ("resulted_at", models.DateTimeField()),
                ("marks", models.SmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ResultResolution",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("tube", models.CharField(db_index=True, max_length=90)),
                ("stands", models.UUIDField()),
                ("considered", models.JSONField()),
                ("marked", models.JSONField(default=dict)),
                ("resulted_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField()),
                ("marks", models.SmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("key", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=10)),
                ("urgency", models.PositiveSmallIntegerField()),
                ("person_code", models.CharField(db_index=True, max_length=15)),
                ("tube", models.CharField(max_length=90)),
                ("facility", models.CharField(max_length=40)),
                ("site", models.CharField(max_length=40)),
                ("known_at", models.DateTimeField()),
                ("unanswered", models.PositiveSmallIntegerField()),
                ("last_contact", models.UUIDField(null=True)),
                ("last_outcome", models.CharField(max_length=15)),
                ("last_caller", models.UUIDField(null=True)),
                ("last_called_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["urgency", "known_at", "key"],
                        name="call_open",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", False)),
                        fields=["closed_at"],
                        name="call_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecollectionOrder",
            fields=[
                ("key", models.CharField(max_length=110, primary_key=True, serialize=False)),
                ("person_code", models.CharField(db_index=True, max_length=15)),
                ("tube", models.CharField(max_length=90)),
                ("reason", models.CharField(max_length=12)),
                ("opened_at", models.DateTimeField()),
                ("closed_by", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_by", None)),
                        fields=["opened_at"],
                        name="recollection_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TubeResult",
            fields=[
                ("tube", models.CharField(max_length=90, primary_key=True, serialize=False)),
                ("value", models.CharField(max_length=12)),
                ("result", models.UUIDField()),
                ("resulted_at", models.DateTimeField()),
                ("disputes", models.JSONField()),
                ("is_disputed", models.BooleanField()),
                ("is_final", models.BooleanField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_disputed", True)),
                        fields=["resulted_at"],
                        name="result_disputed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WhatStands",
            fields=[
                ("person_code", models.CharField(max_length=15, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=20)),
                ("order", models.CharField(max_length=15)),
            ],
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("person_code", models.CharField(db_index=True, max_length=15)),
                ("outcome", models.CharField(max_length=20)),
                ("closed_at", models.DateTimeField()),
                ("marks", models.SmallIntegerField(default=0)),
            ],
        ),
    ]
