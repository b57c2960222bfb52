"""What the ledger says of readings that were corrected, repeated or taken back is what the pure rules say."""

from datetime import timedelta
from typing import Any

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.ledger.server_log import sign_deed
from chotxanh.results.models import TubeResult, WhatStands
from tests.cast import ASSISTANT, DRIVER, EVENING, MORNING, PHU_MY, RT_PCR, TIMED, Person
from tests.device import MINUTE, WHY, Station, deed_of, id_of
from tests.stage import Stage

BY_PCR: dict[str, Any] = {"test": RT_PCR, "kit": None}


def tube(
    stage: Stage, barcode: str, people: list[Person], minute: int, value: str, **said: Any
) -> list[bytes]:
    """The entries of one tube: sampled at `minute`, read twenty minutes later."""
    stage.station.minute = minute
    sampled = BY_PCR if "test" in said else {}
    collection = stage.station.collect(barcode, people, **sampled)
    return [collection, reading(stage, barcode, minute + 20, value, **said)]


def reading(stage: Stage, barcode: str, minute: int, value: str, **said: Any) -> bytes:
    stage.station.minute = minute
    return stage.station.result(barcode, value, **said)


def corrected(stage: Stage, corrects: bytes, minute: int, value: str) -> bytes:
    stage.station.minute = minute
    return stage.station.correct("BR1", id_of(corrects), value)


def signed(stage: Stage, correction: bytes, minute: int) -> bytes:
    """A technician of the facility signs what the officer corrected."""
    facts = {"facility": PHU_MY, "tube": "BR1", "correction": str(id_of(correction))}
    deed = deed_of("result.countersigned", facts, actor=stage.staff.technician.id)
    return sign_deed(deed, MORNING + minute * MINUTE)


def withdrawn(stage: Stage, entry: bytes, minute: int) -> bytes:
    stage.station.minute = minute
    facts = {"entry": id_of(entry), "reason": "wrong_person"}
    return stage.station.entry("entry.withdrawn", facts)


def papers(person: Person) -> list[tuple[timedelta, Outcome]]:
    """Since when each paper counts, and how it stands."""
    return [(each.resulted_at - MORNING, each.status) for each in certificates_of(person.code, EVENING)]


def state_of(person: Person) -> str:
    """What stands for somebody; empty where nothing does."""
    found = WhatStands.objects.filter(person_code=person.code).first()
    return found.state if found else ""


def what_is_ordered(person: Person) -> str:
    """What must be done for somebody; empty where nothing must."""
    return WhatStands.objects.get(person_code=person.code).order


def test_a_paper_counts_from_the_first_of_the_readings_that_agree(declared: Stage) -> None:
    """A positive of minute 20 that was corrected to negative agrees with the negative of minute 30."""
    first = tube(declared, "BR1", [DRIVER], 0, "positive")
    again = reading(declared, "BR1", 30, "negative")
    correction = corrected(declared, first[1], 60, "negative")
    declared.must_apply(*first, again, correction, signed(declared, correction, 61))
    assert papers(DRIVER) == [(20 * MINUTE, Outcome.VALID)]


@pytest.mark.parametrize("is_late", [True, False])
def test_a_negative_taken_back_and_entered_again_restarts_no_clock(declared: Stage, *, is_late: bool) -> None:
    """Whoever took a negative back and entered it again gained hours: prime-simplereport 3616."""
    first = tube(declared, "BR1", [DRIVER], 0, "negative", **BY_PCR)
    taken_back, again = withdrawn(declared, first[1], 60), reading(declared, "BR1", 300, "negative", **BY_PCR)
    entries = [*first, again, taken_back] if is_late else [*first, taken_back, again]
    for entry in entries:
        declared.must_apply(entry)
    assert papers(DRIVER)[0] == (20 * MINUTE, Outcome.VALID)


def test_a_negative_that_was_taken_back_for_another_value_leaves_it_its_own_time(declared: Stage) -> None:
    first = tube(declared, "BR1", [DRIVER], 0, "negative")
    declared.must_apply(*first, withdrawn(declared, first[1], 25), reading(declared, "BR1", 30, "invalid"))
    assert TubeResult.objects.get().resulted_at == MORNING + 30 * MINUTE


