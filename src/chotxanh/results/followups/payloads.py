"""What is recorded of a call: whom about, why, and what came of it."""

from enum import StrEnum
from typing import Any

import msgspec

from chotxanh.domain.kinds import LEADS
from chotxanh.domain.problems import Problem
from chotxanh.protocol.envelope import Code, OwnPersonCode, TubeText
from chotxanh.protocol.kinds import KindRow, Who
from chotxanh.protocol.places import Place
from chotxanh.specimens.entries import check_tube


class Reason(StrEnum):
    """Why somebody is called."""

    POSITIVE = "positive"
    CONTACT = "contact"
    RECALL = "recall"
    OVERDUE = "overdue"


class ContactOutcome(StrEnum):
    """What came of one call, or that nobody had to call: who is still at the post was told face to face."""

    REACHED = "reached"
    TOLD_AT_POST = "told_at_post"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"


TOLD = frozenset({ContactOutcome.REACHED, ContactOutcome.TOLD_AT_POST})


class FollowupContacted(msgspec.Struct, frozen=True):
    """Somebody was called, or told at the post, because of a tube; about an overdue one nobody in particular."""

    facility: Code
    tube: TubeText
    person_code: OwnPersonCode | None
    reason: Reason
    outcome: ContactOutcome


def check_contact(facts: FollowupContacted, personal: None) -> None:
    """Check that a person is named where one was called. Raises Problem: `tube_invalid`, `payload_invalid`."""
    check_tube(facts, personal)
    if (facts.person_code is None) is not (facts.reason is Reason.OVERDUE):
        raise Problem("payload_invalid")


def _place(facts: Any) -> Place:
    return Place(facts.facility)


CONTACTED = KindRow(
    "followup.contacted",
    FollowupContacted,
    Who(roles=LEADS),
    "Somebody was called because of a result: reached, not reached, the number was wrong; or told at the post.",
    ("Ghi cuộc gọi", "Call noted"),
    {
        "facility": "ttyt-phu-my",
        "tube": "BR0001",
        "person_code": "PZBJZMP6RKLFK4Q",
        "reason": "positive",
        "outcome": "reached",
    },
    check=check_contact,
    place=_place,
    can_withdraw=lambda _facts: True,
)
