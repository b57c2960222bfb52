"""Fixtures that feature tests share: keys of their own, the cast in place, and one station at work."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from chotxanh.domain.kinds import Answer
from chotxanh.keys import signers
from chotxanh.keys.making import make_missing_keys
from chotxanh.ledger.recording import record
from tests.cast import BEGINS, EVENING, MORNING, TRAVELLERS, Staff, lay_out_cast
from tests.device import Station
from tests.kept import laid_out


class _Beginning(datetime):
    """A clock that stands at the beginning of the scenario."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_Beginning":
        """Return when the scenario began."""
        return cls.fromtimestamp(BEGINS.timestamp(), tz)


@dataclass
class Stage:
    """The cast in place, and a station whose officer has begun work."""

    staff: Staff
    station: Station
    now: datetime = EVENING

    def record(self, *entries: bytes) -> list[tuple[str, str | None]]:
        """Record entries in one batch; return what was answered, without the ids."""
        answers = record(entries, self.now).answers
        return [(each.answer.value, each.problem) for each in answers]

    def must_apply(self, *entries: bytes) -> list[UUID]:
        """Record entries that must all be applied; return their ids."""
        answers = record(entries, self.now).answers
        assert {each.answer for each in answers} == {Answer.APPLIED}, answers
        return [each.id for each in answers if each.id]


@pytest.fixture(scope="session")
def keys_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of keys for the whole session: making them anew for each test would be slow."""
    return tmp_path_factory.mktemp("home") / "keys"


@pytest.fixture
def own_keys(keys_of_the_tests: Path, settings: Settings) -> Path:
    """Keep the keys of this machine out of the tests."""
    settings.KEYS_DIRECTORY = keys_of_the_tests
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with pytest.MonkeyPatch.context() as patch:  # the signer is as old as the cast's grants
        patch.setattr(signers, "datetime", _Beginning)
        make_missing_keys()
    return keys_of_the_tests


@pytest.fixture
def stage(db: None, own_keys: Path) -> Stage:
    """The cast, one station of QL51, its officer's shift begun."""
    return laid_out("stage", set_the_stage)


@pytest.fixture
def declared(stage: Stage) -> Stage:
    """The stage once all five travellers are registered and have declared a journey."""
    vars(stage.station).update(laid_out("declared", partial(_declare, stage)))
    return stage


@pytest.fixture
def today(db: None, own_keys: Path) -> Stage:
    """The stage as it would stand this very hour, for what the server judges by its own clock."""
    now = timezone.now()
    return set_the_stage(now - timedelta(hours=1), now)


def set_the_stage(began: datetime = MORNING, now: datetime = EVENING) -> Stage:
    """Create the cast and a station at work, whose entries arrive at `now`."""
    staff = lay_out_cast()
    station = Station(began=began)
    station.enrol()
    stage = Stage(staff, station, now)
    stage.must_apply(station.start_shift(staff.officer))
    return stage


def _declare(stage: Stage) -> dict[str, Any]:
    """Return what the station knows afterwards."""
    stage.must_apply(*(stage.station.register(person) for person in TRAVELLERS))
    stage.must_apply(*(stage.station.declare(person) for person in TRAVELLERS))
    return vars(stage.station)