def test_a_closing_takes_away_no_positive_that_was_said_after_it(declared: Stage) -> None:
    """Positive, corrected to negative; closed as not confirmed; then corrected to positive after all."""
    first = tube(declared, "BR1", [DRIVER], 0, "positive")
    correction = corrected(declared, first[1], 30, "negative")
    declared.must_apply(*first, correction, signed(declared, correction, 31))
    facts = {"person_code": DRIVER.code, "outcome": "not_confirmed", "reason": "RT-PCR âm tính"}
    closing = deed_of("followup.closed", facts, WHY, actor=declared.staff.physician.id)
    declared.must_apply(sign_deed(closing, MORNING + 100 * MINUTE))
    declared.must_apply(corrected(declared, correction, 120, "positive"))
    declared.must_apply(*tube(declared, "BR2", [DRIVER], 200, "negative"))
    assert state_of(DRIVER) == "screening_positive"
    assert papers(DRIVER) == [(20 * MINUTE, Outcome.REVOKED)]


def test_a_positive_that_says_the_same_again_is_known_since_the_first(declared: Stage) -> None:
    first = tube(declared, "BR1", [DRIVER], 0, "positive")
    declared.must_apply(*first)
    facts = {"person_code": DRIVER.code, "outcome": "not_confirmed", "reason": "RT-PCR âm tính"}
    closing = deed_of("followup.closed", facts, WHY, actor=declared.staff.physician.id)
    declared.must_apply(sign_deed(closing, MORNING + 100 * MINUTE))
    declared.must_apply(corrected(declared, first[1], 120, "positive"))
    assert state_of(DRIVER) == ""


def test_a5_a_line_seen_late_warns_beside_an_earlier_reading(declared: Stage) -> None:
    """Only the first reading of a disputed run was asked whether it warns: the older paper stayed valid."""
    declared.must_apply(*tube(declared, "BR1", [DRIVER], 0, "negative"))
    declared.must_apply(*tube(declared, "BR2", [DRIVER], 60, "invalid"))
    declared.must_apply(reading(declared, "BR2", 100, "read_late", line_seen=True))
    assert state_of(DRIVER) == "disputed"
    assert papers(DRIVER) == [(20 * MINUTE, Outcome.SUSPENDED)]


def test_a_corrected_positive_warns_no_more_where_another_test_of_the_tube_is_disputed(
    declared: Stage,
) -> None:
    first = tube(declared, "BR1", [DRIVER], 0, "positive")
    correction = corrected(declared, first[1], 60, "negative")
    declared.must_apply(*first, correction, signed(declared, correction, 61))
    for minute, value in ((70, "invalid"), (75, "negative")):
        declared.must_apply(reading(declared, "BR1", minute, value, **BY_PCR))
    assert state_of(DRIVER) == "disputed"
    assert papers(DRIVER) == [(20 * MINUTE, Outcome.VALID)]


def test_a2_a_household_stays_one_where_no_withdrawal_removes_its_sampling(declared: Stage) -> None:
    """Under a positive pool the sampling stands, and so does who lives with whom."""
    declared.station.minute = 0
    family = [declared.station.collect("BR1", [DRIVER, ASSISTANT], is_household=True)]
    family.append(reading(declared, "BR1", 20, "positive"))
    declared.must_apply(*family)
    declared.must_apply(*tube(declared, "BR2", [ASSISTANT], 60, "negative", **BY_PCR))
    declared.must_apply(*tube(declared, "BR3", [DRIVER], 70, "positive", **BY_PCR))
    declared.must_apply(withdrawn(declared, family[0], 100))
    declared.must_apply(*tube(declared, "BR4", [ASSISTANT], 110, "negative"))
    assert state_of(ASSISTANT) == "contact"
    assert papers(ASSISTANT) == [(80 * MINUTE, Outcome.SUSPENDED)]


def test_a_sampling_is_taken_back_once_its_positive_was_corrected_in_two_steps(declared: Stage) -> None:
    """The first correction waits for its signature; the second corrects that one, and was signed."""
    first = tube(declared, "BR1", [DRIVER], 0, "positive")
    unsigned = corrected(declared, first[1], 30, "invalid")
    correction = corrected(declared, unsigned, 40, "negative")
    declared.must_apply(*first, unsigned, correction, signed(declared, correction, 41))
    declared.must_apply(withdrawn(declared, first[0], 50))
    assert state_of(DRIVER) == ""
    assert Outcome.VALID not in [status for _, status in papers(DRIVER)]


def test_a9_rt_pcr_of_the_same_tube_answers_a_rapid_test_that_spoiled(declared: Stage) -> None:
    """The rules asked for a new sample beside the paper of the old one."""
    declared.must_apply(*tube(declared, "BR1", [DRIVER], 0, "invalid"))
    assert what_is_ordered(DRIVER) == "recollection"
    declared.must_apply(reading(declared, "BR1", 60, "negative", **BY_PCR))
    assert (state_of(DRIVER), what_is_ordered(DRIVER)) == ("negative", "")
    assert papers(DRIVER) == [(60 * MINUTE, Outcome.VALID)]


