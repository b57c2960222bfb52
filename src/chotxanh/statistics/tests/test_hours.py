"""The hours at the posts equal a recount of the facts, whatever arrived in which order, and after a rebuild."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chotxanh.certificates.models import Certificate
from chotxanh.ledger.recording import record
from chotxanh.ledger.worker.loop import Worker
from chotxanh.protocol.places import Place
from chotxanh.registers.staff.leading import WHOLE_PROVINCE, Led
from chotxanh.results.models import PersonResult, RecollectionOrder, TubeResult
from chotxanh.site.rebuilding import rebuild_tables
from chotxanh.specimens.models import Collection, CollectionMember, Tube
from chotxanh.statistics.hours import HourKey, Sums, whole_hour
from chotxanh.statistics.models import HourAtPost
from chotxanh.statistics.queries import behind_since, day_of, site_days
from tests.campaign import ACTS, carry_out
from tests.cast import ASSISTANT, CHAU_DUC, DRIVER, EVENING, MORNING, PASSENGER, PHU_MY, QL51, lay_out_cast
from tests.device import id_of
from tests.stage import Stage
from tests.travelling import travelled

SEEDS = range(6)


def work() -> None:
    """Let the worker bring every sum up to date."""
    worker = Worker(lambda: EVENING)
    while worker.catch_up_levels():
        pass


def counted() -> dict[str, Sums]:
    """The hours at posts as they are kept, without those in which nothing is left."""
    kept = {row.key: Sums(*(getattr(row, name) for name in Sums._fields)) for row in HourAtPost.objects.all()}
    return {key: sums for key, sums in kept.items() if any(sums)}


def recount() -> dict[str, Sums]:
    """Count everything again from the facts and aggregates, one tube after the other."""
    found: Counter[tuple[str, str]] = Counter()
    for tube in Tube.objects.all():
        post = Collection.objects.get(id=tube.collection).post

        def add(at: HourKey, **sums: int) -> None:
            found.update({(at.key, name): count for name, count in sums.items()})

        outcome = TubeResult.objects.filter(tube=tube.key).order_by("resulted_at", "key").first()
        people = CollectionMember.objects.filter(collection=tube.collection).count()
        sampled = HourKey(whole_hour(tube.sampled_at), post, tube.site, tube.facility)
        recalls = RecollectionOrder.objects.filter(tube=tube.key, closed_by=None).count()
        add(sampled, people=people, tubes=1, waiting=int(outcome is None), recalls=recalls)
        if outcome:
            known = sampled._replace(hour=whole_hour(outcome.resulted_at))
            positives = PersonResult.objects.filter(tube=tube.key, value="positive").count()
            certificates = Certificate.objects.in_force().filter(tube=tube.key).count()
            add(known, results=1, positives=positives, certificates=certificates)
    keys = {key for key, _ in found}
    sums = {key: Sums(**{name: found[key, name] for name in Sums._fields}) for key in keys}
    return {key: each for key, each in sums.items() if any(each)}


@pytest.mark.parametrize("seed", SEEDS)
def test_hours_equal_a_recount_in_any_order_of_arrival_and_after_a_rebuild(
    db: None, own_keys: object, seed: int
) -> None:
    chance = random.Random(seed)
    names = [*["register", "collect", "result", "correct"] * 3, *sorted(ACTS)]
    acts = [(chance.choice(names), chance.randrange(60), chance.randrange(60)) for _ in range(60)]
    for batch in travelled(carry_out(acts, lay_out_cast()).entries, chance):
        record(batch, EVENING)
        if chance.random() < 0.5:
            work()
    work()
    assert counted() == recount() != {}
    rebuild_tables(EVENING)
    work()
    assert counted() == recount()


def test_a_day_is_the_sum_of_its_hours_at_a_post(declared: Stage) -> None:
    station = declared.station
    declared.must_apply(station.collect("BR1", [DRIVER]))
    station.minute = 70
    declared.must_apply(station.result("BR1", "negative"), station.collect("BR2", [ASSISTANT, PASSENGER]))
    station.minute = 130
    declared.must_apply(station.result("BR2", "positive"), station.collect("BR3", [DRIVER]))
    work()
    assert HourAtPost.objects.count() == 3
    site = site_days(WHOLE_PROVINCE, EVENING)[QL51]
    assert site.day == Sums(people=4, tubes=3, waiting=1, results=2, positives=0, certificates=1, recalls=2)
    assert (site.waiting, site.recalls) == (1, 2)
    assert list(site.posts.values()) == [site.day]


def test_a_correction_moves_what_was_counted(declared: Stage) -> None:
    station = declared.station
    declared.must_apply(station.collect("BR1", [DRIVER]))
    station.minute = 20
    first = station.result("BR1", "negative")
    declared.must_apply(first)
    work()
    assert site_days(WHOLE_PROVINCE, EVENING)[QL51].day.certificates == 1
    declared.must_apply(station.correct("BR1", id_of(first), "positive"))
    work()
    day = site_days(WHOLE_PROVINCE, EVENING)[QL51].day
    assert (day.results, day.positives, day.certificates) == (1, 1, 0)


def test_who_was_sampled_again_is_no_recall_of_the_first_tube_any_more(declared: Stage) -> None:
    station = declared.station
    declared.must_apply(station.collect("BR1", [ASSISTANT, PASSENGER]))
    station.minute = 20
    declared.must_apply(station.result("BR1", "positive"))
    work()
    assert site_days(WHOLE_PROVINCE, EVENING)[QL51].recalls == 2
    station.minute = 130
    declared.must_apply(station.collect("BR2", [ASSISTANT]))
    station.minute = 150
    declared.must_apply(station.result("BR2", "negative"))
    work()
    assert site_days(WHOLE_PROVINCE, EVENING)[QL51].recalls == 1
    assert counted() == recount()


def test_the_board_counts_hours_however_many_recalls_are_open(declared: Stage) -> None:
    station = declared.station
    declared.must_apply(station.collect("BR1", [ASSISTANT, PASSENGER]))
    station.minute = 20
    declared.must_apply(station.result("BR1", "positive"))
    work()
    with CaptureQueriesContext(connection) as asked:
        assert site_days(WHOLE_PROVINCE, EVENING)[QL51].recalls == 2
    assert not [each for each in asked.captured_queries if RecollectionOrder._meta.db_table in each["sql"]]


def test_a_day_begins_at_midnight_in_viet_nam() -> None:
    begins, ends = day_of(MORNING)
    assert begins.isoformat() == "2021-07-25T00:00:00+07:00"
    assert ends - begins == timedelta(days=1)
    assert day_of(begins - timedelta(seconds=1))[1] == begins


def test_yesterdays_counts_are_not_todays_but_what_waits_still_waits(declared: Stage) -> None:
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    work()
    site = site_days(WHOLE_PROVINCE, EVENING + timedelta(days=1))[QL51]
    assert site.day == Sums()
    assert site.waiting == 1


def test_a_lead_counts_only_what_their_facility_answers_for(declared: Stage) -> None:
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    work()
    assert site_days(Led((Place(PHU_MY),)), EVENING)[QL51].day.people == 1
    assert site_days(Led((Place(CHAU_DUC),)), EVENING) == {}


def test_sums_that_lag_behind_say_since_when(declared: Stage) -> None:
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    tolerated = timedelta(seconds=5)
    assert behind_since(EVENING + timedelta(seconds=4), tolerated) is None
    assert behind_since(EVENING + timedelta(seconds=6), tolerated) == EVENING
    work()
    assert behind_since(EVENING + timedelta(hours=1), tolerated) is None
