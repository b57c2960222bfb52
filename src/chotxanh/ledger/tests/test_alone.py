"""Who may keep everybody else out of the ledger: nobody whose entries are not proven (finding C3)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest

from chotxanh.domain.kinds import Answer
from chotxanh.ledger import recording
from chotxanh.ledger.locks import asking_in_ledger
from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.kinds import recorded_alone
from tests.device import Station, deed_of
from tests.stage import Stage


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether to be alone, each time that somebody asked to come into the ledger with a batch."""
    seen: list[bool] = []
    enter = asking_in_ledger

    def noting(ask: Callable[[], Any], *, is_alone: bool) -> AbstractContextManager[Any]:
        seen.append(is_alone)
        return enter(ask, is_alone=is_alone)

    monkeypatch.setattr(recording, "asking_in_ledger", noting)
    return seen


def forged(stage: Stage, kind: str) -> list[bytes]:
    """An entry of this kind by a device that nobody enrolled, and one that its device did not sign."""
    facts = {"entry": uuid4()}
    stranger, impostor = Station(began=stage.station.began), Station(began=stage.station.began)
    return [stranger.entry(kind, facts), impostor.entry(kind, facts, device=stage.station.id)]


def test_c3_what_nobody_proved_keeps_nobody_out_of_the_ledger(stage: Stage, asked: list[bool]) -> None:
    """An unsigned start of a shift from nobody took the ledger's exclusive lock."""
    asked.clear()
    for kind in {"shift.started", *recorded_alone()}:
        answers = stage.record(*forged(stage, kind))
        assert {answer for answer, _ in answers} == {Answer.REJECTED}
    assert set(asked) == {False}


def test_c3_what_a_lead_decides_is_recorded_alone(stage: Stage, asked: list[bool]) -> None:
    held = stage.station.entry("specimen.collected", {})
    ruling = deed_of("entry.refused", {"entry": uuid4()}, actor=stage.staff.lead.id)
    asked.clear()
    stage.record(held)
    stage.must_apply(sign_deed(ruling, stage.now))
    assert asked == [False, True]
