"""Countersigning a correction, and telling somebody a result: the kinds, and storing them."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from chotxanh.domain.kinds import NodeRole
from chotxanh.domain.works import SIGNERS
from chotxanh.protocol.envelope import Code, OwnPersonCode, TubeText
from chotxanh.protocol.kinds import Happening, KindRow, Touched, Who, follow, register
from chotxanh.protocol.places import Place
from chotxanh.protocol.ranks import Rank
from chotxanh.results.corrections.rows import SIGNATURES, TELLINGS, SignatureRow, TellingRow
from chotxanh.specimens.entries import check_tube, key_of
from chotxanh.storage.rows import upsert


class ResultCountersigned(msgspec.Struct, frozen=True):
    """A second account of the facility confirms a correction; `collected_by` as in the result."""

    facility: Code
    tube: TubeText
    correction: UUID
    collected_by: Code | None = None


class Way(StrEnum):
    """How somebody came to know."""

    CALL = "call"
    POST = "post"
    PAGE = "page"


class ResultTold(msgspec.Struct, frozen=True):
    """Somebody knows a result from here on: by a noted call or at the post (`contact`), or on their own page.

    `facility` is that of the tube.
    """

    facility: Code
    tube: TubeText
    result: UUID
    person_code: OwnPersonCode
    way: Way
    contact: UUID | None = None


def apply_countersigned(happenings: Sequence[Happening[ResultCountersigned, None]], touched: Touched) -> None:
    """Store signatures; one that comes before its correction waits for it."""
    upsert(
        SIGNATURES,
        [
            SignatureRow(
                id=item.id,
                tube=key_of(item.facts),
                correction=item.facts.correction,
                facility=item.facts.facility,
                actor=item.actor,
                signed_at=item.span.latest,
                marks=int(item.marks),
                received_at=item.received_at,
                signed_earliest=item.between.earliest if item.between else None,
            )
            for item in happenings
        ],
    )
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def apply_told(happenings: Sequence[Happening[ResultTold, None]], touched: Touched) -> None:
    """Store since when people know."""
    upsert(
        TELLINGS,
        [
            TellingRow(
                id=item.id,
                tube=key_of(item.facts),
                result=item.facts.result,
                person_code=item.facts.person_code,
                way=item.facts.way.value,
                contact=item.facts.contact,
                told_at=item.span.earliest,
                marks=int(item.marks),
            )
            for item in happenings
        ],
    )
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def register_kinds() -> None:
    """Declare the kinds this part owns."""
    register(COUNTERSIGNED, TOLD)
    follow([ResultCountersigned], apply_countersigned)
    follow([ResultTold], apply_told)


def _place(facts: Any) -> Place:
    return Place(facts.facility)


_TUBE = {"facility": "ttyt-phu-my", "tube": "BR0001"}
_RESULT, _CORRECTION = "017adaf0-0000-7000-8000-000000000032", "017adaf0-0000-7000-8000-000000000033"
_CONTACT = "017adaf0-0000-7000-8000-000000000051"
COUNTERSIGNED = KindRow(
    "result.countersigned",
    ResultCountersigned,
    Who(roles=SIGNERS),
    "A second account of the facility confirms the correction of a positive.",
    ("Ký xác nhận đính chính", "Correction countersigned"),
    _TUBE | {"correction": _CORRECTION, "collected_by": None},
    check=check_tube,
    place=_place,
    can_withdraw=lambda _facts: True,
    is_of_results=True,
)
TOLD = KindRow(
    "result.told",
    ResultTold,
    Who(roles=SIGNERS, citizens_at=frozenset({NodeRole.PROVINCE})),
    "Somebody was told a result: called, at the post, or on their own page.",
    ("Đã báo kết quả", "Result told"),
    _TUBE | {"result": _RESULT, "person_code": "PZBJZMP6RKLFK4Q", "way": "call", "contact": _CONTACT},
    check=check_tube,
    place=_place,
    can_withdraw=lambda facts: facts.way is not Way.PAGE,
)
