"""A lead's word settles what its giver might settle and knew of, and nothing else, in any order of arrival."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from chotxanh.certificates.models import Certificate
from chotxanh.domain.marks import Mark
from chotxanh.domain.methods import Method
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rejudging import carry_out_all
from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.envelope import wire_time
from chotxanh.results.models import TubeResult
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from chotxanh.specimens.models import Tube
from tests.cast import BEGINS, DRIVER, EVENING, MORNING, PHU_MY, RIDER
from tests.device import deed_of, id_of
from tests.halves import orders
from tests.stage import Stage

AT_WORK, TUBE = wire_time(MORNING), {"facility": PHU_MY, "tube": "BR1"}
LEADING = {"role": "lead", "since": wire_time(BEGINS), "methods": list(Method), "facility": PHU_MY}


@dataclass(frozen=True)
class Disputed:
    """A tube used twice, with a negative result corrected by nobody and one that differs."""

    first: UUID
    second: UUID
    negative: UUID
    invalid: UUID


@pytest.fixture
def tube(declared: Stage) -> Disputed:
    station = declared.station
    station.minute = 30
    entries = [station.collect("BR1", [DRIVER]), station.collect("BR1", [RIDER])]
    entries += [station.result("BR1", "negative"), station.result("BR1", "invalid")]
    declared.must_apply(*entries)
    return Disputed(*map(id_of, entries))


def office(kind: str, actor: UUID | None, **facts: Any) -> bytes:
    """Return what a member records at the office."""
    return sign_deed(deed_of(kind, facts, actor=actor), EVENING)


def words(tube: Disputed, actor: UUID, knowing: Sequence[str] = (), at: str = AT_WORK) -> list[bytes]:
    """Return the words that settle the tube for its first sampling and its negative, `knowing` of these reasons.

    They say that both were done `at` a time.
    """
    both = (tube.first, tube.second), (tube.negative, tube.invalid)
    known = [
        {
            "stands": entries[0],
            "considered": list(entries),
            "marked": [{"entry": each, "reasons": list(knowing)} for each in entries if knowing],
        }
        for entries in both
    ]
    return [
        office("specimen.resolved", actor, **TUBE, **known[0], sampled_at=at),
        office("result.resolved", actor, **TUBE, **known[1], resulted_at=at),
    ]


def test_no_word_makes_a_negative_or_its_sampling_younger_than_it_was_recorded(
    declared: Stage, tube: Disputed
) -> None:
    """A lead who named a later time lengthened every paper that rests on it."""
    recorded = MORNING + timedelta(minutes=declared.station.minute)
    found = set()
    for order in orders(words(tube, declared.staff.lead.id, at=wire_time(EVENING))):
        with transaction.atomic():
            declared.must_apply(*order)
            found.add((Tube.objects.get().sampled_at, TubeResult.objects.get().resulted_at, in_force()))
            transaction.set_rollback(True)
    assert found == {(recorded, recorded, 1)}


def in_force() -> int:
    """Count the certificates that stand."""
    return Certificate.objects.in_force().count()


def outcomes(stage: Stage, entries: Sequence[bytes]) -> set[tuple[int, bool, bool]]:
    """Record the entries in every order; return the papers, and whether samplings and results are disputed."""
    found = set()
    for order in orders(entries):
        with transaction.atomic():
            stage.must_apply(*order[:1])
            stage.must_apply(*order[1:])
            carry_out_all(EVENING)
            before = fingerprints()
            rebuild_tables(EVENING)
            assert fingerprints() == before
            found.add((in_force(), Tube.objects.get().is_disputed, TubeResult.objects.get().is_disputed))
            transaction.set_rollback(True)
    return found


SETTLED, OPEN = (1, False, False), (0, True, True)


def test_words_settle_a_tube(declared: Stage, tube: Disputed) -> None:
    assert outcomes(declared, words(tube, declared.staff.lead.id)) == {SETTLED}


def test_a_word_given_after_its_leads_grant_ended_settles_nothing(declared: Stage, tube: Disputed) -> None:
    """It was marked, and a paper rested on it all the same."""
    member = declared.staff.officer_elsewhere.id
    given = office("grant.given", None, member=member, **LEADING)
    declared.must_apply(given)
    carry_out_all(EVENING)
    ended = office("grant.ended", declared.staff.lead.id, grant=id_of(given), at=AT_WORK)
    spoken = words(tube, member)
    assert outcomes(declared, [*spoken, ended]) == {OPEN}
    declared.must_apply(*spoken, ended)
    carry_out_all(EVENING)
    marks = Entry.objects.filter(kind__in=["specimen.resolved", "result.resolved"]).values_list(
        "marks", flat=True
    )
    assert set(marks) == {int(Mark.AUTHORITY_ENDED)}
    declared.must_apply(*words(tube, declared.staff.lead.id))
    assert in_force() == 1, "the word of who leads here counts"


def test_a_disputed_word_does_not_stand_before_an_earlier_good_one(declared: Stage, tube: Disputed) -> None:
    declared.must_apply(*words(tube, declared.staff.lead.id))
    member = declared.staff.officer_elsewhere.id
    given = office("grant.given", None, member=member, **LEADING)
    ended = office("grant.ended", None, grant=id_of(given), at=AT_WORK)
    declared.must_apply(given, ended)
    facts = {"stands": tube.second, "considered": [tube.first, tube.second], "sampled_at": AT_WORK}
    declared.must_apply(office("specimen.resolved", member, **TUBE, **facts))
    assert (Tube.objects.get().collection, in_force()) == (tube.first, 1)


@pytest.mark.parametrize(
    ("knowing", "outcome"), [((), OPEN), (("facility_not_authorised",), SETTLED), (("outside_shift",), OPEN)]
)
def test_a_word_answers_only_the_reasons_it_knew(
    declared: Stage, tube: Disputed, knowing: Sequence[str], outcome: tuple[int, bool, bool]
) -> None:
    """A suspension recorded after the words marked what they spoke of, and the paper stayed."""
    lead = declared.staff.lead.id
    stopped = office("facility.suspended", lead, facility=PHU_MY, at=AT_WORK, reason="quality")
    assert outcomes(declared, [*words(tube, lead, knowing), stopped]) == {outcome}
