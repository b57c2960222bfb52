"""A list in the middle of being looked over: sealed, for an hour, for the member who sent it alone."""

import secrets
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from chotxanh.beside.drafts import draft_of, keep_list
from chotxanh.domain.problems import Problem
from chotxanh.registers.staff.models import Member
from chotxanh.sheets.checked import Checked
from chotxanh.sheets.columns import Table
from chotxanh.site.office.lists.kinds import ListKind, Outcome

TOKEN_BYTES = 16


class KeptList(msgspec.Struct, frozen=True):
    """The rows of a sheet as they were read at `at` (UTC), and what became of those that were recorded."""

    kind: str
    table: Table
    at: datetime
    outcomes: dict[int, Outcome] = {}


class LookedOver:
    """A kept list with its rows checked: those that can be recorded, must be mended, or were recorded."""

    def __init__(self, kind: ListKind, kept: KeptList) -> None:
        """Check nothing yet."""
        self.kind, self.kept = kind, kept

    @cached_property
    def rows(self) -> Sequence[Checked[Any]]:
        """Every row, in the order of the sheet."""
        return self.kind.check(self.kept.table.rows, self.kept.at)

    @property
    def due(self) -> list[Checked[Any]]:
        """The rows that can be recorded and were not yet."""
        return [
            row
            for row in self.rows
            if row.read is not None and (self.outcome(row) is None or self.problem(row))
        ]

    @property
    def recorded(self) -> list[Checked[Any]]:
        """The rows that were recorded by this list."""
        return [row for row in self.rows if self.outcome(row) is not None and not self.problem(row)]

    @property
    def to_mend(self) -> list[Checked[Any]]:
        """The rows with mistakes."""
        return [row for row in self.rows if row.mistakes]

    @property
    def done_before(self) -> int:
        """How many rows carry what an earlier recording gave them."""
        return sum(row.is_done for row in self.rows)

    def outcome(self, row: Checked[Any]) -> Outcome | None:
        """What became of a row; None while nothing did."""
        return self.kept.outcomes.get(row.number)

    def problem(self, row: Checked[Any]) -> str:
        """Why a good row could not be recorded; empty where it was, or was not tried."""
        outcome = self.outcome(row)
        return outcome.problem if outcome else ""

    def given(self, row: Checked[Any]) -> list[str]:
        """What a row was given."""
        outcome = self.outcome(row)
        return outcome.given if outcome else []


def keep_new(kind: ListKind, table: Table, member: Member, now: datetime) -> str:
    """Keep what was sent; return the token by which its sender finds it. Raises Problem("sheet_unpacks_too_large")."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _keep(KeptList(kind.name, table, now), member, token, now)
    return token


def keep_outcomes(
    kept: KeptList, outcomes: Mapping[int, Outcome], member: Member, token: str, now: datetime
) -> None:
    """Keep with a list what became of its rows."""
    _keep(msgspec.structs.replace(kept, outcomes={**kept.outcomes, **outcomes}), member, token, now)


def kept_list(kind: ListKind, member: Member, token: str, now: datetime) -> LookedOver | None:
    """Return what a member sent within the hour under a token; None once it is over, and for anybody else."""
    packed = draft_of(_name(member, token), now)
    if packed is None:
        return None
    kept = msgspec.json.decode(zlib.decompress(packed), type=KeptList)
    return LookedOver(kind, kept) if kept.kind == kind.name else None


def _keep(kept: KeptList, member: Member, token: str, now: datetime) -> None:
    packed = zlib.compress(msgspec.json.encode(kept), 1)
    if not keep_list(_name(member, token), packed, now):
        raise Problem("sheet_unpacks_too_large")


def _name(member: Member, token: str) -> str:
    return f"list {member.id} {token}"
