"""Reads what happened to people from JSON: the form in which `./chotxanh stands` and the vectors tell a history.

Beside what `./chotxanh stands` names, a sampling, a result and a correction may say what marks stand beside them:
`between` (the two bounds of a doubtful time), `disputed`, `withdrawn`; a correction whether it came `after_telling`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from chotxanh.domain.standing.acts import (
    Closing,
    Company,
    Countersignature,
    Link,
    Method,
    Outcome,
    Sampling,
    Value,
    Word,
)
from chotxanh.domain.standing.history import History
from chotxanh.domain.standing.rules import JULY_2021, RULE_SETS, RuleSet
from chotxanh.domain.standing.times import Span, Window

_VIET_NAM = timezone(timedelta(hours=7))
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
Names: TypeAlias = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=1000)]
Minutes: TypeAlias = Annotated[int, Meta(ge=0, le=100_000)]


class _Event(msgspec.Struct, frozen=True, tag_field="what", tag=lambda name: name.strip("_").lower()):
    at: datetime


class _Marked(_Event, frozen=True):
    between: tuple[datetime, datetime] | None = None
    disputed: bool = False
    withdrawn: bool = False


class _Sampled(_Marked, frozen=True, kw_only=True):
    tube: Name
    people: Names
    test: Method
    window: tuple[Minutes, Minutes] | None = None
    household: bool | None = None


class _Result(_Marked, frozen=True, kw_only=True):
    tube: Name
    test: Method
    value: Value
    line_seen: bool | None = None


class _Corrected(_Marked, frozen=True, kw_only=True):
    tube: Name
    test: Method
    value: Value
    after_telling: bool = False


class _Countersigned(_Event, frozen=True):
    tube: Name
    test: Method


class _Vehicle(_Event, frozen=True):
    people: Names


class _Linked(_Event, frozen=True):
    people: Names


class _Unlinked(_Event, frozen=True):
    people: Names


class _Closed(_Event, frozen=True):
    person: Name
    outcome: str


_AnyEvent: TypeAlias = (
    _Sampled | _Result | _Corrected | _Countersigned | _Vehicle | _Linked | _Unlinked | _Closed
)


class _Question(msgspec.Struct, frozen=True):
    person: str
    at: datetime
    events: list[_AnyEvent]
    rules: Literal["july-2021", "january-2022"] = "july-2021"


@dataclass(frozen=True)
class Asked:
    """Of whom and for when it is asked what stands, by which rules, and all that had happened by then."""

    person: str
    at: datetime
    history: History
    rules: RuleSet = JULY_2021


_questions = msgspec.json.Decoder(_Question)


def read(line: bytes) -> Asked:
    """Read one question. Raises msgspec.DecodeError where it is none; a time without an offset is one of Viet Nam."""
    question = _questions.decode(line)
    at = _aware(question.at)
    return Asked(question.person, at, history_of(question.events).until(at), RULE_SETS[question.rules])


def history_of(events: Iterable[_AnyEvent]) -> History:
    """Return the history that these events tell, in any order."""
    told = list(events)
    return History(
        samplings=frozenset(_sampling(each) for each in told if isinstance(each, _Sampled)),
        words=frozenset(_word(each) for each in told if isinstance(each, _Result | _Corrected)),
        countersignatures=frozenset(
            Countersignature(each.tube, each.test, _aware(each.at))
            for each in told
            if isinstance(each, _Countersigned)
        ),
        closings=frozenset(
            Closing(each.person, Outcome(each.outcome), _aware(each.at))
            for each in told
            if isinstance(each, _Closed)
        ),
        companies=frozenset(
            Company(frozenset(each.people), _aware(each.at)) for each in told if isinstance(each, _Vehicle)
        ),
        links=frozenset(
            Link(each.people, isinstance(each, _Linked), _aware(each.at))
            for each in told
            if isinstance(each, _Linked | _Unlinked)
        ),
    )


def _sampling(event: _Sampled) -> Sampling:
    return Sampling(
        event.tube,
        frozenset(event.people),
        event.test,
        _span(event),
        Window(*event.window) if event.window else None,
        is_household=bool(event.household),
        is_disputed=event.disputed,
        is_withdrawn=event.withdrawn,
    )


def _word(event: _Result | _Corrected) -> Word:
    return Word(
        event.tube,
        event.test,
        event.value,
        _span(event),
        is_correction=isinstance(event, _Corrected),
        line_seen=isinstance(event, _Result) and bool(event.line_seen),
        is_after_telling=isinstance(event, _Corrected) and event.after_telling,
        is_disputed=event.disputed,
        is_withdrawn=event.withdrawn,
    )


def _span(event: _Marked) -> Span:
    """Return when it was done: between its bounds, or at the time that it says."""
    earliest, latest = event.between or (event.at, event.at)
    return Span(_aware(earliest), _aware(latest))


def _aware(moment: datetime) -> datetime:
    """Return a time with its offset. Raises msgspec.ValidationError far outside of what people live in."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=_VIET_NAM)
    if not _EARLIEST <= aware <= _LATEST:
        raise msgspec.ValidationError("a time out of range")
    return aware
