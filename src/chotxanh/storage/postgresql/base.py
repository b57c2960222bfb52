"""Django's backend for PostgreSQL (Django looks for this module) without indexes nobody reads, that outlives a restart.

Django makes a second index of every indexed text for searches by its beginning; here texts are looked up whole. What a
person leaves behind had nine of them, seven in the random order of codes: of 23 such indexes, whose pages are read and
written anew by every entry once they outgrow the memory.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base, schema
from django.db.models import Field, Model

from chotxanh.storage.postgresql.patience import PATIENCE
from chotxanh.storage.postgresql.silence import has_said_something

# A server waits no longer for what others hold, such as a rebuild the whole ledger: it says 503.
LONGEST_LOCK_MS = 8000


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Makes each index once."""

    def _create_like_index_sql(self, model: type[Model], field: "Field[Any, Any]") -> None:  # noqa: ARG002 - Django's
        return None


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection: its tables are made by the editor above, and no request begins on one that was cut."""

    SchemaEditorClass = DatabaseSchemaEditor

    def get_new_connection(self, conn_params: dict[str, Any]) -> "psycopg.Connection[Any]":
        """Connect; while a server that was there before starts again, wait for it. Raises psycopg.OperationalError."""
        if PATIENCE.is_of_server:
            given = conn_params.get("options", "")
            conn_params = {**conn_params, "options": f"{given} -c lock_timeout={LONGEST_LOCK_MS}"}
        return PATIENCE.connected(lambda: super(DatabaseWrapper, self).get_new_connection(conn_params))

    def close_if_unusable_or_obsolete(self) -> None:
        """At the beginning and end of a request, drop a connection that the server has ended meanwhile."""
        if self.connection is not None and not self.in_atomic_block and has_said_something(self.connection):
            self.errors_occurred = True  # so that Django asks whether it still answers
        super().close_if_unusable_or_obsolete()
