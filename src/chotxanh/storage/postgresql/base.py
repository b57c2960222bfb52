"""Django's backend for PostgreSQL without the second index of every indexed text (Django looks for this module).

Django makes it for searches by the beginning of a text; here texts are looked up whole. What a person leaves behind had
nine of them, seven in the random order of codes: of 23 such indexes, whose pages are read and written anew by every
entry once they outgrow the memory.
"""

from typing import Any

from django.db.backends.postgresql import base, schema
from django.db.models import Field, Model


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Makes each index once."""

    def _create_like_index_sql(self, model: type[Model], field: "Field[Any, Any]") -> None:  # noqa: ARG002 - Django's
        return None


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection, whose tables are made by the editor above."""

    SchemaEditorClass = DatabaseSchemaEditor
