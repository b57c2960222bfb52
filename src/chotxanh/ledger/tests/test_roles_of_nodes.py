"""Roles of nodes: a server that is not the province's records only what the rows of the kinds give its role."""

from typing import Any

import pytest

from chotxanh.domain.kinds import Answer, NodeRole
from chotxanh.registers.devices.models import Device
from tests.cast import DRIVER
from tests.device import Station, collection_facts
from tests.stage import Stage

APPLIED = (Answer.APPLIED, None)
SERVER: dict[str, Any] = {"seq": None, "clock": None}  # a server counts nothing and reads its own clock


def another_server(role: str) -> Station:
    """A server of this role, whose key the province knows."""
    server = Station()
    server.enrol()
    Device.objects.filter(id=server.id).update(role=role)
    return server


@pytest.mark.parametrize(
    ("role", "answer"),
    [
        (NodeRole.HUB, APPLIED),
        (NodeRole.PROVINCE, APPLIED),
        (NodeRole.PARTNER, (Answer.HELD, "actor_missing")),
        ("of_later", (Answer.HELD, "actor_missing")),
    ],
)
def test_citizens_declare_at_the_province_and_at_a_hub_alone(
    stage: Stage, role: str, answer: tuple[str, str | None]
) -> None:
    server = another_server(role)
    entry = server.entry("person.registered", DRIVER.facts(), DRIVER.personal(), **SERVER)
    assert stage.record(entry) == [answer]


@pytest.mark.parametrize("role", [NodeRole.HUB, NodeRole.PARTNER, NodeRole.STATION])
def test_what_the_province_decides_itself_is_held_from_another_node(declared: Stage, role: str) -> None:
    server = another_server(role)
    facts = {"device": declared.station.id}
    assert declared.record(server.entry("device.revoked", facts)) == [(Answer.HELD, "actor_not_allowed")]


@pytest.mark.parametrize("role", [NodeRole.HUB, NodeRole.PARTNER])
def test_only_the_province_vouches_for_who_acts(declared: Stage, role: str) -> None:
    server, officer, lead = another_server(role), declared.staff.officer, declared.staff.lead
    sampling = server.entry(
        "specimen.collected", collection_facts("ONG1", [DRIVER.code]), actor=officer.id, **SERVER
    )
    leaving = server.entry("device.revoked", {"device": server.id}, actor=lead.id, **SERVER)
    assert declared.record(sampling) == [(Answer.HELD, "actor_unproven")]
    assert declared.record(leaving) == [(Answer.HELD, "actor_not_allowed")]


def test_a_station_sends_no_entry_without_number_and_clock(stage: Stage) -> None:
    entry = stage.station.entry("person.registered", DRIVER.facts(), DRIVER.personal(), **SERVER)
    assert stage.record(entry) == [(Answer.REJECTED, "clock_missing")]
