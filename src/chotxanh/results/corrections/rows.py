"""The rows of signatures, of tellings and of what corrections of positives come to."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.lateness import late_at
from chotxanh.results.corrections.models import ResultSignature, ResultTelling, TakenBack
from chotxanh.storage.rows import Table


class SignatureRow(NamedTuple):
    """One `result.countersigned`."""

    id: UUID
    tube: str
    correction: UUID
    facility: str
    actor: UUID | None
    signed_at: datetime
    marks: int
    received_at: datetime | None
    signed_earliest: datetime | None

    @property
    def late_at(self) -> datetime | None:
        """When it came, if it may have come late (UTC)."""
        return late_at(self.signed_earliest or self.signed_at, self.received_at)


class TellingRow(NamedTuple):
    """One `result.told`."""

    id: UUID
    tube: str
    result: UUID
    person_code: str
    way: str
    contact: UUID | None
    told_at: datetime
    marks: int


class TakenBackRow(NamedTuple):
    """One correction that takes a positive back."""

    id: UUID
    barcode: str
    tube: str
    facility: str
    was: str
    value: str
    reason: str
    corrector: UUID | None
    corrected_at: datetime
    state: str
    signer: UUID | None
    signed_at: datetime | None
    told_at: datetime | None


SIGNATURES = Table(ResultSignature, SignatureRow)
TELLINGS = Table(ResultTelling, TellingRow)
TAKEN_BACK = Table(TakenBack, TakenBackRow)
