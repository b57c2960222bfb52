"""Of a tube with several samplings, a result counts for the one chosen only once a lead has said that it is its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest

from chotxanh.ledger.server_log import Deed, record_deeds, sign_deed
from chotxanh.protocol.envelope import wire_time
from chotxanh.registers.posts.entries import PostKind, PostOpened
from chotxanh.results.followups.models import Call
from chotxanh.results.models import RecollectionOrder, TubeResult
from chotxanh.results.queries import PersonState, standing_of
from chotxanh.results.tests.test_words import SETTLED, in_force, outcomes
from tests.cast import BEGINS, DRIVER, EVENING, MORNING, PHU_MY, QL51, RIDER
from tests.device import collection_facts, deed_of, id_of
from tests.stage import Stage

AT_WORK, TUBE = wire_time(MORNING), {"facility": PHU_MY, "tube": "BR1"}
EARLIER = EVENING - timedelta(minutes=30)
SECOND_LANE = UUID("017adaf0-0000-7000-8000-000000000052")
UNSAID = (0, False, True)


@dataclass
class Shared:
    """A tube used at two lanes, and the one result of it that was recorded; all of it may arrive in any order."""

    lead: UUID
    first: bytes
    second: bytes
    negative: bytes

    @property
    def entries(self) -> list[bytes]:
        """What the station recorded."""
        return [self.first, self.second, self.negative]

    def choose(self, stands: bytes, at: datetime = EVENING) -> bytes:
        """Return the lead's word on which sampling stands."""
        both = [id_of(self.first), id_of(self.second)]
        facts = {"stands": id_of(stands), "considered": both, "sampled_at": AT_WORK}
        return self._word("specimen.resolved", facts, at)

    def confirm(self, at: datetime = EVENING) -> bytes:
        """Return the lead's word on the result."""
        negative = id_of(self.negative)
        facts = {"stands": negative, "considered": [negative], "resulted_at": AT_WORK}
        return self._word("result.resolved", facts, at)

    def _word(self, kind: str, facts: dict[str, Any], at: datetime) -> bytes:
        return sign_deed(deed_of(kind, TUBE | facts, actor=self.lead), at)


@pytest.fixture
def shared(declared: Stage) -> Shared:
    station = declared.station
    station.minute = 30
    first, second = station.collect("BR1", [DRIVER]), station.collect("BR1", [RIDER])
    return Shared(declared.staff.lead.id, first, second, station.result("BR1", "negative"))


def reasons() -> list[str]:
    """Why the tube's result is disputed."""
    found: list[str] = TubeResult.objects.get().disputes
    return found


def test_a_result_is_not_that_of_the_chosen_sampling_until_a_lead_says_so(
    declared: Stage, shared: Shared
) -> None:
    """Lane 2 read a negative of its own person; lane 1's got the certificate as soon as lane 1 was chosen."""
    assert outcomes(declared, [*shared.entries, shared.choose(shared.first)]) == {UNSAID}
    declared.must_apply(*shared.entries, shared.choose(shared.first))
    assert reasons() == ["result_of_which_sampling"]
    assert standing_of(DRIVER.code).state is PersonState.DISPUTED


@pytest.mark.parametrize("held_back", list(combinations(range(3), 2)))
def test_a_word_on_each_settles_a_tube_used_twice_in_any_order(
    declared: Stage, shared: Shared, held_back: tuple[int, int]
) -> None:
    late = [shared.entries[place] for place in held_back]
    declared.must_apply(*(each for each in shared.entries if each not in late))
    assert outcomes(declared, [*late, shared.choose(shared.first), shared.confirm()]) == {SETTLED}


def test_a_word_on_the_result_from_before_the_choice_did_not_speak_of_it(
    declared: Stage, shared: Shared
) -> None:
    declared.must_apply(*shared.entries)
    assert outcomes(declared, [shared.confirm(EARLIER), shared.choose(shared.first)]) == {UNSAID}


