"""A word of a lead whose grant had ended has no effect, whenever that becomes known, until another lead confirms it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.certificates.models import Certificate
from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.kinds import Role
from chotxanh.domain.marks import Mark, disputes_of
from chotxanh.ledger.archiving import archive_entries, restore_entries
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rejudging import carry_out_all
from chotxanh.ledger.server_log import record_deeds, sign_deed
from chotxanh.people.models import Link, Registration
from chotxanh.protocol.envelope import wire_time
from chotxanh.protocol.kinds import known_kinds
from chotxanh.registers.staff.models import Grant
from chotxanh.results.followups.models import Call
from chotxanh.results.models import TubeResult
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from chotxanh.specimens.models import Tube
from tests.cast import ASSISTANT, DRIVER, EVENING, MORNING, PHU_MY
from tests.correcting import correction_of
from tests.device import MINUTE, WHY, deed_of
from tests.reached import undone
from tests.stage import Stage
from tests.troubles import dispute, doubt, hold

SAID_AT = EVENING + 10 * MINUTE
LATER = EVENING + 30 * MINUTE
# What it says, and whether it has its effect now.
Word = tuple[bytes, Callable[[], bool]]


def said(stage: Stage, kind: str, facts: dict[str, Any], personal: Any = None) -> bytes:
    return sign_deed(deed_of(kind, facts, personal, actor=stage.staff.lead.id), SAID_AT)


def registration_of(code: str) -> UUID:
    return Registration.objects.get(person_code=code).id


def a_name(stage: Stage) -> Word:
    driver = registration_of(DRIVER.code)
    facts, personal = correction_of(driver, DRIVER.code, full_name="Nguyễn Văn Khác", born=ASSISTANT.birth)
    entry = said(stage, "person.corrected", facts, personal)

    def is_corrected() -> bool:
        known = Registration.objects.get(id=driver)
        corrected = (known.name_from is not None, known.birth_year == ASSISTANT.birth.year)
        assert corrected[0] == corrected[1] == (known.name_index != first_index)
        return corrected[0]

    first_index = Registration.objects.get(id=driver).name_index
    return entry, is_corrected


def a_clock(stage: Stage) -> Word:
    doubt(stage)
    doubtful = Entry.objects.filter(unsettled_boot__isnull=False, kind="specimen.collected").get()
    facts = {
        "log": str(doubtful.log),
        "boot": str(doubtful.unsettled_boot),
        "anchor": unix_ms(MORNING),
        "reason": "compared",
    }
    entry = said(stage, "clock.settled", facts)
    return entry, lambda: Entry.objects.get(id=doubtful.id).earliest_at is None


def an_admission(stage: Stage) -> Word:
    hold(stage)
    held = Entry.objects.get(answer="held")
    entry = said(stage, "entry.admitted", {"entry": str(held.id)})

    def counts() -> bool:
        known = Entry.objects.get(id=held.id)
        return known.answer == "applied" and not disputes_of(known.marks)

    return entry, counts


def a_call(stage: Stage) -> Word:
    stage.must_apply(stage.station.collect("BR1", [DRIVER]))
    stage.station.minute += 20
    stage.must_apply(stage.station.result("BR1", "positive"))
    facts = {"facility": PHU_MY, "tube": "BR1", "person_code": DRIVER.code}
    entry = said(stage, "followup.contacted", facts | {"reason": "positive", "outcome": "reached"})
    return entry, lambda: Call.objects.get(person_code=DRIVER.code).closed_at is not None


def a_link(stage: Stage) -> Word:
    facts = {"registration": str(registration_of(DRIVER.code)), "group": str(registration_of(ASSISTANT.code))}
    entry = said(stage, "registration.linked", facts | {"reason": "papers_seen"})
    return entry, Link.objects.exists


def a_choice_of_result(stage: Stage) -> Word:
    dispute(stage)
    results = Entry.objects.filter(kind="result.recorded")
    facts = {
        "facility": PHU_MY,
        "tube": "ONG1",
        "stands": str(results[0].id),
        "considered": [str(each.id) for each in results],
        "resulted_at": wire_time(MORNING + 20 * MINUTE),
    }
    entry = said(stage, "result.resolved", facts)
    return entry, lambda: "results_differ" not in TubeResult.objects.get().disputes


def a_choice_of_sampling(stage: Stage) -> Word:
    dispute(stage)
    samplings = Entry.objects.filter(kind="specimen.collected")
    facts = {
        "facility": PHU_MY,
        "tube": "ONG1",
        "stands": str(samplings[0].id),
        "considered": [str(each.id) for each in samplings],
        "sampled_at": wire_time(MORNING),
    }
    return said(stage, "specimen.resolved", facts), lambda: not Tube.objects.get().is_disputed


def a_withdrawal(stage: Stage) -> Word:
    stage.must_apply(stage.station.collect("BR1", [DRIVER]))
    sampling = Entry.objects.get(kind="specimen.collected")
    entry = said(stage, "entry.withdrawn", {"entry": str(sampling.id), "reason": "wrong_person"})
    return entry, lambda: not Tube.objects.exists()


WORDS = [
    a_name,
    a_clock,
    an_admission,
    a_call,
    a_link,
    a_choice_of_result,
    a_choice_of_sampling,
    a_withdrawal,
]


def end_of_the_lead(stage: Stage) -> bytes:
    """The end of the lead's grant before the word, which another lead records afterwards."""
    given = {"member": str(stage.staff.technician.id), "role": "lead", "since": wire_time(MORNING)}
    record_deeds([deed_of("grant.given", given | {"methods": ["ag_rapid", "rt_pcr"]})], MORNING)
    grant = Grant.objects.get(member=stage.staff.lead.id)
    facts = {"grant": str(grant.id), "at": wire_time(EVENING)}
    return sign_deed(deed_of("grant.ended", facts, actor=stage.staff.technician.id), LATER)


