"""Which rule says until when a result holds: what fits where it is asked, then what names more, then what is newer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from chotxanh.domain.validity import Anchor, Stated, ValidityRule, technical_end, validity_of

HERE = "nso-2021:77"
DAY = timedelta(days=1)
JULY = datetime(2021, 7, 1, tzinfo=UTC)
PAPER = Stated("goods_driver", "ag_rapid", JULY + 24 * DAY, JULY + 24 * DAY + timedelta(minutes=20))
ANY = ValidityRule(
    id=UUID(int=9),
    code="any",
    category=None,
    test_type=None,
    territory=None,
    anchor=Anchor.SAMPLED,
    valid_for_hours=72,
    effective_from=JULY,
    effective_to=None,
    legal_reference="Bộ Y tế, 7/2021",
)


def chosen(*rules: ValidityRule, stated: Stated = PAPER) -> str | None:
    """Return the code of the rule that speaks, the same in whatever order the rules are read."""
    found = {validity_of(order, stated, HERE) for order in permutations(rules)}
    assert len(found) == 1
    validity = found.pop()
    return validity.rule.code if validity else None


def test_the_hours_count_from_what_the_rule_says() -> None:
    for anchor, start in ((Anchor.SAMPLED, PAPER.sampled_at), (Anchor.RESULTED, PAPER.resulted_at)):
        validity = validity_of([replace(ANY, anchor=anchor)], PAPER, HERE)
        assert validity is not None
        assert validity.valid_until == start + timedelta(hours=72)


@pytest.mark.parametrize(
    "more",
    [
        replace(ANY, code="more", category="goods_driver"),
        replace(ANY, code="more", test_type="ag_rapid"),
        replace(ANY, code="more", territory=HERE),
        replace(ANY, code="more", effective_from=JULY + DAY),
        replace(ANY, code="more", id=UUID(int=10)),
    ],
)
def test_the_rule_that_names_more_or_is_newer_wins_in_any_order(more: ValidityRule) -> None:
    assert chosen(ANY, more) == "more"


def test_whom_a_rule_names_goes_before_where_and_where_before_when() -> None:
    named = replace(ANY, code="category", category="goods_driver")
    here = replace(ANY, code="territory", territory=HERE)
    newer = replace(ANY, code="newer", effective_from=JULY + DAY)
    assert chosen(named, here, newer) == "category"
    assert chosen(here, newer) == "territory"


@pytest.mark.parametrize(
    "other",
    [
        replace(ANY, category="coach_passenger"),
        replace(ANY, test_type="rt_pcr"),
        replace(ANY, territory="nso-2021:79"),
        replace(ANY, territory="nso-2025:77"),
        replace(ANY, effective_from=PAPER.resulted_at + timedelta(seconds=1)),
        replace(ANY, effective_to=PAPER.resulted_at),
    ],
)
def test_a_rule_for_others_elsewhere_or_at_another_time_says_nothing(other: ValidityRule) -> None:
    assert chosen(other) is None


def test_a_rule_speaks_of_what_became_known_while_it_was_in_force() -> None:
    ended = replace(ANY, code="ended", effective_to=PAPER.resulted_at + timedelta(seconds=1))
    assert chosen(ended) == "ended"
    assert chosen(replace(ANY, code="begun", effective_from=PAPER.resulted_at)) == "begun"


def test_a_signature_ends_thirty_days_after_sampling_and_never_before_it_was_read_once() -> None:
    assert technical_end(sampled_at=JULY, issued_at=JULY + DAY) == JULY + 30 * DAY
    assert technical_end(sampled_at=JULY, issued_at=JULY + 300 * DAY) == JULY + 301 * DAY
