from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("category", models.CharField(blank=True, max_length=20)),
                ("test_type", models.CharField(blank=True, max_length=20)),
                ("territory", models.CharField(blank=True, max_length=20)),
                ("anchor", models.CharField(max_length=10)),
                ("valid_for_hours", models.PositiveSmallIntegerField()),
                ("effective_from", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("effective_to", models.DateTimeField(null=True)),
                ("legal_reference", models.CharField(max_length=300)),
                ("document", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "ordering": ["effective_from", "code", "id"],
            },
        ),
        migrations.CreateModel(
            name="Meaning",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("standing", models.CharField(max_length=40)),
                ("effective_from", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("effective_to", models.DateTimeField(null=True)),
                ("legal_reference", models.CharField(max_length=300)),
                ("document", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "ordering": ["effective_from", "id"],
            },
        ),
        migrations.CreateModel(
            name="RuleRepeal",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("rule", models.UUIDField(db_index=True)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
