"""Rebuilds the tables that are read from the ledger, and tells whether two databases are equal."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction

from chotxanh.certificates.models import Certificate, Decision
from chotxanh.configuration import database_of
from chotxanh.declarations.models import Declaration
from chotxanh.domain.kinds import Answer
from chotxanh.keys.models import KeyCheck
from chotxanh.ledger.applying import apply_happenings, stored_happening
from chotxanh.ledger.feed.head import begin_feed, continue_from
from chotxanh.ledger.feed.writing import write_feed_last
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.models import (
    BootAnchor,
    BootWord,
    ClockPutRight,
    Entry,
    ErasedCategory,
    FeedCard,
    FeedHead,
    Log,
    Rejudging,
    Remark,
    SetAside,
    Shift,
)
from chotxanh.ledger.worker.models import DailyJob, DirtyKey, Errand
from chotxanh.ledger.worker.registry import done_by_rebuild, paused_by_rebuild
from chotxanh.people.models import ClaimedCode, Correction, Link, Registration
from chotxanh.protocol.kinds import kinds_where
from chotxanh.registers.codes.models import ListedCode
from chotxanh.registers.devices.models import Device, DeviceRevocation, KeptEnd, KeptTicket, TicketEnd
from chotxanh.registers.duties.models import DutyNumber
from chotxanh.registers.facilities.models import Facility, FacilityEvent
from chotxanh.registers.incidents.models import Incident, IncidentStep
from chotxanh.registers.kits.models import Kit, KitWithdrawal, ListedTest, TestWithdrawal
from chotxanh.registers.notices.models import PublishedText
from chotxanh.registers.posts.models import Post, PostClosing
from chotxanh.registers.retention.models import Retention
from chotxanh.registers.rules.models import Meaning, Rule, RuleRepeal
from chotxanh.registers.staff.models import Grant, GrantEnd, Leaving, Member, Naming
from chotxanh.results.corrections.models import ResultSignature, ResultTelling, TakenBack
from chotxanh.results.followups.models import Call, Closing, Contact, Escalation, OverdueTube
from chotxanh.results.models import (
    PersonResult,
    RecollectionOrder,
    ResultFact,
    ResultResolution,
    TestStart,
    TubeResult,
    WhatStands,
)
from chotxanh.specimens.models import Collection, CollectionMember, CollectionResolution, Tube
from chotxanh.statistics.models import HourAtPost, TubeCount
from chotxanh.vehicles.models import Vehicle

PART = 500
# Of so many parts the feed is told together: a person's entries change the same card, and come within a day or two.
PARTS_TOLD_TOGETHER = 100
SOURCE = "rebuild-source"

# Accounts with their passwords, devices with their keys, what was received, and what is yet to be judged again: copied,
# never computed.
KEPT: tuple[type[models.Model], ...] = (
    *(Member, Device, TicketEnd, KeptTicket, KeptEnd, KeyCheck),
    *(Log, Entry, SetAside, BootAnchor, DailyJob, Rejudging),
)
# What is computed from entries alone.
DERIVED: tuple[type[models.Model], ...] = (
    *(Post, PostClosing, Facility, FacilityEvent, Grant, GrantEnd, Leaving, Naming),
    *(ListedTest, TestWithdrawal, Kit, KitWithdrawal),
    *(DutyNumber, ListedCode, Rule, Meaning, RuleRepeal, DeviceRevocation),
    *(Retention, PublishedText, Incident, IncidentStep, Shift, Remark, ErasedCategory, BootWord),
    ClockPutRight,
    *(Registration, Correction, ClaimedCode, Link, Vehicle, Declaration),
    *(Collection, CollectionMember, CollectionResolution, Tube),
    *(ResultFact, ResultResolution, TestStart, TubeResult, PersonResult, RecollectionOrder),
    *(ResultSignature, ResultTelling, TakenBack),
    *(WhatStands, Contact, Call, Closing),
    *(Certificate, Decision),
)
# Dirty keys are made anew. Errands that wait stay: a rebuild decides nothing, so it does not do what was to be decided.
ASKED: tuple[type[models.Model], ...] = (DirtyKey, Errand)
# What the worker computes of it afterwards.
COMPUTED_LATER: tuple[type[models.Model], ...] = (Escalation, OverdueTube, TubeCount, HourAtPost)


def rebuild_tables(now: datetime) -> int:
    """Empty the derived tables and apply every applied entry again, in one transaction; return how many."""
    count = 0
    with transaction.atomic(), in_ledger(is_alone=True):
        begin_feed()
        _empty()
        parts = _parts()
        while applied := _apply_parts(islice(parts, PARTS_TOLD_TOGETHER), now):
            count += applied
    return count


def _apply_parts(parts: Iterable[list[Entry]], now: datetime) -> int:
    """Apply these entries part by part, then tell the feed once of each card that changed; return how many."""
    count = 0
    with write_feed_last(now):
        for part in parts:
            apply_happenings([stored_happening(entry) for entry in part], now, is_deciding=False)
            count += len(part)
    return count


def _empty() -> None:
    """Empty what is derived; of the worker's what is dirty first, as the worker does."""
    DirtyKey.objects.all().delete()
    Errand.objects.filter(name__in=done_by_rebuild()).delete()
    derived: list[type[models.Model]] = [*DERIVED, *COMPUTED_LATER, FeedCard]
    for model in derived:
        model._default_manager.all().delete()


