"""Marks: what may have to turn both ways when more arrives, kept beside an entry that was applied.

An answer only rises from held to applied. Everything that a later fact may overturn is a mark: it is computed from
facts, stored beside the entry, and recomputed when what it rests on arrives.
"""

from collections.abc import Mapping
from enum import IntFlag, StrEnum
from typing import Literal, TypeAlias

from chotxanh.domain.methods import Method


class Mark(IntFlag):
    """What is known about the circumstances of an entry; several can stand at once.

    `NOT_FOR_...` are ways of testing that its author's grant, or its facility's authorisation, does not name. An entry
    about results does not always say itself which test it is about: it becomes METHOD_NOT_AUTHORISED where that is
    known.
    """

    NONE = 0
    TIME_DOUBTFUL = 1
    AUTHORITY_ENDED = 2
    OUTSIDE_SHIFT = 4
    FACILITY_NOT_AUTHORISED = 8
    WITHDRAWN = 16
    CODE_CLAIMED_TWICE = 32
    OUTSIDE_WINDOW = 64
    POOL_TOO_LARGE = 128
    NOT_FOR_AG_RAPID = 256
    NOT_FOR_RT_PCR = 512
    METHOD_NOT_AUTHORISED = 1024
    CAME_LATE = 2048


class Effect(StrEnum):
    """What a mark does to an entry: no paper rests on it, it counts at a bound, or it is as if it had not been."""

    DISPUTES = "disputes"
    BOUNDS = "bounds"
    CERTIFIES_NOBODY = "certifies_nobody"
    WAITS = "waits"
    REMOVES = "removes"


Effects = Mapping[Mark, Effect]

NOT_FOR: Mapping[str, Mark] = {Method.AG_RAPID: Mark.NOT_FOR_AG_RAPID, Method.RT_PCR: Mark.NOT_FOR_RT_PCR}

EFFECTS: Effects = {
    Mark.TIME_DOUBTFUL: Effect.BOUNDS,
    Mark.AUTHORITY_ENDED: Effect.DISPUTES,
    Mark.OUTSIDE_SHIFT: Effect.DISPUTES,
    Mark.FACILITY_NOT_AUTHORISED: Effect.DISPUTES,
    Mark.WITHDRAWN: Effect.REMOVES,
    Mark.CODE_CLAIMED_TWICE: Effect.WAITS,
    Mark.OUTSIDE_WINDOW: Effect.CERTIFIES_NOBODY,
    Mark.POOL_TOO_LARGE: Effect.CERTIFIES_NOBODY,
    Mark.METHOD_NOT_AUTHORISED: Effect.DISPUTES,
    Mark.CAME_LATE: Effect.DISPUTES,
}

# The reason a lead reads, in the order in which reasons are shown.
Reason: TypeAlias = Literal[
    "authority_ended", "outside_shift", "facility_not_authorised", "method_not_authorised", "came_late"
]
CAME_LATE: Reason = "came_late"
_DISPUTES: Mapping[Mark, Reason] = {
    Mark.AUTHORITY_ENDED: "authority_ended",
    Mark.OUTSIDE_SHIFT: "outside_shift",
    Mark.FACILITY_NOT_AUTHORISED: "facility_not_authorised",
    Mark.METHOD_NOT_AUTHORISED: "method_not_authorised",
    Mark.CAME_LATE: CAME_LATE,
}


def has_effect(marks: Mark, effect: Effect, effects: Effects = EFFECTS) -> bool:
    """Say whether one of `marks` has this effect."""
    return any(mark in marks and each is effect for mark, each in effects.items())


def is_removed(marks: int) -> bool:
    """Say whether an entry counts as if it had not been; it is still shown in the history."""
    return has_effect(Mark(marks), Effect.REMOVES)


def certifies_nobody(marks: int) -> bool:
    """Say whether a result is kept, but makes nobody negative and closes nothing: its test must be done again."""
    return has_effect(Mark(marks), Effect.CERTIFIES_NOBODY)


def is_for(marks: int, method: str) -> bool:
    """Say whether who did it, and where, was allowed this way of testing."""
    return NOT_FOR[method] not in Mark(marks)


def disputes_of(marks: int) -> tuple[Reason, ...]:
    """Return the reasons for a dispute that these marks give."""
    found = Mark(marks)
    return tuple(
        reason for mark, reason in _DISPUTES.items() if mark in found and EFFECTS[mark] is Effect.DISPUTES
    )
