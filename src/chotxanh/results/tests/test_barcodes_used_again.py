"""A barcode that is used again once a sampling was taken back: its person is free, and no positive is lost."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.posts.entries import PostKind, PostOpened
from chotxanh.results.models import WhatStands
from chotxanh.results.queries import PersonState, standing_of
from tests.cast import BEGINS, DRIVER, EVENING, PHU_MY, QL51, RIDER, Person
from tests.device import collection_facts, id_of
from tests.halves import orders
from tests.stage import Stage

SECOND_LANE = UUID("017adaf0-0000-7000-8000-000000000052")
MONTH = 31 * 24 * 60


@pytest.fixture
def lanes(declared: Stage) -> Stage:
    """Two lanes of one checkpoint, asked about in forty days."""
    lane = PostOpened(QL51, "Chốt QL51", PostKind.LANE, "Làn 2", PHU_MY, "QL51", position=9)
    record_deeds([Deed(lane, id=SECOND_LANE)], BEGINS)
    declared.now = EVENING + timedelta(days=40)
    return declared


def taken_back(stage: Stage) -> list[bytes]:
    """The driver is sampled into BR1, and the sampling is taken back."""
    stage.station.minute = 0
    first = stage.station.collect("BR1", [DRIVER])
    stage.station.minute = 5
    facts = {"entry": id_of(first), "reason": "wrong_tube"}
    return [first, stage.station.entry("entry.withdrawn", facts)]


def used_again(
    stage: Stage, minute: int, person: Person, value: str, *, is_elsewhere: bool = False
) -> list[bytes]:
    """BR1 is filled again, and read."""
    stage.station.minute = minute
    post = {"post": SECOND_LANE} if is_elsewhere else {}
    again = stage.station.entry("specimen.collected", collection_facts("BR1", [person.code]) | post)
    stage.station.minute = minute + 20
    return [again, stage.station.result("BR1", value)]


def states() -> tuple[PersonState, PersonState]:
    return standing_of(DRIVER.code).state, standing_of(RIDER.code).state


def in_every_order(stage: Stage, entries: list[bytes]) -> set[tuple[PersonState, PersonState]]:
    found = set()
    for order in orders(entries):
        with transaction.atomic():
            for entry in order:
                stage.must_apply(entry)
            found.add(states())
            transaction.set_rollback(True)
    return found


def test_whose_sampling_was_taken_back_is_told_nothing_of_the_tube(lanes: Stage) -> None:
    """The own page said "sampled", then "sample again", for ever."""
    entries = [*taken_back(lanes), *used_again(lanes, 60, RIDER, "negative")]
    assert in_every_order(lanes, entries) == {(PersonState.DECLARED, PersonState.NEGATIVE)}


def test_a_dispute_of_the_second_sampling_is_not_of_the_first_ones_person(lanes: Stage) -> None:
    first = taken_back(lanes)
    second, third = (used_again(lanes, minute, RIDER, "negative") for minute in (60, 70))
    lanes.must_apply(*first, *second, *third)
    assert states() == (PersonState.DECLARED, PersonState.DISPUTED)


def test_a_positive_a_month_later_is_not_of_a_sampling_that_was_taken_back(lanes: Stage) -> None:
    entries = [*taken_back(lanes), *used_again(lanes, MONTH, RIDER, "positive", is_elsewhere=True)]
    assert in_every_order(lanes, entries) == {(PersonState.DECLARED, PersonState.POSITIVE)}


@pytest.mark.parametrize(("value", "state"), [("negative", "negative"), ("positive", "screening_positive")])
def test_the_same_people_sampled_again_anywhere_are_who_they_were(
    lanes: Stage, value: str, state: str
) -> None:
    lanes.must_apply(*taken_back(lanes), *used_again(lanes, 60, DRIVER, value, is_elsewhere=True))
    assert WhatStands.objects.get(person_code=DRIVER.code).state == state


def test_a_positive_soon_after_may_be_of_the_swab_that_was_taken_back(lanes: Stage) -> None:
    entries = [*taken_back(lanes), *used_again(lanes, 60, RIDER, "positive")]
    assert in_every_order(lanes, entries) == {(PersonState.DISPUTED, PersonState.DISPUTED)}


def test_using_a_barcode_again_takes_no_earlier_positive_away(lanes: Stage) -> None:
    first, withdrawal = taken_back(lanes)
    lanes.station.minute = 20
    positive = lanes.station.result("BR1", "positive")
    lanes.must_apply(first, withdrawal, positive, *used_again(lanes, MONTH, RIDER, "negative"))
    assert states()[0] is PersonState.DISPUTED
