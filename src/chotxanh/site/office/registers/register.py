"""What every register's page has: a form that adds, rows that stand or have ended, and each row's next acts."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from chotxanh.domain.kinds import LEADS, Role
from chotxanh.domain.names import fold
from chotxanh.domain.problems import Problem
from chotxanh.forms.form import Form
from chotxanh.language.formats import VIETNAM
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.staff.grants import grants_for, is_in_force, is_province_wide
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member

LONGEST_CODE = 40
NOT_TO_ONESELF = frozenset(
    {"let_go", "end_grant"}
)  # acts that are refused where they end the reader's own role


@dataclass(frozen=True)
class Row:
    """One line: what it is called, its cells, and the names of what can be done with it next.

    `anew` is what the form says already when the same thing is to be recorded anew; empty where that is not offered.
    `columns` are the keys of what the cells are called, as the register names them. `member` is whom it is about.
    `links` lead to pages about it: the key of a word, and an address.
    """

    id: str
    title: str
    cells: tuple[str, ...]
    acts: tuple[str, ...] = ()
    anew: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    member: UUID | None = None
    links: tuple[tuple[str, str], ...] = ()

    def offered_to(self, reader: UUID) -> "Row":
        """The line as a member reads it: nobody is offered to end their own role."""
        if self.member != reader:
            return self
        return replace(self, acts=tuple(act for act in self.acts if act not in NOT_TO_ONESELF), links=())

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The cells that say something, each behind the key of what it is called."""
        return [(key, cell) for key, cell in zip(self.columns, self.cells, strict=True) if cell]

    @property
    def next_acts(self) -> list[tuple[str, str]]:
        """The acts with the keys of their words."""
        return [(act, f"registers.act.{act}") for act in self.acts]


@dataclass(frozen=True)
class Said:
    """What the office says after a deed; `secret` is shown once to this session alone."""

    key: str
    params: Mapping[str, str] = field(default_factory=dict)
    secret: tuple[str, str] | None = None


Typed: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """What a register keeps, not read yet: what stands at a time, and what has ended by then, each in its order."""

    in_force: "QuerySet[Any]"
    ended: "QuerySet[Any]"


@dataclass(frozen=True)
class Register:
    """One register. `columns` are keys of texts; what is kept is asked for at a time (UTC), as far as a lead reads it.

    `writers` add to it and act on its rows, `readers` see it, both for the whole province; leads of a part see theirs.

    `draw` makes lines of what one page shows, with one question for each kind of name on it.
    """

    name: str
    form: type[Form]
    columns: tuple[str, ...]
    kept: Callable[[datetime, Led], Kept]
    draw: Callable[[Sequence[Any], datetime], Sequence[Row]]
    add: Callable[[Typed, Member, datetime], Said]
    acts: Mapping[str, Callable[[str, Member, datetime], Said]] = field(default_factory=dict)
    readers: frozenset[Role] = LEADS
    writers: frozenset[Role] = LEADS

    def rows(self, kept: Sequence[Any], now: datetime, reader: UUID) -> list[Row]:
        """Return the lines of what one page shows a member, each with what its cells are called."""
        return [replace(row.offered_to(reader), columns=self.columns) for row in self.draw(kept, now)]

    def row(self, id: str, now: datetime, led: Led) -> Row:
        """Return the line with this number. Raises Problem("entry_unknown")."""
        kept = self.kept(now, led)
        found = None
        with suppress(ValidationError):  # no number at all
            if id.isprintable():  # PostgreSQL cannot even look for a NUL
                found = kept.in_force.filter(pk=id).first() or kept.ended.filter(pk=id).first()
        if found is None:
            raise Problem("entry_unknown")
        return self.draw([found], now)[0]


def kept_until(rows: "QuerySet[Any]", column: str, now: datetime) -> Kept:
    """Tell what stands from what has ended, by the column that says when (empty: not yet)."""
    has_ended = Q(**{f"{column}__lte": now})
    return Kept(rows.exclude(has_ended), rows.filter(has_ended))


def record_all(
    payloads: Sequence[msgspec.Struct],
    member: Member,
    now: datetime,
    *,
    and_then: Callable[[], None] | None = None,
) -> None:
    """Record what a member did at the office, all or nothing, with what follows from it (`and_then`).

    Raises Problem("not_allowed") for other leads.
    """
    try:
        record_deeds([Deed(payload, actor=member.id) for payload in payloads], now, and_then=and_then)
    except Problem as problem:
        raise Problem("not_allowed") if problem.code == "actor_not_allowed" else problem from None


def leads_province(member: Member, now: datetime) -> bool:
    """Whether a member leads the whole province now."""
    return serves_province(member, LEADS, now)


def serves_province(member: Member, roles: frozenset[Role], now: datetime) -> bool:
    """Whether a member has one of these roles for the whole province now."""
    return any(is_province_wide(grant) and is_in_force(grant, now) for grant in grants_for(member, roles))


def code_from(name: str, taken: Sequence[str] = ()) -> str:
    """Return a code that entries can carry, made of a name: `ttyt-phu-my`; numbered where it is taken."""
    letters = (letter for letter in fold(name) if letter.isascii() or not letter.isalnum())
    words = "".join(letter if letter.isalnum() else " " for letter in letters).split()
    stem = "-".join(words)[: LONGEST_CODE - 3].strip("-") or "x"
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem}-{number}", number + 1
    return code


def start_of(day: date | None, now: datetime) -> datetime:
    """Return the first moment of a day in Viet Nam, as UTC; `now` where no day was given."""
    return datetime.combine(day, time(), tzinfo=VIETNAM).astimezone(UTC) if day else now


def end_of(day: date | None) -> datetime | None:
    """Return the first moment after a day in Viet Nam, as UTC; None where no day was given."""
    if day is None:
        return None
    return datetime.combine(date.fromordinal(day.toordinal() + 1), time(), tzinfo=VIETNAM).astimezone(UTC)


def number_of(id: str) -> UUID:
    """Return a row's number. Raises Problem("entry_unknown")."""
    try:
        return UUID(id)
    except ValueError:
        raise Problem("entry_unknown") from None
