"""Recomputes whom to call: who is positive, who is a contact, and who must be sampled again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.marks import disputes_of, is_removed
from chotxanh.protocol.kinds import Touched
from chotxanh.results.followups.models import Call, Contact
from chotxanh.results.followups.payloads import TOLD, Reason
from chotxanh.results.rows import SampledTube
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, upsert

# The errand that looks whether a call was made in time (field rules B3).
UNANSWERED = "call.unanswered"
CALL_WITHIN = timedelta(minutes=10)
MOST_URGENT = 0
URGENCIES = {Reason.POSITIVE: MOST_URGENT, Reason.CONTACT: 1, Reason.RECALL: 2}


class ContactRow(NamedTuple):
    """One `followup.contacted`."""

    id: UUID
    tube: str
    person_code: str
    reason: str
    outcome: str
    actor: UUID | None
    contacted_at: datetime
    marks: int


class CallRow(NamedTuple):
    """One call as it stands."""

    key: str
    reason: str
    urgency: int
    person_code: str
    tube: str
    facility: str
    site: str
    known_at: datetime
    position: int
    unanswered: int
    last_contact: UUID | None
    last_outcome: str
    last_caller: UUID | None
    last_called_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Matter:
    """What somebody must be told: why, of which tube, since when it is known (UTC), and whether before others.

    `position` is the person's place in the tube: of one tube people are called in the order they were scanned.
    `told_with` are the tubes a call about which told this person, of several who claim the code; None where each did.
    """

    reason: Reason
    person_code: str
    tube: SampledTube
    known_at: datetime
    position: int
    is_urgent: bool = False
    told_with: AbstractSet[str] | None = None

    @property
    def key(self) -> str:
        """The call's own name."""
        return f"{self.reason}:{self.person_code}/{self.tube.key}"


CONTACTS = Table(Contact, ContactRow)
CALLS = Table(Call, CallRow)


def recompute_calls(codes: Sequence[str], matters: Iterable[Matter], touched: Touched) -> None:
    """Recompute the calls of these people; a matter that stands no more is nobody's call."""
    ordered = sorted(matters, key=lambda each: (each.is_urgent, -each.known_at.timestamp()))
    wanted = {
        matter.key: matter for matter in ordered
    }  # of several tests of a tube the most urgent, then the first
    stale = {row.key for row in lookup(CALLS, "person_code", codes)} - wanted.keys()
    if stale:
        Call.objects.filter(key__in=stale).delete()
        for key in stale:
            touched.settle(UNANSWERED, key)
    if not wanted:
        return
    contacts = _contacts_by_matter({matter.person_code for matter in wanted.values()})
    rows = [_row(matter, contacts) for _, matter in sorted(wanted.items())]
    upsert(CALLS, rows)
    for row in rows:
        if row.closed_at is None:
            touched.ask(UNANSWERED, row.key, row.known_at + CALL_WITHIN)
        else:
            touched.settle(UNANSWERED, row.key)


def _contacts_by_matter(codes: set[str]) -> Mapping[tuple[str, str], list[ContactRow]]:
    """Return the contacts with each person for each reason, in order of time, without what has no effect."""
    found: dict[tuple[str, str], list[ContactRow]] = defaultdict(list)
    for contact in sorted(
        lookup(CONTACTS, "person_code", codes), key=lambda each: (each.contacted_at, each.id)
    ):
        if not is_removed(contact.marks) and not disputes_of(contact.marks):
            found[contact.person_code, contact.reason].append(contact)
    return found


def _row(matter: Matter, contacts: Mapping[tuple[str, str], list[ContactRow]]) -> CallRow:
    """A contact speaks of all that was known by then for the same reason: one call tells it all, to whom it reached."""
    since = [
        each
        for each in contacts.get((matter.person_code, matter.reason), [])
        if each.contacted_at >= matter.known_at
        and (matter.told_with is None or each.tube in matter.told_with)
    ]
    reached = next((each for each in since if each.outcome in TOLD), None)
    last = reached or (since[-1] if since else None)
    return CallRow(
        key=matter.key,
        reason=matter.reason.value,
        urgency=MOST_URGENT if matter.is_urgent else URGENCIES[matter.reason],
        person_code=matter.person_code,
        tube=matter.tube.key,
        facility=matter.tube.facility,
        site=matter.tube.site,
        known_at=matter.known_at,
        position=matter.position,
        unanswered=sum(each.outcome not in TOLD for each in since),
        last_contact=last.id if last else None,
        last_outcome=last.outcome if last else "",
        last_caller=last.actor if last else None,
        last_called_at=last.contacted_at if last else None,
        closed_at=reached.contacted_at if reached else None,
    )
