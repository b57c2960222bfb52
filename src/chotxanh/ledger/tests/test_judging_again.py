"""Judging again finds the same marks, whatever else was learned before: revocations, rulings, unknown kinds."""

from typing import Any

import pytest
from django.db import transaction

from chotxanh.certificates.models import Certificate
from chotxanh.domain.marks import Mark
from chotxanh.ledger.authority_changes import JUDGE_AGAIN
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rejudging import carry_out_all, judge_unknown_kinds
from chotxanh.ledger.server_log import sign_deed
from chotxanh.ledger.worker.errands import finish, lease_next
from chotxanh.ledger.worker.loop import LEASE
from chotxanh.ledger.worker.models import Errand
from chotxanh.ledger.worker.registry import Outcome
from chotxanh.protocol import kinds
from chotxanh.protocol.envelope import wire_time
from chotxanh.registers.staff.models import Grant
from tests.cast import CHAU_DUC, DRIVER, EVENING, MORNING, PHU_MY
from tests.device import deed_of, id_of
from tests.halves import orders
from tests.stage import Stage

BEFORE_WORK = wire_time(MORNING)


def office(stage: Stage, kind: str, **facts: Any) -> bytes:
    """Return what the province's lead records at the office."""
    return sign_deed(deed_of(kind, facts, actor=stage.staff.lead.id), EVENING)


def suspension(stage: Stage) -> bytes:
    """Return the suspension of the facility since before the day's work."""
    return office(stage, "facility.suspended", facility=PHU_MY, at=BEFORE_WORK, reason="quality")


def end_of_grant(stage: Stage) -> bytes:
    """Return the end of the officer's grant before the day's work."""
    grant = Grant.objects.get(member=stage.staff.officer.id)
    return office(stage, "grant.ended", grant=grant.id, at=BEFORE_WORK)


def marks_of(entry: bytes) -> Mark:
    """Return the marks that an entry has now."""
    return Mark(Entry.objects.get(id=id_of(entry)).marks)


def in_force() -> int:
    """Count the certificates that stand."""
    return Certificate.objects.in_force().count()


@pytest.mark.parametrize(
    ("learned", "mark"),
    [(suspension, Mark.FACILITY_NOT_AUTHORISED), (end_of_grant, Mark.AUTHORITY_ENDED)],
)
def test_a_revoked_device_does_not_keep_its_deeds_from_being_marked(
    declared: Stage, learned: Any, mark: Mark
) -> None:
    """A device revoked first froze its marks, and a paper stayed that no other order had left."""
    declared.station.minute = 30
    deed = declared.station.result("BR1", "negative")
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), deed)
    revoked = office(declared, "device.revoked", device=declared.station.id)
    found = set()
    for order in orders([learned(declared), revoked]):
        with transaction.atomic():
            for entry in order:
                declared.must_apply(entry)
            carry_out_all(EVENING)
            found.add((marks_of(deed), in_force()))
            transaction.set_rollback(True)
    assert found == {(mark, 0)}


def test_a_revocation_holds_nothing_that_was_seen_before_it(declared: Stage) -> None:
    """What waited for a grant was held for good where the station was revoked before the grant came."""
    declared.station.minute = 30
    deed = declared.station.collect("BR1", [DRIVER], facility=CHAU_DUC)
    assert declared.record(deed) == [("held", "actor_not_allowed")]
    revoked = office(declared, "device.revoked", device=declared.station.id)
    facts = {
        "member": declared.staff.officer.id,
        "role": "officer",
        "facility": CHAU_DUC,
        "methods": ["ag_rapid"],
    }
    given = office(declared, "grant.given", **facts, since=BEFORE_WORK)
    for order in orders([revoked, given]):
        with transaction.atomic():
            for entry in order:
                declared.must_apply(entry)
                carry_out_all(EVENING)
            assert Entry.objects.get(id=id_of(deed)).answer == "applied"
            transaction.set_rollback(True)


def test_what_a_lead_admits_from_a_revoked_device_is_marked_like_any_deed(declared: Stage) -> None:
    declared.station.minute = 30
    deed = declared.station.collect("BR1", [DRIVER])
    declared.must_apply(office(declared, "device.revoked", device=declared.station.id))
    assert declared.record(deed) == [("held", "device_revoked")]
    entries = [office(declared, "entry.admitted", entry=id_of(deed)), end_of_grant(declared)]
    for order in orders(entries):
        with transaction.atomic():
            declared.must_apply(*order)
            carry_out_all(EVENING)
            assert marks_of(deed) == Mark.AUTHORITY_ENDED
            transaction.set_rollback(True)


def test_a_deed_whose_kind_was_unknown_is_found_by_its_facility(
    declared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It kept no facility, so that no suspension ever marked it and its paper stayed."""
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    deed = declared.station.result("BR1", "negative")
    with monkeypatch.context() as patch:
        patch.setattr(kinds, "_readers", {})
        assert declared.record(deed) == [("held", "kind_unknown")]
    assert (judge_unknown_kinds(EVENING), in_force()) == (1, 1)
    assert Entry.objects.get(id=id_of(deed)).facility == PHU_MY
    declared.must_apply(suspension(declared))
    carry_out_all(EVENING)
    assert (marks_of(deed), in_force()) == (Mark.FACILITY_NOT_AUTHORISED, 0)


def test_an_errand_that_is_just_ending_swallows_nothing_that_was_asked_at_the_same_time(
    declared: Stage,
) -> None:
    """While the clock is behind, all that comes is received at one time: two askings had one key."""
    declared.must_apply(suspension(declared))
    held = lease_next([JUDGE_AGAIN], EVENING, LEASE)
    assert held is not None
    carry_out_all(EVENING)
    declared.must_apply(end_of_grant(declared))
    assert finish(held, Outcome()), "nothing was left when it looked"
    assert Errand.objects.filter(name=JUDGE_AGAIN).count() == 1
