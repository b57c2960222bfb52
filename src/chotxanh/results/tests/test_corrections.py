"""Which result of a tube stands: corrections of corrections, of nothing, in rings, and facts that contradict."""

from itertools import permutations
from uuid import UUID

import pytest
from django.db import transaction

from chotxanh.certificates.models import Certificate
from chotxanh.ledger.entries import EntryWithdrawn
from chotxanh.ledger.rulings import withdraw_entry
from chotxanh.ledger.server_log import record_deeds
from chotxanh.results.models import PersonResult, ResultFact, TubeResult
from chotxanh.results.resolutions import TubeWord, resolve_result, seen
from chotxanh.specimens.models import Tube
from tests.cast import CHAU_DUC, DRIVER, EVENING, PHU_MY, QL56
from tests.device import MINUTE, deed_of, id_of
from tests.halves import orders
from tests.stage import Stage
from tests.troubles import new_station

KEY = f"{PHU_MY}/BR1"


def correction(stage: Stage, id: UUID, corrects: UUID, value: str) -> bytes:
    facts = {"facility": PHU_MY, "tube": "BR1", "corrects": corrects, "value": value, "reason": "wrong_value"}
    return stage.station.entry("result.corrected", facts, id=id)


def test_who_did_not_test_it_corrects_nothing_alone(declared: Stage) -> None:
    """An officer of another facility made an invalid result negative, and its people had papers."""
    elsewhere = new_station(declared, "Máy của cơ sở khác")
    elsewhere.minute = 40
    invalid = declared.station.result("BR1", "invalid")
    facts = {"facility": CHAU_DUC, "collected_by": PHU_MY, "tube": "BR1", "corrects": id_of(invalid)}
    entries = [
        declared.station.collect("BR1", [DRIVER]),
        invalid,
        elsewhere.start_shift(declared.staff.officer_elsewhere, QL56),
        elsewhere.entry("result.corrected", facts | {"value": "negative", "reason": "wrong_value"}),
    ]
    found = set()
    for order in orders(entries):
        with transaction.atomic():
            declared.record(*order)
            found.add((outcome()[1][0], Certificate.objects.count()))
            transaction.set_rollback(True)
    assert found == {("correction_elsewhere", 0)}


def countersign(stage: Stage, correction: UUID) -> None:
    """A technician of the facility signs what the officer corrected."""
    facts = {"facility": PHU_MY, "tube": "BR1", "correction": str(correction)}
    record_deeds([deed_of("result.countersigned", facts, actor=stage.staff.technician.id)], EVENING)


def outcome() -> tuple[str, list[str]]:
    found = TubeResult.objects.get(tube=KEY)
    return found.value, found.disputes


def test_corrections_in_a_ring_stand_for_nothing_and_let_nothing_stand_undisputed(declared: Stage) -> None:
    one, two = UUID(int=1), UUID(int=2)
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    declared.must_apply(
        correction(declared, one, two, "negative"), correction(declared, two, one, "negative")
    )
    declared.must_apply(correction(declared, UUID(int=3), UUID(int=3), "negative"))
    assert not TubeResult.objects.exists()
    declared.must_apply(declared.station.result("BR1", "positive"))
    assert outcome() == ("positive", ["correction_unmatched"])


def test_a_correction_waits_for_what_it_corrects(declared: Stage) -> None:
    first = declared.station.result("BR1", "positive")
    later = declared.station.correct("BR1", id_of(first), "negative")
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), later)
    assert not TubeResult.objects.exists()
    declared.must_apply(first)
    assert outcome() == ("positive", [])
    countersign(declared, id_of(later))
    assert outcome() == ("negative", [])
    assert TubeResult.objects.get().result == id_of(later)


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("value", ["positive", "negative"])
def test_a_correction_of_what_is_not_known_lets_no_other_result_pass(
    declared: Stage, value: str, *, is_first: bool
) -> None:
    """It counted as if it had not been: the negative beside it was final and certified."""
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    declared.station.minute = 20
    negative = declared.station.result("BR1", "negative")
    missing = declared.station.result("BR1", "invalid")
    dangling = declared.station.correct("BR1", id_of(missing), value)
    declared.must_apply(*((dangling,) if is_first else (negative,)))
    declared.must_apply(*((negative,) if is_first else (dangling,)))
    assert outcome() == ("negative", ["correction_unmatched"])
    assert not PersonResult.objects.exists()
    standing = Certificate.objects.in_force()
    assert not standing.exists()
    declared.must_apply(missing)
    assert outcome()[1] == ([] if value == "negative" else ["results_differ"])


def test_a_result_of_another_tube_is_not_what_a_correction_speaks_of(declared: Stage) -> None:
    elsewhere = declared.station.result("BR2", "negative")
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), elsewhere)
    declared.station.minute = 20
    declared.must_apply(
        declared.station.result("BR1", "negative"),
        declared.station.correct("BR1", id_of(elsewhere), "positive"),
    )
    assert outcome() == ("negative", ["correction_unmatched"])


def test_a_lead_settles_a_correction_of_what_never_came(declared: Stage) -> None:
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    declared.station.minute = 20
    dangling = declared.station.correct("BR1", UUID(int=99), "positive")
    declared.must_apply(declared.station.result("BR1", "negative"), dangling)
    shown = seen(ResultFact.objects.all())
    word = TubeWord(PHU_MY, "BR1", id_of(dangling), declared.station.began + 20 * MINUTE, shown)
    resolve_result(word, declared.staff.lead, declared.now)
    assert outcome() == ("positive", [])


def test_a_withdrawn_correction_of_nothing_disputes_nothing(declared: Stage) -> None:
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    declared.station.minute = 20
    dangling = declared.station.correct("BR1", UUID(int=99), "invalid")
    declared.must_apply(declared.station.result("BR1", "negative"), dangling)
    withdraw_entry(EntryWithdrawn(id_of(dangling), "slip_of_the_hand"), declared.staff.lead, declared.now)
    assert outcome() == ("negative", [])


def test_two_corrections_that_differ_are_disputed(declared: Stage) -> None:
    first = declared.station.result("BR1", "positive")
    collection = declared.station.collect("BR1", [DRIVER])
    declared.must_apply(collection, first)
    for value in ("negative", "invalid"):
        later = declared.station.correct("BR1", id_of(first), value)
        declared.must_apply(later)
        countersign(declared, id_of(later))
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
    countersign(declared, id_of(correction))
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


def test_a_correction_in_another_tube_takes_no_positive_away(declared: Stage) -> None:
    collection = declared.station.collect("BR1", [DRIVER])
    positive = declared.station.result("BR1", "positive")
    other = declared.station.collect("BR2", [DRIVER])
    declared.must_apply(
        collection, positive, other, declared.station.correct("BR2", id_of(positive), "negative")
    )
    takes_back = [
        declared.station.entry("entry.withdrawn", {"entry": id_of(each), "reason": "wrong_tube"})
        for each in (collection, other)
    ]
    declared.must_apply(*takes_back)
    assert [each.value for each in PersonResult.objects.filter(tube=KEY)] == ["positive"]
