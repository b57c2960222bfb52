"""Registers are entries: grants and authorisations count from when they say, in whatever order they arrive."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.marks import Mark
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rejudging import SLICE, carry_out_a_slice, carry_out_all, entries_left
from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.envelope import new_id, wire_time
from chotxanh.registers.codes.entries import words_for
from chotxanh.registers.duties.entries import DutyOf, duty_number
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.kits.models import Kit
from chotxanh.registers.kits.testing import LISTED as TEST_LISTED
from chotxanh.registers.posts.entries import OPENED
from chotxanh.registers.posts.sites import sites_open_to
from chotxanh.registers.staff.grants import grants_for
from chotxanh.registers.staff.models import Grant, Member
from chotxanh.specimens.models import Tube
from tests.cast import AG_RAPID, DRIVER, EVENING, MORNING, PHU_MY, POSTS, QL51, QL56
from tests.device import deed_of, id_of
from tests.halves import orders
from tests.stage import Stage

LATER = MORNING + timedelta(hours=1)


def office(stage: Stage, kind: str, personal: dict[str, str] | None = None, **facts: object) -> bytes:
    """Return what the province's lead records at the office."""
    return sign_deed(deed_of(kind, facts, personal, actor=stage.staff.lead.id), EVENING)


def reached(stage: Stage, entries: Sequence[bytes], target: bytes) -> set[tuple[str, Mark]]:
    """Record the entries in every order and judge again what that asks for; return what becomes of the target."""
    found = set()
    for order in orders(entries):
        with transaction.atomic():
            for entry in order:
                stage.record(entry)
            carry_out_all(EVENING)
            stored = Entry.objects.get(id=id_of(target))
            found.add((stored.answer, Mark(stored.marks)))
            transaction.set_rollback(True)
    return found


def grant_of(stage: Stage) -> Grant:
    """Return the grant of the officer at work."""
    return Grant.objects.get(member=stage.staff.officer.id)


@pytest.mark.parametrize(("at", "mark"), [(MORNING, Mark.AUTHORITY_ENDED), (LATER, Mark.NONE)])
def test_what_was_done_after_a_grant_ended_is_marked_and_nothing_is_taken_back(
    declared: Stage, at: datetime, mark: Mark
) -> None:
    declared.station.minute = 30
    deed = declared.station.collect("BR1", [DRIVER])
    ended = office(declared, "grant.ended", grant=grant_of(declared).id, at=wire_time(at))
    assert reached(declared, [deed, ended], deed) == {("applied", mark)}


def test_a_grant_that_comes_late_is_judged_again_over_what_is_held_for_want_of_it(declared: Stage) -> None:
    stranger = declared.staff.officer_elsewhere
    start = declared.station.start_shift(stranger)
    deed = declared.station.collect("BR1", [DRIVER])
    facts: dict[str, Any] = {
        "member": stranger.id,
        "role": "officer",
        "since": wire_time(MORNING),
        "methods": ["ag_rapid"],
        "facility": PHU_MY,
    }
    late = office(declared, "grant.given", **facts)
    assert reached(declared, [start, deed, late], deed) == {("applied", Mark.NONE)}


def test_who_left_has_no_grant_from_then_on(declared: Stage) -> None:
    declared.station.minute = 30
    deed = declared.station.collect("BR1", [DRIVER])
    left = office(declared, "member.left", member=declared.staff.officer.id, at=wire_time(MORNING))
    assert reached(declared, [deed, left], deed) == {("applied", Mark.AUTHORITY_ENDED)}


def test_what_a_facility_does_while_it_is_suspended_is_marked_and_no_reinstatement_lifts_it(
    declared: Stage,
) -> None:
    declared.station.minute = 30
    during = declared.station.collect("BR1", [DRIVER])
    suspended = office(
        declared, "facility.suspended", facility=PHU_MY, at=wire_time(MORNING), reason="quality"
    )
    again = office(declared, "facility.reinstated", facility=PHU_MY, at=wire_time(LATER))
    marked = ("applied", Mark.FACILITY_NOT_AUTHORISED)
    assert reached(declared, [during, suspended, again], during) == {marked}
    declared.station.minute = 90
    after = declared.station.collect("BR2", [DRIVER])
    assert reached(declared, [after, suspended, again], after) == {("applied", Mark.NONE)}


