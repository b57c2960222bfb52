"""A rule that changes reaches what stations already hold: the worker has the feed say those cards anew."""

from datetime import datetime, timedelta

import msgspec
import pytest

from chotxanh.certificates import work
from chotxanh.certificates.tests.enacting import HOUR, RESULTED_AT, certify, enacted, repealed
from chotxanh.ledger.feed.tests.things import Reader, ids_of
from chotxanh.ledger.scopes import post_scope
from chotxanh.ledger.worker.loop import Worker
from chotxanh.ledger.worker.models import Errand
from chotxanh.protocol.cards import PersonCard
from chotxanh.protocol.envelope import wire_time
from chotxanh.registers.rules.entries import RULE_CHANGED
from chotxanh.site.rebuilding import rebuild_tables
from tests.cast import ASSISTANT, DRIVER, EVENING, PASSENGER, QL51
from tests.stage import Stage


def carry_out(at: datetime = EVENING) -> None:
    """Let the worker do what is due."""
    Worker(lambda: at).work_until_idle()
    assert not Errand.objects.filter(name=RULE_CHANGED).exists()


@pytest.fixture
def station(certified: Stage) -> Reader:
    """A station of the post where the driver was sampled; it has read everything."""
    carry_out()
    reader = Reader(scopes=(post_scope(QL51),))
    reader.read()
    return reader


def shown(reader: Reader) -> str | None:
    """Return until when the driver's card says that the certificate holds."""
    body = reader.held[DRIVER.code].body
    assert body is not None
    last = msgspec.json.decode(body, type=PersonCard).last_result
    assert last is not None
    return last.valid_until


def test_a_rule_enacted_later_reaches_the_cards_a_station_holds(certified: Stage, station: Reader) -> None:
    assert shown(station) == wire_time(RESULTED_AT + 72 * HOUR)
    certified.must_apply(enacted(certified, 24))
    assert ids_of(station.read()) == []
    carry_out()
    assert ids_of(station.read()) == [DRIVER.code]
    assert shown(station) == wire_time(RESULTED_AT + 24 * HOUR)


def test_a_repeal_before_the_result_reaches_them_too_in_any_order(certified: Stage, station: Reader) -> None:
    rule = enacted(certified, 24)
    certified.must_apply(repealed(certified, rule))
    carry_out()
    certified.must_apply(rule)
    carry_out()
    station.read()
    assert shown(station) == wire_time(RESULTED_AT + 72 * HOUR)


def test_a_repeal_from_now_on_and_a_rule_for_others_tell_stations_nothing(
    certified: Stage, station: Reader
) -> None:
    rule = enacted(certified, 24)
    certified.must_apply(rule)
    carry_out()
    station.read()
    certified.must_apply(
        repealed(certified, rule, EVENING),
        enacted(certified, 48, category="coach_passenger"),
        enacted(certified, 12, test_type="rt_pcr"),
        enacted(certified, 6, effective_from=wire_time(EVENING)),
    )
    carry_out()
    assert ids_of(station.read()) == []


def test_a_paper_past_its_technical_end_tells_stations_nothing(certified: Stage, station: Reader) -> None:
    certified.must_apply(enacted(certified, 24))
    carry_out(EVENING + timedelta(days=31))
    assert ids_of(station.read()) == []


def test_many_people_are_told_in_slices(declared: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "SLICE", 2)
    people = [DRIVER, ASSISTANT, PASSENGER]
    certify(declared, people)
    carry_out()
    reader = Reader(scopes=(post_scope(QL51),))
    reader.read()
    declared.must_apply(enacted(declared, 24, category=None))
    carry_out()
    assert set(ids_of(reader.read())) == {person.code for person in people}


def test_a_rebuild_says_every_card_anew_and_asks_for_nothing(certified: Stage, station: Reader) -> None:
    certified.must_apply(enacted(certified, 24))
    rebuild_tables(EVENING)
    assert not Errand.objects.filter(name=RULE_CHANGED).exists()
    assert station.read()[0].is_snapshot
    assert shown(station) == wire_time(RESULTED_AT + 24 * HOUR)
