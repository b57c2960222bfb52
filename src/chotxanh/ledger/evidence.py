"""What judging an entry rests on whatever its kind: shifts, grants, and what others said of it. Asked in one trip."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from chotxanh.ledger.entries import RemarkRow, remarks_ahead
from chotxanh.ledger.shifts import Shifts, shifts_ahead
from chotxanh.protocol.envelope import Body
from chotxanh.registers.staff.entries import GrantRow
from chotxanh.registers.staff.grants import grants_ahead
from chotxanh.storage.prepared import Ahead


@dataclass(frozen=True)
class Evidence:
    """The shifts of the entries' logs, the grants of their actors, and the remarks on them."""

    shifts: dict[UUID, Shifts]
    grants: dict[UUID, list[GrantRow]]
    remarks: list[RemarkRow]


def evidence_ahead(bodies: Collection[Body]) -> Ahead[Evidence]:
    """Ask for what judging these entries rests on. An entry without a running number is in no shift."""
    shifts = shifts_ahead({body.log for body in bodies if body.seq is not None})
    grants = grants_ahead({body.actor for body in bodies if body.actor})
    remarks = remarks_ahead([body.id for body in bodies])
    return lambda: Evidence(shifts(), grants(), remarks())
