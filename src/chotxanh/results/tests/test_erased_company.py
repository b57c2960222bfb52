"""Whoever is erased, and in whatever company: no paper that was suspended, or was never given, holds because of it."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from chotxanh.certificates.models import Certificate, Decision
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.problems import Problem
from chotxanh.ledger.server_log import record_deeds
from chotxanh.people.correcting import correct_registration
from chotxanh.people.models import Registration
from chotxanh.people.payloads import CorrectionPersonal, PersonCorrected
from chotxanh.registers.staff.models import Member
from chotxanh.results.erasing import erase_registration
from chotxanh.results.models import PersonResult
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import DRIVER, EVENING, RIDER, WALKER
from tests.correcting import correction_of
from tests.device import WHY, deed_of, member_facts
from tests.halves import drawn, orders
from tests.stage import Stage, set_the_stage

# Who registers: the same paper twice, somebody who gives no number, the same name without one, and another.
WHO = (DRIVER, RIDER, replace(DRIVER, id_number=None), WALKER)
CODES = tuple(new_code(CodeType.PERSON, bytes([65 + number]) * 16) for number in range(4))
# Each registration by who and under which code; each word of a lead by whom it is of, and of whom (None: unlinked).
Registered: TypeAlias = tuple[int, int]
Word: TypeAlias = tuple[int, int | None]
THREE: list[Registered] = [(3, 2), (0, 0), (0, 1)]
HISTORIES: dict[str, tuple[list[Registered], list[Word]]] = {
    "alike by machine": ([(0, 0), (0, 1)], []),
    # The successor was of the group by a lead's word alone; whoever was of the same paper lost sight of the erased.
    # The successor was of the group by a lead's word alone; whoever was of the same paper lost sight of the erased.
    "linked to one of two": (THREE, [(0, 1)]),
    # What a lead had taken back, or said otherwise since, went on counting as a link.
    "linked, and taken back": (THREE, [(1, 0), (1, None), (1, 2)]),
    "linked, then to another": (THREE, [(0, 1), (0, 2)]),
    # Whoever was linked to one that had been unlinked was taken for alike by machine.
    "linked to who was unlinked": (THREE, [(1, None), (0, 1)]),
    "one code registered twice": ([(0, 0), (0, 0)], []),
    "one code registered twice, once without a number": ([(0, 0), (2, 0), (0, 1)], []),
    "linked alone": ([(0, 0), (1, 1)], [(1, 0)]),
}
pytestmark = pytest.mark.usefixtures("db", "own_keys")
REGISTERED = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=4)
WORDS = st.lists(st.tuples(st.integers(0, 3), st.none() | st.integers(0, 3)), max_size=4)


@contextmanager
def undone() -> Iterator[None]:
    """Leave no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def live(registered: Sequence[Registered], words: Sequence[Word], positive: int) -> list[UUID]:
    """Let each be sampled negative, one then positive, leads say who is who, and a physician end what there is."""
    stage = set_the_stage()
    station, known = stage.station, list[UUID]()
    for number, (who, code) in enumerate(registered):
        known += stage.must_apply(station.register(WHO[who], person_code=CODES[code]))
        sample(stage, f"BR{number}", member_facts(CODES[code], registration=known[-1]), "negative")
    member = member_facts(CODES[registered[positive][1]], registration=known[positive])
    sample(stage, "BR9", member, "positive")
    unlinked: dict[int, UUID] = {}
    for place, word in enumerate(words):
        subject, named = (None if each is None else each % len(known) for each in word)
        assert subject is not None
        if named is None or named == subject:
            unlinked[subject] = say(stage, known[subject], None, place)
        else:
            say(stage, known[subject], unlinked.get(named, known[named]), place)
    for code in {code for _, code in registered}:
        facts = {"person_code": CODES[code], "outcome": "recovered", "reason": "QD 12"}
        record_deeds([deed_of("followup.closed", facts, WHY, actor=stage.staff.physician.id)], EVENING)
    return known


def sample(stage: Stage, tube: str, member: dict[str, Any], value: str) -> None:
    """Take one person's sample, and let it say something twenty minutes later."""
    stage.must_apply(stage.station.collect(tube, [DRIVER], members=[member]))
    stage.station.minute += 20
    stage.must_apply(stage.station.result(tube, value))


