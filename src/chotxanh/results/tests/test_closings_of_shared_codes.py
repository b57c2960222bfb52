"""Of several who claim one code, all positive, a physician ends the follow-up of one: the others' go on."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import pytest

from chotxanh.certificates.models import Certificate
from chotxanh.domain.problems import Problem
from chotxanh.ledger import server_log
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.models import Registration
from chotxanh.protocol.envelope import new_salt
from chotxanh.results.erasing import erase_registration, erase_registrations
from chotxanh.results.followups import closings
from chotxanh.results.followups.closings import ClosingOutcome, ClosingPersonal, FollowupClosed
from chotxanh.results.followups.models import Call, Closing
from chotxanh.results.followups.open import Said, close_followup, open_followups, warnings_about
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import DRIVER, EVENING, PHU_MY, WALKER
from tests.device import deed_of, member_facts
from tests.stage import Stage

WORDS = "Bà Lan ở số 5 đã khỏi"


class Two(NamedTuple):
    """The registrations of two people with one code: its owner, and who claims it too."""

    owner: UUID
    other: UUID


def swabbed(stage: Stage, tube: str, registration: UUID | None, value: str) -> None:
    """Sample one of them, and read it 20 minutes later."""
    station = stage.station
    collection = station.collect(
        tube, [DRIVER], members=[member_facts(DRIVER.code, registration=registration)]
    )
    station.minute += 20
    stage.must_apply(collection, station.result(tube, value))


@pytest.fixture
def two(declared: Stage) -> Two:
    """Both are positive, each by a tube that names them."""
    owner = Registration.objects.get(person_code=DRIVER.code).id
    declared.station.minute += 5
    (other,) = declared.must_apply(declared.station.register(WALKER, person_code=DRIVER.code))
    swabbed(declared, "BR1", owner, "positive")
    swabbed(declared, "BR2", other, "positive")
    return Two(owner, other)


def followed() -> list[UUID | None]:
    """Whose follow-ups are open."""
    return list(open_followups().values_list("registration", flat=True))


def end(stage: Stage, whose: UUID | None, outcome: ClosingOutcome = ClosingOutcome.RECOVERED) -> None:
    """The physician, who was shown everything that warns under the code, ends the follow-up of this one."""
    everything = [each for who in {*followed(), whose} for each in warnings_about(DRIVER.code, who)]
    closing = FollowupClosed(DRIVER.code, outcome, whose, everything)
    close_followup(Said(closing, ClosingPersonal(new_salt(), WORDS)), stage.staff.physician, EVENING)


def end_as_before(stage: Stage, whose: UUID, considered: list[str] | None) -> None:
    """A physician's closing as the second version recorded it: of the code, with its owner."""
    older = closings.FollowupClosedOfCode(DRIVER.code, ClosingOutcome.NOT_CONFIRMED, whose, considered)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(server_log, "row_of", lambda _: replace(closings.CLOSED_OF_CODE, upcast=None))
        why = ClosingPersonal(new_salt(), WORDS)
        record_deeds([Deed(older, why, actor=stage.staff.physician.id)], EVENING)
    assert Entry.objects.get(kind="followup.closed").version == closings.CLOSED_OF_CODE.version


def must_rebuild_alike() -> None:
    before = fingerprints()
    rebuild_tables(EVENING + timedelta(hours=4))
    assert fingerprints() == before


@pytest.mark.parametrize("outcome", [ClosingOutcome.RECOVERED, ClosingOutcome.NOT_CONFIRMED])
@pytest.mark.parametrize("is_owners", [True, False])
def test_the_end_of_ones_follow_up_is_not_the_others(
    declared: Stage, two: Two, outcome: ClosingOutcome, *, is_owners: bool
) -> None:
    """Who was positive still had a certificate for their next negative."""
    ended, left = (two.owner, two.other) if is_owners else (two.other, two.owner)
    end(declared, ended, outcome)
    assert followed() == [left]
    declared.station.minute = 13 * 60
    declared.now = EVENING + timedelta(hours=3)
    swabbed(declared, "BR3", left, "negative")
    swabbed(declared, "BR4", ended, "negative")
    assert [each.registration for each in Certificate.objects.all()] == [ended]
    must_rebuild_alike()