def copy_registers_and_entries(source_url: str) -> None:
    """Copy accounts, devices and ledger from another database into this one, which must hold no entries yet.

    It may be of an older release: what that did not know yet is as it is for a new row.
    """
    if Entry.objects.exists():
        raise ValueError("this database already holds entries; rebuild into an empty one")
    connections.databases[SOURCE] = connections.databases["default"] | database_of(source_url, settings.HOME)
    try:
        with transaction.atomic():
            for model in KEPT:
                model._default_manager.all().delete()
                for part in _chunks(_rows_of_source(model)):
                    model._default_manager.using("default").bulk_create(part)
            _copy_errands()
            head = FeedHead.objects.using(SOURCE).first()
            if head is not None:  # the same life of the node: its stations need not send anything again
                continue_from(head.node_epoch, head.position)
            _continue_numbers()
    finally:
        connections[SOURCE].close()


def _copy_errands() -> None:
    """Copy what waits, held by no worker. What leaves the house is paused: the other server may do it still."""
    done, paused = done_by_rebuild(), paused_by_rebuild()
    for part in _chunks(_rows_of_source(Errand)):
        rows = [row for row in part if isinstance(row, Errand) and row.name not in done]
        for row in rows:
            row.leased_until, row.is_paused = None, row.is_paused or row.name in paused
        Errand.objects.bulk_create(rows)


def _rows_of_source(model: type[models.Model]) -> Iterator[models.Model]:
    """Give the rows of a table of the source, in the columns that both releases know."""
    source = connections[SOURCE]
    with source.cursor() as cursor:
        if model._meta.db_table not in source.introspection.table_names(cursor):
            return
        described = source.introspection.get_table_description(cursor, model._meta.db_table)
    there = {column.name for column in described}
    known = [field.attname for field in model._meta.concrete_fields if field.column in there]
    rows = model._default_manager.using(SOURCE).order_by("pk").values_list(*known)
    for row in rows.iterator(chunk_size=PART):
        yield model(**dict(zip(known, row, strict=True)))


def _continue_numbers() -> None:
    """Let the database give out numbers after those that were copied; SQLite does so by itself."""
    statements = connection.ops.sequence_reset_sql(no_style(), [*KEPT, *ASKED])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def fingerprints() -> dict[str, tuple[int, str]]:
    """Return the number of rows and a digest of each derived table; equal databases give equal answers."""
    return {model._meta.db_table: _fingerprint(model) for model in DERIVED}


def _fingerprint(model: type[models.Model]) -> tuple[int, str]:
    total, count = 0, 0
    columns = [field.attname for field in model._meta.concrete_fields]
    for row in model._default_manager.values_list(*columns).iterator(chunk_size=PART):
        digest = hashlib.sha256(repr([_plain(value) for value in row]).encode()).digest()
        total += int.from_bytes(digest[:16], "big")  # a sum: databases sort texts differently
        count += 1
    return count, f"{total % 2**128:032x}"


def _plain(value: Any) -> Any:
    """Return what two databases give alike: bytes as bytes, members of an object in order."""
    if isinstance(value, memoryview):
        return bytes(value)
    return sorted(value.items()) if isinstance(value, dict) else value


def _parts() -> Iterator[list[Entry]]:
    """Registers first: a deed may have waited for the entry that it was done under."""
    applied = Entry.objects.filter(answer=Answer.APPLIED).order_by("id")
    registers = kinds_where(lambda row: row.who.is_register)
    for entries in (applied.filter(kind__in=registers), applied.exclude(kind__in=registers)):
        after = UUID(int=0)
        while part := list(entries.filter(id__gt=after)[:PART]):
            after = part[-1].id
            yield part


def _chunks(rows: Iterator[models.Model]) -> Iterator[list[models.Model]]:
    part: list[models.Model] = []
    for row in rows:
        part.append(row)
        if len(part) == PART:
            yield part
            part = []
    if part:
        yield part