def test_a9_a_rapid_negative_does_not_answer_an_rt_pcr_that_spoiled(declared: Stage) -> None:
    declared.must_apply(*tube(declared, "BR1", [DRIVER], 0, "invalid", **BY_PCR))
    declared.must_apply(reading(declared, "BR1", 60, "negative"))
    assert (state_of(DRIVER), what_is_ordered(DRIVER)) == ("recollect", "recollection")


@pytest.mark.parametrize("is_withdrawn_last", [True, False])
def test_a_correction_of_a_reading_that_was_taken_back_gives_nobody_a_paper(
    declared: Stage, *, is_withdrawn_last: bool
) -> None:
    """A paper stood upon a reading that was as if it had not been."""
    first = tube(declared, "BR1", [DRIVER], 0, "invalid")
    correction = corrected(declared, first[1], 30, "negative")
    taken_back = withdrawn(declared, first[1], 40)
    rest = [correction, taken_back] if is_withdrawn_last else [taken_back, correction]
    declared.must_apply(*first)
    for entry in rest:
        declared.must_apply(entry)
    assert state_of(DRIVER) == "disputed"
    assert Outcome.VALID not in [status for _, status in papers(DRIVER)]


def test_under_a_correction_that_was_taken_back_the_reading_is_corrected(declared: Stage) -> None:
    """The reading and the later correction disputed each other."""
    first = tube(declared, "BR1", [DRIVER], 0, "negative")
    slip = corrected(declared, first[1], 30, "invalid")
    correction = corrected(declared, slip, 40, "positive")
    declared.must_apply(*first, slip, correction, withdrawn(declared, slip, 50))
    assert state_of(DRIVER) == "screening_positive"


def test_a5_read_late_without_a_line_says_nothing_beside_a_reading_in_time(declared: Stage) -> None:
    declared.must_apply(*tube(declared, "BR1", [DRIVER], 0, "negative", kit=TIMED))
    declared.must_apply(reading(declared, "BR1", 50, "read_late", kit=TIMED, line_seen=False))
    assert papers(DRIVER) == [(20 * MINUTE, Outcome.VALID)]


@pytest.mark.parametrize("what", [0, 1])
def test_a5_a_line_seen_late_is_not_taken_back_nor_the_sampling_under_it(declared: Stage, what: int) -> None:
    """Its own author took it back within the shift, and the next rapid negative gave a paper."""
    declared.must_apply(*tube(declared, "BR0", [DRIVER], 0, "negative"))
    late = tube(declared, "BR1", [DRIVER], 30, "read_late", line_seen=True)
    declared.must_apply(*late, withdrawn(declared, late[what], 60))
    declared.must_apply(*tube(declared, "BR2", [DRIVER], 70, "negative"))
    assert (state_of(DRIVER), what_is_ordered(DRIVER)) == ("recollect", "rt_pcr")
    assert papers(DRIVER) == [(20 * MINUTE, Outcome.SUSPENDED)]


def test_a5_a_line_seen_late_is_corrected_by_two_accounts(declared: Stage) -> None:
    late = tube(declared, "BR1", [DRIVER], 0, "read_late", line_seen=True)
    correction = corrected(declared, late[1], 30, "invalid")
    declared.must_apply(*late, correction)
    assert what_is_ordered(DRIVER) == "rt_pcr"
    declared.must_apply(signed(declared, correction, 31))
    assert what_is_ordered(DRIVER) == "recollection"


def test_a5_who_saw_a_line_late_is_believed_beside_who_saw_none(declared: Stage) -> None:
    """The two disputed each other, and nobody asked for RT-PCR."""
    declared.must_apply(*tube(declared, "BR1", [DRIVER], 0, "read_late", kit=TIMED, line_seen=False))
    declared.must_apply(reading(declared, "BR1", 50, "read_late", kit=TIMED, line_seen=True))
    assert (state_of(DRIVER), what_is_ordered(DRIVER)) == ("recollect", "rt_pcr")


def test_a1_nobody_takes_a_positive_back_before_it_was_read(declared: Stage) -> None:
    """Whoever held the keys of yesterday's officers dated correction and signature to yesterday."""
    first = tube(declared, "BR1", [DRIVER], 30, "positive")
    yesterdays = Station()
    yesterdays.enrol()
    begun = yesterdays.start_shift(declared.staff.officer)
    yesterdays.minute = 5
    correction = yesterdays.correct("BR1", id_of(first[1]), "negative")
    declared.must_apply(*first, begun, correction, signed(declared, correction, 6))
    assert state_of(DRIVER) == "screening_positive"
    assert papers(DRIVER) == []