def put_back(stage: Stage) -> None:
    """Let the station start anew at minute 90 with no line, its clock put back to minute 30."""
    station = stage.station
    station.boot, station.minute, station.is_measured = uuid4(), 90, False
    station.skew = -timedelta(minutes=60)


def clock_settled(stage: Stage) -> bytes:
    """A lead's word on the boot of the station: its counter began when the day did."""
    station = stage.station
    facts: dict[str, Any] = {"log": station.log, "boot": station.boot, "anchor": unix_ms(station.began)}
    return office(stage, "clock.settled", **facts, reason="compared")


def suspension(stage: Stage, at: datetime) -> bytes:
    """The facility's suspension from a time on."""
    return office(stage, "facility.suspended", facility=PHU_MY, at=wire_time(at), reason="quality")


def test_a_clock_that_is_put_back_gives_a_suspended_facility_nothing_back(declared: Stage) -> None:
    put_back(declared)
    deed = declared.station.collect("BR1", [DRIVER])
    stopped = suspension(declared, LATER)
    doubtful = Mark.TIME_DOUBTFUL | Mark.FACILITY_NOT_AUTHORISED
    assert reached(declared, [deed, stopped], deed) == {("applied", doubtful)}
    again = office(declared, "facility.reinstated", facility=PHU_MY, at=wire_time(LATER + timedelta(hours=1)))
    assert reached(declared, [deed, stopped, again], deed) == {("applied", doubtful)}
    settled = clock_settled(declared)
    during = {("applied", Mark.FACILITY_NOT_AUTHORISED)}
    assert reached(declared, [deed, settled, stopped], deed) == during


def test_a_doubt_about_time_takes_no_right_that_was_there_all_the_while(declared: Stage) -> None:
    put_back(declared)
    deed = declared.station.collect("BR1", [DRIVER])
    before = suspension(declared, MORNING - timedelta(hours=2))
    again = office(
        declared, "facility.reinstated", facility=PHU_MY, at=wire_time(MORNING - timedelta(hours=1))
    )
    late = suspension(declared, EVENING + timedelta(hours=1))
    assert reached(declared, [deed, before, again, late], deed) == {("applied", Mark.TIME_DOUBTFUL)}


def test_what_settles_a_clock_lifts_the_mark_that_stood_for_doubt(declared: Stage) -> None:
    put_back(declared)
    deed = declared.station.collect("BR1", [DRIVER])
    settled = clock_settled(declared)
    stopped = suspension(declared, MORNING + timedelta(minutes=100))
    assert reached(declared, [deed, stopped], deed) == {
        ("applied", Mark.TIME_DOUBTFUL | Mark.FACILITY_NOT_AUTHORISED)
    }
    assert reached(declared, [deed, settled, stopped], deed) == {("applied", Mark.NONE)}


def test_a_certain_time_of_its_log_lifts_the_mark_of_what_cannot_have_been_before_it(declared: Stage) -> None:
    """Suspended and let back before the last certain time below it: it was authorised all the while."""
    declared.station.minute = 60
    certain = declared.station.collect("BR1", [DRIVER])
    put_back(declared)
    deed = declared.station.collect("BR2", [DRIVER])
    stopped = suspension(declared, MORNING + timedelta(minutes=20))
    again = office(
        declared, "facility.reinstated", facility=PHU_MY, at=wire_time(MORNING + timedelta(minutes=50))
    )
    found = reached(declared, [certain, deed, stopped, again], deed)
    assert found == {("applied", Mark.TIME_DOUBTFUL)}


