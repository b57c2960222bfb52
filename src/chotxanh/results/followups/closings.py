"""Follow-ups that a physician of the CDC closed: the kind, and what is kept of it (field rules A1, A4)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.kinds import PHYSICIANS
from chotxanh.domain.marks import disputes_of, is_removed
from chotxanh.domain.standing.acts import Closing as Act
from chotxanh.domain.standing.acts import Outcome
from chotxanh.people.payloads import Salt
from chotxanh.protocol.envelope import Line, OwnPersonCode
from chotxanh.protocol.kinds import Fields, Happening, KindRow, Touched, Who, erase_with, follow, register
from chotxanh.protocol.ranks import Rank
from chotxanh.results.followups.models import Closing
from chotxanh.storage.lookups import foresee, lookup
from chotxanh.storage.rows import Table, as_json, upsert

MOST_CONSIDERED = 200
RunText: TypeAlias = Annotated[str, Meta(min_length=1, max_length=130)]


class ClosingOutcome(StrEnum):
    """How a follow-up ends; only the first takes away what was found, the others end a case that was one."""

    NOT_CONFIRMED = "not_confirmed"
    RECOVERED = "recovered"
    ISOLATION_COMPLETED = "isolation_completed"
    TRANSFERRED = "transferred"
    DIED = "died"


class FollowupClosedInPlain(msgspec.Struct, frozen=True):
    """The first version: a physician's own words, and what proves them, stood where nobody can erase them."""

    person_code: OwnPersonCode
    outcome: ClosingOutcome
    reason: Annotated[Line, Meta(min_length=1, max_length=300)]
    paper: Annotated[Line, Meta(min_length=1, max_length=100)] | None = None
    considered: Annotated[list[RunText], Meta(max_length=MOST_CONSIDERED)] | None = None


class FollowupClosedOfCode(msgspec.Struct, frozen=True):
    """The second version: a physician ended what was shown of a code, whoever of those who claim it was meant.

    `registration` is whose the code was then, with whom the reason is erased; None where nobody was known by it.
    `considered` names the tests that warned of the person, or of who bears on them, when it was decided, as the
    physician saw it: of no other does it speak. Without it, it speaks of everything said by then.
    """

    person_code: OwnPersonCode
    outcome: ClosingOutcome
    registration: UUID | None = None
    considered: Annotated[list[RunText], Meta(max_length=MOST_CONSIDERED)] | None = None


class FollowupClosed(FollowupClosedOfCode, frozen=True):
    """A physician ends the follow-up of a person, for a reason that is sealed and erased with the `registration`.

    `is_of_one` says that it speaks of this registration alone, whoever else claims the code. Without it the tests it
    considered say of whom it speaks: of nobody, where they turn out to be of several people.
    """

    is_of_one: bool = False


class ClosingPersonal(msgspec.Struct, frozen=True):
    """Why, in the physician's own words, and the number and date of what proves it: sealed at rest, erasable."""

    salt: Salt
    reason: Annotated[Line, Meta(min_length=1, max_length=300)]
    paper: Annotated[Line, Meta(min_length=1, max_length=100)] | None = None


class ClosingRow(NamedTuple):
    """One `followup.closed`."""

    id: UUID
    person_code: str
    outcome: str
    closed_at: datetime
    considered: Any
    marks: int
    registration: UUID | None
    is_of_one: bool


class SaidOf(NamedTuple):
    """A closing, and of whom it was said; `is_of_one` where it speaks of that registration alone."""

    act: Act
    registration: UUID | None
    is_of_one: bool


class _Told(NamedTuple):
    id: UUID
    registration: UUID | None


_TOLD = Table(Closing, _Told)
_CLOSINGS = Table(Closing, ClosingRow)


def apply_closings(
    happenings: Sequence[Happening[FollowupClosed, ClosingPersonal]], touched: Touched
) -> None:
    """Store closings; what stands for the people they speak of, and on whom these bear, is recomputed."""
    upsert(
        _CLOSINGS,
        [
            ClosingRow(
                item.id,
                item.facts.person_code,
                item.facts.outcome.value,
                item.effective_at,
                as_json(item.facts.considered),
                int(item.marks),
                item.facts.registration,
                item.facts.is_of_one,
            )
            for item in happenings
        ],
    )
    touched.add(Rank.PERSON_CODE, {item.facts.person_code for item in happenings})


def foresee_closings(codes: Collection[str]) -> None:
    """Let the closings of these people, which will be asked for, go with the next statement that is waited for."""
    foresee(_CLOSINGS, "person_code", codes)


def closings_of(codes: Collection[str]) -> list[SaidOf]:
    """Return the closings that count for these people: neither withdrawn nor in doubt."""
    return [
        SaidOf(
            Act(row.person_code, Outcome(row.outcome), row.closed_at, _names(row.considered)),
            row.registration,
            row.is_of_one,
        )
        for row in lookup(_CLOSINGS, "person_code", codes)
        if not is_removed(row.marks) and not disputes_of(row.marks)
    ]


def closings_about(registrations: Collection[UUID]) -> set[UUID]:
    """Return the closings whose reasons belong to these registrations."""
    return {row.id for row in lookup(_TOLD, "registration", registrations)}


def _without_words(facts: Fields) -> Fields:
    return {name: said for name, said in facts.items() if name not in ("reason", "paper")}


def _names(considered: Sequence[str] | None) -> frozenset[str] | None:
    return None if considered is None else frozenset(considered)


CLOSED_IN_PLAIN = KindRow(
    "followup.closed",
    FollowupClosedInPlain,
    Who(roles=PHYSICIANS),
    "A physician of the CDC ends the follow-up of a person.",
    ("Kết thúc theo dõi", "Follow-up closed"),
    {
        "person_code": "PZBJZMP6RKLFK4Q",
        "outcome": "not_confirmed",
        "reason": "RT-PCR âm tính",
        "paper": "123/KSBT ngày 26/7/2021",
    },
    upcast=_without_words,
)
CLOSED_OF_CODE = replace(
    CLOSED_IN_PLAIN,
    version=2,
    upcast=dict,
    facts=FollowupClosedOfCode,
    example={
        "person_code": "PZBJZMP6RKLFK4Q",
        "outcome": "not_confirmed",
        "registration": "017adaf0-0000-7000-8000-000000000031",
    },
    personal=ClosingPersonal,
    example_personal={
        "salt": "AAECAwQFBgcICQoLDA0ODw",
        "reason": "RT-PCR âm tính",
        "paper": "123/KSBT ngày 26/7/2021",
    },
    person=lambda facts: facts.registration,
)
CLOSED = replace(
    CLOSED_OF_CODE,
    version=3,
    upcast=None,
    facts=FollowupClosed,
    example=CLOSED_OF_CODE.example | {"considered": ["ttyt-phu-my/BR0001"], "is_of_one": True},
)


def register_kinds() -> None:
    """Declare the kind this part owns."""
    register(CLOSED_IN_PLAIN, CLOSED_OF_CODE, CLOSED)
    follow([FollowupClosed], apply_closings)
    erase_with(closings_about)
