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
    """What came of one call."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"


class FollowupContacted(msgspec.Struct, frozen=True):
    """Somebody was called because of a tube; about an overdue one nobody in particular."""

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
    "Somebody was called because of a result: reached, not reached, or the number was wrong.",
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
