"""What the ledger says of tubes read several times, by several tests, is what the pure rules say, in any order."""

import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.standing.acts import Countersignature, Method, Sampling, Value, Word
from chotxanh.domain.standing.chains import chains_of
from chotxanh.domain.standing.history import History, standing_in
from chotxanh.domain.standing.person import PaperState
from chotxanh.domain.standing.rules import JULY_2021
from chotxanh.domain.standing.times import Span, Window
from chotxanh.ledger.server_log import sign_deed
from chotxanh.results.models import WhatStands
from tests.cast import ANY_TIME, ASSISTANT, DRIVER, EVENING, MORNING, PHU_MY, RT_PCR, TIMED, Person
from tests.device import MINUTE, deed_of, id_of
from tests.stage import Stage

RAPID, PCR = Method.AG_RAPID, Method.RT_PCR
READ = ("negative", "negative", "positive", "invalid", "inconclusive", "read_late", "line")
SAID = ("negative", "positive", "invalid")
PEOPLE = [DRIVER, ASSISTANT]


def at(minute: int) -> datetime:
    return MORNING + minute * MINUTE


@dataclass
class _Tube:
    """A tube of one or two people: what the station said of it, and the same in the words of the rules."""

    stage: Stage
    chance: random.Random
    name: str
    minute: int
    method: Method
    people: list[Person]
    entries: list[bytes] = field(default_factory=list)
    sampling: Sampling = field(init=False)
    words: dict[UUID, Word] = field(default_factory=dict)
    signatures: dict[UUID, Countersignature] = field(default_factory=dict)
    heads: dict[Word, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stage.station.minute = self.minute
        by_pcr: dict[str, Any] = {"test": RT_PCR, "kit": None} if self.method is PCR else {}
        self.entries.append(self.stage.station.collect(self.name, self.people, **by_pcr))
        window = Window(15, 30) if self._is_timed else None
        codes = frozenset(each.code for each in self.people)
        self.sampling = Sampling(self.name, codes, self.method, Span.at(at(self.minute)), window)
        minute = self.minute + self.chance.choice((10, 16, 16, 16, 40))
        self._read(minute, self.method)
        for _ in range(self.chance.randrange(5)):
            minute += 2
            self.chance.choice((self._read, self._read, self._correct, self._correct, self._withdraw))(
                minute, self.chance.choice((self.method, RAPID, PCR))
            )

    @property
    def _is_timed(self) -> bool:
        return self.method is RAPID and len(self.people) == 1

    def _read(self, minute: int, method: Method) -> None:
        value = self.chance.choice(READ if method is RAPID else READ[:5])
        self.stage.station.minute = minute
        said: dict[str, Any] = {"test": RT_PCR, "kit": None}
        if method is RAPID:
            said = {"kit": TIMED if self._is_timed else ANY_TIME}
        if value in ("read_late", "line"):
            said["line_seen"] = value == "line"
            value = "read_late"
        entry = self.stage.station.result(self.name, value, **said)
        word = Word(
            self.name, method, Value(value), Span.at(at(minute)), line_seen=said.get("line_seen") is True
        )
        self._say(entry, word)
        self.heads[word] = id_of(entry)

    def _correct(self, minute: int, method: Method) -> None:
        """The rules take a correction for one of the last reading that says otherwise: so does the officer here."""
        value = self.chance.choice(SAID)
        word = Word(self.name, method, Value(value), Span.at(at(minute)), is_correction=True)
        chains = chains_of([each for each in self._of(method) if not _is_gone(each)], self._signed(method))
        otherwise = [each for each in chains if not word.agrees_with(each.stands)] or chains
        if not otherwise:
            return
        reading = otherwise[-1].reading
        self.stage.station.minute = minute
        entry = self.stage.station.correct(self.name, self.heads[reading], value)
        self._say(entry, word)
        self.heads[reading] = id_of(entry)
        if self.chance.random() < 0.6:
            facts = {"facility": PHU_MY, "tube": self.name, "correction": str(id_of(entry))}
            deed = deed_of("result.countersigned", facts, actor=self.stage.staff.technician.id)
            self.entries.append(sign_deed(deed, at(minute + 1)))
            self.signatures[id_of(entry)] = Countersignature(self.name, method, at(minute + 1))

    def _withdraw(self, minute: int, method: Method) -> None:
        """Of what the rules do not know by name nothing is taken back: it would be another's correction for them."""
        said = [id for id, word in self.words.items() if word.method is method]
        readings = [id for id in said if not self.words[id].is_correction]
        if self.chance.random() < 0.2:
            said = [id_of(self.entries[0])]
        elif len(readings) > 1 and len(said) > len(readings):
            said = [said[-1]] if self.words[said[-1]].is_correction else []
        if not said:
            return
        entry = self.chance.choice(said)
        self.stage.station.minute = minute
        facts = {"entry": entry, "reason": "slip_of_the_hand"}
        self.entries.append(self.stage.station.entry("entry.withdrawn", facts))
        if entry in self.words:
            word = replace(self.words[entry], is_withdrawn=True)
            self.heads[word] = self.heads.pop(self.words[entry], entry)
            self.words[entry] = word
        else:
            self.sampling = replace(self.sampling, is_withdrawn=True)

    def _say(self, entry: bytes, word: Word) -> None:
        self.entries.append(entry)
        self.words[id_of(entry)] = word

    def _of(self, method: Method) -> list[Word]:
        return [each for each in self.words.values() if each.method is method]

    def _signed(self, method: Method) -> list[Countersignature]:
        """The rules do not know of which correction a signature is: they are told nothing of one taken back."""
        return [
            each
            for id, each in self.signatures.items()
            if each.method is method and not _is_gone(self.words[id])
        ]

    @property
    def history(self) -> History:
        signed = frozenset([*self._signed(RAPID), *self._signed(PCR)])
        return History(frozenset({self.sampling}), frozenset(self.words.values()), signed)


def _is_gone(word: Word) -> bool:
    return word.is_withdrawn and not word.warns


def _together(tubes: list[_Tube]) -> History:
    found: dict[str, set[Any]] = defaultdict(set)
    for each in tubes:
        found["samplings"] |= each.history.samplings
        found["words"] |= each.history.words
        found["signatures"] |= each.history.countersignatures
    return History(*(frozenset(found[name]) for name in ("samplings", "words", "signatures")))


@pytest.mark.parametrize("seed", range(60))
def test_readings_come_to_what_the_rules_say_in_any_order(declared: Stage, seed: int) -> None:
    chance = random.Random(f"readings {seed}")
    tubes = [_drawn(declared, chance, place) for place in range(chance.choice((1, 2)))]
    arriving = [entry for each in tubes for entry in each.entries]
    chance.shuffle(arriving)
    while arriving:
        size = chance.randrange(1, len(arriving) + 1)
        declared.must_apply(*arriving[:size])
        arriving = arriving[size:]
    for person in PEOPLE:
        _compare(_together(tubes), person.code)


def _drawn(stage: Stage, chance: random.Random, place: int) -> _Tube:
    method, people = chance.choice((RAPID, RAPID, PCR)), chance.choice((PEOPLE[:1], PEOPLE[:1], PEOPLE))
    return _Tube(stage, chance, f"BR{place}", 100 * place, method, people)


def _compare(history: History, code: str) -> None:
    expected = standing_in(history, code, JULY_2021)
    stored = WhatStands.objects.filter(person_code=code).first()
    told = (stored.state, stored.order) if stored else ("none", "")
    assert told == (expected.state, expected.order or ""), history
    standing = {
        (each.sampled_at, each.resulted_at)
        for each in certificates_of(code, EVENING)
        if each.status is Outcome.VALID
    }
    assert standing == {
        (paper.run.sampled.earliest, paper.run.paper_since.earliest)
        for paper in expected.papers
        if paper.state is PaperState.STANDS and paper.run.paper_since
    }, history
