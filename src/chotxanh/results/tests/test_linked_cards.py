"""A card shows the last result known of a person under any code, so it changes when the result of another does."""

from datetime import timedelta
from uuid import UUID

import pytest

from chotxanh.domain.codes import CodeType, new_code
from chotxanh.ledger.feed.pages import read_feed
from chotxanh.ledger.server_log import record_deeds
from chotxanh.people.models import Registration
from tests.cast import DRIVER, EVENING, RIDER
from tests.device import Station, collection_facts, deed_of
from tests.stage import Stage

ROAD = ["road:QL51"]


def read_to_the_end(cursor: str = "") -> tuple[str, set[str]]:
    """Return where the feed of the road ends now, and whose cards came since `cursor`."""
    cards: set[str] = set()
    while True:
        page = read_feed(cursor, ROAD, EVENING)
        cards |= {card.id for card in page.cards}
        cursor = page.cursor
        if not page.has_more:
            return cursor, cards


def declare_again(stage: Stage) -> str:
    """Let the driver declare a second time, with the same identity card and under another code."""
    code = new_code(CodeType.PERSON, b"0123456789abcdef")
    stage.must_apply(
        stage.station.entry(
            "declaration.submitted", DRIVER.facts() | {"person_code": code}, DRIVER.personal()
        )
    )
    return code


def test_a_result_under_one_code_changes_the_cards_of_the_others(declared: Stage) -> None:
    second = declare_again(declared)
    cursor, _ = read_to_the_end()
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), declared.station.result("BR1", "positive"))
    assert {DRIVER.code, second} <= read_to_the_end(cursor)[1]


def test_a_declaration_that_comes_late_changes_the_cards_of_the_same_person(stage: Stage) -> None:
    late = stage.station.declare(DRIVER)
    second = declare_again(stage)
    stage.must_apply(stage.station.collect("BR1", [DRIVER]), stage.station.result("BR1", "negative"))
    cursor, _ = read_to_the_end()
    stage.must_apply(late)
    assert second in read_to_the_end(cursor)[1]


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_claim_of_a_code_by_another_changes_the_cards_that_showed_its_result(
    declared: Stage, hours: int
) -> None:
    """Also where the other declared first: whose cards change is decided by everybody who claims the code."""
    second = declare_again(declared)
    facts = collection_facts("BR1", [second])
    declared.must_apply(
        declared.station.entry("specimen.collected", facts), declared.station.result("BR1", "negative")
    )
    cursor, _ = read_to_the_end()
    other = Station(began=declared.station.began + timedelta(hours=hours))
    other.enrol()
    shift = other.start_shift(declared.staff.officer)
    claim = other.entry("declaration.submitted", RIDER.facts() | {"person_code": second}, RIDER.personal())
    declared.must_apply(shift, claim)
    assert {DRIVER.code, second} <= read_to_the_end(cursor)[1]


@pytest.mark.parametrize("kind", ["registration.linked", "registration.unlinked"])
def test_a_word_on_who_is_who_changes_the_cards_of_both(declared: Stage, kind: str) -> None:
    registrations = [Registration.objects.get(person_code=each.code).id for each in (DRIVER, RIDER)]

    def say(what: str, minutes: int) -> None:
        deed = deed_of(what, {"registrations": list(map(str, registrations))}, actor=declared.staff.lead.id)
        record_deeds([deed], EVENING + timedelta(minutes=minutes))

    if kind == "registration.unlinked":
        say("registration.linked", 0)
    cursor, _ = read_to_the_end()
    say(kind, 1)
    assert read_to_the_end(cursor)[1] == {DRIVER.code, RIDER.code}


def test_a_link_of_registrations_not_here_yet_harms_nothing(declared: Stage) -> None:
    strangers = [str(UUID(int=number)) for number in (1, 2)]
    record_deeds(
        [deed_of("registration.linked", {"registrations": strangers}, actor=declared.staff.lead.id)], EVENING
    )
    assert Registration.objects.exists()