def test_a_clock_that_is_put_back_gives_nobody_an_ended_grant_back(declared: Stage) -> None:
    put_back(declared)
    deed = declared.station.collect("BR1", [DRIVER])
    ended = office(declared, "grant.ended", grant=grant_of(declared).id, at=wire_time(LATER))
    doubtful = Mark.TIME_DOUBTFUL | Mark.AUTHORITY_ENDED
    assert reached(declared, [deed, ended], deed) == {("applied", doubtful)}
    settled = clock_settled(declared)
    assert reached(declared, [deed, settled, ended], deed) == {("applied", Mark.AUTHORITY_ENDED)}


def test_an_authorisation_that_comes_late_lifts_the_mark_that_stood_for_want_of_it(declared: Stage) -> None:
    deed = declared.station.collect("BR1", [DRIVER], facility="phong-kham")
    declared.station.actor = declared.staff.lead.id
    facts: dict[str, Any] = {
        "member": declared.staff.officer.id,
        "role": "officer",
        "since": wire_time(MORNING),
        "methods": ["ag_rapid"],
    }
    grant = office(declared, "grant.given", **facts)
    declared.station.actor = declared.staff.officer.id
    declared.record(deed, grant)
    carry_out_all(EVENING)
    assert Mark(Entry.objects.get(id=id_of(deed)).marks) == Mark.FACILITY_NOT_AUTHORISED
    allowed = office(
        declared,
        "facility.authorised",
        facility="phong-kham",
        since=wire_time(MORNING),
        document="QĐ 9",
        methods=[],
    )
    declared.record(allowed)
    assert entries_left() > 0
    carry_out_all(EVENING)
    assert entries_left() == 0
    assert Mark(Entry.objects.get(id=id_of(deed)).marks) == Mark.NONE


