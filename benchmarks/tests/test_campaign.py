"""The campaign hits its totals exactly, is the same for the same seed, and its expectations follow the rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.campaign import LARGEST_TUBE, Campaign, Expected, Tube, expectations, plan_campaign, sizes_of


@given(tubes=st.integers(1, 300), share=st.floats(0, 1), seed=st.integers(0, 1000))
def test_totals_are_exact(tubes: int, share: float, seed: int) -> None:
    least, most = tubes, (tubes - tubes // 2) * LARGEST_TUBE // 2
    people = least + int(share * max(0, most - least))
    campaign = plan_campaign(people, tubes, seed)
    assert len(campaign.tubes) == tubes
    assert {member for tube in campaign.tubes for member in tube.members} == set(range(people))
    assert all(1 <= len(tube.members) <= LARGEST_TUBE for tube in campaign.tubes)


def test_the_same_seed_gives_the_same_campaign_and_another_seed_another() -> None:
    assert plan_campaign(826, 100, 1) == plan_campaign(826, 100, 1)
    assert plan_campaign(826, 100, 1) != plan_campaign(826, 100, 2)


def test_one_tenth_of_the_national_campaign_has_every_size_and_every_trouble() -> None:
    campaign = plan_campaign(67_577, 8_180)
    assert set(sizes_of(campaign)) >= {1, 4, 8, 10}
    assert sizes_of(campaign)[1] > 800
    assert {tube.values[0] for tube in campaign.tubes} == {"negative", "positive", "invalid", "inconclusive"}
    assert {each.state for each in expectations(campaign)} == {"negative", "positive", "recollect"}
    chains = {tube.values for tube in campaign.tubes if len(tube.values) > 1}
    assert {
        ("negative", "positive"),
        ("negative", "invalid", "negative"),
    } <= chains


def test_people_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        plan_campaign(201, 10)


@pytest.mark.parametrize(
    ("members", "values", "expected"),
    [
        ((0,), ("negative",), Expected("negative", 1)),
        ((0,), ("positive",), Expected("positive", 0)),
        ((0, 1), ("negative",), Expected("negative", 1)),
        ((0, 1), ("positive",), Expected("recollect", 0)),
        ((0, 1), ("invalid",), Expected("recollect", 0)),
        ((0,), ("inconclusive",), Expected("recollect", 0)),
        ((0,), ("negative", "positive"), Expected("positive", 0)),
        ((0, 1), ("negative", "invalid", "negative"), Expected("negative", 1)),
    ],
)
def test_what_a_tube_means_for_its_people(
    members: tuple[int, ...], values: tuple[str, ...], expected: Expected
) -> None:
    campaign = Campaign(1, len(members), (Tube("T1", members, 0, values),))
    assert expectations(campaign) == [expected] * len(members)


def test_the_later_tube_speaks_for_a_person_sampled_again() -> None:
    pool, own = Tube("T1", (0, 1), 0, ("positive",)), Tube("T2", (1,), 10, ("negative",))
    assert expectations(Campaign(1, 2, (own, pool))) == [Expected("recollect", 0), Expected("negative", 1)]
