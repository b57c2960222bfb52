"""What comes late, when somebody is known to be positive, waits for the department: kept, shown, unused (B2)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.kinds import Role
from chotxanh.domain.lateness import FAR, ONE_SENDING
from chotxanh.domain.problems import Problem
from chotxanh.ledger.entries import EntryWithdrawn
from chotxanh.ledger.models import Entry
from chotxanh.ledger.recording import record
from chotxanh.ledger.rulings import withdraw_entry
from chotxanh.ledger.server_log import record_deeds
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from chotxanh.results.disputes import count_by_reason, disputed, recorded_tubes
from chotxanh.results.models import PersonResult, ResultFact, TubeResult, WhatStands
from chotxanh.results.queries import PersonState, standing_of
from chotxanh.results.resolutions import TubeWord, resolve_result, seen
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import ASSISTANT, DRIVER, MORNING, PHU_MY, RT_PCR, TRAVELLERS, Person, hire
from tests.device import MINUTE, Station, deed_of, id_of
from tests.halves import drawn, orders
from tests.reached import state, undone
from tests.stage import Stage

BY_PCR: dict[str, Any] = {"test": RT_PCR, "kit": None}
MUCH_LATER = MORNING + timedelta(hours=10)


@pytest.fixture
def elsewhere(declared: Stage) -> Station:
    """Another station, with a shift of its own: whoever stops its clock dates what it signs as they like."""
    station = Station(began=MORNING)
    station.enrol()
    arrive(MORNING, station.start_shift(declared.staff.officer))
    return station


def arrive(at: datetime, *entries: bytes) -> None:
    answers = record(entries, at).answers
    assert {each.answer.value for each in answers} == {"applied"}, answers


def swabbed(
    station: Station, tube: str, value: str, minute: int, people: Sequence[Person] = (DRIVER,), **test: Any
) -> list[bytes]:
    """The entries of one tube: sampled at `minute`, read 16 minutes later."""
    station.minute = minute
    collection = station.collect(tube, list(people), is_household=len(people) > 1, **test)
    station.minute = minute + 16
    return [collection, station.result(tube, value, **test)]


def suspended(declared: Stage) -> None:
    """A paper of the morning, and a rapid positive that suspends it, all of it received as it was done."""
    arrive(MORNING + 25 * MINUTE, *swabbed(declared.station, "BR1", "negative", 5))
    arrive(MORNING + 80 * MINUTE, *swabbed(declared.station, "BR2", "positive", 60))


def statuses(person: Person = DRIVER) -> set[Outcome]:
    return {each.status for each in certificates_of(person.code, MUCH_LATER)}


def waiting() -> list[str]:
    return [key.partition("/")[2] for key, _ in disputed(WHOLE_PROVINCE)]


def decide(tube: str, lead: Any, at: datetime) -> None:
    recorded = recorded_tubes([f"{PHU_MY}/{tube}"])[0]
    negative = next(each for each in recorded.results if each.value == "negative")
    word = TubeWord(PHU_MY, tube, negative.id, negative.resulted_at, seen(recorded.results))
    resolve_result(word, lead, at)


def test_what_comes_when_it_was_done_lifts_a_positive(declared: Stage, elsewhere: Station) -> None:
    suspended(declared)
    arrive(MORNING + 150 * MINUTE, *swabbed(elsewhere, "XN1", "negative", 100, **BY_PCR))
    assert statuses() == {Outcome.VALID}
    assert not waiting()


def test_b2_a_negative_that_comes_late_lifts_nothing_and_gives_no_paper(
    declared: Stage, elsewhere: Station
) -> None:
    suspended(declared)
    arrive(MUCH_LATER, *swabbed(elsewhere, "XN1", "negative", 100, **BY_PCR))
    assert statuses() == {Outcome.SUSPENDED}
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "screening_positive"
    assert standing_of(DRIVER.code).state is PersonState.POSITIVE
    assert PersonResult.objects.get(tube__endswith="XN1").waits_since == MUCH_LATER
    assert waiting() == ["XN1"]
    assert count_by_reason(WHOLE_PROVINCE) == {"came_late": 1}


def test_the_department_decides_on_it_and_then_it_counts(declared: Stage, elsewhere: Station) -> None:
    suspended(declared)
    arrive(MUCH_LATER, *swabbed(elsewhere, "XN1", "negative", 100, **BY_PCR))
    decide("XN1", declared.staff.lead, MUCH_LATER + 10 * MINUTE)
    assert not waiting()
    assert Outcome.VALID in statuses()
    assert PersonResult.objects.get(tube__endswith="XN1").waits_since is None
    assert {each.resulted_at for each in certificates_of(DRIVER.code, MUCH_LATER)} <= {
        MORNING + 21 * MINUTE,
        MORNING + 116 * MINUTE,
    }


def test_what_a_lead_takes_back_instead_is_gone_from_the_list(declared: Stage, elsewhere: Station) -> None:
    suspended(declared)
    late = swabbed(elsewhere, "XN1", "negative", 100, **BY_PCR)
    arrive(MUCH_LATER, *late)
    withdraw_entry(EntryWithdrawn(id_of(late[1]), "other"), declared.staff.lead, MUCH_LATER + MINUTE)
    assert not waiting()
    assert statuses() == {Outcome.SUSPENDED}


def test_a_sampling_that_comes_late_waits_though_its_result_was_read_today(
    declared: Stage, elsewhere: Station
) -> None:
    suspended(declared)
    collection, _ = swabbed(elsewhere, "XN1", "negative", 100, **BY_PCR)
    elsewhere.minute = 600
    arrive(MUCH_LATER, collection, elsewhere.result("XN1", "negative", **BY_PCR))
    assert statuses() == {Outcome.SUSPENDED}
    assert waiting() == ["XN1"]
    decide("XN1", declared.staff.lead, MUCH_LATER + 10 * MINUTE)
    assert not waiting()


def test_a_word_from_before_the_late_sampling_came_does_not_speak_of_it(
    declared: Stage, elsewhere: Station
) -> None:
    suspended(declared)
    collection, _ = swabbed(elsewhere, "XN1", "negative", 100, **BY_PCR)
    elsewhere.minute = 200
    arrive(MORNING + 201 * MINUTE, elsewhere.result("XN1", "negative", **BY_PCR))
    decide("XN1", declared.staff.lead, MORNING + 210 * MINUTE)
    arrive(MUCH_LATER, collection)
    assert statuses() == {Outcome.SUSPENDED}
    assert waiting() == ["XN1"]


def test_a_positive_counts_at_once_however_late_it_comes(declared: Stage, elsewhere: Station) -> None:
    suspended(declared)
    arrive(MUCH_LATER, *swabbed(elsewhere, "XN1", "positive", 100, **BY_PCR))
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "positive"
    assert not waiting()


def test_a_late_batch_waits_for_nobody_where_nobody_was_suspended(
    declared: Stage, elsewhere: Station
) -> None:
    """The nurse's case: a post without a line for a day; of its people one alone is known to be positive."""
    suspended(declared)
    late = [
        each
        for n, one in enumerate(TRAVELLERS)
        for each in swabbed(elsewhere, f"M{n}", "negative", 90, [one])
    ]
    arrive(MUCH_LATER, *late)
    assert all(statuses(one) == {Outcome.VALID} for one in TRAVELLERS if one is not DRIVER)
    assert len(Entry.objects.filter(answer="applied", received_at=MUCH_LATER, kind="result.recorded")) == 5


