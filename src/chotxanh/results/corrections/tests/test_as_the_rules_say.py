"""What the ledger says of corrected results is what the pure rules say, over drawn histories in any order."""

import random
from datetime import datetime
from uuid import UUID

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.standing.acts import Countersignature, Method, Sampling, Value, Word
from chotxanh.domain.standing.history import History, standing_in
from chotxanh.domain.standing.person import PaperState
from chotxanh.domain.standing.rules import JULY_2021
from chotxanh.domain.standing.times import Span
from chotxanh.ledger.server_log import sign_deed
from chotxanh.results.models import WhatStands
from tests.cast import DRIVER, EVENING, MORNING, PHU_MY
from tests.device import MINUTE, deed_of, id_of
from tests.stage import Stage

VALUES = ("positive", "negative", "invalid")
NOT_TOLD = 1_000


def at(minute: int) -> datetime:
    return MORNING + minute * MINUTE


class _Drawn:
    """One or two tubes of one person, each read once, then corrected, signed and told at will, all minutes apart."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self.stage, self.chance = stage, chance
        self.entries: list[bytes] = []
        self.samplings: set[Sampling] = set()
        self.words: set[Word] = set()
        self.signatures: set[Countersignature] = set()
        for position in range(chance.choice((1, 2))):
            self._tube(f"BR{position}", 60 * position)

    @property
    def history(self) -> History:
        return History(frozenset(self.samplings), frozenset(self.words), frozenset(self.signatures))

    def _tube(self, tube: str, minute: int) -> None:
        station = self.stage.station
        station.minute = minute
        self.entries.append(station.collect(tube, [DRIVER]))
        self.samplings.add(Sampling(tube, frozenset({DRIVER.code}), Method.AG_RAPID, Span.at(at(minute))))
        station.minute = minute + 5
        value = self.chance.choice(VALUES[:2])
        said = station.result(tube, value)
        self.entries.append(said)
        self._word(tube, value, minute + 5, NOT_TOLD)
        named, stands = id_of(said), value
        told = minute + 6 if value == "positive" and self.chance.random() < 0.3 else NOT_TOLD
        if told != NOT_TOLD:
            self._told(tube, named, told)
        for step in range(self.chance.randrange(4)):
            named = self._corrected(tube, named, minute + 10 + 10 * step, told)
        assert stands

    def _corrected(self, tube: str, corrects: UUID, minute: int, told: int) -> UUID:
        station, value = self.stage.station, self.chance.choice(VALUES)
        station.minute = minute
        correction = station.correct(tube, corrects, value)
        self.entries.append(correction)
        self._word(tube, value, minute, told, is_correction=True)
        signer = self.chance.choice((None, self.stage.staff.officer, self.stage.staff.technician))
        if signer is not None:
            facts = {"facility": PHU_MY, "tube": tube, "correction": str(id_of(correction))}
            deed = deed_of("result.countersigned", facts, actor=signer.id)
            self.entries.append(sign_deed(deed, at(minute + 1)))
        if signer == self.stage.staff.technician and minute + 1 < told:
            self.signatures.add(Countersignature(tube, Method.AG_RAPID, at(minute + 1)))
        return id_of(correction)

    def _told(self, tube: str, result: UUID, minute: int) -> None:
        facts = {"facility": PHU_MY, "tube": tube, "result": str(result), "way": "call"}
        facts["person_code"] = DRIVER.code
        deed = deed_of("result.told", facts, actor=self.stage.staff.lead.id)
        self.entries.append(sign_deed(deed, at(minute)))

    def _word(self, tube: str, value: str, minute: int, told: int, *, is_correction: bool = False) -> None:
        self.words.add(
            Word(
                tube,
                Method.AG_RAPID,
                Value(value),
                Span.at(at(minute)),
                is_correction=is_correction,
                is_after_telling=is_correction and told <= minute,
            )
        )


@pytest.mark.parametrize("seed", range(40))
def test_corrections_come_to_what_the_rules_say_in_any_order(declared: Stage, seed: int) -> None:
    chance = random.Random(seed)
    drawn = _Drawn(declared, chance)
    arriving = list(drawn.entries)
    chance.shuffle(arriving)
    while arriving:
        size = chance.randrange(1, len(arriving) + 1)
        declared.must_apply(*arriving[:size])
        arriving = arriving[size:]
    expected = standing_in(drawn.history, DRIVER.code, JULY_2021)
    stored = WhatStands.objects.filter(person_code=DRIVER.code).first()
    assert (stored.state if stored else "none") == expected.state
    standing = {
        (each.sampled_at, each.resulted_at)
        for each in certificates_of(DRIVER.code, EVENING)
        if each.status is Outcome.VALID
    }
    assert standing == {
        (paper.run.sampled.earliest, paper.run.paper_since.earliest)
        for paper in expected.papers
        if paper.state is PaperState.STANDS and paper.run.paper_since
    }
