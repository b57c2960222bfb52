"""What suspends papers, and what restores them: an own positive, a pool's, a doubt; of every code of the person."""

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from chotxanh.certificates.decisions import decide
from chotxanh.certificates.models import Certificate, Decision
from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rejudging import carry_out_all
from chotxanh.ledger.server_log import record_deeds, sign_deed
from chotxanh.people.models import Registration
from chotxanh.protocol.envelope import wire_time
from chotxanh.protocol.kinds import Touched
from chotxanh.registers.staff.models import Grant
from chotxanh.results.models import ResultFact, WhatStands
from chotxanh.results.people import recompute_papers
from chotxanh.results.queries import PersonState, standing_of
from chotxanh.results.resolutions import TubeWord, resolve_collection, resolve_result, seen
from chotxanh.specimens.models import Collection
from chotxanh.verification.checking import verify_certificate
from tests.cast import ASSISTANT, DRIVER, EVENING, PHU_MY, RT_PCR, Person
from tests.device import MINUTE, WHY, deed_of, id_of, member_facts
from tests.stage import Stage


def swabbed(stage: Stage, tube: str, person: Person | list[Person], value: str, minute: int) -> list[bytes]:
    """The entries of one tube: sampled at `minute`, read 16 minutes later."""
    stage.station.minute = minute
    collection = stage.station.collect(tube, person if isinstance(person, list) else [person])
    stage.station.minute = minute + 16
    return [collection, stage.station.result(tube, value)]


def statuses(person: Person) -> list[Outcome]:
    return [each.status for each in certificates_of(person.code, EVENING)]


def steps() -> list[tuple[str, Any]]:
    """What was decided about certificates, in the order of deciding."""
    entries = Entry.objects.filter(kind__startswith="certificate.").order_by("id")
    return [(entry.kind.partition(".")[2], entry.body) for entry in entries]


def test_a1_an_own_positive_suspends_what_was_sampled_up_to_it(declared: Stage) -> None:
    """Finding A1: negative at 08:20, own rapid positive at 14:40."""
    declared.must_apply(*swabbed(declared, "BR1", DRIVER, "negative", 5))
    text = certificates_of(DRIVER.code, EVENING)[0].text or ""
    assert verify_certificate(text, EVENING).outcome is Outcome.VALID
    declared.must_apply(*swabbed(declared, "BR2", DRIVER, "positive", 60))
    assert statuses(DRIVER) == [Outcome.SUSPENDED]
    assert verify_certificate(text, EVENING).outcome is Outcome.SUSPENDED
    assert standing_of(DRIVER.code).state is PersonState.POSITIVE


def test_a1_no_later_rapid_negative_lifts_a_positive_or_gives_a_paper(declared: Stage) -> None:
    declared.must_apply(*swabbed(declared, "BR1", DRIVER, "negative", 5))
    declared.must_apply(*swabbed(declared, "BR2", DRIVER, "positive", 60))
    declared.must_apply(*swabbed(declared, "BR3", [DRIVER, ASSISTANT], "negative", 90))
    assert statuses(DRIVER) == [Outcome.SUSPENDED]
    assert statuses(ASSISTANT) == [Outcome.VALID]
    assert standing_of(DRIVER.code).state is PersonState.POSITIVE
    assert WhatStands.objects.get(person_code=DRIVER.code).order == "rt_pcr"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_stands_does_not_depend_on_the_order_of_arrival(declared: Stage, order: tuple[int, ...]) -> None:
    acts = [
        swabbed(declared, "BR1", DRIVER, "negative", 5),
        swabbed(declared, "BR2", DRIVER, "positive", 60),
        swabbed(declared, "BR3", DRIVER, "negative", 90),
    ]
    for place in order:
        declared.must_apply(*acts[place])
    assert Outcome.VALID not in statuses(DRIVER)
    assert standing_of(DRIVER.code).state is PersonState.POSITIVE


def test_a_positive_pool_suspends_the_older_papers_of_its_members(declared: Stage) -> None:
    """Field rule A7; an own later result of theirs restores them."""
    declared.must_apply(*swabbed(declared, "BR1", DRIVER, "negative", 5))
    declared.must_apply(*swabbed(declared, "BR2", [DRIVER, ASSISTANT], "positive", 60))
    assert statuses(DRIVER) == [Outcome.SUSPENDED]
    declared.must_apply(*swabbed(declared, "BR3", DRIVER, "negative", 90))
    assert statuses(DRIVER) == [Outcome.VALID, Outcome.VALID]


