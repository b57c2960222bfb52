"""Reading back is not judging: what was taken once stays readable, whatever the door asks later (findings F1, B6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest

from chotxanh.domain.problems import Problem
from chotxanh.domain.works import SAMPLERS
from chotxanh.ledger.applying import stored_payload
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rejudging import judge_unknown_kinds
from chotxanh.protocol.kinds import KindRow, Who, follow, forget, newest, register
from chotxanh.protocol.places import ANYWHERE
from chotxanh.results.models import PersonResult
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import DRIVER, EVENING, TRAVELLERS
from tests.device import result_facts
from tests.stage import Stage


class WeatherNoted(msgspec.Struct, frozen=True):
    """An invented kind's first version: degrees as a text."""

    degrees: str


class WeatherMeasured(msgspec.Struct, frozen=True):
    """Its second version: degrees as a number, and who says so."""

    degrees: int
    source: str


EXAMPLES: dict[int, dict[str, Any]] = {1: {"degrees": "31"}, 2: {"degrees": 31, "source": "post"}}
WEATHER_1 = KindRow(
    "weather.noted",
    WeatherNoted,
    Who(roles=SAMPLERS),
    "The weather at the post.",
    ("Thời tiết", "Weather"),
    EXAMPLES[1],
    upcast=lambda facts: {"degrees": int(facts["degrees"]), "source": "unknown"},
    place=lambda _facts: ANYWHERE,
)
WEATHER_2 = replace(WEATHER_1, facts=WeatherMeasured, version=2, upcast=None, example=EXAMPLES[2])


@pytest.fixture
def seen() -> Iterator[list[WeatherMeasured]]:
    """Two versions of an invented kind, and what a feature that follows it saw."""
    noted: list[WeatherMeasured] = []
    register(WEATHER_1, WEATHER_2)
    follow([WeatherMeasured], lambda items, _touched: noted.extend(item.facts for item in items))
    yield noted
    forget("weather.noted")


@contextmanager
def stricter(kind: str, **changed: Any) -> Iterator[None]:
    """Let the door ask more of a kind than it did."""
    before = newest(kind)
    register(replace(before, **changed))
    try:
        yield
    finally:
        register(before)


def refuse_all(_facts: Any, _personal: Any) -> None:
    """A check that nothing passes."""
    raise Problem("payload_invalid")


class OnlyPositive(msgspec.Struct, frozen=True):
    """A payload whose limits no stored result meets."""

    facility: Annotated[str, msgspec.Meta(max_length=1)]
    tube: Annotated[str, msgspec.Meta(pattern=r"\A[0-9]\Z")]
    test: UUID
    value: Any
    kit: UUID | None = None
    run: int = 1
    started: int | None = None
    read: int = 0
    lot: str | None = None
    line_seen: bool | None = None
    ct: float | None = None
    collected_by: str | None = None


def test_old_facts_are_read_in_the_shape_of_the_newest_version(
    stage: Stage, seen: list[WeatherMeasured]
) -> None:
    old = stage.station.entry("weather.noted", {"degrees": "31"})
    new = stage.station.entry("weather.noted", {"degrees": 29, "source": "post"}, version=2)
    stage.must_apply(old, new)
    assert sorted((facts.degrees, facts.source) for facts in seen) == [(29, "post"), (31, "unknown")]
    for entry in Entry.objects.filter(kind="weather.noted"):
        assert isinstance(stored_payload(entry)[1].facts, WeatherMeasured)


def test_b6_what_is_held_as_an_unknown_kind_is_judged_again_once_it_is_known(stage: Stage) -> None:
    early = stage.station.entry("weather.noted", {"degrees": "31"})
    assert stage.record(early) == [("held", "kind_unknown")]
    assert judge_unknown_kinds(EVENING) == 0
    register(WEATHER_1, WEATHER_2)
    try:
        assert judge_unknown_kinds(EVENING) == 1
        assert judge_unknown_kinds(EVENING) == 0
    finally:
        forget("weather.noted")
    assert Entry.objects.get(kind="weather.noted").answer == "applied"


@pytest.mark.parametrize("kind", ["person.registered", "specimen.collected", "result.recorded"])
def test_f1_a_check_made_stricter_kills_no_rebuild(declared: Stage, own_keys: Path, kind: str) -> None:
    lived(declared)
    before = fingerprints()
    with stricter(kind, check=refuse_all):
        rebuild_tables(EVENING)
        assert declared.record(an_entry(declared, kind)) == [("rejected", "payload_invalid")]
    assert fingerprints() == before


def test_f1_limits_made_stricter_kill_no_rebuild(declared: Stage, own_keys: Path) -> None:
    lived(declared)
    before = fingerprints()
    with stricter("result.recorded", facts=OnlyPositive):
        rebuild = [stored_payload(entry)[1] for entry in Entry.objects.filter(kind="result.recorded")]
        assert [payload.problem for payload in rebuild] == [None]
        assert declared.record(declared.station.result("BR9", "negative")) == [
            ("rejected", "payload_invalid")
        ]
    rebuild_tables(EVENING)
    assert fingerprints() == before


def lived(stage: Stage) -> None:
    """One tube of five with its result."""
    stage.must_apply(stage.station.collect("BR1", list(TRAVELLERS)), stage.station.result("BR1", "negative"))
    assert PersonResult.objects.count() == len(TRAVELLERS)


def an_entry(stage: Stage, kind: str) -> bytes:
    """One more entry of a kind."""
    if kind == "person.registered":
        return stage.station.register(DRIVER)
    if kind == "specimen.collected":
        return stage.station.collect("BR7", [DRIVER])
    return stage.station.entry(kind, result_facts("BR9", "negative"))


def test_a_version_that_is_not_known_here_waits_and_stops_no_start(stage: Stage) -> None:
    assert stage.record(stage.station.entry("clock.jumped", {"by": 1}, version=2)) == [
        ("held", "kind_unknown")
    ]
    assert judge_unknown_kinds(EVENING) == 0