def test_a_post_whose_line_comes_back_sends_its_positive_and_what_followed(
    declared: Stage, elsewhere: Station
) -> None:
    """A station sends one entry after the other: its own backlog is no forgery."""
    backlog = [
        *swabbed(elsewhere, "BR2", "positive", 60),
        *swabbed(elsewhere, "XN1", "negative", 100, **BY_PCR),
    ]
    for place, entry in enumerate(backlog):
        arrive(MUCH_LATER + place * MINUTE, entry)
    assert statuses() == {Outcome.VALID}
    assert not waiting()


def test_a_warning_that_others_have_ended_holds_nothing_back(declared: Stage, elsewhere: Station) -> None:
    suspended(declared)
    arrive(MORNING + 150 * MINUTE, *swabbed(declared.station, "XN1", "negative", 100, **BY_PCR))
    arrive(MUCH_LATER, *swabbed(elsewhere, "BR3", "negative", 170))
    assert not waiting()
    assert statuses() == {Outcome.VALID}


def test_a_companions_positive_holds_a_late_negative_back_too(declared: Stage, elsewhere: Station) -> None:
    family = [DRIVER, ASSISTANT]
    together = swabbed(declared.station, "BR1", "negative", 5, family)
    arrive(MORNING + 25 * MINUTE, *together)
    arrive(MORNING + 80 * MINUTE, *swabbed(declared.station, "BR2", "positive", 60))
    arrive(MUCH_LATER, *swabbed(elsewhere, "XN1", "negative", 100, [ASSISTANT], **BY_PCR))
    assert waiting() == ["XN1"]
    assert Outcome.VALID not in statuses(ASSISTANT)


