"""Which result of a tube stands: corrections of corrections, of nothing, in rings, and facts that contradict."""

from itertools import permutations
from uuid import UUID

import pytest

from chotxanh.results.models import PersonResult, TubeResult
from chotxanh.specimens.models import Tube
from tests.cast import DRIVER, PHU_MY
from tests.device import id_of
from tests.stage import Stage

KEY = f"{PHU_MY}/BR1"


def correction(stage: Stage, id: UUID, corrects: UUID, value: str) -> bytes:
    facts = {"facility": PHU_MY, "tube": "BR1", "corrects": corrects, "value": value, "reason": "wrong_value"}
    return stage.station.entry("result.corrected", facts, id=id)


def outcome() -> tuple[str, list[str]]:
    found = TubeResult.objects.get(tube=KEY)
    return found.value, found.disputes


def test_corrections_in_a_ring_stand_for_nothing(declared: Stage) -> None:
    one, two = UUID(int=1), UUID(int=2)
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    declared.must_apply(
        correction(declared, one, two, "negative"), correction(declared, two, one, "negative")
    )
    declared.must_apply(correction(declared, UUID(int=3), UUID(int=3), "negative"))
    assert not TubeResult.objects.exists()
    declared.must_apply(declared.station.result("BR1", "positive"))
    assert outcome() == ("positive", [])


def test_a_correction_waits_for_what_it_corrects(declared: Stage) -> None:
    first = declared.station.result("BR1", "positive")
    later = declared.station.correct("BR1", id_of(first), "negative")
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), later)
    assert not TubeResult.objects.exists()
    declared.must_apply(first)
    assert outcome() == ("negative", [])
    assert TubeResult.objects.get().result == id_of(later)


def test_two_corrections_that_differ_are_disputed(declared: Stage) -> None:
    first = declared.station.result("BR1", "positive")
    collection = declared.station.collect("BR1", [DRIVER])
    declared.must_apply(collection, first)
    for value in ("negative", "invalid"):
        declared.must_apply(declared.station.correct("BR1", id_of(first), value))
    assert "results_differ" in outcome()[1]
    assert not PersonResult.objects.exists()


def test_two_equal_results_are_one(declared: Stage) -> None:
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    declared.station.minute = 20
    first = declared.station.result("BR1", "negative")
    declared.station.minute = 22
    declared.must_apply(declared.station.result("BR1", "negative"), first)
    assert outcome() == ("negative", [])
    assert TubeResult.objects.get().result == id_of(first)


def test_a_result_for_an_unknown_tube_is_nobodys_until_its_sampling_arrives(declared: Stage) -> None:
    collection = declared.station.collect("BR1", [DRIVER])
    declared.station.minute = 20
    declared.must_apply(declared.station.result("BR1", "negative"))
    assert not PersonResult.objects.exists()
    declared.must_apply(collection)
    assert PersonResult.objects.get().value == "negative"


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_sampling_taken_back_stays_so_once_its_positive_was_corrected(
    declared: Stage, order: tuple[int, ...]
) -> None:
    collection = declared.station.collect("BR1", [DRIVER])
    withdrawal = declared.station.entry(
        "entry.withdrawn", {"entry": id_of(collection), "reason": "wrong_person"}
    )
    positive = declared.station.result("BR1", "positive")
    correction = declared.station.correct("BR1", id_of(positive), "negative")
    entries = [collection, withdrawal, positive, correction]
    for each in order:
        declared.must_apply(entries[each])
    assert not PersonResult.objects.exists()
    assert not Tube.objects.exists()


def test_under_a_positive_no_sampling_is_taken_back(declared: Stage) -> None:
    collection = declared.station.collect("BR1", [DRIVER])
    declared.must_apply(collection, declared.station.result("BR1", "positive"))
    declared.must_apply(
        declared.station.entry("entry.withdrawn", {"entry": id_of(collection), "reason": "wrong_person"})
    )
    assert PersonResult.objects.get().value == "positive"
