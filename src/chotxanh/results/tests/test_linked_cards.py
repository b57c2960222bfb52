"""A card shows the last result known of a person under any code, so it changes when the result of another does."""

from datetime import timedelta
from uuid import UUID

import pytest

from chotxanh.domain.codes import CodeType, new_code
from chotxanh.ledger.feed.pages import read_feed
from chotxanh.ledger.server_log import record_deeds, sign_deed
from chotxanh.people.models import Registration
from chotxanh.results.models import WhatStands
from chotxanh.site.cards import person_cards
from tests.cast import DRIVER, EVENING, RIDER
from tests.correcting import correction_of
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
    """Let the driver be registered a second time, with the same identity card and under another code."""
    code = new_code(CodeType.PERSON, b"0123456789abcdef")
    stage.must_apply(stage.station.register(DRIVER, person_code=code))
    stage.must_apply(stage.station.declare(DRIVER, person_code=code))
    return code


def test_a_result_under_one_code_changes_the_cards_of_the_others(declared: Stage) -> None:
    second = declare_again(declared)
    cursor, _ = read_to_the_end()
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), declared.station.result("BR1", "positive"))
    assert {DRIVER.code, second} <= read_to_the_end(cursor)[1]


def test_a_declaration_that_comes_late_changes_the_cards_of_the_same_person(stage: Stage) -> None:
    late = stage.station.register(DRIVER)
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
    claim = other.entry("person.registered", RIDER.facts() | {"person_code": second}, RIDER.personal())
    declared.must_apply(shift, claim)
    assert {DRIVER.code, second} <= read_to_the_end(cursor)[1]


@pytest.mark.parametrize("kind", ["registration.linked", "registration.unlinked"])
def test_a_word_on_who_is_who_changes_the_cards_of_both(declared: Stage, kind: str) -> None:
    registrations = [Registration.objects.get(person_code=each.code).id for each in (DRIVER, RIDER)]

    def say(what: str, minutes: int) -> None:
        named = {"group": str(registrations[1])} if what == "registration.linked" else {}
        facts = {"registration": str(registrations[0]), "reason": "other"} | named
        deed = deed_of(what, facts, actor=declared.staff.lead.id)
        record_deeds([deed], EVENING + timedelta(minutes=minutes))

    if kind == "registration.unlinked":
        say("registration.linked", 0)
    cursor, _ = read_to_the_end()
    say(kind, 1)
    assert read_to_the_end(cursor)[1] == {DRIVER.code, RIDER.code}


def test_a_link_of_registrations_not_here_yet_harms_nothing(declared: Stage) -> None:
    facts = {"registration": str(UUID(int=1)), "group": str(UUID(int=2)), "reason": "other"}
    record_deeds([deed_of("registration.linked", facts, actor=declared.staff.lead.id)], EVENING)
    assert Registration.objects.exists()


NEGATIVE = "negative"


def card_of(code: str) -> tuple[str, str | None]:
    """How a card says that its person stands, and the last result it shows."""
    card = person_cards([code])[code]
    return card.state, card.last_result.value if card.last_result else None


def sampled_negative(stage: Stage) -> None:
    stage.must_apply(stage.station.collect("BR1", [DRIVER]), stage.station.result("BR1", NEGATIVE))
    stage.station.minute += 60


@pytest.mark.parametrize("is_declared_last", [True, False])
@pytest.mark.parametrize("doubt", ["disputed", "recollect"])
def test_who_declares_anew_loses_no_doubt_about_themselves(
    declared: Stage, doubt: str, *, is_declared_last: bool
) -> None:
    sampled_negative(declared)
    second = "" if is_declared_last else declare_again(declared)
    if doubt == "recollect":
        tube = declared.station.collect("BR2", [DRIVER, RIDER])
        declared.must_apply(tube, declared.station.result("BR2", "positive"))
    else:
        declared.must_apply(declared.station.collect("BR2", [DRIVER]))
        declared.must_apply(
            declared.station.result("BR2", "positive"), declared.station.result("BR2", NEGATIVE)
        )
    second = second or declare_again(declared)
    assert card_of(second) == (doubt, None)


def test_a_stranger_who_claims_the_code_of_a_positive_gives_nobody_their_negative_back(
    declared: Stage,
) -> None:
    sampled_negative(declared)
    second = declare_again(declared)
    collected = declared.station.entry("specimen.collected", collection_facts("BR2", [second]))
    declared.must_apply(collected, declared.station.result("BR2", "positive"))
    assert card_of(DRIVER.code) == ("disputed", None), "the machine shows nobody another's result"
    claim = RIDER.facts() | {"person_code": second}
    declared.must_apply(declared.station.entry("person.registered", claim, RIDER.personal()))
    assert card_of(DRIVER.code) == ("disputed", None)


def test_an_older_doubt_takes_no_newer_negative_away(declared: Stage) -> None:
    second = declare_again(declared)
    collected = declared.station.entry("specimen.collected", collection_facts("BR2", [second, RIDER.code]))
    declared.must_apply(collected, declared.station.result("BR2", "positive"))
    declared.station.minute += 60
    sampled_negative(declared)
    assert card_of(DRIVER.code)[1] == NEGATIVE


def test_a_doubt_under_one_code_changes_the_cards_of_the_others(declared: Stage) -> None:
    second = declare_again(declared)
    cursor, _ = read_to_the_end()
    tube = declared.station.collect("BR2", [DRIVER, RIDER])
    declared.must_apply(tube, declared.station.result("BR2", "positive"))
    assert second in read_to_the_end(cursor)[1]


@pytest.mark.parametrize("is_corrected", [True, False])
def test_who_was_never_sampled_is_in_doubt_no_more_once_they_are_another(
    declared: Stage, *, is_corrected: bool
) -> None:
    """Said in one batch with something of the positive, the word left them in doubt until a rebuild."""
    second = declare_again(declared)
    swab = [declared.station.collect("BR2", [DRIVER]), declared.station.result("BR2", "positive")]
    declared.must_apply(*swab)
    assert WhatStands.objects.get(person_code=second).state == "disputed"
    again = Registration.objects.get(person_code=second).id
    if is_corrected:
        said = correction_of(again, second, id_number="077085000124")
        deed = deed_of("person.corrected", *said, actor=declared.staff.lead.id)
    else:
        facts = {"registration": str(again), "reason": "other"}
        deed = deed_of("registration.unlinked", facts, actor=declared.staff.lead.id)
    declared.must_apply(sign_deed(deed, EVENING), declared.station.result("BR2", "positive"))
    assert not WhatStands.objects.filter(person_code=second).exists()
