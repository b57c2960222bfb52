"""Erasing one registration takes nothing from what stands for the person, and waits until nobody follows them up."""

from dataclasses import replace

import msgspec
import pytest
from django.db import transaction

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.problems import Problem
from chotxanh.keys.sealing import unseal
from chotxanh.ledger import server_log
from chotxanh.ledger.entries import PersonalErased
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds, sign_deed
from chotxanh.people.groups import groups_of
from chotxanh.people.models import Link, Registration
from chotxanh.people.search import found_by_name, found_by_phone
from chotxanh.protocol.envelope import WireEntry, new_salt
from chotxanh.results.erasing import erase_registration
from chotxanh.results.followups import closings
from chotxanh.results.followups.closings import (
    ClosingOutcome,
    ClosingPersonal,
    FollowupClosed,
    FollowupClosedInPlain,
)
from chotxanh.results.followups.models import Closing
from chotxanh.results.followups.open import Said, close_followup, warnings_about
from chotxanh.results.models import WhatStands
from chotxanh.site.cards import person_cards
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import ASSISTANT, DRIVER, EVENING
from tests.device import WHY, deed_of, member_facts
from tests.stage import Stage

SECOND_CODE = new_code(CodeType.PERSON, b"0123456789abcdef")


@pytest.fixture
def twin(declared: Stage) -> Registration:
    """The driver registered again and positive as that; their paper under the first code is suspended."""
    station = declared.station
    declared.must_apply(station.collect("BR1", [DRIVER]))
    station.minute += 20
    declared.must_apply(station.result("BR1", "negative"))
    station.minute += 20
    again = station.register(DRIVER, person_code=SECOND_CODE)
    sampled = station.collect("BR2", [DRIVER], members=[member_facts(SECOND_CODE)])
    station.minute += 20
    declared.must_apply(again, sampled, station.result("BR2", "positive"))
    return Registration.objects.get(person_code=SECOND_CODE)


def paper() -> Outcome:
    """What the certificate under the first code is."""
    (held,) = certificates_of(DRIVER.code, EVENING)
    return held.status


def end_follow_up(stage: Stage) -> None:
    """Let the physician close the follow-up of who has recovered."""
    facts = {"person_code": SECOND_CODE, "outcome": "recovered", "reason": "QD 12"}
    record_deeds([deed_of("followup.closed", facts, WHY, actor=stage.staff.physician.id)], EVENING)


def test_d5_nobody_who_is_followed_up_is_erased(declared: Stage, twin: Registration) -> None:
    for code in (SECOND_CODE, DRIVER.code):
        with pytest.raises(Problem, match="erasure_followed_up"):
            erase_registration(Registration.objects.get(person_code=code), "request", EVENING)
    assert not Entry.objects.filter(kind="personal.erased").exists()
    end_follow_up(declared)
    erase_registration(twin, "request", EVENING)
    assert Entry.objects.get(id=twin.id).personal is None


def test_d5_who_waits_for_a_result_is_not_erased_whatever_an_earlier_one_said(declared: Stage) -> None:
    """With a negative that stood already, whoever was sampled again was erased before the second one was known."""
    station = declared.station
    declared.must_apply(station.collect("BR1", [DRIVER]), station.result("BR1", "negative"))
    station.minute += 60
    declared.must_apply(station.collect("BR2", [DRIVER]))
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "negative"
    with pytest.raises(Problem, match="erasure_followed_up"):
        erase_registration(Registration.objects.get(person_code=DRIVER.code), "request", EVENING)


@pytest.mark.parametrize("is_late", [False, True])
def test_why_a_follow_up_ended_is_sealed_and_erased_with_the_person(
    declared: Stage, twin: Registration, *, is_late: bool
) -> None:
    """A physician's own words stood in the signed text for ever."""
    said = FollowupClosed(SECOND_CODE, ClosingOutcome.RECOVERED, considered=warnings_about(SECOND_CODE))
    words = "Bà Lan ở số 5 đã khỏi"
    physician = declared.staff.physician
    close_followup(Said(said, ClosingPersonal(new_salt(), words, "12/KSBT")), physician, EVENING)
    (closed,) = Entry.objects.filter(kind="followup.closed")
    assert words not in closed.body
    assert "KSBT" not in closed.body
    assert words.encode() in unseal(bytes(closed.personal or b""), closed.id.bytes)
    papers = paper()
    erase_registration(twin, "request", EVENING)
    if is_late:
        facts = {"person_code": SECOND_CODE, "outcome": "recovered", "registration": twin.id}
        record_deeds([deed_of("followup.closed", facts, WHY, actor=physician.id)], EVENING)
    assert not Entry.objects.filter(kind="followup.closed", personal__isnull=False).exists()
    assert paper() is papers
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before


