"""What an erasure takes along: copies of what was never recorded, and whole categories before a moment (finding D5)."""

import json
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from chotxanh.declarations.models import Declaration
from chotxanh.ledger.archiving import archive_entries
from chotxanh.ledger.entries import CategoryErased, PersonalErased
from chotxanh.ledger.models import Entry, SetAside
from chotxanh.ledger.server_log import Deed, record_deeds, sign_deed
from chotxanh.ledger.unread import text_of
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from chotxanh.vehicles.models import Vehicle
from tests.cast import ASSISTANT, DRIVER, EVENING, MORNING, TRAVELLERS
from tests.device import collection_facts, id_of
from tests.stage import Stage

NIGHT = EVENING + timedelta(days=30)


def erase(stage: Stage, entry: bytes) -> None:
    """Order everything of a registration erased."""
    record_deeds([Deed(PersonalErased(id_of(entry), "request"), actor=stage.staff.lead.id)], EVENING)


def kept(problem: str) -> bytes:
    """Return what is kept of the one thing that was set aside for this."""
    return bytes(SetAside.objects.get(problem=problem).raw)


def test_d5_copies_that_were_set_aside_go_with_the_registration(stage: Stage) -> None:
    sent = stage.station.register(DRIVER)
    stage.must_apply(sent)
    stage.station.seq -= 1
    assert stage.record(stage.station.declare(DRIVER)) == [("rejected", "running_number_reused")]
    stage.station.seq -= 1
    assert stage.record(stage.station.register(ASSISTANT)) == [("rejected", "running_number_reused")]
    assert stage.record(DRIVER.phone.encode()) == [("rejected", "entry_unreadable")]
    assert stage.record(b"another" + ASSISTANT.phone.encode()) == [("rejected", "entry_unreadable")]
    erase(stage, sent)
    emptied = [bytes(raw) == b"" for raw in SetAside.objects.order_by("id").values_list("raw", flat=True)]
    assert emptied == [True, False, True, False]
    assert SetAside.objects.exclude(digest=b"").count() == 4


@pytest.mark.parametrize("is_archived", [False, True])
def test_d5_a_copy_that_holds_the_code_or_a_journeys_number_alone_goes_too(
    stage: Stage, tmp_path: Path, *, is_archived: bool
) -> None:
    """Once the registration's text was archived its code was not found; a journey's number never was."""
    sent, journey = stage.station.register(DRIVER), stage.station.declare(DRIVER)
    stage.must_apply(sent, journey)
    for copy in (f"code {DRIVER.code}", f"journey {id_of(journey)}", f"code {ASSISTANT.code}"):
        assert stage.record(copy.encode()) == [("rejected", "entry_unreadable")]
    if is_archived:
        archive_entries(NIGHT, tmp_path / "archive")
        assert Entry.objects.get(id=id_of(sent)).body == ""
    erase(stage, sent)
    emptied = [bytes(raw) == b"" for raw in SetAside.objects.order_by("id").values_list("raw", flat=True)]
    assert emptied == [True, True, False]


@pytest.mark.parametrize(
    ("copy", "is_found"),
    [
        ("+84912345678", True),
        ("0912345678", True),
        ("x0912345678901234567", True),
        ("077085000123", True),
        ("912345678", False),
        ("0770850001", False),
    ],
)
def test_a_number_is_found_wherever_it_stands_in_a_copy(stage: Stage, copy: str, *, is_found: bool) -> None:
    sent = stage.station.register(DRIVER)
    stage.must_apply(sent)
    stage.record(f"copy {copy}".encode())
    erase(stage, sent)
    assert (kept("entry_unreadable") == b"") is is_found


def test_d5_a_copy_that_arrives_after_the_erasure_is_not_kept_either(stage: Stage) -> None:
    sent = stage.station.register(DRIVER)
    stage.must_apply(sent)
    erase(stage, sent)
    stage.station.seq -= 1
    assert stage.record(stage.station.declare(DRIVER)) == [("rejected", "running_number_reused")]
    assert kept("running_number_reused") == b""


def test_d5_what_was_rejected_or_never_read_goes_with_the_registration(stage: Stage) -> None:
    sent = stage.station.register(DRIVER)
    stage.must_apply(sent)
    rejected = stage.station.entry("person.registered", DRIVER.facts() | {"sex": "?"}, DRIVER.personal())
    unread = stage.station.entry("chart.kept", {"of": DRIVER.phone})
    other = stage.station.entry("chart.kept", {"of": ASSISTANT.phone})
    assert [answer for answer, _ in stage.record(rejected, unread, other)] == ["rejected", "held", "held"]
    erase(stage, sent)
    left = Entry.objects.filter(id__in=[id_of(rejected), id_of(unread), id_of(other)], unread__isnull=False)
    assert [entry.id for entry in left] == [id_of(other)]
    assert Entry.objects.get(id=id_of(rejected)).personal is None