def test_a2_a_pool_corrected_to_negative_certifies_nobody_who_stands_as_positive(declared: Stage) -> None:
    pool = swabbed(declared, "BR1", [DRIVER, ASSISTANT], "positive", 5)
    declared.must_apply(*pool)
    declared.must_apply(*swabbed(declared, "BR2", DRIVER, "positive", 60))
    declared.station.minute = 90
    correction = declared.station.correct("BR1", id_of(pool[1]), "negative")
    declared.must_apply(correction)
    assert statuses(ASSISTANT) == []
    facts = {"facility": PHU_MY, "tube": "BR1", "correction": str(id_of(correction))}
    record_deeds([deed_of("result.countersigned", facts, actor=declared.staff.technician.id)], EVENING)
    assert statuses(DRIVER) == []
    assert statuses(ASSISTANT) == [Outcome.VALID]


@pytest.mark.parametrize("value", ["invalid", "inconclusive"])
def test_a_spoiled_pool_suspends_nothing(declared: Stage, value: str) -> None:
    declared.must_apply(*swabbed(declared, "BR1", DRIVER, "negative", 5))
    declared.must_apply(*swabbed(declared, "BR2", [DRIVER, ASSISTANT], value, 60))
    assert statuses(DRIVER) == [Outcome.VALID]


def test_a_positive_under_another_code_of_the_same_card_suspends_and_shows_nothing(declared: Stage) -> None:
    """Walls 4: a link made by machine may warn and take away, never give or show."""
    code = new_code(CodeType.PERSON, b"0123456789abcdef")
    again = declared.station.register(DRIVER, person_code=code)
    declared.must_apply(again, *swabbed(declared, "BR1", DRIVER, "negative", 5))
    twin = swabbed(declared, "BR2", DRIVER, "positive", 60)
    declared.station.minute = 60
    twin[0] = declared.station.collect("BR2", [DRIVER], members=[member_facts(code)])
    declared.must_apply(*twin)
    assert statuses(DRIVER) == [Outcome.SUSPENDED]
    assert standing_of(DRIVER.code).state is PersonState.DISPUTED
    word = deed_of(
        "registration.unlinked",
        {"registration": str(Registration.objects.get(person_code=code).id), "reason": "other"},
        actor=declared.staff.lead.id,
    )
    record_deeds([word], EVENING)
    assert statuses(DRIVER) == [Outcome.VALID]


def test_a_case_under_another_code_of_the_same_card_that_ended_disputes_nothing_more(declared: Stage) -> None:
    """austrianredcross/stopp-corona-android#225: who had recovered was never let go."""
    code = new_code(CodeType.PERSON, b"0123456789abcdef")
    twin = swabbed(declared, "BR2", DRIVER, "positive", 60)
    declared.station.minute = 60
    twin[0] = declared.station.collect("BR2", [DRIVER], members=[member_facts(code)])
    declared.must_apply(declared.station.register(DRIVER, person_code=code), *twin)
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "disputed"
    facts = {"person_code": code, "outcome": "recovered", "reason": "QĐ 12"}
    record_deeds([deed_of("followup.closed", facts, WHY, actor=declared.staff.physician.id)], EVENING)
    assert not WhatStands.objects.filter(person_code=DRIVER.code).exists()


def test_a7_a_false_alarm_settled_unchanged_leaves_the_paper_valid_and_every_decision_takes_a_step(
    declared: Stage,
) -> None:
    """Finding A7."""
    negative = swabbed(declared, "BR1", DRIVER, "negative", 5)
    declared.must_apply(*negative)
    declared.station.minute = 30
    declared.must_apply(declared.station.result("BR1", "positive"))
    assert statuses(DRIVER) == [Outcome.SUSPENDED]
    shown = seen(ResultFact.objects.all())
    fact = ResultFact.objects.get(id=id_of(negative[1]))
    word = TubeWord(PHU_MY, "BR1", fact.id, fact.resulted_at, shown)
    resolve_result(word, declared.staff.lead, EVENING)
    assert statuses(DRIVER) == [Outcome.VALID]
    assert [kind for kind, _ in steps()] == ["issued", "suspended", "restored"]
    assert Decision.objects.get().step == 3


def test_deciding_again_over_everybody_records_nothing(declared: Stage) -> None:
    declared.must_apply(*swabbed(declared, "BR1", DRIVER, "negative", 5))
    declared.must_apply(*swabbed(declared, "BR2", [DRIVER, ASSISTANT], "positive", 60))
    before = Entry.objects.count()
    codes = set(WhatStands.objects.values_list("person_code", flat=True))
    recompute_papers(codes, Touched())
    decide(codes, EVENING)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_highest_step_stands_and_a_revocation_for_ever(declared: Stage, order: tuple[int, ...]) -> None:
    declared.must_apply(*swabbed(declared, "BR1", DRIVER, "negative", 5))
    certificate = Certificate.objects.get().id
    said = [deed_about(certificate, "suspended", 2), deed_about(certificate, "restored", 3)]
    said.append(deed_about(certificate, "revoked", 2, reason="withdrawn"))
    for place in order:
        record_deeds([said[place]], EVENING)
    assert statuses(DRIVER)[-1] is Outcome.REVOKED


