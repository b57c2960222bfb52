"""Compares what was acknowledged during a campaign with what the database holds after it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from benchmarks.checking import Findings, check_entries
from benchmarks.station import Station
from chotxanh.certificates.models import Certificate
from chotxanh.people.models import Registration
from chotxanh.people.queries import page_digest
from chotxanh.results.models import PersonResult, TubeResult
from chotxanh.specimens.models import Collection, CollectionMember


@dataclass(frozen=True)
class Claims:
    """What was acknowledged, so must be there.

    `codes` are of people declared at stations; `pools` the codes in each tube, by the tube's key, all of them with a
    negative result; `secrets` open the pages that citizens were given.
    """

    stations: Sequence[Station]
    codes: Sequence[str]
    pools: Mapping[str, Sequence[str]]
    secrets: Sequence[str]


def count_losses(claims: Claims, harmless: frozenset[str] = frozenset()) -> Findings:
    """Return what is lost and what is there twice: entries, tubes, people, results, certificates, forms.

    Entries that were set aside for a `harmless` problem are no loss: they were sent again.
    """
    findings = Findings()
    check_entries(claims.stations, findings, harmless)
    tubes = Counter(dict.fromkeys(claims.pools, 1))
    tested = Counter(code for pool in claims.pools.values() for code in pool)
    findings.expect("tube", _count(Collection, "tube"), tubes)
    findings.expect("result of tube", _count(TubeResult, "tube"), tubes)
    findings.expect("place in a tube of", _count(CollectionMember, "person_code"), tested)
    findings.expect("result of", _count(PersonResult, "person_code"), tested)
    findings.expect("certificate of", _unrevoked_certificates(), tested)
    _check_people(claims, findings)
    return findings


def _check_people(claims: Claims, findings: Findings) -> None:
    declared, registered = Counter(claims.codes), _count(Registration, "person_code")
    findings.expect("registration", Counter({code: registered[code] for code in declared}), declared)
    digests = Counter(page_digest(secret).hex() for secret in claims.secrets)
    pages = Counter(bytes(digest or b"").hex() for digest in _column(Registration, "page_digest"))
    findings.expect("page of a citizen", Counter({digest: pages[digest] for digest in digests}), digests)
    surplus = registered.total() - declared.total() - digests.total()
    if surplus > 0:  # a form sent again that became a second person
        findings.duplicated += ["a registration that nobody asked for"] * surplus


def _unrevoked_certificates() -> Counter[str]:
    return Counter(Certificate.objects.unrevoked().values_list("person_code", flat=True))


def _count(model: type[models.Model], column: str) -> Counter[str]:
    return Counter(_column(model, column))


def _column(model: type[models.Model], column: str) -> "models.QuerySet[models.Model, Any]":
    return model._default_manager.values_list(column, flat=True)
