"""Who signs in by which name, whatever was registered or arrived first: a name is its first claimant's."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.registers.staff.models import Member, Naming
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table


class NamingRow(NamedTuple):
    """One entry that registers a member under a name; `at` is UTC."""

    id: UUID
    member: UUID
    username: str
    at: datetime


NAMINGS = Table(Naming, NamingRow)


def latest_namings(members: Collection[UUID]) -> dict[UUID, NamingRow]:
    """Return the entry that stands about each of these members; without those that no entry registered."""
    latest: dict[UUID, NamingRow] = {}
    for row in sorted(lookup(NAMINGS, "member", list(members)), key=_said):
        latest[row.member] = row
    return latest


def name_anew(members: Collection[UUID]) -> None:
    """Give these members, and whoever claims a name of theirs, the names that all entries together say.

    Of several who claim one name, the one who claimed it first signs in by it; the others' is told apart by their id.
    """
    names = {row.username for row in lookup(NAMINGS, "member", list(members))}
    claims = lookup(NAMINGS, "username", list(names))
    standing = latest_namings({row.member for row in claims})
    holders = _holders(names, [row for row in claims if standing[row.member].username == row.username])
    wanted = {
        member: row.username if holders[row.username] == member else told_apart(row.username, member)
        for member, row in standing.items()
        if row.username in names
    }
    _rename(wanted)


def told_apart(username: str, member: UUID) -> str:
    """Return a name that nobody can claim, for who claimed somebody else's."""
    return f"{username}+{member.hex[:8]}"


def _holders(names: Iterable[str], claims: Iterable[NamingRow]) -> dict[str, UUID]:
    """Whose each name is: an account's that no entry registered, or else its first claimant's."""
    holders: dict[str, UUID] = {}
    for row in sorted(claims, key=_said):
        holders.setdefault(row.username, row.member)
    accounts = dict(Member.objects.filter(username__in=names).values_list("id", "username"))
    unregistered = accounts.keys() - latest_namings(accounts.keys()).keys()
    return holders | {accounts[member]: member for member in unregistered}


def _rename(wanted: dict[UUID, str]) -> None:
    """Rename accounts in two steps: two of them may change places."""
    accounts = Member.objects.filter(id__in=wanted).values_list("id", "username")
    changed = {member: wanted[member] for member, username in accounts if username != wanted[member]}
    for names in ({member: f"+{member.hex}" for member in changed}, changed):
        for member, username in names.items():
            Member.objects.filter(id=member).update(username=username)


def _said(row: NamingRow) -> tuple[datetime, UUID]:
    return (row.at, row.id)
