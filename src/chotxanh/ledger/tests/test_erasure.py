"""An erased person is forgotten by every table, while the ledger still proves what was signed."""

import hashlib
import json
from itertools import permutations
from pathlib import Path
from uuid import UUID

import pytest

from chotxanh.certificates.queries import certificates_of
from chotxanh.declarations.models import Declaration
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.keys.signatures import verifies
from chotxanh.ledger.entries import PersonalErased
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds, sign_deed
from chotxanh.people.models import Registration
from chotxanh.people.queries import details_of
from chotxanh.people.search import found_by_name, found_by_phone
from chotxanh.protocol.envelope import new_salt, personal_digest
from chotxanh.registers.devices.models import Device
from chotxanh.registers.duties.models import DutyNumber
from chotxanh.results.models import WhatStands
from chotxanh.site.cards import person_cards
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from chotxanh.vehicles.models import Vehicle
from tests.cast import ASSISTANT, DRIVER, EVENING, QL51
from tests.correcting import correct_person, correction_of
from tests.device import deed_of, id_of
from tests.stage import Stage


def order(stage: Stage, entry: UUID) -> Deed:
    """Return the order to erase an entry's personal part."""
    return Deed(PersonalErased(entry, "request"), actor=stage.staff.data_protection.id)


def erase(stage: Stage, entry: UUID) -> None:
    record_deeds([order(stage, entry)], EVENING)


def registration_of_driver() -> Registration:
    return Registration.objects.get(person_code=DRIVER.code)


def test_the_personal_part_and_every_index_of_it_go(declared: Stage) -> None:
    registration = registration_of_driver()
    erase(declared, registration.id)
    erase(declared, Declaration.objects.get(registration=registration.id).id)
    assert Entry.objects.get(id=registration.id).personal is None
    blank = registration_of_driver()
    assert details_of(blank.id) is None
    for column in ("page_digest", "name_index", "id_number_index", "phone_index", "identity_group"):
        assert getattr(blank, column) is None
    assert found_by_name(DRIVER.full_name, None, 9) == found_by_phone(DRIVER.phone, None, 9) == []
    card = person_cards([DRIVER.code])[DRIVER.code]
    assert (card.full_name, card.plate) == ("", None)


def sealed_of_the_driver() -> set[str]:
    """The kinds of the driver's entries whose personal part is still kept."""
    kept = Entry.objects.exclude(personal=None).filter(body__contains=DRIVER.code)
    return set(kept.values_list("kind", flat=True))


def test_one_order_erases_every_sealed_part_of_a_registration(declared: Stage) -> None:
    """Its corrections, its journeys and its certificates' texts stayed until they were erased one by one."""
    registration = registration_of_driver().id
    correct_person(registration, DRIVER, declared.staff.lead.id, full_name="Nguyễn Văn Dương")
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), declared.station.result("BR1", "negative"))
    kinds = {"person.registered", "person.corrected", "declaration.submitted", "certificate.issued"}
    assert sealed_of_the_driver() == kinds
    others = Entry.objects.exclude(body__contains=DRIVER.code).exclude(personal=None).count()
    signed = dict(Entry.objects.values_list("id", "digest"))
    erase(declared, registration)
    assert sealed_of_the_driver() == set()
    assert details_of(registration) is None
    assert Declaration.objects.get(registration=registration).vehicle is None
    assert Entry.objects.exclude(body__contains=DRIVER.code).exclude(personal=None).count() == others
    assert signed.items() <= dict(Entry.objects.values_list("id", "digest")).items()
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before


@pytest.mark.parametrize("order_of", list(permutations(range(3))))
def test_what_comes_of_an_erased_registration_is_not_kept_either(
    stage: Stage, order_of: tuple[int, ...]
) -> None:
    registered = stage.station.register(DRIVER)
    journey = stage.station.declare(DRIVER)
    facts, personal = correction_of(id_of(registered), DRIVER.code, full_name="Nguyễn Văn Dương")
    corrected = deed_of("person.corrected", facts, personal, actor=stage.staff.lead.id)
    about = [registered, journey, sign_deed(corrected, EVENING)]
    stage.must_apply(about[order_of[0]])
    stage.must_apply(sign_deed(order(stage, id_of(registered)), EVENING))
    for place in order_of[1:]:
        stage.must_apply(about[place])
    assert sealed_of_the_driver() == set()
    assert (registration_of_driver().name_index, Vehicle.objects.count()) == (None, 0)


@pytest.mark.parametrize("is_first", [False, True])
def test_what_is_held_of_an_erased_registration_is_not_kept_either(
    declared: Stage, *, is_first: bool
) -> None:
    """What waited for a word about its device, or its author, kept name and address for ever."""
    registration = registration_of_driver().id
    declared.station.actor = declared.staff.officer_elsewhere.id
    held = declared.station.declare(DRIVER)
    if is_first:
        assert declared.record(held)[0][0] == "held"
    erase(declared, registration)
    if not is_first:
        assert declared.record(held)[0][0] == "held"
    assert Entry.objects.get(id=id_of(held)).answer == "held"
    assert sealed_of_the_driver() == set()


