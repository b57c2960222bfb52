from typing import Any

from django.db import migrations

# What is over lies together, since entries arrive nearly in the order of their times. An index of ranges of blocks finds
# it and costs recording nothing that can be measured; one of each entry cost a twentieth of the insert. SQLite has none.
_BY_TIME = (
    "CREATE INDEX entry_by_time ON ledger_entry USING brin (effective_at)"
    " WITH (pages_per_range = 64, autosummarize = on)"
)
_WITHOUT = "DROP INDEX IF EXISTS entry_by_time"


def find_by_time(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_BY_TIME)


def find_no_more(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_WITHOUT)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_what_is_erased_and_unread")]
    operations = [migrations.RunPython(find_by_time, find_no_more)]
