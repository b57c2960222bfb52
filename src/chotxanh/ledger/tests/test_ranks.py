"""A recompute touches only ranks above its own, so that locks are taken in one order."""

import pytest

from chotxanh.protocol.kinds import Touched
from chotxanh.protocol.ranks import Rank


@pytest.mark.parametrize("rank", [Rank.TUBE, Rank.PERSON_CODE])
def test_a_recompute_that_touches_its_own_rank_or_one_below_is_refused(rank: Rank) -> None:
    touched = Touched(recomputing=Rank.PERSON_CODE)
    with pytest.raises(ValueError, match="touches rank"):
        touched.add(rank, {"a"})


def test_a_recompute_touches_ranks_above() -> None:
    touched = Touched(recomputing=Rank.PERSON_CODE)
    touched.add(Rank.PAPERS, {"a"})
    assert touched.keys[Rank.PAPERS] == {"a"}