def test_who_was_never_sampled_is_in_doubt_no_more_once_who_was_alike_is_erased(declared: Stage) -> None:
    """What the other's positive made of them stayed, where they were erased after it, and nowhere else."""
    code = new_code(CodeType.PERSON, b"0123456789abcdef")
    (again,) = declared.must_apply(declared.station.register(DRIVER, person_code=code))
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), declared.station.result("BR1", "positive"))
    assert WhatStands.objects.get(person_code=code).state == "disputed"
    erase(declared, again)
    assert not WhatStands.objects.filter(person_code=code).exists()


def test_signature_and_digests_still_prove_what_was_signed(stage: Stage) -> None:
    sent = stage.station.register(DRIVER)
    stage.must_apply(sent)
    erase(stage, id_of(sent))
    entry = Entry.objects.get(id=id_of(sent))
    device = Device.objects.get(id=entry.device)
    assert verifies(bytes(device.public_point), entry.body.encode(), bytes(entry.signature))
    assert bytes(entry.digest) == hashlib.sha256(entry.body.encode()).digest()
    assert json.loads(entry.body)["personal"] == personal_digest(json.loads(sent)["personal"])


def test_a_rebuild_after_an_erasure_finds_the_same_tables(declared: Stage) -> None:
    erase(declared, registration_of_driver().id)
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before


def test_a_vehicle_that_others_declared_too_stays(declared: Stage) -> None:
    journeys = {each.person_code: each.id for each in Declaration.objects.all()}
    shared = Vehicle.objects.get(vehicle_class="truck")
    assert shared.named_by == min(journeys[DRIVER.code], journeys[ASSISTANT.code])
    erase(declared, shared.named_by)
    shared.refresh_from_db()
    left = max(journeys[DRIVER.code], journeys[ASSISTANT.code])
    assert shared.named_by == left
    erase(declared, left)
    assert not Vehicle.objects.filter(vehicle_class="truck").exists()


@pytest.mark.parametrize("is_together", [False, True])
def test_an_order_that_comes_before_its_entry_holds_too(stage: Stage, is_together: bool) -> None:
    sent = stage.station.register(DRIVER)
    erasure = sign_deed(order(stage, id_of(sent)), EVENING)
    if is_together:
        stage.must_apply(sent, erasure)
    else:
        stage.must_apply(erasure)
        stage.must_apply(sent)
    assert Entry.objects.get(id=id_of(sent)).personal is None
    assert registration_of_driver().name_index is None


@pytest.mark.parametrize("is_together", [False, True])
def test_a_journeys_order_that_comes_before_its_entry_holds_too(stage: Stage, is_together: bool) -> None:
    sent = stage.station.declare(DRIVER)
    erasure = sign_deed(order(stage, id_of(sent)), EVENING)
    if is_together:
        stage.must_apply(sent, erasure)
    else:
        stage.must_apply(erasure)
        stage.must_apply(sent)
    assert Entry.objects.get(id=id_of(sent)).personal is None
    assert not Vehicle.objects.exists()


def test_an_erased_entry_sent_again_stays_erased(stage: Stage) -> None:
    sent = stage.station.register(DRIVER)
    stage.must_apply(sent)
    erase(stage, id_of(sent))
    assert stage.record(sent) == [("duplicate", None)]
    assert Entry.objects.get(id=id_of(sent)).personal is None


def test_a_certificates_text_is_erased_by_its_own_order(declared: Stage) -> None:
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), declared.station.result("BR1", "negative"))
    assert certificates_of(DRIVER.code, EVENING)[0].text is not None
    erase(declared, Entry.objects.get(kind="certificate.issued").id)
    (held,) = certificates_of(DRIVER.code, EVENING)
    assert held.text is None
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before


def test_neither_an_officer_nor_a_physician_erases(declared: Stage, own_keys: Path) -> None:
    registration = registration_of_driver()
    for member in (declared.staff.officer, declared.staff.physician):
        deed = Deed(PersonalErased(registration.id, "request"), actor=member.id)
        assert declared.record(sign_deed(deed, EVENING)) == [("held", "actor_not_allowed")]
    assert details_of(registration.id) is not None


def test_an_erased_duty_number_and_an_erased_member_are_forgotten_by_the_registers(stage: Stage) -> None:
    facts = {"of": "site", "code": QL51, "since": "2021-07-25T01:05:00.000Z"}
    personal = {"salt": new_salt(), "phone": "02543123456", "full_name": None}
    record_deeds([deed_of("duty.set", facts, personal, actor=stage.staff.lead.id)], EVENING)
    officer = stage.staff.officer
    for entry in Entry.objects.filter(kind__in=["duty.set", "member.registered"]):
        if entry.kind == "duty.set" or str(officer.id) in entry.body:
            erase(stage, entry.id)
    assert not DutyNumber.objects.exclude(phone="").exists()
    officer.refresh_from_db()
    assert (officer.full_name, officer.phone) == ("", "")
    tables = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == tables
