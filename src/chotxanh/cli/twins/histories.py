"""Random histories of a few people: tests with their results, and what else may happen between them, at close times."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

Event = dict[str, Any]

PEOPLE = ("a", "b", "đ")
TUBES = ("T1", "T2", "T3", "T4")
METHODS = ("ag_rapid", "ag_rapid", "rt_pcr")
VALUES = ("negative", "negative", "negative", "positive", "positive", "invalid", "inconclusive", "read_late")
OUTCOMES = ("not_confirmed", "recovered", "isolation_completed", "transferred", "died", "something")
WINDOWS = (None, (15, 30), (15, 30), (0, 0), (0, 600))
# Few moments, so that many fall together; a week later to the minute, and beside it, are among them.
MOMENTS = (0, 1, 15, 16, 30, 45, 60, 240, 4320, 4335, 10080, 10081, 10095, 10110)
READ_AFTER = (0, 14, 15, 15, 20, 20, 20, 30, 31, 240)
BEGIN = datetime(2021, 7, 25, 1, tzinfo=UTC)


def drawn(source: random.Random) -> Mapping[str, Any]:
    """Return a question of `./chotxanh stands`: a history, a person and a moment."""
    tubes = source.sample(TUBES, k=source.randrange(1, len(TUBES) + 1))
    events = [event for tube in tubes for event in _test(tube, source)]
    events += [_anything(source) for _ in range(source.randrange(5))]
    source.shuffle(events)
    return {
        "person": source.choice([name for event in events for name in event.get("people", PEOPLE)]),
        "at": _moment(source.choice((*MOMENTS, *(20_000,) * len(MOMENTS))), source),
        "events": events,
        "rules": source.choice(("july-2021", "january-2022")),
    }


def _test(tube: str, source: random.Random) -> Iterator[Event]:
    """Yield a sampling and its result."""
    begun = source.choice(MOMENTS)
    sampling = {"what": "sampled", "at": _moment(begun, source), **_sampled(source), "tube": tube}
    yield sampling
    read = _moment(begun + source.choice(READ_AFTER), source)
    yield {"what": "result", "at": read, **_result(source), "tube": tube, "test": sampling["test"]}


def _anything(source: random.Random) -> Event:
    what = source.choice(tuple(_FACTS))
    return {"what": what, "at": _moment(source.choice(MOMENTS), source), **_FACTS[what](source)}


def _sampled(source: random.Random) -> Event:
    is_household = source.random() < 0.3
    people, window = _people(source), source.choice(WINDOWS)
    return {
        **_of_test(source),
        "people": people,
        "window": window,
        "household": is_household,
        **_marks(source),
    }


def _result(source: random.Random) -> Event:
    line_seen = source.random() < 0.5
    return {**_of_test(source), "value": source.choice(VALUES), "line_seen": line_seen, **_marks(source)}


def _corrected(source: random.Random) -> Event:
    after_telling = source.random() < 0.2
    return {
        **_of_test(source),
        "value": source.choice(VALUES),
        "after_telling": after_telling,
        **_marks(source),
    }


def _of_test(source: random.Random) -> Event:
    return {"tube": source.choice(TUBES), "test": source.choice(METHODS)}


def _among(source: random.Random) -> Event:
    return {"people": _people(source)}


def _closed(source: random.Random) -> Event:
    return {"person": source.choice(PEOPLE), "outcome": source.choice(OUTCOMES)}


def _marks(source: random.Random) -> Event:
    marks: Event = {"disputed": source.random() < 0.04, "withdrawn": source.random() < 0.04}
    if source.random() < 0.1:
        marks["between"] = [_moment(each, source) for each in sorted(source.choices(MOMENTS, k=2))]
    return marks


def _people(source: random.Random) -> list[str]:
    return source.choices(PEOPLE, k=source.choice((1, 1, 1, 2, 2, 3)))


def _moment(minutes: int, source: random.Random) -> str:
    seconds = source.choice((0, 0, 0, 0, 0, 0, 1, -1))
    moment = BEGIN + timedelta(minutes=minutes, seconds=seconds)
    return moment.isoformat().replace("+00:00", "Z")


_FACTS: Mapping[str, Callable[[random.Random], Event]] = {
    "sampled": _sampled,
    "result": _result,
    "corrected": _corrected,
    "countersigned": _of_test,
    "vehicle": _among,
    "linked": _among,
    "unlinked": _among,
    "closed": _closed,
}
