"""What the entries about certificates say."""

from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.protocol.envelope import Code, OwnPersonCode, Time, Word

# Each decision about a certificate takes the next step; the highest stands, whatever the clocks say.
Step: TypeAlias = Annotated[int, Meta(ge=2, le=1_000_000)]
FIRST_STEP = 1  # that of the issue


class CertificateIssued(msgspec.Struct, frozen=True):
    """A certificate this server signed, which is the first step; `tube` is the tube's whole key.

    `named_by` and `born_by` are the entries that the name and the birth on it come from. `pool_size` people share the
    tube.
    """

    certificate: UUID
    person_code: OwnPersonCode
    registration: UUID
    facility: Code
    tube: Annotated[str, Meta(min_length=1, max_length=90, pattern=r"\A[^\x00-\x1f]+\Z")]
    result: UUID
    named_by: UUID
    born_by: UUID
    uvci: Word
    kid: Annotated[str, Meta(max_length=16)]
    signature_hash: Annotated[str, Meta(max_length=24)]
    test_type: Code
    pool_size: Annotated[int, Meta(ge=1, le=100)]
    category: Annotated[Code, Meta(max_length=20)]
    sampled_at: Time
    resulted_at: Time


class CertificatePersonal(msgspec.Struct, frozen=True):
    """The certificate's text: it names the person."""

    salt: Annotated[str, Meta(min_length=20, max_length=64)]
    text: Annotated[str, Meta(max_length=4000)]


class Decided(StrEnum):
    """What was decided about a certificate; `revoked` is final."""

    SUSPENDED = "suspended"
    RESTORED = "restored"
    REVOKED = "revoked"


class RevocationReason(StrEnum):
    """Why a certificate no longer holds."""

    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class CertificateRevoked(msgspec.Struct, frozen=True):
    """A certificate no longer holds: `superseded` by a correction, or `withdrawn`."""

    certificate: UUID
    step: Step
    reason: RevocationReason


class CertificateSuspended(msgspec.Struct, frozen=True):
    """A certificate is not to be used for the time being; why, nobody is told (field rules C2)."""

    certificate: UUID
    step: Step


class CertificateRestored(msgspec.Struct, frozen=True):
    """What suspended a certificate has ended, and it is as it was."""

    certificate: UUID
    step: Step
