"""Says in the reader's language what happened and what becomes of a paper."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from chotxanh.language.formats import VIETNAM, show_exact_time, show_time
from chotxanh.language.texts import text
from chotxanh.site.standing.contract import Certificate, Event

_OF_TEST = ("sampled", "result", "corrected", "countersigned")


def moment(at: datetime) -> str:
    """Return `14:40 25/07/2021`, with seconds only where there are some."""
    return show_exact_time(at) if at.second else show_time(at)


def event_sentence(event: Event) -> str:
    """Say what happened, and in brackets what stands beside it."""
    params: dict[str, object] = {"tube": event.tube, "person": event.person}
    if event.people:
        params["people"] = names(event.people)
    if event.what in _OF_TEST:
        params["test"] = text(f"standing.test.{event.test}")
    if event.value:
        params["value"] = _value(event)
    if event.outcome:
        params["outcome"] = text(f"standing.outcome.{event.outcome}")
    sentence = text(f"standing.event.{event.what}", **params)
    notes = "; ".join(_notes(event))
    return text("standing.with_notes", sentence=sentence, notes=notes) if notes else f"{sentence}."


def paper_sentence(paper: Certificate) -> str:
    """Say what becomes of a paper."""
    return text(f"standing.paper.{paper.state}", tube=paper.tube, time=moment(paper.valid_until))


def names(people: Iterable[str]) -> str:
    """Return `An, Bình và Chi`."""
    *first, last = people
    return text("standing.and", first=", ".join(first), last=last) if first else last


def _value(event: Event) -> str:
    if event.value == "read_late":
        return text("standing.value.line_seen" if event.line_seen else "standing.value.no_line")
    return text(f"standing.value.{event.value}")


def _notes(event: Event) -> Iterator[str]:
    if event.household:
        yield text("standing.note.household")
    elif event.what == "sampled" and len(event.people) > 1:
        yield text("standing.note.pool", count=len(event.people))
    if event.window:
        yield text("standing.note.window", earliest=event.window[0], latest=event.window[1])
    if event.between:
        earliest, latest = (each.astimezone(VIETNAM).strftime("%H:%M") for each in event.between)
        yield text("standing.note.between", earliest=earliest, latest=latest)
    marks = ("disputed", "withdrawn", "after_telling")
    yield from (text(f"standing.note.{mark}") for mark in marks if getattr(event, mark))
