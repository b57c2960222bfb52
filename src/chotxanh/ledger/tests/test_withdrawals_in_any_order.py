"""Whether something was taken back never depends on what arrived first: the grant, its end, or the clock."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from chotxanh.certificates.models import Certificate
from chotxanh.domain.kinds import Role
from chotxanh.domain.marks import Mark
from chotxanh.domain.methods import Method
from chotxanh.ledger.models import Entry, Remark
from chotxanh.ledger.rejudging import carry_out_all
from chotxanh.ledger.server_log import Deed, record_deeds, sign_deed
from chotxanh.registers.staff.entries import GrantEnded, GrantGiven
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import BEGINS, DRIVER, EVENING, MORNING, PHU_MY
from tests.device import Station, deed_of, id_of
from tests.stage import Stage

GRANT = UUID(int=99)


def papers_in_force() -> int:
    return Certificate.objects.in_force().count()


def outcomes_of(orders: Sequence[Sequence[Callable[[], object]]], entry: bytes) -> list[tuple[Mark, int]]:
    """Act in each order, every time from the same beginning; return the entry's marks and the papers in force."""
    found = []
    for order in orders:
        with transaction.atomic():
            for act in order:
                act()
            carry_out_all(EVENING)
            found.append((Mark(Entry.objects.get(id=id_of(entry)).marks), papers_in_force()))
            transaction.set_rollback(True)
    return found


def withdraw_as_elsewhere(stage: Stage, entry: bytes) -> Callable[[], object]:
    """Return the act by which the officer of another place takes an entry back at the office."""
    facts = {"entry": id_of(entry), "reason": "wrong_tube"}
    deed = sign_deed(deed_of("entry.withdrawn", facts, actor=stage.staff.officer_elsewhere.id), EVENING)
    return lambda: stage.must_apply(deed)


def grant_to_lead(stage: Stage) -> Callable[[], object]:
    """Return the act by which that officer becomes a lead of Phu My, from the beginning."""
    grant = GrantGiven(stage.staff.officer_elsewhere.id, Role.LEAD, BEGINS, list(Method), facility=PHU_MY)
    return lambda: record_deeds([Deed(grant, id=GRANT)], BEGINS)


def test_a_lead_whose_grant_comes_late_took_back_what_they_took_back(declared: Stage) -> None:
    negative = declared.station.result("BR1", "negative")
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), negative)
    give, withdraw = grant_to_lead(declared), withdraw_as_elsewhere(declared, negative)
    found = outcomes_of([(give, withdraw), (withdraw, give)], negative)
    assert found == [(Mark.WITHDRAWN, 0)] * 2


def test_who_was_no_lead_any_more_took_nothing_back(declared: Stage) -> None:
    negative, invalid = declared.station.result("BR1", "negative"), declared.station.result("BR1", "invalid")
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), negative, invalid)
    grant_to_lead(declared)()
    withdraw = withdraw_as_elsewhere(declared, invalid)

    def end() -> None:
        record_deeds([Deed(GrantEnded(GRANT, MORNING), actor=declared.staff.lead.id)], EVENING)

    found = outcomes_of([(end, withdraw), (withdraw, end)], invalid)
    assert found == [(Mark.NONE, 0)] * 2


def test_a_withdrawal_counts_from_its_time_as_the_clock_settles_it(stage: Stage) -> None:
    station = Station(is_measured=False, skew=timedelta(minutes=-3))
    station.enrol()
    stage.must_apply(station.start_shift(stage.staff.lead), station.register(DRIVER))
    sampling = station.collect("BR1", [DRIVER])
    withdrawal = station.entry("entry.withdrawn", {"entry": id_of(sampling), "reason": "wrong_tube"})
    stage.must_apply(sampling, withdrawal)
    stage.must_apply(station.measure_clock())
    assert Remark.objects.get().at == Entry.objects.get(id=id_of(withdrawal)).effective_at
    tables = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == tables