@pytest.mark.parametrize("decided", WORDS)
@pytest.mark.parametrize("is_known_before", [False, True])
def test_a_late_end_of_the_grant_takes_the_effect_away_in_any_order(
    declared: Stage, decided: Callable[[Stage], Word], is_known_before: bool
) -> None:
    entry, has_effect = decided(declared)
    declared.now = LATER
    end = end_of_the_lead(declared)
    with undone():
        declared.must_apply(entry)
        assert has_effect(), "it has one while the grant holds"
    for each in (end, entry) if is_known_before else (entry, end):
        declared.must_apply(each)
        carry_out_all(LATER)
    assert not has_effect()
    before = fingerprints()
    rebuild_tables(LATER)
    assert fingerprints() == before


@pytest.mark.parametrize("decided", WORDS)
def test_an_archived_past_keeps_no_word_whose_lead_had_no_grant(
    declared: Stage, tmp_path: Path, decided: Callable[[Stage], Word]
) -> None:
    """What was archived with everything else was marked no more: its word stood for ever."""
    entry, has_effect = decided(declared)
    declared.now = LATER
    declared.must_apply(entry)
    archived = archive_entries(LATER + MINUTE, tmp_path / "archive")
    assert archived > 0
    declared.must_apply(end_of_the_lead(declared))
    carry_out_all(LATER)
    assert not has_effect()
    assert restore_entries(tmp_path / "archive") == archived
    before = fingerprints()
    rebuild_tables(LATER)
    assert fingerprints() == before


def test_a_closing_without_a_grant_certifies_nobody_once_everything_was_archived(
    declared: Stage, tmp_path: Path
) -> None:
    physician, station = declared.staff.physician, declared.station
    declared.must_apply(station.collect("BR1", [DRIVER]))
    station.minute += 20
    declared.must_apply(station.result("BR1", "positive"))
    facts = {"person_code": DRIVER.code, "outcome": "recovered"}
    record_deeds([deed_of("followup.closed", facts, WHY, actor=physician.id)], SAID_AT)
    archive_entries(LATER, tmp_path / "archive")
    ended = {"grant": str(Grant.objects.get(member=physician.id).id), "at": wire_time(EVENING)}
    record_deeds([deed_of("grant.ended", ended, actor=declared.staff.lead.id)], LATER)
    carry_out_all(LATER)
    declared.now = LATER + 30 * MINUTE
    station.minute = 13 * 60
    declared.must_apply(station.collect("BR2", [DRIVER]))
    station.minute += 20
    declared.must_apply(station.result("BR2", "negative"))
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("decided", [word for word in WORDS if word not in (an_admission, a_withdrawal)])
def test_the_office_shows_it_and_another_lead_confirms_it(
    declared: Stage, client: Client, decided: Callable[[Stage], Word], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, has_effect = decided(declared)
    declared.now = LATER
    declared.must_apply(entry, end_of_the_lead(declared))
    carry_out_all(LATER)
    monkeypatch.setattr(timezone, "now", lambda: LATER + MINUTE)
    client.force_login(declared.staff.technician)
    (word,) = Entry.objects.filter(actor=declared.staff.lead.id, received_at=LATER)
    assert f"/office/words/{word.id}" in client.get("/office/words").content.decode()
    client.post(f"/office/words/{word.id}", {"grounds": "saw_the_roster"})
    assert has_effect()
    assert not Mark(Entry.objects.get(id=word.id).marks) & Mark.AUTHORITY_ENDED
    assert f"/office/words/{word.id}" not in client.get("/office/words").content.decode()
    before = fingerprints()
    rebuild_tables(LATER)
    assert fingerprints() == before


def test_nobody_confirms_a_word_of_their_own(declared: Stage, client: Client) -> None:
    entry, has_effect = a_link(declared)
    declared.now = LATER
    declared.must_apply(entry, end_of_the_lead(declared))
    carry_out_all(LATER)
    Grant.objects.create(
        id=UUID(int=7), member=declared.staff.lead.id, role=Role.LEAD, valid_from=LATER, valid_to=None
    )
    client.force_login(declared.staff.lead)
    (word,) = Entry.objects.filter(actor=declared.staff.lead.id, received_at=LATER)
    client.post(f"/office/words/{word.id}", {"grounds": "saw_the_roster"})
    assert not has_effect()


def test_every_kind_of_leads_is_known_to_lose_its_effect_or_named_here() -> None:
    """What a register was told stays in use, and what was erased stays erased: the office shows both as such."""
    found = {row.kind for row in known_kinds() if row.who.is_offices and not row.who.is_register}
    tested = {
        "person.corrected",
        "clock.settled",
        "entry.admitted",
        "followup.contacted",
        "registration.linked",
    }
    alike = {"registration.unlinked", "result.resolved", "specimen.resolved"}
    # A refusal only leaves held what was held; who closed a follow-up is tested with the closings.
    assert found == tested | alike | {"entry.refused", "followup.closed"}
