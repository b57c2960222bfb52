"""What a station records all day is recorded by statements that were written beforehand."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.http.request import HttpHeaders
from django.test import Client

from chotxanh.storage.line import Line
from tests.cast import TRAVELLERS
from tests.stage import Stage


@pytest.fixture
def composed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables of which a query was composed since the stage was set, run or not."""
    tables: list[str] = []
    compose = SQLCompiler.pre_sql_setup

    def note(compiler: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
        tables.append(compiler.query.get_meta().db_table)
        return compose(compiler, *args, **kwargs)

    monkeypatch.setattr(SQLCompiler, "pre_sql_setup", note)
    return tables


def test_no_query_is_composed_for_a_declaration_or_a_tube(stage: Stage, composed: list[str]) -> None:
    """One that could find nothing, and was never sent, took a quarter of the CPU of a batch of one."""
    station = stage.station
    stage.must_apply(station.declare(TRAVELLERS[0]))
    stage.must_apply(station.collect("ONG1", [TRAVELLERS[0]]))
    assert composed == []
    stage.must_apply(station.result("ONG1", "negative"))
    assert composed == []


def test_a_batch_and_a_poll_do_not_have_every_header_read(
    stage: Stage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django makes all of them anew to give one: a third of a verify, for every request of a station."""

    def refuse(*_: object) -> None:
        raise AssertionError("every header is read")

    monkeypatch.setattr(HttpHeaders, "__init__", refuse)
    entry = stage.station.declare(TRAVELLERS[0]).decode()
    batch = f'{{"protocol": 1, "entries": [{entry}]}}'
    assert client.post("/api/v1/entries", batch, content_type="application/json").status_code == 200
    assert client.get("/api/v1/feed", headers={"Authorization": "Bearer none"}).status_code == 401


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no line to save trips on")
def test_a_declaration_takes_six_trips_to_the_database(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its device; the locks with all that a batch reads; the entry; its rows; the feed's row; the commit."""
    sent: list[int] = []
    for name, number_of in (("_sent_alone", lambda _: 1), ("_sent_together", len)):
        monkeypatch.setattr(Line, name, _noting(sent, getattr(Line, name), number_of))
    stage.must_apply(stage.station.declare(TRAVELLERS[0]))
    assert len(sent) <= 6
    assert max(sent) == sent[1]


def _noting(
    sent: list[int], send: Callable[[Line, Any], Any], number_of: Callable[[Any], int]
) -> Callable[[Line, Any], Any]:
    def noted(line: Line, what: Any) -> Any:
        sent.append(number_of(what))
        return send(line, what)

    return noted