def test_another_choice_asks_for_the_result_anew(declared: Stage, shared: Shared) -> None:
    declared.must_apply(*shared.entries)
    settled = [shared.choose(shared.first, EARLIER), shared.confirm(EARLIER)]
    assert outcomes(declared, settled) == {SETTLED}
    assert outcomes(declared, [*settled, shared.choose(shared.second)]) == {UNSAID}


def test_a_result_that_comes_after_the_words_is_asked_for_anew(declared: Stage, shared: Shared) -> None:
    again = declared.station.result("BR1", "negative")
    declared.must_apply(*shared.entries)
    assert outcomes(declared, [shared.choose(shared.first), shared.confirm(), again]) == {UNSAID}


@pytest.mark.parametrize("taken_back", [0, 1])
def test_what_another_post_took_back_leaves_the_result_to_a_lead(declared: Stage, taken_back: int) -> None:
    """Lane 2 read a negative of its own person and took its sampling back: the result is not lane 1's by itself."""
    first = declared.station.collect("BR1", [DRIVER])
    lane = PostOpened(QL51, "Chốt QL51", PostKind.LANE, "Làn 2", PHU_MY, "QL51", position=9)
    record_deeds([Deed(lane, id=SECOND_LANE)], BEGINS)
    elsewhere = collection_facts("BR1", [RIDER.code]) | {"post": SECOND_LANE}
    second = declared.station.entry("specimen.collected", elsewhere)
    negative = declared.station.result("BR1", "negative")
    facts = {"entry": id_of((first, second)[taken_back]), "reason": "wrong_tube"}
    withdrawal = sign_deed(deed_of("entry.withdrawn", facts, actor=declared.staff.lead.id), EVENING)
    assert outcomes(declared, [first, second, negative, withdrawal]) == {UNSAID}
    shared = Shared(declared.staff.lead.id, first, second, negative)
    assert outcomes(declared, [*shared.entries, withdrawal, shared.confirm()]) == {SETTLED}


def test_a_tube_of_which_one_sampling_was_taken_back_needs_no_word(declared: Stage, shared: Shared) -> None:
    declared.must_apply(*shared.entries)
    facts = {"entry": id_of(shared.second), "reason": "wrong_tube"}
    declared.must_apply(sign_deed(deed_of("entry.withdrawn", facts, actor=shared.lead), EVENING))
    assert (reasons(), in_force()) == ([], 1)


@pytest.mark.parametrize("is_read", [True, False])
def test_whom_a_choice_leaves_out_must_be_sampled_again_and_is_called(
    declared: Stage, shared: Shared, *, is_read: bool
) -> None:
    """They were told to wait for a result that nobody would bring, and stood on no list."""
    declared.must_apply(*shared.entries[: 3 if is_read else 2], shared.choose(shared.first))
    standing = standing_of(RIDER.code)
    assert (standing.state, standing.resulted_at) == (PersonState.RECOLLECT, None)
    assert recalls() == [(RIDER.code, "not_chosen", None)]
    assert list(Call.objects.values_list("reason", "person_code", "known_at")) == [
        ("recall", RIDER.code, EVENING)
    ]


def test_a_later_result_of_their_own_closes_the_recollection(declared: Stage, shared: Shared) -> None:
    declared.must_apply(*shared.entries, shared.choose(shared.first))
    declared.station.minute += 30
    again = declared.station.collect("BR2", [RIDER])
    declared.must_apply(again)
    assert standing_of(RIDER.code).state is PersonState.SAMPLED
    declared.station.minute += 20
    result = declared.station.result("BR2", "negative")
    declared.must_apply(result)
    assert recalls() == [(RIDER.code, "not_chosen", id_of(result))]
    assert not Call.objects.exists()


def test_who_is_in_the_chosen_sampling_too_is_not_left_out(declared: Stage, shared: Shared) -> None:
    shared.second = declared.station.collect("BR1", [DRIVER])
    declared.must_apply(*shared.entries, shared.choose(shared.first), shared.confirm())
    assert (standing_of(DRIVER.code).state, recalls()) == (PersonState.NEGATIVE, [])


def recalls() -> list[tuple[str, str, UUID | None]]:
    """Who must be sampled again, why, and what closed it."""
    return list(RecollectionOrder.objects.values_list("person_code", "reason", "closed_by"))
