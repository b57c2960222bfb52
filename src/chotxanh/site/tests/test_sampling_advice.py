"""A person's card says which sample a station may take, when to call, and never what a stranger's result is."""

from typing import Any, TypeAlias

import pytest

from chotxanh.domain.codes import CodeType, new_code
from chotxanh.protocol.cards import PersonCard
from chotxanh.results.tests.test_testing import BY_PCR
from chotxanh.site.cards import person_cards, tube_cards
from tests.cast import DRIVER, PHU_MY, RIDER
from tests.stage import Stage

Story: TypeAlias = list[tuple[str, dict[str, Any], str]]
CASE: Story = [("A", BY_PCR, "positive")]
RAPID: Story = [("A", {}, "positive")]


def card_of(code: str) -> PersonCard:
    """Return the card as it would be fed."""
    return person_cards([code])[code]


def live(stage: Stage, story: Story, *others: Any) -> None:
    """Sample the driver once for each line of the story, and give its result."""
    for tube, test, value in story:
        stage.station.minute += 20
        stage.must_apply(stage.station.collect(tube, [DRIVER, *others], **test))
        stage.station.minute += 20
        stage.must_apply(stage.station.result(tube, value, **test))


@pytest.mark.parametrize(
    ("story", "sampling", "is_called"),
    [
        ([], "any", False),
        ([("A", {}, "negative")], "any", False),
        ([("A", {}, "invalid")], "single", True),
        (RAPID, "rt_pcr", True),
        ([*RAPID, ("B", {}, "negative")], "rt_pcr", True),
        (CASE, "none", False),
        ([*RAPID, ("B", BY_PCR, "positive")], "none", False),
        ([*RAPID, ("B", BY_PCR, "negative")], "any", False),
    ],
)
def test_a1_no_rapid_sample_is_proposed_to_a_positive_and_none_to_a_case(
    declared: Stage, story: Story, sampling: str, *, is_called: bool
) -> None:
    live(declared, story)
    card = card_of(DRIVER.code)
    assert (card.sampling, card.phone is not None) == (sampling, is_called)


@pytest.mark.parametrize(("test", "sampling"), [({}, "single"), (BY_PCR, "rt_pcr")])
def test_a9_a_pool_that_said_nothing_is_answered_by_a_method_as_sensitive(
    declared: Stage, test: dict[str, Any], sampling: str
) -> None:
    live(declared, [("A", test, "positive")], RIDER)
    found = person_cards([DRIVER.code, RIDER.code]).values()
    assert [each.sampling for each in found] == [sampling] * 2
    assert all(each.phone for each in found)


def test_h7_who_may_be_positive_under_another_code_is_warned_of_and_shown_nothing(declared: Stage) -> None:
    live(declared, RAPID)
    second = new_code(CodeType.PERSON, b"0123456789abcdef")
    declared.must_apply(declared.station.register(DRIVER, person_code=second))
    card = card_of(second)
    assert (card.state, card.may_be_same, card.sampling) == ("disputed", True, "rt_pcr")
    assert (card.last_result, card.phone) == (None, None)
    assert not card_of(DRIVER.code).may_be_same


def test_h6_a_card_tells_the_end_of_the_identity_number_and_no_more_of_it(declared: Stage) -> None:
    card = card_of(DRIVER.code)
    assert card.id_ending == "0123"
    assert (DRIVER.id_number or "") not in str(card)


def test_a_tube_says_that_its_people_live_together(declared: Stage) -> None:
    for tube, is_household in (("A", True), ("B", False)):
        facts = BY_PCR | {"is_household": is_household}
        declared.must_apply(declared.station.collect(tube, [DRIVER, RIDER], **facts))
        key = f"{PHU_MY}/{tube}"
        assert tube_cards([key])[key].is_household is is_household
