"""For which group a paper is: as the officer saw its holder, or as the holder declared where the officer knew none."""

from itertools import permutations

import pytest

from chotxanh.certificates.models import Certificate
from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from tests.cast import DRIVER, EVENING
from tests.device import member_facts
from tests.stage import Stage

UNSAID = member_facts(DRIVER.code, category=None)


def papers() -> list[tuple[str, Outcome]]:
    """The group on each of the driver's papers, the newest first."""
    return [(each.category, each.status) for each in certificates_of(DRIVER.code, EVENING)]


def sampled(stage: Stage, minute: int = 60) -> list[bytes]:
    """The driver is sampled at a station that knows only the code; negative."""
    stage.station.minute = minute
    tube = stage.station.collect("BR1", [DRIVER], members=[UNSAID])
    stage.station.minute = minute + 16
    return [tube, stage.station.result("BR1", "negative")]


def test_who_is_sampled_before_their_journey_is_known_is_of_the_group_that_they_declared(
    stage: Stage,
) -> None:
    """A driver's paper said that they were some other traveller, and held by the rule for those."""
    stage.must_apply(stage.station.register(DRIVER), *sampled(stage))
    assert papers() == []
    stage.must_apply(stage.station.declare(DRIVER))
    assert papers() == [("goods_driver", Outcome.VALID)]


def test_what_the_officer_saw_stands_whatever_is_declared(stage: Stage) -> None:
    stage.must_apply(stage.station.register(DRIVER))
    stage.station.minute = 60
    tube = stage.station.collect("BR1", [DRIVER], members=[UNSAID | {"category": "bus_passenger"}])
    stage.station.minute = 76
    stage.must_apply(tube, stage.station.result("BR1", "negative"), stage.station.declare(DRIVER))
    assert papers() == [("bus_passenger", Outcome.VALID)]


def test_a_later_journey_changes_no_earlier_paper(stage: Stage) -> None:
    stage.must_apply(stage.station.register(DRIVER), stage.station.declare(DRIVER), *sampled(stage))
    issued = Certificate.objects.get().id
    stage.must_apply(stage.station.declare(DRIVER, category="bus_passenger"))
    assert Certificate.objects.get().id == issued
    assert papers() == [("goods_driver", Outcome.VALID)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_group_does_not_depend_on_the_order_of_arrival(stage: Stage, order: tuple[int, ...]) -> None:
    who = stage.station.register(DRIVER)
    journey = stage.station.declare(DRIVER)
    acts = [[who], [journey], sampled(stage)]
    for place in order:
        stage.must_apply(*acts[place])
    standing = [group for group, status in papers() if status is Outcome.VALID]
    assert standing == ["goods_driver"]
