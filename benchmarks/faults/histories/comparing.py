"""Lets the rules and the oracle judge the same history, and counts how they differ."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.faults.histories import oracle
from benchmarks.faults.histories.oracle import Act, Stands
from benchmarks.faults.histories.translating import Rules

MOST_KEPT = 20


@dataclass
class Differences:
    """How often the two differed about a person.

    A false green is a paper that only the rules hold valid, or hold valid for longer; a wrong red one that only the
    oracle does; `others` differ in what else stands. `histories` counts what was judged, `told` keeps the first few.
    """

    histories: int = 0
    false_greens: int = 0
    wrong_reds: int = 0
    others: int = 0
    told: list[str] = field(default_factory=list)

    def add(self, more: "Differences") -> None:
        """Count what another worker found."""
        self.histories += more.histories
        self.false_greens += more.false_greens
        self.wrong_reds += more.wrong_reds
        self.others += more.others
        self.told = [*self.told, *more.told][:MOST_KEPT]

    @property
    def total(self) -> int:
        """How often they differed at all."""
        return self.false_greens + self.wrong_reds + self.others


@dataclass
class Comparison:
    """Judges histories twice and counts the differences."""

    found: Differences = field(default_factory=Differences)
    rules: Rules = field(default_factory=Rules)

    def compare(self, acts: Sequence[Act], people: Sequence[str], at: int) -> None:
        """Judge one history for each of these people."""
        self.found.histories += 1
        answers = zip(
            people, self.rules.stands(acts, people, at), oracle.stands(acts, people, at), strict=True
        )
        for person, said, expected in answers:
            if said != expected:
                self._count(said, expected)
                if len(self.found.told) < MOST_KEPT:
                    self.found.told.append(_sentence(acts, person, said, expected))

    def _count(self, said: Stands, expected: Stands) -> None:
        given, due = _valid(said), _valid(expected)
        if any(until > due.get(paper, 0) for paper, until in given.items()):
            self.found.false_greens += 1
        elif given != due:
            self.found.wrong_reds += 1
        else:
            self.found.others += 1


def _valid(stands: Stands) -> dict[tuple[str, str], int]:
    return {(tube, test): until for tube, test, state, until in stands.papers if state == "valid"}


def _sentence(acts: Sequence[Act], person: str, said: Stands, expected: Stands) -> str:
    words = json.dumps({"person": person, "acts": acts}, ensure_ascii=False)
    return f"{words}\n      the rules say {tuple(said)}\n      the oracle    {tuple(expected)}"