def test_a_follow_up_that_was_closed_in_plain_words_still_ends_it(
    declared: Stage, twin: Registration
) -> None:
    """What an older version recorded is read as it was said, without whose it is."""
    facts = {"person_code": SECOND_CODE, "outcome": "recovered", "reason": "QD 12", "paper": None}
    own = closings.CLOSED
    with pytest.MonkeyPatch.context() as older:
        older.setattr(server_log, "row_of", lambda _: replace(own, version=1))
        deed = Deed(msgspec.convert(facts, FollowupClosedInPlain), actor=declared.staff.physician.id)
        record_deeds([deed], EVENING)
    assert Entry.objects.get(kind="followup.closed").version == 1
    assert not Closing.objects.exclude(registration=None).exists()
    erase_registration(twin, "request", EVENING)
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before


def test_d5_erasing_a_positive_restores_no_paper_under_the_persons_other_code(
    declared: Stage, twin: Registration
) -> None:
    end_follow_up(declared)
    assert paper() is Outcome.SUSPENDED
    erase_registration(twin, "request", EVENING)
    assert paper() is Outcome.SUSPENDED
    twin.refresh_from_db()
    assert (twin.identity_group, twin.name_index, twin.id_number_index) == (None, None, None)
    found = found_by_name(DRIVER.full_name, None, 9) + found_by_phone(DRIVER.phone, None, 9)
    assert SECOND_CODE not in {each.person_code for each in found}
    before = fingerprints()
    rebuild_tables(EVENING)
    assert (fingerprints(), paper()) == (before, Outcome.SUSPENDED)


def test_an_erasure_that_names_nobody_beside_it_would_restore_it(declared: Stage, twin: Registration) -> None:
    """What was seen before the orders named with whom the erased one was alike."""
    end_follow_up(declared)
    record_deeds([Deed(PersonalErased(twin.id, "request"), actor=declared.staff.lead.id)], EVENING)
    assert paper() is Outcome.VALID


def test_who_was_kept_with_somebody_erased_later_goes_on_with_the_next(
    declared: Stage, twin: Registration
) -> None:
    declared.must_apply(declared.station.register(DRIVER, person_code=new_code(CodeType.PERSON, bytes(16))))
    end_follow_up(declared)
    WhatStands.objects.exclude(state="negative").delete()  # so that each may be erased here
    identity = twin.identity_group
    erase_registration(twin, "request", EVENING)
    (first,) = Link.objects.filter(registration=twin.id)
    assert first.named_group is not None
    erase_registration(Registration.objects.get(id=first.named_group), "request", EVENING)
    (left,) = Registration.objects.filter(identity_group=identity)
    assert left.id not in (twin.id, first.named_group)
    assert groups_of([twin.id, left.id]) == dict.fromkeys([twin.id, left.id], identity)


def test_who_has_others_linked_to_them_is_erased_only_once_these_are_linked_otherwise(
    declared: Stage, twin: Registration
) -> None:
    assistant = Registration.objects.get(person_code=ASSISTANT.code)
    facts = {"registration": str(assistant.id), "group": str(twin.id), "reason": "papers_seen"}
    record_deeds([deed_of("registration.linked", facts, actor=declared.staff.lead.id)], EVENING)
    end_follow_up(declared)
    WhatStands.objects.exclude(state="negative").delete()
    with pytest.raises(Problem, match="erasure_of_linked"):
        erase_registration(twin, "request", EVENING)
    assert not Entry.objects.filter(kind="personal.erased").exists()


@pytest.fixture
def tested(declared: Stage) -> Registration:
    """The driver, negative and with a certificate."""
    declared.must_apply(declared.station.collect("BR1", [DRIVER]), declared.station.result("BR1", "negative"))
    return Registration.objects.get(person_code=DRIVER.code)


def test_the_card_of_somebody_erased_lets_nobody_pass(declared: Stage, tested: Registration) -> None:
    """It went on being green, without the name by which whoever shows the code can be known."""
    before = person_cards([DRIVER.code])[DRIVER.code].last_result
    assert before is not None
    assert before.has_certificate
    erase_registration(tested, "request", EVENING)
    card = person_cards([DRIVER.code])[DRIVER.code]
    assert (card.full_name, card.last_result) == ("", None)


def test_a_certificate_that_arrives_after_the_order_is_kept_without_its_text(declared: Stage) -> None:
    """Recorded before the order its text was erased; after it the text, which holds the name, was kept."""
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    driver = Registration.objects.get(person_code=DRIVER.code)
    with transaction.atomic():
        declared.must_apply(declared.station.result("BR1", "negative"))
        issued = Entry.objects.get(kind="certificate.issued")
        text = unseal(bytes(issued.personal or b""), issued.id.bytes).decode()
        wire = WireEntry(issued.body, to_base64url(bytes(issued.signature)), text)
        transaction.set_rollback(True)
    order = sign_deed(Deed(PersonalErased(driver.id, "request"), actor=declared.staff.lead.id), EVENING)
    declared.must_apply(order)
    declared.must_apply(msgspec.json.encode(wire))
    assert Entry.objects.get(kind="certificate.issued").personal is None
