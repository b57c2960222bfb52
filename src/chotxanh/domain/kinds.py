"""Answers to entries, roles of staff, and roles of nodes."""

from enum import StrEnum


class Answer(StrEnum):
    """What the province says to one entry it was sent (docs/protocol.md)."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    HELD = "held"
    REJECTED = "rejected"


class Role(StrEnum):
    """What a grant allows a member of staff to be at a place; `domain/works.py` says what each does there."""

    DATA_ENTRY = "data_entry"
    SAMPLING = "sampling"
    READING = "reading"
    SIGNING = "signing"
    TRAFFIC = "traffic"
    OFFICER = "officer"
    TECHNICIAN = "technician"
    LEAD = "lead"
    DATA_PROTECTION = "data_protection"
    PHYSICIAN = "physician"


class NodeRole(StrEnum):
    """What a device that signs entries is to this province; its server records the kinds whose rows name its role."""

    STATION = "station"
    PROVINCE = "province"
    HUB = "hub"
    PARTNER = "partner"


LEADS = frozenset({Role.LEAD})
# Who ends a follow-up: physicians of the provincial CDC, and never a lead of a shift (field rule A1).
PHYSICIANS = frozenset({Role.PHYSICIAN})
# Who watches over personal data for the province: erases on request, and answers for incidents.
PROTECTORS = LEADS | {Role.DATA_PROTECTION}
ANY_ROLE = frozenset(Role)
