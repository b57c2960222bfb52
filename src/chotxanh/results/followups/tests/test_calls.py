"""Who must be called follows from results and contacts alone, whatever arrives first."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest

from chotxanh.ledger.server_log import sign_deed
from chotxanh.ledger.worker.models import Errand
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from chotxanh.results.followups.calls import CALL_WITHIN, UNANSWERED
from chotxanh.results.followups.lists import open_calls
from chotxanh.results.followups.models import Call
from tests.cast import ASSISTANT, DRIVER, EVENING, PASSENGER, PHU_MY, Person
from tests.device import deed_of, id_of
from tests.stage import Stage


def positive(stage: Stage, person: Person, tube: str = "BR1") -> bytes:
    """Sample one person; return the positive result that is to be recorded."""
    stage.must_apply(stage.station.collect(tube, [person]))
    stage.station.minute += 20
    return stage.station.result(tube, "positive")


def contacted(stage: Stage, person: Person, outcome: str, **changed: object) -> bytes:
    """A call that a lead noted this evening."""
    facts = {
        "facility": PHU_MY,
        "tube": "BR1",
        "person_code": person.code,
        "reason": "positive",
        "outcome": outcome,
    }
    return sign_deed(deed_of("followup.contacted", facts | changed, actor=stage.staff.lead.id), EVENING)


def withdrawn(stage: Stage, entry: UUID) -> bytes:
    """A lead takes something back."""
    facts = {"entry": entry, "reason": "slip_of_the_hand"}
    return sign_deed(deed_of("entry.withdrawn", facts, actor=stage.staff.lead.id), EVENING)


def waiting() -> list[tuple[str, str]]:
    """Who must be called now, and why, in the order of the list."""
    return [(call.person_code, call.reason) for call in open_calls(WHOLE_PROVINCE)]


def test_a_negative_is_nobodys_call(declared: Stage) -> None:
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    declared.station.minute += 20
    declared.must_apply(declared.station.result("BR1", "negative"))
    assert not Call.objects.exists()
    assert not Errand.objects.exists()


def test_a_positive_comes_before_those_of_a_positive_pool(declared: Stage) -> None:
    declared.must_apply(declared.station.collect("BR2", [ASSISTANT, PASSENGER]))
    declared.station.minute += 20
    declared.must_apply(declared.station.result("BR2", "positive"))
    declared.must_apply(positive(declared, DRIVER))
    assert waiting() == [
        (DRIVER.code, "positive"),
        (ASSISTANT.code, "recall"),
        (PASSENGER.code, "recall"),
    ]


@pytest.mark.parametrize("scanned", list(permutations((ASSISTANT, DRIVER, PASSENGER))))
def test_the_people_of_one_tube_are_called_in_the_order_they_were_scanned(
    declared: Stage, scanned: tuple[Person, ...]
) -> None:
    declared.must_apply(declared.station.collect("BR2", list(scanned)))
    declared.station.minute += 20
    declared.must_apply(declared.station.result("BR2", "positive"))
    assert waiting() == [(person.code, "recall") for person in scanned]


def test_the_clock_runs_from_when_the_result_was_known(declared: Stage) -> None:
    declared.must_apply(positive(declared, DRIVER))
    call = Call.objects.get()
    errand = Errand.objects.get(name=UNANSWERED)
    assert (errand.key, errand.due_at) == (call.key, call.known_at + CALL_WITHIN)
    assert EVENING - call.known_at > timedelta(hours=11), "not from when it arrived"


def test_whoever_was_reached_is_off_the_list(declared: Stage) -> None:
    declared.must_apply(positive(declared, DRIVER))
    declared.must_apply(contacted(declared, DRIVER, "reached"))
    call = Call.objects.get()
    assert (call.closed_at, call.last_caller) == (EVENING, declared.staff.lead.id)
    assert not Errand.objects.filter(name=UNANSWERED).exists()


def test_a_call_noted_before_its_result_arrived_counts(declared: Stage) -> None:
    result = positive(declared, DRIVER)
    declared.must_apply(contacted(declared, DRIVER, "reached"))
    assert not Call.objects.exists()
    declared.must_apply(result)
    assert waiting() == []


@pytest.mark.parametrize("outcome", ["not_reached", "wrong_number"])
def test_whoever_was_not_reached_stays_with_the_number_of_tries(declared: Stage, outcome: str) -> None:
    declared.must_apply(positive(declared, DRIVER))
    declared.must_apply(*(contacted(declared, DRIVER, outcome) for _ in range(2)))
    call = Call.objects.get()
    assert (call.closed_at, call.unanswered, call.last_outcome) == (None, 2, outcome)


def test_a_call_for_another_reason_or_person_closes_nothing(declared: Stage) -> None:
    declared.must_apply(positive(declared, DRIVER))
    declared.must_apply(contacted(declared, DRIVER, "reached", reason="recall"))
    declared.must_apply(contacted(declared, ASSISTANT, "reached"))
    assert waiting() == [(DRIVER.code, "positive")]


def test_a_result_that_was_corrected_away_is_nobodys_call(declared: Stage) -> None:
    result = positive(declared, DRIVER)
    declared.must_apply(result)
    correction = declared.station.correct("BR1", id_of(result), "negative")
    declared.must_apply(correction)
    assert waiting() == [(DRIVER.code, "positive")]
    facts = {"facility": PHU_MY, "tube": "BR1", "correction": str(id_of(correction))}
    deed = deed_of("result.countersigned", facts, actor=declared.staff.technician.id)
    declared.must_apply(sign_deed(deed, EVENING))
    assert not Call.objects.exists()
    assert not Errand.objects.filter(name=UNANSWERED).exists()


def test_a_recall_ends_with_the_persons_own_later_result(declared: Stage) -> None:
    station = declared.station
    declared.must_apply(station.collect("BR2", [ASSISTANT, PASSENGER]))
    station.minute += 20
    declared.must_apply(station.result("BR2", "positive"), station.collect("BR3", [ASSISTANT]))
    station.minute += 20
    declared.must_apply(station.result("BR3", "negative"))
    assert waiting() == [(PASSENGER.code, "recall")]


def test_a_call_noted_by_mistake_is_taken_back(declared: Stage) -> None:
    declared.must_apply(positive(declared, DRIVER))
    noted = contacted(declared, DRIVER, "reached")
    declared.must_apply(noted)
    (entry,) = Call.objects.values_list("last_contact", flat=True)
    assert entry is not None
    declared.must_apply(withdrawn(declared, entry))
    assert waiting() == [(DRIVER.code, "positive")]


@pytest.mark.parametrize(
    ("reason", "code"), [("overdue", DRIVER.code), ("positive", None)], ids=["too much", "too little"]
)
def test_a_contact_names_a_person_exactly_where_one_was_called(
    declared: Stage, reason: str, code: str | None
) -> None:
    entry = contacted(declared, DRIVER, "reached", reason=reason, person_code=code)
    assert declared.record(entry) == [("rejected", "payload_invalid")]


def test_an_officer_notes_no_calls(declared: Stage) -> None:
    facts = {"facility": PHU_MY, "tube": "BR1", "person_code": DRIVER.code, "reason": "positive"}
    entry = declared.station.entry("followup.contacted", facts | {"outcome": "reached"})
    assert declared.record(entry) == [("held", "actor_not_allowed")]
