"""An update keeps what is there: a database of the version before is brought to this one with its data in it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from chotxanh.domain.base64url import to_base64url
from chotxanh.ledger.models import BootWord, Entry, Remark
from chotxanh.ledger.shifts import Hours, shifts_in
from chotxanh.results.models import ResultFact

# Where the version before stood.
BEFORE = [("ledger", "0002_vacuum_the_feed_often"), ("devices", "0001_initial"), ("people", "0001_initial")]
BEFORE += [("results", "0001_initial"), ("specimens", "0001_initial")]
ISSUED, OVER = datetime(2021, 7, 25, 1, tzinfo=UTC), datetime(2021, 7, 25, 17, tzinfo=UTC)


@pytest.fixture
def executor(transactional_db: None) -> Iterator[MigrationExecutor]:
    """The database as the version before left it; brought to this one again at the end."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor
    newest = MigrationExecutor(connection)
    newest.migrate(newest.loader.graph.leaf_nodes())


def a_shift(executor: MigrationExecutor, log: UUID, seq: int, actor: UUID | None) -> None:
    """Store a start or end of a shift as the version before did; its tickets had no number."""
    hours = {"issued_at": ISSUED, "expires_at": OVER, "member": actor, "device": uuid4()}
    ticket = f"{to_base64url(msgspec.json.encode(hours))}.AAAA"
    body = {"facts": {"post": str(uuid4()), "ticket": ticket} if actor else {}}
    entry = executor.loader.project_state(BEFORE).apps.get_model("ledger", "Entry")
    entry.objects.create(
        id=uuid4(),
        device=uuid4(),
        log=log,
        seq=seq,
        actor=actor,
        digest=b"",
        version=1,
        kind="shift.started" if actor else "shift.ended",
        answer="applied",
        problem="",
        occurred_at=ISSUED,
        effective_at=ISSUED,
        received_at=ISSUED,
        signature=b"",
        body=msgspec.json.encode(body).decode(),
    )


def test_shifts_that_had_begun_go_on_with_the_hours_of_their_tickets(executor: MigrationExecutor) -> None:
    log, officer = uuid4(), uuid4()
    a_shift(executor, log, 1, officer)
    a_shift(executor, log, 9, None)
    newest = MigrationExecutor(connection)
    newest.migrate(newest.loader.graph.leaf_nodes())
    shifts = shifts_in([log])[log]
    start = shifts.start_of(officer, 5)
    assert start is not None
    assert start.hours == Hours(ISSUED, OVER)
    assert (shifts.at_work(5).actor, shifts.at_work(10).actor) == (officer, None)


def an_entry(executor: MigrationExecutor, kind: str, facts: dict[str, str], **changed: Any) -> UUID:
    """Store an entry of the office as the version before did."""
    entry = executor.loader.project_state(BEFORE).apps.get_model("ledger", "Entry")
    known = {
        "id": uuid4(),
        "device": uuid4(),
        "digest": b"",
        "version": 1,
        "kind": kind,
        "answer": "applied",
        "problem": "",
        "occurred_at": ISSUED,
        "effective_at": ISSUED,
        "received_at": OVER,
        "signature": b"",
        "body": msgspec.json.encode({"facts": facts}).decode(),
    }
    id: UUID = entry.objects.create(**known | changed).id
    return id


def test_what_was_said_before_keeps_its_receipt_its_marks_and_its_post(executor: MigrationExecutor) -> None:
    apps = executor.loader.project_state(BEFORE).apps
    result, word, remark = (an_entry(executor, kind, {}, marks=2) for kind in ("result.recorded", "a", "b"))
    post = uuid4()
    held = an_entry(executor, "specimen.collected", {"post": str(post)}, answer="held")
    times = {"resulted_at": ISSUED, "resulted_latest": ISSUED}
    apps.get_model("results", "ResultFact").objects.create(id=result, tube="a/B", run=0, **times)
    apps.get_model("ledger", "BootRuling").objects.create(key="log/boot", anchor=5, at=ISSUED, ruling=word)
    apps.get_model("ledger", "Remark").objects.create(id=remark, entry=held, what="admitted", at=ISSUED)
    newest = MigrationExecutor(connection)
    newest.migrate(newest.loader.graph.leaf_nodes())
    assert ResultFact.objects.get(id=result).received_at == OVER
    assert BootWord.objects.values_list("id", "key", "anchor", "at", "marks").get() == (
        *(word, "log/boot", 5, ISSUED),
        2,
    )
    assert Remark.objects.get(id=remark).marks == 2
    assert Entry.objects.get(id=held).post == post
