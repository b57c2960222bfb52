"""Says in which database a table lies: what is written while people look lies beside the rest, on SQLite."""

from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models

BESIDE = "beside"


def beside() -> str:
    """Return the database of what is written while people look: a second file on SQLite, else the only one."""
    return BESIDE if BESIDE in settings.DATABASES else DEFAULT_DB_ALIAS


class Router:
    """Django's question in which database a model's rows lie."""

    def db_for_read(self, model: type[models.Model], **_hints: Any) -> str | None:
        """Where rows are read; None leaves it to Django."""
        return beside() if model._meta.app_label == BESIDE else None

    def db_for_write(self, model: type[models.Model], **_hints: Any) -> str | None:
        """Where rows are written."""
        return self.db_for_read(model)

    def allow_migrate(self, database: str, app_label: str, **_hints: Any) -> bool | None:
        """Whether an app's tables lie in that database."""
        if database not in (BESIDE, DEFAULT_DB_ALIAS):
            return None
        return database == (beside() if app_label == BESIDE else DEFAULT_DB_ALIAS)
