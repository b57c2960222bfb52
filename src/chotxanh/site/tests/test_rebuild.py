"""A rebuild finds every table again, in place and in an empty database, on SQLite and on PostgreSQL."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from chotxanh.beside.models import Bucket, Draft, HeardDevice, OfficeSession, PersonalAccess
from chotxanh.keys.models import KeyCheck
from chotxanh.ledger.feed import writing
from chotxanh.ledger.feed.numbering import number_changes
from chotxanh.ledger.models import Entry, FeedCard, FeedHead
from chotxanh.ledger.recording import record
from chotxanh.ledger.worker.models import DailyJob
from chotxanh.registers.devices.models import EnrolmentCode, Session
from chotxanh.registers.staff.models import Badge, PinGuesses, SecondFactor
from chotxanh.site import rebuilding
from chotxanh.site.rebuilding import (
    copy_registers_and_entries,
    fingerprints,
    rebuild_tables,
)
from tests.campaign import ACTS, carry_out
from tests.cast import DRIVER, EVENING, lay_out_cast
from tests.stage import Stage

OTHER = "chotxanh_rebuilt"


def live_a_day(seed: int) -> None:
    """Record a busy day."""
    chance = random.Random(seed)
    names = ["register", "collect", "result", "correct", *sorted(ACTS)]
    acts = [(chance.choice(names), chance.randrange(60), chance.randrange(60)) for _ in range(60)]
    record(carry_out(acts, lay_out_cast()).entries, EVENING)


def url_of(database: str) -> str:
    """Return the address of a database beside the tests' own."""
    described = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{quote(database)}"
    user, password = quote(described["USER"]), quote(described["PASSWORD"])
    return f"postgresql://{user}:{password}@{described['HOST']}:{described['PORT']}/{quote(database)}"


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """Give the address of an empty database of the same kind, gone afterwards."""
    if connection.vendor == "sqlite":
        yield f"sqlite://{quote(str(folder / 'rebuilt.sqlite3'))}"
        return
    server = url_of(connection.settings_dict["NAME"])
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(OTHER))
    with psycopg.connect(server, autocommit=True) as administrator:
        administrator.execute(drop)
        administrator.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(OTHER)))
        yield url_of(OTHER)
        administrator.execute(drop)


def manage(database: str, *words: str) -> str:
    """Run a management command of a server whose database is another."""
    home = Path(settings.KEYS_DIRECTORY).parent
    environment = {**os.environ, "CHOTXANH_DATABASE_URL": database, "CHOTXANH_HOME": str(home)}
    command = [sys.executable, "-m", "django", *words]
    environment["DJANGO_SETTINGS_MODULE"] = "chotxanh.settings"
    environment["PYTHONPATH"] = str(Path(settings.PROJECT_ROOT, "src"))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_table_of_ours_is_kept_rebuilt_or_neither_on_purpose() -> None:
    ours = {model for model in apps.get_models() if model.__module__.startswith("chotxanh.")}
    listed = {*rebuilding.KEPT, *rebuilding.DERIVED, *rebuilding.ASKED, *rebuilding.COMPUTED_LATER}
    assert ours - listed - {FeedCard, FeedHead} == {
        *(EnrolmentCode, Session, SecondFactor, Badge, PinGuesses),
        *(Bucket, PersonalAccess, HeardDevice, Draft, OfficeSession),
    }


@pytest.mark.parametrize("seed", range(3))
def test_a_rebuild_in_place_finds_the_same_tables(db: None, own_keys: Path, seed: int) -> None:
    live_a_day(seed)
    before = fingerprints()
    assert rebuild_tables(EVENING) == Entry.objects.filter(answer="applied").count()
    assert fingerprints() == before


def test_a_rebuild_tells_the_feed_once_of_each_card_however_many_entries_change_it(
    db: None, own_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_a_day(1)
    held = held_cards()
    told: list[tuple[object, ...]] = []
    write = writing._write

    def noting(rows: Sequence[Any]) -> None:
        told.extend(row[:3] for row in rows)
        write(rows)

    monkeypatch.setattr(writing, "_write", noting)
    monkeypatch.setattr(rebuilding, "PART", 3)
    rebuild_tables(EVENING)
    assert held_cards() == held
    assert len(told) == len(set(told)) > 0
    monkeypatch.setattr(rebuilding, "PARTS_TOLD_TOGETHER", 2)
    rebuild_tables(EVENING)
    assert held_cards() == held


def held_cards() -> set[tuple[object, ...]]:
    """Return the cards that the scopes hold, with until when."""
    held = FeedCard.objects.filter(is_gone=False)
    return set(held.values_list("kind", "key", "scope", "expires_at_ms"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_rebuild_into_an_empty_database_finds_the_same_tables(own_keys: Path, tmp_path: Path) -> None:
    live_a_day(9)
    expected = [f"{table} {rows} {digest}" for table, (rows, digest) in fingerprints().items()]
    number_changes(EVENING)
    head = FeedHead.objects.get()
    with empty_database(tmp_path) as other:
        manage(other, "migrate", "--verbosity=0")
        printed = manage(other, "rebuild", "--from", url_of(str(connection.settings_dict["NAME"])))
        assert printed.splitlines()[1:] == expected
        forged = manage(other, "shell", "--verbosity=0", "-c", AFTERWARDS)
        assert forged.split() == ["rejected", "1", "True"]
        node_epoch, feed_epoch, position = manage(other, "shell", "--verbosity=0", "-c", HEAD).split()
    assert node_epoch == head.node_epoch, "the ledger is the same: no station need send again"
    assert feed_epoch != head.feed_epoch, "the feed is another: every station fills itself anew"
    assert int(position) >= head.position > 0, "a card's version never falls"


AFTERWARDS = """
from datetime import UTC, datetime
from chotxanh.ledger.models import SetAside
from chotxanh.ledger.recording import record
before = SetAside.objects.count()
answer = record([b"what is sent after a rebuild is kept too"], datetime.now(UTC)).answers[0].answer
print(answer, SetAside.objects.count() - before, SetAside.objects.latest("id").problem == "entry_unreadable")
"""
HEAD = """
from chotxanh.ledger.models import FeedHead
head = FeedHead.objects.get()
print(head.node_epoch, head.feed_epoch, head.position)
"""


def test_a_ledger_that_holds_entries_is_never_overwritten(declared: Stage) -> None:
    with pytest.raises(ValueError, match="already holds entries"):
        copy_registers_and_entries("sqlite:///nowhere")
    assert declared.record(declared.station.register(DRIVER)) == [("applied", None)]


def test_of_an_older_release_what_both_know_is_copied(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    if "beside" not in connections:
        pytest.skip("SQLite's second file stands for the older database")
    monkeypatch.setattr(rebuilding, "SOURCE", "beside")
    with connections["beside"].cursor() as older:
        older.execute("CREATE TABLE ledger_dailyjob (name text, forgotten text)")
        older.execute("INSERT INTO ledger_dailyjob VALUES ('feed.sweep', 'since')")
    (row,) = rebuilding._rows_of_source(DailyJob)
    assert (row.pk, vars(row)["last_day"]) == ("feed.sweep", None)
    assert list(rebuilding._rows_of_source(KeyCheck)) == [], "it had no such table"