def say(stage: Stage, subject: UUID, group: UUID | None, place: int) -> UUID:
    """Let a lead link or unlink a registration, a minute later than the word before; return the entry."""
    facts = {"registration": str(subject), "reason": "papers_seen"}
    kind = "registration.unlinked" if group is None else "registration.linked"
    facts |= {} if group is None else {"group": str(group)}
    deed = deed_of(kind, facts, actor=stage.staff.lead.id)
    (answer,) = record_deeds([deed], EVENING + timedelta(minutes=place - 60))
    assert answer.id is not None
    return answer.id


def papers_in_force() -> set[str]:
    """The papers that let somebody pass, and the negatives that would be given one."""
    stopped = Decision.objects.exclude(state="restored").values("certificate")
    given = Certificate.objects.exclude(id__in=stopped).values_list("id", flat=True)
    return {*map(str, given), *PersonResult.objects.filter(paper="stands").values_list("key", flat=True)}


def erase(registration: UUID) -> bool:
    """Erase a registration; say whether it was not refused."""
    try:
        erase_registration(Registration.objects.get(id=registration), "request", EVENING)
    except Problem as problem:
        assert problem.code in ("erasure_of_linked", "erasure_followed_up"), problem
        return False
    return True


def erase_all(known: Sequence[UUID]) -> int:
    """Erase these one after the other, as far as that is not refused; return how many. No paper must come back."""
    count = 0
    for registration in known:
        before = papers_in_force()
        count += erase(registration)
        assert papers_in_force() <= before
    return count


@pytest.mark.parametrize("history", HISTORIES)
def test_d5_in_no_order_of_erasing_is_a_paper_given_back(history: str) -> None:
    registered, words = HISTORIES[history]
    for positive in range(len(registered)):
        with undone():
            known = live(registered, words, positive)
            for order in orders(known):
                with undone():
                    assert erase_all(order) > 0


def test_a_link_that_was_said_otherwise_since_keeps_nobody_from_being_erased() -> None:
    known = live(*HISTORIES["linked, then to another"], positive=1)
    assert erase(known[1])


@pytest.mark.slow
@drawn(30)
@given(REGISTERED, WORDS, st.integers(0, 1), st.randoms(use_true_random=False))
def test_d5_erasing_anybody_gives_no_paper_back(
    registered: list[Registered],
    words: list[Word],
    positive: int,
    chance: random.Random,
) -> None:
    with undone():
        known = live(registered, words, positive)
        chance.shuffle(known)
        erase_all(known)
        tables = fingerprints()
        rebuild_tables(EVENING)
        assert fingerprints() == tables


def codes_in_force() -> set[str]:
    """Return the codes under which a paper lets somebody pass, or a negative would be given one."""
    stopped = Decision.objects.exclude(state="restored").values("certificate")
    given = Certificate.objects.exclude(id__in=stopped)
    stands = PersonResult.objects.filter(paper="stands")
    return {code for each in (given, stands) for code in each.values_list("person_code", flat=True)}


@pytest.mark.slow
@drawn(30)
@given(REGISTERED, WORDS, st.integers(0, 1), st.randoms(use_true_random=False))
def test_a_typing_error_put_right_gives_no_paper_back_unasked(
    registered: list[Registered], words: list[Word], positive: int, chance: random.Random
) -> None:
    """Some of them erased before: an erased one went with its successor, and a third got the paper back."""
    with undone():
        known = live(registered, words, positive)
        chance.shuffle(known)
        erase_all(known[:1])
        lead = Member.objects.get(username="truong-ca").id
        for subject in Registration.objects.filter(name_index__isnull=False):
            said: dict[str, Any] = chance.choice(
                ({"id_number": "077085999999"}, {"full_name": "Lê Văn Bình"})
            )
            facts, personal = correction_of(subject.id, subject.person_code, **said)
            word = convert(facts, PersonCorrected), convert(personal, CorrectionPersonal)
            before = codes_in_force()
            with suppress(Problem):
                correct_registration(*word, EVENING, lead, is_apart=False)
            assert codes_in_force() <= before
