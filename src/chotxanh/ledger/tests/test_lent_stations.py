"""A station that was lent, lost or opened decides nothing about others: what is the office's never comes from it."""

from collections.abc import Callable
from typing import Any

import pytest

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.kinds import Answer
from chotxanh.keys.signers import node_key
from chotxanh.ledger.models import Entry
from chotxanh.protocol.envelope import new_id, wire_time
from chotxanh.registers.devices.tickets import read_ticket
from chotxanh.registers.staff.models import Grant, Member
from tests.cast import DRIVER, MORNING, PHU_MY
from tests.stage import Stage

SALT = {"salt": "AAECAwQFBgcICQoLDA0ODw"}
Facts = Callable[[Stage], tuple[str, dict[str, Any], dict[str, Any] | None]]


def a_grant(stage: Stage) -> tuple[str, dict[str, Any], None]:
    """An officer makes themselves a lead of the province."""
    return (
        "grant.given",
        {
            "member": stage.staff.officer.id,
            "role": "lead",
            "since": wire_time(MORNING),
            "methods": ["rt_pcr"],
        },
        None,
    )


def a_member(stage: Stage) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A member under a name that somebody else signs in by."""
    facts = {"member": new_id(), "username": stage.staff.lead.username}
    return "member.registered", facts, SALT | {"full_name": "Ai đó"}


def a_leaving(stage: Stage) -> tuple[str, dict[str, Any], None]:
    """The lead is let go."""
    return "member.left", {"member": stage.staff.lead.id, "at": wire_time(MORNING)}, None


def a_rule(stage: Stage) -> tuple[str, dict[str, Any], None]:
    """Certificates hold for a year."""
    facts = {"code": "mai-mai", "anchor": "sampled", "valid_for_hours": 9999, "legal_reference": "Không có"}
    return "rule.enacted", facts | {"effective_from": wire_time(MORNING)}, None


def a_resolution(stage: Stage) -> tuple[str, dict[str, Any], None]:
    """The negative one of two results stands."""
    facts = {"facility": PHU_MY, "tube": "ONG1", "stands": new_id(), "resulted_at": wire_time(MORNING)}
    return "result.resolved", facts, None


@pytest.mark.parametrize("decided", [a_grant, a_member, a_leaving, a_rule, a_resolution])
@pytest.mark.parametrize("is_outside", [False, True])
def test_what_the_office_decides_is_held_from_a_station_even_in_its_leads_shift(
    declared: Stage, decided: Facts, *, is_outside: bool
) -> None:
    station, lead = declared.station, declared.staff.lead
    declared.must_apply(station.collect("ONG1", [DRIVER]))
    declared.must_apply(station.start_shift(lead))
    if is_outside:
        declared.must_apply(station.start_shift(declared.staff.officer))
    kind, facts, personal = decided(declared)
    entry = station.entry(kind, facts, personal, actor=lead.id)
    assert declared.record(entry) == [(Answer.HELD, "actor_not_allowed")]
    assert not Entry.objects.filter(kind=kind, answer=Answer.APPLIED, log=station.log).exists()
    assert not Grant.objects.filter(member=declared.staff.officer.id, role="lead").exists()
    assert Member.objects.filter(username=lead.username).count() == 1


def test_a_receipt_is_no_ticket() -> None:
    receipt = b'{"entries":[]}'
    assert read_ticket(f"{to_base64url(receipt)}.{to_base64url(node_key().sign(receipt))}") is None