def deed_about(certificate: UUID, what: str, step: int, **more: str) -> Any:
    return deed_of(f"certificate.{what}", {"certificate": str(certificate), "step": step, **more})


def test_whom_a_choice_left_out_of_a_positive_tube_only_rt_pcr_clears(declared: Stage) -> None:
    """A second sampling of the barcode, chosen, made the positive another's, and the next rapid negative a paper."""
    first, positive = swabbed(declared, "BR1", DRIVER, "positive", 5)
    declared.station.minute = 40
    second = declared.station.collect("BR1", [ASSISTANT])
    declared.must_apply(first, positive, second)
    shown = seen(Collection.objects.all())
    chosen = TubeWord(PHU_MY, "BR1", id_of(second), declared.station.began + 5 * MINUTE, shown)
    resolve_collection(chosen, declared.staff.lead, EVENING)
    declared.must_apply(*swabbed(declared, "BR2", DRIVER, "negative", 90))
    assert WhatStands.objects.get(person_code=DRIVER.code).order == "rt_pcr"
    assert statuses(DRIVER) == []


@pytest.mark.parametrize("is_linked", [True, False])
def test_a_link_by_a_lead_whose_grant_had_ended_takes_no_positive_away(
    declared: Stage, *, is_linked: bool
) -> None:
    """Recorded late, the end of the grant marked the word, and the paper that rested on it stayed."""
    code, lead = new_code(CodeType.PERSON, b"0123456789abcdef"), declared.staff.lead
    (again,) = declared.must_apply(declared.station.register(DRIVER, person_code=code))
    first = Registration.objects.get(person_code=DRIVER.code).id
    own = swabbed(declared, "BR1", DRIVER, "negative", 5)
    positive = swabbed(declared, "BR2", DRIVER, "positive", 60)
    if not is_linked:
        positive[0] = declared.station.collect("BR2", [DRIVER], members=[member_facts(code)])
    declared.must_apply(*own)
    declared.must_apply(*positive)
    if is_linked:
        declared.station.minute = 120
        by_pcr: dict[str, Any] = {"test": RT_PCR, "kit": None}
        sampled = declared.station.collect("BR3", [DRIVER], members=[member_facts(code)], **by_pcr)
        declared.must_apply(sampled, declared.station.result("BR3", "negative", **by_pcr))
    assert statuses(DRIVER) == [Outcome.SUSPENDED]
    word: dict[str, str] = {"registration": str(again), "reason": "papers_seen" if is_linked else "other"}
    kind = "registration.linked" if is_linked else "registration.unlinked"
    word |= {"group": str(first)} if is_linked else {}
    record_deeds([deed_of(kind, word, actor=lead.id)], EVENING)
    assert Outcome.VALID in statuses(DRIVER)
    end = {"grant": str(Grant.objects.get(member=lead.id).id), "at": wire_time(declared.station.began)}
    declared.must_apply(sign_deed(deed_of("grant.ended", end, actor=lead.id), declared.station.began))
    carry_out_all(EVENING)
    assert Outcome.VALID not in statuses(DRIVER)


@pytest.mark.parametrize("is_first", [True, False])
def test_no_word_of_a_lead_makes_a_positive_older_than_its_sampling_was_recorded(
    declared: Stage, *, is_first: bool
) -> None:
    """Said to be older than an RT-PCR of that morning, it was cleared by it: by a lead, and without a later sample."""
    declared.must_apply(*swabbed(declared, "BR1", DRIVER, "negative", 5))
    by_pcr: dict[str, Any] = {"test": RT_PCR, "kit": None}
    declared.station.minute = 40
    sampled = declared.station.collect("BR2", [DRIVER], **by_pcr)
    declared.must_apply(sampled, declared.station.result("BR2", "negative", **by_pcr))
    collection, positive = swabbed(declared, "BR3", DRIVER, "positive", 60)
    facts = {"facility": PHU_MY, "tube": "BR3", "stands": str(id_of(collection))}
    older = {"sampled_at": wire_time(declared.station.began), "considered": [str(id_of(collection))]}
    word = sign_deed(deed_of("specimen.resolved", facts | older, actor=declared.staff.lead.id), EVENING)
    declared.must_apply(collection)
    for entry in (word, positive) if is_first else (positive, word):
        declared.must_apply(entry)
    assert statuses(DRIVER) == [Outcome.SUSPENDED, Outcome.SUSPENDED]
    assert standing_of(DRIVER.code).state is PersonState.POSITIVE
