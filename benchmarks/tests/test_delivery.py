"""A bad line changes how often and in which order entries travel, never which of them."""

import random

from benchmarks.delivery import Faults, deliveries_of
from benchmarks.station import Station

COUNT = 400


def station_with_entries() -> Station:
    station = Station("ql51-xe-tai", 1_626_000_000_000, 1)
    for number in range(COUNT):
        station.write("clock.jumped", {"by": number}, number)
    return station


def test_every_entry_travels_or_waits_for_the_next_stage() -> None:
    station = station_with_entries()
    deliveries = deliveries_of(station, random.Random(3), Faults(put_off=0.3))
    sent = {entry.id for delivery in deliveries for entry in delivery.entries}
    put_off = {entry.id for entry in station.unsent}
    assert put_off
    assert sent | put_off == station.written


def test_faults_shuffle_repeat_and_lose_answers() -> None:
    station = station_with_entries()
    written = list(station.outbox)
    deliveries = deliveries_of(station, random.Random(3), Faults(1.0, 0.2, 0.2, 0.5, 0.5, 0.0))
    travelled = [entry.id for delivery in deliveries for entry in delivery.entries]
    assert len(travelled) > COUNT
    assert list(dict.fromkeys(travelled)) != written
    assert any(delivery.answer_lost for delivery in deliveries)


def test_an_entry_stays_in_the_outbox_until_a_receipt_comes() -> None:
    station = station_with_entries()
    deliveries_of(station, random.Random(3), Faults())
    assert len(station.outbox) == COUNT


def test_running_numbers_have_no_gap_and_ids_never_repeat() -> None:
    station = station_with_entries()
    assert station.seq == COUNT
    assert len(station.written) == COUNT
