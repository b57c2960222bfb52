"""A person is not a declaration: registered once they declare many journeys, and either entry may come first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

import pytest

from chotxanh.declarations.models import Declaration
from chotxanh.declarations.queries import last_journeys
from chotxanh.ledger.entries import PersonalErased
from chotxanh.ledger.feed.pages import read_feed
from chotxanh.ledger.models import Entry
from chotxanh.ledger.scopes import SEEN_FOR, window_of
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.models import Registration
from chotxanh.protocol.places import Place
from chotxanh.site.cards import person_cards
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import DRIVER, EVENING, QL51, QL56
from tests.device import id_of
from tests.stage import Stage

ROAD = ["road:QL51"]


def cards_of_the_road() -> set[str]:
    """Return whose cards a station of the road holds."""
    return cards_held(ROAD, EVENING)


def cards_held(scopes: Sequence[str], now: datetime) -> set[str]:
    """Return whose cards these scopes hold."""
    cards: set[str] = set()
    cursor = ""
    while True:
        page = read_feed(cursor, scopes, now)
        cards |= {card.id for card in page.cards}
        cursor = page.cursor
        if not page.has_more:
            return cards


def test_one_registration_declares_many_journeys_and_the_card_shows_the_last(stage: Stage) -> None:
    station = stage.station
    stage.must_apply(station.register(DRIVER))
    for minute, destination in ((30, "60"), (10, "79"), (20, "74")):
        station.minute = minute
        unit = {"scheme": "nso-2021", "code": destination}
        stage.must_apply(station.declare(DRIVER, destination=unit))
    assert (Registration.objects.count(), Declaration.objects.count()) == (1, 3)
    assert person_cards([DRIVER.code])[DRIVER.code].destination == "Tỉnh Bình Thuận"


@pytest.mark.parametrize("is_registered_first", [True, False])
def test_either_entry_may_come_first(stage: Stage, *, is_registered_first: bool) -> None:
    registration, journey = stage.station.register(DRIVER), stage.station.declare(DRIVER)
    for entry in (registration, journey) if is_registered_first else (journey, registration):
        stage.must_apply(entry)
    card = person_cards([DRIVER.code])[DRIVER.code]
    assert (card.full_name, card.plate, card.category) == (DRIVER.full_name, DRIVER.plate, DRIVER.category)
    assert card.registration == str(id_of(registration))
    assert DRIVER.code in cards_of_the_road()
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before


@pytest.mark.parametrize("is_registered_first", [True, False])
def test_who_was_declared_for_at_a_post_is_known_to_every_computer_of_its_site(
    stage: Stage, *, is_registered_first: bool
) -> None:
    entries = [stage.station.register(DRIVER), stage.station.declare(DRIVER, road=None, site=QL51)]
    for entry in entries if is_registered_first else reversed(entries):
        stage.must_apply(entry)
    here = window_of([Place()], QL51, EVENING).scopes
    elsewhere = window_of([Place()], QL56, EVENING).scopes
    assert cards_held(here, EVENING) == {DRIVER.code}
    assert cards_held(elsewhere, EVENING) == set()
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before
    assert cards_held(here, EVENING) == {DRIVER.code}
    assert cards_held(here, EVENING + SEEN_FOR) == set()


def test_who_is_registered_and_has_declared_nothing_has_a_card_without_a_journey(stage: Stage) -> None:
    stage.must_apply(stage.station.register(DRIVER))
    card = person_cards([DRIVER.code])[DRIVER.code]
    assert (card.full_name, card.declared_at, card.category, card.plate) == (DRIVER.full_name, None, "", None)


def test_a_journey_of_nobody_known_here_is_on_no_card(stage: Stage) -> None:
    stage.must_apply(stage.station.declare(DRIVER))
    assert person_cards([DRIVER.code]) == {}


def test_a_journey_that_names_another_code_than_its_registrations_is_not_theirs(stage: Stage) -> None:
    (registration,) = stage.must_apply(stage.station.register(DRIVER))
    facts = DRIVER.journey(registration) | {"person_code": "PZBJZMP6RKLFK4Q"}
    stage.must_apply(stage.station.entry("declaration.submitted", facts, DRIVER.journey_personal()))
    assert last_journeys([registration, uuid4()]) == {}


def test_a_journeys_plate_is_erased_by_its_own_order(declared: Stage) -> None:
    registration = Registration.objects.get(person_code=DRIVER.code)
    journey = last_journeys([registration.id])[registration.id]
    assert journey.plate == DRIVER.plate
    officer = declared.staff.data_protection.id
    record_deeds([Deed(PersonalErased(journey.id, "request"), actor=officer)], EVENING)
    assert last_journeys([registration.id])[registration.id].plate is None
    assert Entry.objects.get(id=registration.id).personal is not None
    card = person_cards([DRIVER.code])[DRIVER.code]
    assert (card.full_name, card.plate) == (DRIVER.full_name, None)