def test_judging_again_goes_in_slices_that_can_be_stopped(
    declared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chotxanh.ledger.rejudging.SLICE", 2)
    declared.station.minute = 30
    declared.must_apply(*(declared.station.result(f"BR{n}", "negative") for n in range(5)))
    declared.record(office(declared, "grant.ended", grant=grant_of(declared).id, at=wire_time(MORNING)))
    left = []
    while carry_out_a_slice(EVENING):
        left.append(entries_left())
    assert left == sorted(left, reverse=True) and left[-1] == 0 and len(left) > 2
    assert SLICE == 500
    results = Entry.objects.filter(kind="result.recorded")
    assert set(results.values_list("marks", flat=True)) == {int(Mark.AUTHORITY_ENDED)}


def test_an_end_that_comes_before_its_grant_waits_for_it(declared: Stage) -> None:
    member = declared.staff.technician.id
    facts: dict[str, Any] = {"role": "officer", "since": wire_time(MORNING), "methods": []}
    given = office(declared, "grant.given", member=member, **facts)
    ended = office(declared, "grant.ended", grant=id_of(given), at=wire_time(LATER))
    declared.must_apply(ended, given)
    assert Grant.objects.get(id=id_of(given)).valid_to == LATER


def test_the_latest_entry_about_a_facility_and_a_member_stands_in_any_order(declared: Stage) -> None:
    first = sign_deed(deed_of("facility.registered", {"facility": "x", "name": "Cũ"}), MORNING)
    second = sign_deed(deed_of("facility.registered", {"facility": "x", "name": "Mới"}), LATER)
    for order in ([first, second], [second, first]):
        with transaction.atomic():
            declared.must_apply(*order)
            assert Facility.objects.get(code="x").name == "Mới"
            transaction.set_rollback(True)


def test_an_entry_about_a_member_touches_no_password(declared: Stage) -> None:
    member = declared.staff.officer
    member.set_password("mot-mat-khau-dai")
    member.save()
    salt = {"salt": "AAECAwQFBgcICQoLDA0ODw", "full_name": "Tên mới"}
    declared.must_apply(office(declared, "member.registered", salt, member=member.id, username="can-bo"))
    stored = Member.objects.get(id=member.id)
    assert (stored.full_name, stored.check_password("mot-mat-khau-dai")) == ("Tên mới", True)


def test_kits_duty_numbers_and_codes_are_kept(declared: Stage) -> None:
    window: dict[str, Any] = {"test": AG_RAPID, "earliest": 15, "latest": 30}
    kit = office(declared, "kit.listed", code="k", name="Bộ K", **window)
    withdrawn = office(declared, "kit.withdrawn", kit=id_of(kit), at=wire_time(LATER))
    phone = {"salt": "AAECAwQFBgcICQoLDA0ODw", "phone": "02543123456"}
    duty = office(declared, "duty.set", phone, of="site", code="ql51", since=wire_time(MORNING))
    words: dict[str, Any] = {"vi": "Tài xế", "en": "Driver"}
    code = office(declared, "code.listed", register="category", code="goods_driver", **words)
    declared.must_apply(withdrawn, kit, duty, code)
    assert Kit.objects.get(code="k").withdrawn_at == LATER
    assert duty_number(DutyOf.SITE, "ql51", LATER) == "02543123456"
    assert duty_number(DutyOf.SITE, "ql51", MORNING - timedelta(days=1)) == ""
    assert words_for("category") == {"goods_driver": words}


def test_of_several_ends_the_earliest_counts_in_any_order(declared: Stage) -> None:
    window: dict[str, Any] = {"test": AG_RAPID, "earliest": 15, "latest": 30}
    kit = office(declared, "kit.listed", code="k", name="Bộ K", **window)
    ends = [office(declared, "kit.withdrawn", kit=id_of(kit), at=wire_time(at)) for at in (LATER, MORNING)]
    for order in orders([kit, *ends]):
        with transaction.atomic():
            for entry in order:
                declared.must_apply(entry)
            assert Kit.objects.get(code="k").withdrawn_at == MORNING
            transaction.set_rollback(True)


def test_who_leads_one_facility_keeps_no_register_of_the_province(declared: Stage) -> None:
    facts: dict[str, Any] = {
        "member": declared.staff.technician.id,
        "role": "lead",
        "since": wire_time(MORNING),
        "methods": ["ag_rapid"],
    }
    declared.must_apply(office(declared, "grant.given", facility=PHU_MY, **facts))
    carry_out_all(EVENING)
    deed = deed_of("facility.registered", {"facility": "x", "name": "X"}, actor=declared.staff.technician.id)
    assert declared.record(sign_deed(deed, EVENING)) == [("held", "actor_not_allowed")]


def test_a_deed_that_names_a_post_waits_until_the_post_is_known(declared: Stage) -> None:
    post = deed_of("post.opened", OPENED.example | {"site": QL51, "facility": PHU_MY}, id=new_id())
    opened = sign_deed(post, MORNING)
    deed = declared.station.collect("BR1", [DRIVER], post=id_of(opened))
    assert declared.record(deed) == [("held", "register_unknown")]
    admitted = office(declared, "entry.admitted", entry=id_of(deed))
    declared.must_apply(admitted)
    assert Entry.objects.get(id=id_of(deed)).answer == "held", "no word makes a post known"
    declared.must_apply(opened)
    carry_out_all(EVENING)
    assert Entry.objects.get(id=id_of(deed)).answer == "applied"
    assert Tube.objects.get().site == QL51


def test_a_post_that_was_closed_is_offered_to_nobody(declared: Stage) -> None:
    everywhere = grants_for(declared.staff.lead)
    assert [site.code for site in sites_open_to(everywhere, EVENING)] == [QL51, QL56]
    closed = office(declared, "post.closed", post=POSTS[QL51], at=wire_time(MORNING))
    declared.must_apply(closed)
    assert [site.code for site in sites_open_to(everywhere, EVENING)] == [QL56]
    assert sites_open_to(grants_for(declared.staff.officer), EVENING) == []


def test_a_test_that_certificates_would_name_wrongly_is_rejected(declared: Stage) -> None:
    facts = TEST_LISTED.example | {"dcc_type": "LP217198-3"}
    deed = deed_of("test.listed", facts, actor=declared.staff.lead.id)
    assert declared.record(sign_deed(deed, EVENING)) == [("rejected", "dcc_type_wrong")]