def test_each_of_them_can_be_ended(declared: Stage, two: Two) -> None:
    for whose in two:
        end(declared, whose)
    assert followed() == []
    must_rebuild_alike()


def test_what_waits_for_whose_it_is_is_ended_by_itself(declared: Stage, two: Two) -> None:
    swabbed(declared, "BR5", None, "positive")
    end(declared, two.owner)
    assert sorted(map(str, followed())) == sorted(map(str, [None, two.other]))
    end(declared, None)
    assert followed() == [two.other]
    must_rebuild_alike()


@pytest.mark.parametrize("considered", [None, ["ttyt-phu-my/BR1", "ttyt-phu-my/BR2"]])
def test_an_older_end_that_may_be_of_either_ends_nothing(
    declared: Stage, two: Two, considered: list[str] | None
) -> None:
    """It named the code's owner, whoever's result the physician had opened."""
    known = warnings_about(DRIVER.code, two.owner) + warnings_about(DRIVER.code, two.other)
    end_as_before(declared, two.owner, considered and known)
    assert sorted(map(str, followed())) == sorted(map(str, two))
    must_rebuild_alike()


def test_an_older_end_of_one_alone_still_ends_it(declared: Stage, two: Two) -> None:
    end_as_before(declared, two.owner, warnings_about(DRIVER.code, two.other))
    assert followed() == [two.owner]
    must_rebuild_alike()


def test_why_the_others_follow_up_ended_is_erased_with_the_other(declared: Stage, two: Two) -> None:
    for whose in two:
        end(declared, whose)
    erase_registration(Registration.objects.get(id=two.other), "request", EVENING)
    kept = {each.registration: each.id for each in Closing.objects.all()}
    assert Entry.objects.get(id=kept[two.other]).personal is None
    assert Entry.objects.get(id=kept[two.owner]).personal is not None
    must_rebuild_alike()


def call(stage: Stage, tube: str) -> None:
    """A lead tells somebody by phone that they are positive."""
    facts = {"facility": PHU_MY, "tube": tube, "person_code": DRIVER.code, "reason": "positive"}
    deed = deed_of("followup.contacted", facts | {"outcome": "reached"}, actor=stage.staff.lead.id)
    record_deeds([deed], EVENING)


@pytest.mark.parametrize(("tube", "left"), [("BR1", "BR2"), ("BR2", "BR1")])
def test_a_call_that_reached_one_of_them_is_no_call_to_the_other(
    declared: Stage, two: Two, tube: str, left: str
) -> None:
    """Who was not called stood among those who know."""
    call(declared, tube)
    assert [each.tube for each in Call.objects.filter(closed_at=None)] == [f"{PHU_MY}/{left}"]
    must_rebuild_alike()


def test_a_call_to_one_of_them_tells_all_that_is_known_of_that_one(declared: Stage, two: Two) -> None:
    swabbed(declared, "BR3", two.other, "positive")
    call(declared, "BR2")
    assert [each.tube for each in Call.objects.filter(closed_at=None)] == [f"{PHU_MY}/BR1"]


@pytest.mark.parametrize("values", [["positive"], ["positive", "negative"]])
def test_whoever_claims_a_code_too_is_not_erased_while_positive_or_in_doubt(
    declared: Stage, values: list[str]
) -> None:
    """What stands for a code is its owner's: of whoever else claims it nothing kept their number from being erased."""
    declared.station.minute += 5
    (other,) = declared.must_apply(declared.station.register(WALKER, person_code=DRIVER.code))
    swabbed(declared, "BR1", other, values[0])
    for value in values[1:]:
        declared.must_apply(declared.station.result("BR1", value))
    with pytest.raises(Problem, match="erasure_followed_up"):
        erase_registration(Registration.objects.get(id=other), "request", EVENING)
    among = Registration.objects.all()
    assert erase_registrations([other], among, "period_over", EVENING) == 0
