"""Marks turn both ways and answers only rise: shifts, ended grants and withdrawals, in any order of arrival."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from chotxanh.certificates.models import Certificate
from chotxanh.domain.marks import Mark
from chotxanh.ledger.entries import EntryWithdrawn
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rulings import withdraw_entry
from chotxanh.ledger.server_log import sign_deed
from chotxanh.results.models import PersonResult, TubeResult
from chotxanh.specimens.models import Tube
from tests.cast import DRIVER, EVENING, MORNING, RIDER, change_grants
from tests.device import deed_of, id_of
from tests.halves import orders
from tests.stage import Stage


def marks_of(entry: bytes) -> Mark:
    """Return the marks that an entry has now."""
    return Mark(Entry.objects.get(id=id_of(entry)).marks)


def in_force() -> int:
    """Count the certificates that stand."""
    return Certificate.objects.in_force().count()


def withdrawal(stage: Stage, entry: bytes, actor: UUID | None = None) -> bytes:
    """Return a withdrawal at the station, or by a member at the office."""
    facts = {"entry": id_of(entry), "reason": "wrong_tube"}
    if actor is None:
        return stage.station.entry("entry.withdrawn", facts)
    return sign_deed(deed_of("entry.withdrawn", facts, actor=actor), EVENING)


def outcomes_in_any_order(stage: Stage, entries: Sequence[bytes], target: bytes) -> set[Mark]:
    """Record the entries in every order, each time from the same beginning; return the marks the target gets."""
    found = set()
    for order in orders(entries):
        with transaction.atomic():
            for entry in order:
                stage.record(entry)
            found.add(marks_of(target))
            transaction.set_rollback(True)
    return found


def test_a_deed_after_the_end_of_its_shift_is_marked_in_any_order(declared: Stage) -> None:
    ended = declared.station.entry("shift.ended", {})
    deed = declared.station.collect("BR1", [DRIVER])
    assert outcomes_in_any_order(declared, [ended, deed], deed) == {Mark.OUTSIDE_SHIFT}


def test_a_deed_in_the_name_of_who_worked_there_before_is_marked(declared: Stage) -> None:
    officer = declared.station.actor
    taken_over = declared.station.start_shift(declared.staff.lead)
    declared.station.actor = officer
    deed = declared.station.collect("BR1", [DRIVER])
    assert outcomes_in_any_order(declared, [taken_over, deed], deed) == {Mark.OUTSIDE_SHIFT}


def test_no_paper_rests_on_what_was_done_outside_the_shift(declared: Stage) -> None:
    collection = declared.station.collect("BR1", [DRIVER])
    ended = declared.station.entry("shift.ended", {})
    result = declared.station.result("BR1", "negative")
    declared.must_apply(collection, result)
    assert in_force() == 1
    declared.must_apply(ended)
    assert TubeResult.objects.get().disputes == ["outside_shift"]
    assert in_force() == 0


def test_a_deed_after_its_grant_ended_is_applied_and_marked(declared: Stage) -> None:
    change_grants(declared.staff.officer, valid_to=MORNING)
    declared.station.minute = 30
    deed = declared.station.collect("BR1", [DRIVER])
    assert declared.record(deed) == [("applied", None)]
    assert marks_of(deed) == Mark.AUTHORITY_ENDED
    assert Tube.objects.get().disputes == ["authority_ended"]


def test_a_deed_before_its_grant_began_is_held(declared: Stage) -> None:
    change_grants(declared.staff.officer, valid_from=MORNING + timedelta(days=1))
    assert declared.record(declared.station.collect("BR1", [DRIVER])) == [("held", "actor_not_allowed")]


def test_its_author_withdraws_within_the_shift_in_any_order(declared: Stage) -> None:
    deed = declared.station.collect("BR1", [DRIVER])
    assert outcomes_in_any_order(declared, [deed, withdrawal(declared, deed)], deed) == {Mark.WITHDRAWN}


def test_what_was_withdrawn_counts_as_if_it_had_not_been(declared: Stage) -> None:
    wrong = declared.station.collect("BR1", [RIDER])
    declared.must_apply(wrong, withdrawal(declared, wrong))
    assert not Tube.objects.exists()
    right = declared.station.collect("BR1", [DRIVER])
    declared.must_apply(right, declared.station.result("BR1", "negative"))
    assert Tube.objects.get().disputes == []
    assert PersonResult.objects.get().person_code == DRIVER.code


def test_its_author_does_not_withdraw_in_a_later_shift(declared: Stage) -> None:
    deed = declared.station.collect("BR1", [DRIVER])
    ended = declared.station.entry("shift.ended", {})
    again = declared.station.start_shift(declared.staff.officer)
    late = withdrawal(declared, deed)
    assert outcomes_in_any_order(declared, [deed, ended, again, late], deed) == {Mark.NONE}


def test_a_lead_withdraws_and_an_officer_of_elsewhere_does_not(declared: Stage) -> None:
    deed = declared.station.collect("BR1", [DRIVER])
    stranger = withdrawal(declared, deed, declared.staff.officer_elsewhere.id)
    declared.must_apply(deed, stranger)
    assert marks_of(deed) == Mark.NONE
    word = EntryWithdrawn(id_of(deed), "recorded_twice")
    withdraw_entry(word, declared.staff.lead, EVENING)
    assert marks_of(deed) == Mark.WITHDRAWN


def test_a_leads_word_at_a_station_takes_nothing_of_others_back_in_any_order(declared: Stage) -> None:
    deed = declared.station.collect("BR1", [DRIVER])
    begun = declared.station.start_shift(declared.staff.lead)
    word = withdrawal(declared, deed)
    assert outcomes_in_any_order(declared, [deed, begun, word], deed) == {Mark.NONE}


@pytest.mark.parametrize("is_taken_over", [True, False])
def test_what_is_said_in_a_leads_name_outside_their_shift_takes_nothing_back_in_any_order(
    declared: Stage, *, is_taken_over: bool
) -> None:
    station = declared.station
    deed = station.collect("BR1", [DRIVER])
    begun = station.start_shift(declared.staff.lead)
    if is_taken_over:
        gone = station.start_shift(declared.staff.officer)
    else:
        gone = station.entry("shift.ended", {})
    station.actor = declared.staff.lead.id
    word = withdrawal(declared, deed)
    assert outcomes_in_any_order(declared, [deed, begun, gone, word], deed) == {Mark.NONE}
    assert outcomes_in_any_order(declared, [begun, gone, word], word) == {Mark.OUTSIDE_SHIFT}


@pytest.mark.parametrize("value", ["positive", "negative"])
def test_a_withdrawal_never_removes_a_positive_nor_the_sampling_under_one(
    declared: Stage, value: str
) -> None:
    collection = declared.station.collect("BR1", [DRIVER])
    result = declared.station.result("BR1", value)
    taken_back = [withdrawal(declared, collection), withdrawal(declared, result)]
    for order in orders([collection, result, *taken_back]):
        with transaction.atomic():
            for entry in order:
                declared.must_apply(entry)
            values = list(PersonResult.objects.values_list("value", flat=True))
            assert values == (["positive"] if value == "positive" else [])
            transaction.set_rollback(True)


def test_an_answer_never_falls(declared: Stage) -> None:
    deed = declared.station.collect("BR1", [DRIVER])
    declared.must_apply(deed, withdrawal(declared, deed), declared.station.entry("shift.ended", {}))
    assert declared.record(deed) == [("duplicate", None)]
    assert Entry.objects.get(id=id_of(deed)).answer == "applied"
