"""The kinds of entry the ledger knows: one name for each thing that can happen."""

from enum import StrEnum


class Kind(StrEnum):
    """Every kind has one owner (the feature that defines its payload); `docs/protocol.md` lists their fields."""

    SHIFT_STARTED = "shift.started"
    SHIFT_ENDED = "shift.ended"
    CLOCK_MEASURED = "clock.measured"
    CLOCK_JUMPED = "clock.jumped"
    ENTRY_ADMITTED = "entry.admitted"
    ENTRY_REFUSED = "entry.refused"
    PERSONAL_ERASED = "personal.erased"
    REGISTRATION_LINKED = "registration.linked"
    REGISTRATION_UNLINKED = "registration.unlinked"
    DECLARATION_SUBMITTED = "declaration.submitted"
    SPECIMEN_COLLECTED = "specimen.collected"
    SPECIMEN_RESOLVED = "specimen.resolved"
    RESULT_RECORDED = "result.recorded"
    RESULT_CORRECTED = "result.corrected"
    RESULT_RESOLVED = "result.resolved"
    CERTIFICATE_ISSUED = "certificate.issued"
    CERTIFICATE_REVOKED = "certificate.revoked"


class Answer(StrEnum):
    """What the province says to one entry it was sent (architecture, rule 3)."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    HELD = "held"
    REJECTED = "rejected"


class Role(StrEnum):
    """What a grant allows a member of staff to be at a place."""

    OFFICER = "officer"
    TECHNICIAN = "technician"
    LEAD = "lead"
    DATA_PROTECTION = "data_protection"


OFFICERS = frozenset({Role.OFFICER, Role.LEAD})
RESULT_WRITERS = frozenset({Role.OFFICER, Role.TECHNICIAN, Role.LEAD})
LEADS = frozenset({Role.LEAD})

# Who may record each kind, as one table. Kinds absent here are recorded by a device or by the server alone.
ROLES_FOR_KIND: dict[Kind, frozenset[Role]] = {
    Kind.DECLARATION_SUBMITTED: OFFICERS,
    Kind.SPECIMEN_COLLECTED: OFFICERS,
    Kind.RESULT_RECORDED: RESULT_WRITERS,
    Kind.RESULT_CORRECTED: RESULT_WRITERS,
    Kind.SPECIMEN_RESOLVED: LEADS,
    Kind.RESULT_RESOLVED: LEADS,
    Kind.REGISTRATION_LINKED: LEADS,
    Kind.REGISTRATION_UNLINKED: LEADS,
    Kind.ENTRY_ADMITTED: LEADS,
    Kind.ENTRY_REFUSED: LEADS,
    Kind.PERSONAL_ERASED: frozenset({Role.DATA_PROTECTION}),
}

DEVICE_KINDS = frozenset({Kind.CLOCK_MEASURED, Kind.CLOCK_JUMPED})
SERVER_KINDS = frozenset({Kind.CERTIFICATE_ISSUED, Kind.CERTIFICATE_REVOKED})
