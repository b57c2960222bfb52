from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0004_device_revocation"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="role",
            field=models.CharField(default="station", max_length=20),
        ),
        migrations.RunSQL(
            "UPDATE devices_device SET role = 'province' WHERE is_node",
            "UPDATE devices_device SET is_node = (role = 'province')",
        ),
        migrations.RemoveField(model_name="device", name="is_node"),
    ]