def test_work_that_waits_for_an_update_stays_without_what_identifies_the_erased_one(declared: Stage) -> None:
    """A pool of ten that a newer station had recorded, and that was acknowledged, went with one of the ten."""
    facts = collection_facts("BR1", [each.code for each in TRAVELLERS]) | {"new_member": 1}
    pool = declared.station.entry("specimen.collected", facts, version=99)
    journey = declared.station.declare(DRIVER)
    newer = declared.station.entry(
        "declaration.submitted",
        DRIVER.journey(declared.station.registrations[DRIVER.code]) | {"new_member": 1},
        DRIVER.journey_personal(),
        version=99,
    )
    declared.must_apply(journey)
    assert declared.record(pool, newer) == [("held", "kind_unknown")] * 2
    driver = declared.station.registrations[DRIVER.code]
    record_deeds([Deed(PersonalErased(driver, "request"), actor=declared.staff.lead.id)], EVENING)
    left = {each.id: each for each in Entry.objects.filter(id__in=[id_of(pool), id_of(newer)])}
    assert text_of(left[id_of(pool)]) == body_of(pool)
    assert (left[id_of(newer)].personal, text_of(left[id_of(newer)])) == (None, body_of(newer))


@pytest.mark.parametrize("is_late", [False, True])
def test_what_was_rejected_or_never_read_goes_with_the_registration_whenever_it_comes(
    stage: Stage, *, is_late: bool
) -> None:
    """What came after the order was kept: the plate of a rejected journey, a phone that nobody here could read."""
    sent = stage.station.register(DRIVER)
    stage.must_apply(sent)
    copies = [
        stage.station.declare(DRIVER, answers={}),
        stage.station.entry("person.registered", DRIVER.facts() | {"sex": "?"}, DRIVER.personal()),
        stage.station.entry("chart.kept", {"of": str(id_of(sent)), "phone": DRIVER.phone}),
    ]
    other = stage.station.entry("person.registered", ASSISTANT.facts() | {"sex": "?"}, ASSISTANT.personal())
    newer = DRIVER.journey(id_of(sent)) | {"new_member": 1}
    journey = stage.station.entry("declaration.submitted", newer, DRIVER.journey_personal(), version=99)

    def arrive() -> None:
        answers = [answer for answer, _ in stage.record(*copies, other, journey)]
        assert answers == ["rejected", "rejected", "held", "rejected", "held"]

    if not is_late:
        arrive()
    erase(stage, sent)
    if is_late:
        arrive()
    for copy in copies:
        left = Entry.objects.get(id=id_of(copy))
        assert (left.personal, left.unread, left.body) == (None, None, "")
    assert Entry.objects.get(id=id_of(other)).personal is not None
    waiting = Entry.objects.get(id=id_of(journey))
    assert (waiting.personal, text_of(waiting)) == (None, body_of(journey))


def test_a_rejected_entry_of_who_came_back_under_the_same_code_stays(stage: Stage) -> None:
    sent = stage.station.register(DRIVER)
    stage.must_apply(sent)
    erase(stage, sent)
    stage.must_apply(stage.station.register(DRIVER))
    rejected = stage.station.entry("person.registered", DRIVER.facts() | {"sex": "?"}, DRIVER.personal())
    stage.record(rejected)
    assert Entry.objects.get(id=id_of(rejected)).personal is not None


def body_of(sent: bytes) -> str:
    """Return the signed text of an entry as it travels."""
    return str(json.loads(sent)["body"])


def over(stage: Stage, days: int = 0) -> bytes:
    """Return the order that nothing personal of journeys is kept from before a moment."""
    order = CategoryErased("journeys", MORNING + timedelta(days=days), "period_over")
    return sign_deed(Deed(order, actor=stage.staff.lead.id), NIGHT)


def plates_kept() -> int:
    """Return how many journeys still have their sealed part."""
    return Entry.objects.filter(kind="declaration.submitted", personal__isnull=False).count()


@pytest.mark.parametrize("order_of", list(permutations(range(3))))
def test_d5_a_category_is_erased_before_a_moment_whenever_its_entries_arrive(
    stage: Stage, order_of: tuple[int, ...]
) -> None:
    stage.must_apply(stage.station.register(DRIVER))
    entries = [stage.station.declare(DRIVER), stage.station.declare(DRIVER), over(stage, days=1)]
    stage.now = NIGHT
    for place in order_of:
        stage.must_apply(entries[place])
    assert (plates_kept(), Declaration.objects.count(), Vehicle.objects.count()) == (0, 2, 0)
    before = fingerprints()
    rebuild_tables(NIGHT)
    assert fingerprints() == before


def test_what_is_younger_and_what_is_of_another_category_stays(declared: Stage) -> None:
    count = plates_kept()
    declared.now = NIGHT
    declared.must_apply(over(declared))
    assert plates_kept() == count > 0
    declared.must_apply(over(declared, days=1))
    assert plates_kept() == 0
    assert Entry.objects.filter(kind="person.registered", personal__isnull=False).exists()