def corrections(declared: Stage, elsewhere: Station, second: Station) -> tuple[bytes, bytes, UUID]:
    """A positive of which the driver was told, and a correction with its signature dated before the telling."""
    sampled = swabbed(declared.station, "BR2", "positive", 60)
    arrive(MORNING + 80 * MINUTE, *sampled)
    positive = id_of(sampled[1])
    facts = {
        "facility": PHU_MY,
        "tube": "BR2",
        "result": str(positive),
        "person_code": DRIVER.code,
        "way": "call",
    }
    record_deeds([deed_of("result.told", facts, actor=declared.staff.officer.id)], MORNING + 100 * MINUTE)
    elsewhere.minute = 85
    correction = elsewhere.correct("BR2", positive, "negative")
    second.minute = 90
    facts = {"facility": PHU_MY, "tube": "BR2", "correction": str(id_of(correction))}
    return correction, second.entry("result.countersigned", facts), id_of(correction)


@pytest.fixture
def technicians(declared: Stage) -> Station:
    station = Station(began=MORNING)
    station.enrol()
    arrive(MORNING, station.start_shift(declared.staff.technician))
    return station


def test_b2_a_correction_dated_before_the_telling_takes_no_positive_back_when_it_comes_late(
    declared: Stage, elsewhere: Station, technicians: Station
) -> None:
    correction, signature, id = corrections(declared, elsewhere, technicians)
    arrive(MUCH_LATER, correction, signature)
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "disputed"
    assert TubeResult.objects.get().disputes == ["came_late"]
    assert ResultFact.objects.get(id=id).marks & 2048
    assert statuses() == set()
    assert waiting() == ["BR2"]


def test_b2_a_signature_dated_before_the_telling_signs_nothing_when_it_comes_late(
    declared: Stage, elsewhere: Station, technicians: Station
) -> None:
    correction, signature, _ = corrections(declared, elsewhere, technicians)
    arrive(MORNING + 95 * MINUTE, correction)
    arrive(MUCH_LATER, signature)
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "screening_positive"
    assert statuses() == set()


