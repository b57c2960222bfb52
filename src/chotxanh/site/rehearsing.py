"""Tells beforehand whose outcome a release or a rule changes: the ledger is rebuilt aside, and the two are compared."""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
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
from chotxanh.domain.validity import Stated
from chotxanh.keys.ring import hold_key_ring
from chotxanh.ledger.applying import decide_again
from chotxanh.ledger.feed.witness import FILE as WITNESS
from chotxanh.ledger.feed.writing import write_feed_last
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.rejudging import carry_out_all
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.rules.book import rule_book
from chotxanh.results.models import PersonResult, TubeResult, WhatStands
from chotxanh.site.meant_rules import MeantRule, as_if_since
from chotxanh.site.rebuilding import copy_registers_and_entries, rebuild_tables
from chotxanh.site.unsealed import unsealed_folder

LIVE = "rehearsal-live"
SLICE = 200
NONE, DISPUTED = "none", "disputed"
# Of several papers of one result the best counts: the others were replaced.
PAPERS = ("valid", Decided.SUSPENDED, Decided.REVOKED)


class Change(msgspec.Struct, frozen=True):
    """One outcome that changes: of a tube's test, of a person by a tube, or (without a tube) what stands for a person.

    `paper_...` is the paper they have by the tube, and `until_...` until when it holds (UTC), where a rule says so.
    """

    tube: str
    person: str
    before: str
    after: str
    paper_before: str
    paper_after: str
    until_before: datetime | None = None
    until_after: datetime | None = None


class Rehearsal(msgspec.Struct, frozen=True):
    """What is to be compared: of which database, since when (UTC), under which rules that are only meant."""

    url: str
    since: datetime
    rules: tuple[MeantRule, ...] = ()


class _Outcome(NamedTuple):
    value: str = NONE
    paper: str = NONE
    until: datetime | None = None


_Key = tuple[str, str]


def rehearse(since: datetime, rules: Sequence[MeantRule] = ()) -> list[Change]:
    """Rebuild the ledger aside and return whose outcome since then (UTC) changes; here nothing is written nor locked.

    `rules` are taken as if they had held, or been repealed, since then: what results said before stays said.
    Raises subprocess.CalledProcessError, with what the rebuild said on standard error.
    """
    with unsealed_folder("rehearsal-") as folder:
        shutil.copytree(
            settings.KEYS_DIRECTORY, Path(folder, "keys"), ignore=lambda _, names: {WITNESS} & set(names)
        )
        aside = {
            **environ,
            "CHOTXANH_HOME": str(folder),
            "CHOTXANH_DATABASE_URL": f"sqlite://{folder}/aside.sqlite3",
        }
        command = [sys.executable, "-m", "django", "rehearse", "--aside"]
        # By standard input: everybody on this machine can read what a process was started with.
        meant = msgspec.json.encode(Rehearsal(_url(), since, tuple(rules)))
        done = subprocess.run(command, env=aside, input=meant, capture_output=True, check=True)
    return msgspec.json.decode(done.stdout, type=list[Change])


def rebuild_and_compare(meant: Rehearsal, now: datetime) -> list[Change]:
    """Rebuild the live ledger in this empty database, let the rules hold, decide again, and compare.

    What waits there to be judged again is judged here: its outcome changes too.
    """
    since = meant.since
    for alias in connections:
        call_command("migrate", database=alias, interactive=False, verbosity=0)
    copy_registers_and_entries(meant.url)
    rebuild_tables(now)
    carry_out_all(now)
    connections.databases[LIVE] = connections.databases["default"] | database_of(meant.url, settings.HOME)
    try:
        before = _outcomes(LIVE, since)
        for rule in as_if_since(meant.rules, since):
            record_deeds([Deed(rule)], now)
        _decide(_people_in(before, _outcomes("default", since)), now)
        return list(_changes(before, _outcomes("default", since)))
    finally:
        connections[LIVE].close()
        del connections.databases[LIVE]


def _people_in(*outcomes: Iterable[_Key]) -> set[str]:
    return {person for keys in outcomes for _, person in keys if person}


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
            yield Change(*key, old.value, new.value, old.paper, new.paper, old.until, new.until)


def _outcomes(database: str, since: datetime) -> dict[_Key, _Outcome]:
    """Return what each test of a tube says, what each person has by it, and what stands for each of these people."""
    tubes = TubeResult.objects.using(database).filter(resulted_at__gte=since)
    people = PersonResult.objects.using(database).filter(resulted_at__gte=since)
    papers = _papers(database, since)
    said = {(row.key, ""): DISPUTED if row.is_disputed else row.value for row in tubes}
    said |= {(row.tube, row.person_code): row.value for row in people}
    found = {
        key: _Outcome(said.get(key, NONE), *papers.get(key, (NONE, None)))
        for key in said.keys() | papers.keys()
    }
    return found | _standings(database, _people_in(found))


def _standings(database: str, people: set[str]) -> dict[_Key, _Outcome]:
    codes, found = sorted(people), dict[_Key, _Outcome]()
    for start in range(0, len(codes), SLICE):
        stands = WhatStands.objects.using(database).filter(person_code__in=codes[start : start + SLICE])
        found |= {("", row.person_code): _Outcome(row.state) for row in stands}
    return found


def _papers(database: str, since: datetime) -> dict[_Key, tuple[str, datetime | None]]:
    """Return each person's paper by a tube, and until when it holds by the rules as they stand here."""
    decided = dict(Decision.objects.using(database).values_list("certificate", "state"))
    found: dict[_Key, tuple[str, datetime | None]] = {}
    book = rule_book()
    for paper in Certificate.objects.using(database).filter(resulted_at__gte=since):
        state = decided.get(paper.id, Decided.RESTORED)
        state = PAPERS[0] if state == Decided.RESTORED else state
        holds = book.validity(Stated(paper.category, paper.test_type, paper.sampled_at, paper.resulted_at))
        until = holds.valid_until if holds and state == PAPERS[0] else None
        key = (paper.tube, paper.person_code)
        found[key] = min((state, until), found.get(key, (state, until)), key=lambda one: PAPERS.index(one[0]))
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
