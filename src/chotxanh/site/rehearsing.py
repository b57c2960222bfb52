"""Tells beforehand whose outcome a release changes: the ledger is rebuilt in a database aside, and the two compared."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from os import environ
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import msgspec
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from chotxanh.certificates.models import Certificate, Decision
from chotxanh.certificates.payloads import Decided
from chotxanh.configuration import database_of
from chotxanh.keys.ring import hold_key_ring
from chotxanh.ledger.applying import decide_again
from chotxanh.ledger.feed.witness import FILE as WITNESS
from chotxanh.ledger.feed.writing import write_feed_last
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.results.models import PersonResult, TubeResult
from chotxanh.site.rebuilding import copy_registers_and_entries, rebuild_tables

LIVE = "rehearsal-live"
SLICE = 200
NONE, DISPUTED = "none", "disputed"
# Of several papers of one result the best counts: the others were replaced.
PAPERS = ("valid", Decided.SUSPENDED, Decided.REVOKED)


class Change(msgspec.Struct, frozen=True):
    """One outcome that changes: of a tube's test, or of a person by a tube, with the paper they have by it."""

    tube: str
    person: str
    before: str
    after: str
    paper_before: str
    paper_after: str


class _Outcome(NamedTuple):
    value: str = NONE
    paper: str = NONE


_Key = tuple[str, str]


def rehearse(since: datetime) -> list[Change]:
    """Rebuild the ledger aside and return whose outcome since then (UTC) changes; here nothing is written nor locked.

    Raises subprocess.CalledProcessError, with what the rebuild said on standard error.
    """
    with tempfile.TemporaryDirectory(dir=settings.HOME, prefix="rehearsal-") as folder:
        shutil.copytree(
            settings.KEYS_DIRECTORY, Path(folder, "keys"), ignore=lambda _, names: {WITNESS} & set(names)
        )
        aside = {
            **environ,
            "CHOTXANH_HOME": folder,
            "CHOTXANH_DATABASE_URL": f"sqlite://{folder}/aside.sqlite3",
        }
        command = [sys.executable, "-m", "django", "rehearse", "--aside", "--since", since.isoformat()]
        # By standard input: everybody on this machine can read what a process was started with.
        done = subprocess.run(command, env=aside, input=_url().encode(), capture_output=True, check=True)
    return msgspec.json.decode(done.stdout, type=list[Change])


def rebuild_and_compare(live_url: str, since: datetime, now: datetime) -> list[Change]:
    """Rebuild the live ledger in this empty database, decide again, and compare with the live tables."""
    for alias in connections:
        call_command("migrate", database=alias, interactive=False, verbosity=0)
    copy_registers_and_entries(live_url)
    rebuild_tables(now)
    connections.databases[LIVE] = connections.databases["default"] | database_of(live_url, settings.HOME)
    try:
        before = _outcomes(LIVE, since)
        _decide({person for _, person in (*before, *_outcomes("default", since)) if person}, now)
        return list(_changes(before, _outcomes("default", since)))
    finally:
        connections[LIVE].close()
        del connections.databases[LIVE]


def _url() -> str:
    """Return the address of the database that is in use."""
    in_use = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
    if connection.vendor == "sqlite":
        return f"sqlite://{quote(connection.settings_dict['NAME'])}"
    place = f"host={in_use['HOST']}&port={in_use['PORT']}"
    return f"postgresql://{in_use['USER']}:{in_use['PASSWORD']}@/{in_use['NAME']}?{place}"


def _changes(before: dict[_Key, _Outcome], after: dict[_Key, _Outcome]) -> Iterator[Change]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key, _Outcome()), after.get(key, _Outcome())
        if old != new:
            yield Change(*key, old.value, new.value, old.paper, new.paper)


def _outcomes(database: str, since: datetime) -> dict[_Key, _Outcome]:
    """Return what each test of a tube says, and what each person has by it."""
    tubes = TubeResult.objects.using(database).filter(resulted_at__gte=since)
    people = PersonResult.objects.using(database).filter(resulted_at__gte=since)
    papers = _papers(database, since)
    said = {(row.key, ""): DISPUTED if row.is_disputed else row.value for row in tubes}
    said |= {(row.tube, row.person_code): row.value for row in people}
    return {key: _Outcome(said.get(key, NONE), papers.get(key, NONE)) for key in said.keys() | papers.keys()}


def _papers(database: str, since: datetime) -> dict[_Key, str]:
    decided = dict(Decision.objects.using(database).values_list("certificate", "state"))
    found: dict[_Key, str] = {}
    for paper in Certificate.objects.using(database).filter(resulted_at__gte=since):
        state = decided.get(paper.id, Decided.RESTORED)
        state = PAPERS[0] if state == Decided.RESTORED else state
        key = (paper.tube, paper.person_code)
        found[key] = min(state, found.get(key, state), key=PAPERS.index)
    return found


def _decide(people: set[str], now: datetime) -> None:
    """Let this release decide about everybody, as it would when their next entry comes."""
    everybody = sorted(people)

    def write(part: list[str]) -> None:
        with write_feed_last(now), in_ledger(is_alone=False), hold_key_ring():
            decide_again(part, now)

    for start in range(0, len(everybody), SLICE):
        part = everybody[start : start + SLICE]
        in_one_transaction(lambda part=part: write(part))  # type: ignore[misc]
