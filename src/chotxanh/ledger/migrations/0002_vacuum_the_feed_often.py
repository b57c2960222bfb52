from typing import Any

from django.db import migrations

# Each change leaves a dead entry in the index of what has no number yet, which every poll walks until it is vacuumed.
_OFTEN = "ALTER TABLE ledger_feedcard SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000)"
_AS_ALL = "ALTER TABLE ledger_feedcard RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)"


def vacuum_often(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_OFTEN)


def vacuum_as_all(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_AS_ALL)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(vacuum_often, vacuum_as_all)]
