"""Copies people until a province is full: rows straight into the product's own tables, not by its paths.

Only for figures that must not depend on how many people there are, an idle poll and a search: the registrations and
what the feed announces of people and tubes are copied under new codes. Entries, certificates and results are not.
"""

from collections.abc import Mapping

from django.db import connection, models

from chotxanh.ledger.models import FeedCard
from chotxanh.people.models import Registration

CODE_LENGTH = 15
NEW_NUMBER = "md5(id::text || copy)::uuid"


def multiply_people(wanted: int) -> None:
    """Copy the people that are here, and their part of the feed, until there are `wanted`; PostgreSQL only."""
    copies = wanted // Registration.objects.count() - 1
    if copies > 0:
        _copy(Registration, copies, {"id": NEW_NUMBER, "person_code": _new_code("person_code")})
        _copy(FeedCard, copies, {"key": _new_code("key"), "position": "NULL"})
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def multiply_registrations(wanted: int) -> None:
    """Copy the registrations until there are `wanted`: each somebody else of the same name; PostgreSQL only."""
    copies = wanted // Registration.objects.count() - 1
    if copies > 0:
        new = {column: _new_index(column) for column in ("id_number_index", "phone_index")}
        alone = {"identity_group": "md5(identity_group::text || copy)::uuid", "page_digest": "NULL"}
        earlier = {"registered_at": "registered_at - copy * interval '1 minute'"}
        changed = {"id": NEW_NUMBER, "person_code": _new_code("person_code"), **new, **alone, **earlier}
        _copy(Registration, copies, changed)


def _new_index(column: str) -> str:
    return f"decode(md5({column}::text || copy), 'hex')"


def _new_code(column: str) -> str:
    return f"left(md5({column} || copy), {CODE_LENGTH})"


def _copy(model: type[models.Model], copies: int, changed: Mapping[str, str]) -> None:
    """Insert each row so many times, with some of its columns changed; numbers are given out by the database."""
    columns = [
        str(field.column)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField | models.BigAutoField)
    ]
    table = model._meta.db_table
    values = ", ".join(changed.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 -- names come from models
            f"SELECT {values} FROM {table}, generate_series(1, %s) AS copy",
            [copies],
        )