@pytest.mark.parametrize("is_late", [False, True])
def test_the_bounds_are_an_hour_after_it_was_done_and_one_sending_after_the_warning(
    declared: Stage, elsewhere: Station, is_late: bool
) -> None:
    suspended(declared)  # received at minute 80
    late = swabbed(elsewhere, "XN1", "negative", 81 + ONE_SENDING // MINUTE, **BY_PCR)
    read_at = MORNING + (81 + ONE_SENDING // MINUTE) * MINUTE
    arrive(read_at + FAR + (MINUTE if is_late else timedelta()), *late)
    assert waiting() == (["XN1"] if is_late else [])


def test_a_lead_does_not_rule_that_their_own_late_negative_stands(declared: Stage) -> None:
    """Alone, a lead recorded a negative of before the positive and ruled that it stands: the paper was valid again."""
    own = Station(began=MORNING)
    own.enrol()
    arrive(MORNING, own.start_shift(declared.staff.lead))
    suspended(declared)
    arrive(MUCH_LATER, *swabbed(own, "XN1", "negative", 100, **BY_PCR))
    with pytest.raises(Problem, match="ruling_own"):
        decide("XN1", declared.staff.lead, MUCH_LATER + 10 * MINUTE)
    assert statuses() == {Outcome.SUSPENDED}
    another = hire(Role.LEAD, "", "")
    decide("XN1", another, MUCH_LATER + 10 * MINUTE)
    assert statuses() == {Outcome.VALID}


Act = tuple[datetime, list[bytes]]


def states_in(orders: Sequence[Sequence[Act]]) -> list[dict[str, Any]]:
    found = []
    for order in orders:
        with undone():
            for at, entries in order:
                arrive(at, *entries)
            found.append(state())
            before = fingerprints()
            rebuild_tables(MUCH_LATER)
            assert fingerprints() == before, "a rebuild must find the same tables"
    return found


def test_every_order_and_a_rebuild_end_in_the_same_state(declared: Stage, elsewhere: Station) -> None:
    """Receipts are facts: in whatever order what was received then is reckoned, the same waits."""
    acts: list[Act] = [
        (MORNING + 25 * MINUTE, swabbed(declared.station, "BR1", "negative", 5)),
        (MORNING + 80 * MINUTE, swabbed(declared.station, "BR2", "positive", 60)),
        (MUCH_LATER, swabbed(elsewhere, "XN1", "negative", 100, **BY_PCR)),
        (MUCH_LATER + MINUTE, swabbed(declared.station, "XN2", "negative", 590, **BY_PCR)),
    ]
    states = states_in(orders(acts))
    assert all(each == states[0] for each in states)


HISTORIES = st.lists(
    st.tuples(
        st.sampled_from(["negative", "positive", "invalid"]),
        st.booleans(),
        st.integers(0, 300),
        st.sampled_from([0, 10, 50, 70, 400]),
        st.sampled_from([[DRIVER], [ASSISTANT], [DRIVER, ASSISTANT]]),
    ),
    min_size=2,
    max_size=5,
)


@pytest.mark.slow
@drawn(30)
@given(history=HISTORIES, chance=st.randoms(use_true_random=False))
def test_drawn_histories_end_in_the_same_state_in_any_order(
    declared: Stage, history: list[Any], chance: Any
) -> None:
    with undone():
        acts: list[Act] = []
        for number, (value, is_pcr, minute, delay, people) in enumerate(history):
            station = Station(began=MORNING)
            station.enrol()
            arrive(MORNING, station.start_shift(declared.staff.officer))
            entries = swabbed(station, f"T{number}", value, minute, people, **(BY_PCR if is_pcr else {}))
            acts.append((MORNING + (minute + 16 + delay) * MINUTE, entries))
        orders = [sorted(acts, key=lambda act: act[0]), chance.sample(acts, len(acts))]
        first, second = states_in(orders)
        assert first == second


def test_the_office_shows_it_with_its_reason_and_a_lead_decides_there(
    lead: Client, declared: Stage, elsewhere: Station
) -> None:
    suspended(declared)
    arrive(MUCH_LATER, *swabbed(elsewhere, "XN1", "negative", 100, **BY_PCR))
    listed = lead.get("/office/disputed").content.decode()
    assert "Gửi về muộn, khi đã biết có người dương tính" in listed
    page = lead.get(f"/office/disputed/{PHU_MY}/XN1").content.decode()
    assert 'name="stands"' in page
