"""Reads what happened to people from JSON: the form in which `./chotxanh stands` and the vectors tell a history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, TypeAlias

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
from chotxanh.domain.standing.times import Span, Window

_VIET_NAM = timezone(timedelta(hours=7))
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
Names: TypeAlias = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=1000)]
Minutes: TypeAlias = Annotated[int, Meta(ge=0, le=100_000)]


class _Event(msgspec.Struct, frozen=True, tag_field="what", tag=lambda name: name.strip("_").lower()):
    at: datetime


class _Sampled(_Event, frozen=True):
    tube: Name
    people: Names
    test: Method
    window: tuple[Minutes, Minutes] | None = None
    household: bool | None = None


class _Result(_Event, frozen=True):
    tube: Name
    test: Method
    value: Value
    line_seen: bool | None = None


class _Corrected(_Event, frozen=True):
    tube: Name
    test: Method
    value: Value


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


@dataclass(frozen=True)
class Asked:
    """Of whom and for when it is asked what stands, and all that had happened by then."""

    person: str
    at: datetime
    history: History


_questions = msgspec.json.Decoder(_Question)


def read(line: bytes) -> Asked:
    """Read one question. Raises msgspec.DecodeError where it is none; a time without an offset is one of Viet Nam."""
    question = _questions.decode(line)
    at = _aware(question.at)
    return Asked(question.person, at, history_of(question.events).until(at))


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
    window = Window(*event.window) if event.window else None
    at = Span.at(_aware(event.at))
    return Sampling(event.tube, frozenset(event.people), event.test, at, window, bool(event.household))


def _word(event: _Result | _Corrected) -> Word:
    is_correction = isinstance(event, _Corrected)
    line_seen = isinstance(event, _Result) and bool(event.line_seen)
    at = Span.at(_aware(event.at))
    return Word(event.tube, event.test, event.value, at, is_correction=is_correction, line_seen=line_seen)


def _aware(moment: datetime) -> datetime:
    """Return a time with its offset. Raises msgspec.ValidationError far outside of what people live in."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=_VIET_NAM)
    if not _EARLIEST <= aware <= _LATEST:
        raise msgspec.ValidationError("a time out of range")
    return aware
