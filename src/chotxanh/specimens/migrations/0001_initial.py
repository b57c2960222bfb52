from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("tube", models.CharField(db_index=True, max_length=90)),
                ("facility", models.CharField(max_length=40)),
                ("post", models.UUIDField()),
                ("site", models.CharField(max_length=40)),
                ("pool_kind", models.CharField(max_length=20)),
                ("specimen_type", models.CharField(max_length=20)),
                ("test_type", models.CharField(max_length=10)),
                ("actor", models.UUIDField(null=True)),
                ("sampled_at", models.DateTimeField()),
                ("marks", models.SmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="CollectionMember",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("collection", models.UUIDField()),
                ("tube", models.CharField(db_index=True, max_length=90)),
                ("person_code", models.CharField(db_index=True, max_length=15)),
                ("registration", models.UUIDField(null=True)),
                ("category", models.CharField(max_length=20)),
                ("identity_seen", models.CharField(max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name="CollectionResolution",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("tube", models.CharField(db_index=True, max_length=90)),
                ("stands", models.UUIDField()),
                ("considered", models.JSONField()),
                ("marked", models.JSONField(default=dict)),
                ("people", models.JSONField(default=dict)),
                ("sampled_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField()),
                ("marks", models.SmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Tube",
            fields=[
                ("key", models.CharField(max_length=90, primary_key=True, serialize=False)),
                ("facility", models.CharField(max_length=40)),
                ("barcode", models.CharField(max_length=40)),
                ("site", models.CharField(max_length=40)),
                ("collection", models.UUIDField()),
                ("pool_kind", models.CharField(max_length=20)),
                ("test_type", models.CharField(max_length=10)),
                ("sampled_at", models.DateTimeField()),
                ("disputes", models.JSONField()),
                ("is_disputed", models.BooleanField()),
                ("people", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_disputed", True)), fields=["sampled_at"], name="tube_disputed"
                    )
                ],
            },
        ),
    ]
