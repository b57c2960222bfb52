"""The throttle: so many at once, then one at a time; nobody pays for what another one asked."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connections

from chotxanh.beside import throttle
from chotxanh.beside.limits import DECLARATIONS, LIMITS, OWN_PAGES, VERIFICATIONS, Limit
from chotxanh.beside.models import Bucket
from chotxanh.beside.networks import Network
from chotxanh.beside.router import beside
from chotxanh.beside.throttle import look, take, take_ahead
from chotxanh.domain.problems import Problem
from chotxanh.storage.prepared import sending_together

NOW = datetime(2021, 7, 25, 1, tzinfo=UTC)
FIVE_A_MINUTE = Limit("tests", "whoever is named", 5, timedelta(minutes=1))
ONE_MORE_AFTER = timedelta(seconds=12)

pytestmark = pytest.mark.usefixtures("own_keys")


def wait_of(limit: Limit, what: str | Network, now: datetime) -> int:
    """Seconds to wait; 0 if there was a token."""
    try:
        take(limit, what, now)
    except Problem as problem:
        assert problem.code == "too_often"
        return int(problem.params["seconds"])
    return 0


def use_up(what: str | Network = "mai", now: datetime = NOW) -> None:
    for _ in range(FIVE_A_MINUTE.burst):
        take(FIVE_A_MINUTE, what, now)


@pytest.mark.django_db
def test_so_many_at_once_and_then_one_at_a_time() -> None:
    use_up()
    assert wait_of(FIVE_A_MINUTE, "mai", NOW) == 12
    assert wait_of(FIVE_A_MINUTE, "mai", NOW + timedelta(seconds=5)) == 7
    assert wait_of(FIVE_A_MINUTE, "mai", NOW + ONE_MORE_AFTER) == 0
    assert wait_of(FIVE_A_MINUTE, "mai", NOW + ONE_MORE_AFTER) == 12


@pytest.mark.django_db
def test_a_token_taken_ahead_is_taken_though_nobody_asks_whether_there_was_one() -> None:
    with sending_together():
        taken = [take_ahead(FIVE_A_MINUTE, "mai", NOW) for _ in range(FIVE_A_MINUTE.burst + 1)]
        assert isinstance(taken[0](), throttle.Taken)
        with pytest.raises(Problem, match="too_often"):
            taken[-1]()
    assert wait_of(FIVE_A_MINUTE, "mai", NOW) == 12


@pytest.mark.django_db
def test_a_refusal_costs_nothing() -> None:
    use_up()
    for _ in range(100):
        assert wait_of(FIVE_A_MINUTE, "mai", NOW) == 12


@pytest.mark.django_db
def test_a_used_up_bucket_is_whole_again_after_its_time_and_never_more_than_whole() -> None:
    use_up()
    use_up(now=NOW + timedelta(days=30))
    assert wait_of(FIVE_A_MINUTE, "mai", NOW + timedelta(days=30)) == 12


@pytest.mark.django_db
def test_nobody_pays_for_another_nor_for_another_limit() -> None:
    use_up()
    assert wait_of(FIVE_A_MINUTE, "hung", NOW) == 0
    assert wait_of(Limit("others", "", 5, timedelta(minutes=1)), "mai", NOW) == 0


@pytest.mark.django_db
def test_a_token_that_was_no_guess_is_given_back() -> None:
    for _ in range(20):
        take(FIVE_A_MINUTE, "mai", NOW).give_back()
    use_up()
    assert wait_of(FIVE_A_MINUTE, "mai", NOW) == 12


@pytest.mark.django_db
def test_a_look_takes_nothing_and_is_refused_like_a_token() -> None:
    for _ in range(20):
        look(FIVE_A_MINUTE, "mai", NOW)
    use_up()
    with pytest.raises(Problem) as refusal:
        look(FIVE_A_MINUTE, "mai", NOW)
    assert (refusal.value.code, refusal.value.params) == ("too_often", {"seconds": 12})
    look(FIVE_A_MINUTE, "mai", NOW + ONE_MORE_AFTER)
    look(FIVE_A_MINUTE, "mai", NOW - timedelta(days=1))  # the clock was put back


@pytest.mark.django_db
def test_a_clock_put_back_by_a_day_shuts_nobody_out() -> None:
    use_up(now=NOW + timedelta(days=1))
    use_up(now=NOW)
    assert wait_of(FIVE_A_MINUTE, "mai", NOW) == 12


@pytest.mark.django_db
def test_a_registered_network_may_do_more() -> None:
    gate = Network("203.0.113.0/24", is_registered=True)
    for _ in range(FIVE_A_MINUTE.burst * throttle.REGISTERED_TIMES):
        take(FIVE_A_MINUTE, gate, NOW)
    assert wait_of(FIVE_A_MINUTE, gate, NOW) == 1


@pytest.mark.django_db
def test_neither_account_nor_address_is_kept() -> None:
    take(FIVE_A_MINUTE, "mai", NOW)
    kept = [bytes(each) for each in Bucket.objects.values_list("key", flat=True)]
    assert [len(each) for each in kept] == [16]
    assert b"mai" not in kept[0]


@pytest.mark.django_db
def test_full_buckets_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "PRUNE_EVERY", 1)
    take(FIVE_A_MINUTE, "mai", NOW)
    take(FIVE_A_MINUTE, "hung", NOW + timedelta(hours=1))
    assert Bucket.objects.count() == 1


@pytest.mark.django_db
def test_the_caller_says_with_which_problem() -> None:
    use_up()
    with pytest.raises(Problem, match="sign_in_too_often"):
        take(FIVE_A_MINUTE, "mai", NOW, otherwise="sign_in_too_often")


@pytest.mark.django_db(transaction=True)
def test_workers_share_one_bucket() -> None:
    waits: list[int] = []

    def ask() -> None:
        waits.extend(wait_of(FIVE_A_MINUTE, "mai", NOW) for _ in range(10))
        connections.close_all()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waits.count(0) == FIVE_A_MINUTE.burst
    assert len(waits) == 40


@pytest.mark.django_db
def test_buckets_are_unlogged_on_postgresql_and_beside_the_ledger_on_sqlite() -> None:
    connection = connections[beside()]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT relpersistence::text FROM pg_class WHERE relname = 'beside_bucket'")
            assert cursor.fetchone() == ("u",)
    else:
        assert connection.settings_dict["NAME"] != connections["default"].settings_dict["NAME"]
        assert "beside_bucket" not in connections["default"].introspection.table_names()


def test_six_hundred_phones_of_one_address_are_never_refused_within_ten_minutes() -> None:
    each_phone = {
        DECLARATIONS: 3,
        VERIFICATIONS: 3,
        OWN_PAGES: 1 + 20,
    }  # a page left open asks every 30 seconds
    assert [limit.name for limit, times in each_phone.items() if limit.burst < 600 * times] == []


def test_every_limit_has_a_name_of_its_own() -> None:
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)
