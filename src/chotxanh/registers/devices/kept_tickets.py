"""Tickets that a station keeps for when the line is down: one for each member and device, opened by a PIN."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID, uuid4

from django.db import transaction

from chotxanh.registers.devices.models import KeptEnd, KeptTicket
from chotxanh.registers.devices.tickets import Proof, Ticket, end_tickets, write_ticket
from chotxanh.registers.staff.badges import PinLock, lock_of

KEPT_FOR = timedelta(hours=72)
# Of these members, which kept tickets shifts were begun on that are not over at a time (UTC).
Begun: TypeAlias = Callable[[Collection[UUID], datetime], Collection[UUID]]
_begun: list[Begun] = []


@dataclass(frozen=True)
class Kept:
    """A ticket with what the station seals it by, and until when (UTC) a shift may begin on it."""

    ticket: str
    lock: PinLock
    expires_at: datetime


def keep_ticket(member: UUID, device: UUID, opener: str | None, now: datetime) -> Kept | None:
    """Write a ticket to be kept at a device from `now` (UTC) on, which each start must be opened for by `opener`.

    The one before stays good: whether the station heard of this one is not known.
    None for a member who has no badge with a PIN of their own.
    """
    lock = lock_of(member)
    if lock is None:
        return None
    id = uuid4()
    ticket = Ticket(member, device, now, now + KEPT_FOR, id, Proof.PIN, opener)
    with transaction.atomic():
        KeptTicket.objects.filter(expires_at__lt=now).delete()
        KeptTicket.objects.create(ticket=id, member=member, device=device, expires_at=ticket.expires_at)
    return Kept(write_ticket(ticket), lock, ticket.expires_at)


def know_begun_with(begun: Begun) -> None:
    """Let the floor above say on which kept tickets shifts run: a restore forgets which were given out since."""
    _begun.append(begun)


def end_kept_tickets(members: Collection[UUID], now: datetime) -> None:
    """End what stations keep of these members at `now` (UTC), as when a badge is lost.

    Also what is over by now: the clock may be ahead. And what this database forgot in a restore.
    """
    with transaction.atomic():
        KeptEnd.objects.bulk_create(
            [KeptEnd(member=each, ended_at=now) for each in members], ignore_conflicts=True
        )
        _end(list(KeptTicket.objects.filter(member__in=members)), now)
        end_tickets({ticket for begun in _begun for ticket in begun(members, now)}, now)


def note_forgotten_ends(tickets: Collection[Ticket], ended: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when those of these kept tickets ended (UTC) that no row told of when they were, and note it.

    `ended` are those whose end is known. A restore forgets which tickets were given out since.
    """
    kept = {
        ticket.id: ticket
        for ticket in tickets
        if ticket.id and ticket.proof is Proof.PIN and ticket.id not in ended
    }
    if not kept:
        return {}
    ends = KeptEnd.objects.filter(member__in={ticket.member for ticket in kept.values()}).order_by("ended_at")
    found: dict[UUID, datetime] = {}
    for end in ends:
        for id, ticket in kept.items():
            if ticket.member == end.member and ticket.issued_at < end.ended_at:
                found.setdefault(id, end.ended_at)
    for id, ended_at in found.items():
        end_tickets([id], ended_at)
    return found


def _end(kept: Collection[KeptTicket], now: datetime) -> None:
    end_tickets([each.ticket for each in kept], now)
    KeptTicket.objects.filter(ticket__in=[each.ticket for each in kept]).delete()
