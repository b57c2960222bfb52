"""Which tubes must be counted anew: those that anything is recorded about."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from chotxanh.certificates.models import Certificate
from chotxanh.certificates.payloads import (
    CertificateIssued,
    CertificateRestored,
    CertificateRevoked,
    CertificateSuspended,
)
from chotxanh.protocol.kinds import Happening, Touched, follow, recompute_at
from chotxanh.protocol.ranks import Rank
from chotxanh.results.people import COUNTED
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table


class _TubeOfCertificate(NamedTuple):
    id: UUID
    tube: str


_CERTIFICATES = Table(Certificate, _TubeOfCertificate)


def defer_tubes(keys: set[str], touched: Touched) -> None:
    """Let the worker count these tubes again."""
    for key in keys:
        touched.defer(COUNTED, key)


def defer_issued(happenings: Sequence[Happening[CertificateIssued, Any]], touched: Touched) -> None:
    """Let the worker count the tubes of certificates again."""
    defer_tubes({item.facts.tube for item in happenings}, touched)


def defer_decided(happenings: Sequence[Happening[Any, None]], touched: Touched) -> None:
    """Let the worker count the tubes of these certificates again; one that is not here yet will be counted then."""
    decided = [item.facts.certificate for item in happenings]
    defer_tubes({each.tube for each in lookup(_CERTIFICATES, "id", decided)}, touched)


def register_kinds() -> None:
    """Declare what is listened to; this floor owns no kind."""
    follow([CertificateIssued], defer_issued)
    follow([CertificateSuspended, CertificateRestored, CertificateRevoked], defer_decided)
    recompute_at(Rank.TUBE, defer_tubes)
