"""A look that a station hands in again is the same by what was said of it, whenever it counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("beside", "0004_looks_by_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="personalaccess",
            name="said",
            field=models.BinaryField(max_length=32, null=True, unique=True),
        ),
    ]
