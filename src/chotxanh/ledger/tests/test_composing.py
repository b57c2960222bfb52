"""What a station records all day is recorded by statements that were written beforehand."""

from typing import Any

import pytest
from django.db.models.sql.compiler import SQLCompiler

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
