"""What goes to PostgreSQL in binary comes back the same, and its errors are Django's."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import (
    DataError,
    IntegrityError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chotxanh.storage.binary import KINDS, kind_of
from chotxanh.storage.line import ARRAY, Statement
from chotxanh.storage.prepared import changed_by, run, run_ahead, sending_together
from chotxanh.storage.statements import ask, carry_out

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is asked through its own driver"),
]

MIB = 1024 * 1024
ADD = "INSERT INTO django_content_type (app_label, model) VALUES ('storage', %s)"
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "uuid": st.uuids(),
    "text": TEXTS,
    "bytea": st.binary(),
    "smallint": st.integers(-(2**15), 2**15 - 1),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "boolean": st.booleans(),
    "double precision": st.floats(allow_nan=False),
    "timestamp with time zone": MOMENTS,
    "date": st.dates(date(1, 1, 1), date(9999, 12, 31)),
}


def test_every_kind_is_tried() -> None:
    assert {*VALUES, "jsonb"} == KINDS.keys()


@pytest.mark.parametrize("kind", VALUES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_a_value_comes_back_the_same_alone_and_in_a_column(kind: str, data: st.DataObject) -> None:
    column = data.draw(st.lists(st.none() | VALUES[kind], max_size=5))
    for value in column:
        assert run(Statement("SELECT $1", [kind]), [value]) == [(value,)]
    unnested = run(Statement("SELECT * FROM unnest($1)", [kind + ARRAY]), [column])
    assert unnested == [(value,) for value in column]


def test_more_than_the_sockets_hold_goes_in_one_trip() -> None:
    """The rest was never sent: each side waited for the other, for ever and with its locks held."""
    statement = Statement("SELECT length($1), $1", ["bytea"])
    large = bytes(16 * MIB)
    with sending_together():
        found = [run_ahead(statement, [large]) for _ in range(3)]
        assert [rows() for rows in found] == [[(len(large), large)]] * 3


def test_json_comes_back_as_the_text_that_who_asked_decodes() -> None:
    statement = Statement("SELECT $1, $1 ->> 'tên'", ["jsonb"])
    assert run(statement, ['{"tên": "Hòa"}']) == [('{"tên": "Hòa"}'.encode(), "Hòa")]


def test_a_null_takes_the_type_that_the_statement_gives_it() -> None:
    assert ask("SELECT %s::uuid, %s::int", [None, 5]) == [(None, 5)]


def test_columns_lose_what_only_a_column_has() -> None:
    assert [kind_of(each) for each in ("varchar(40)", "bigint", "numeric(5, 2)")] == [
        "text",
        "bigint",
        "numeric",
    ]


def test_changed_rows_are_counted() -> None:
    assert carry_out(ADD, ["one"]) == 1
    assert changed_by(Statement("DELETE FROM django_content_type WHERE model = $1", ["text"]), ["two"]) == 0


def test_a_percent_sign_of_the_text_is_written_twice() -> None:
    assert ask("SELECT 'chốt' LIKE 'ch%%' AND %s", [True]) == [(True,)]


def test_refusals_of_the_database_are_djangos() -> None:
    with pytest.raises(DataError), transaction.atomic():
        ask("SELECT 1 / %s", [0])
    with pytest.raises(IntegrityError), transaction.atomic():
        carry_out(ADD, [None])
    assert ask("SELECT 1") == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_statement_alone_is_committed_and_one_in_a_transaction_with_it() -> None:
    carry_out(ADD, ["alone"])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        carry_out(ADD, ["taken-back"])
        raise ZeroDivisionError
    with transaction.atomic():
        carry_out(ADD, ["committed"])
    connection.close()
    there = ContentType.objects.filter(app_label="storage").values_list("model", flat=True)
    assert set(there) == {"alone", "committed"}


@pytest.mark.django_db(transaction=True)
def test_one_connection_serves_a_thread_from_request_to_request() -> None:
    before = ask("SELECT pg_backend_pid()")
    close_old_connections()  # as at the end of a request
    assert ask("SELECT pg_backend_pid()") == before


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_is_told_and_the_next_request_has_another() -> None:
    with pytest.raises(OperationalError):
        ask("SELECT pg_terminate_backend(pg_backend_pid())")
    close_old_connections()
    assert ask("SELECT %s", [UUID(int=7)]) == [(UUID(int=7),)]
