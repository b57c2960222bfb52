"""Counts tubes into hours: computed from the facts by the worker, written as what changed since the last time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from django.db.models import F

from chotxanh.certificates.models import Certificate, Decision
from chotxanh.certificates.payloads import Decided
from chotxanh.domain.pools import ResultValue
from chotxanh.results.people import ORDERS, PERSON_RESULTS
from chotxanh.results.rows import OUTCOMES, SAMPLED_TUBES, SampledTube
from chotxanh.specimens.models import Collection
from chotxanh.specimens.rows import MEMBERS, MemberRow
from chotxanh.statistics.models import HourAtPost, TubeCount
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, add_missing, upsert


class TubeCountRow(NamedTuple):
    """What one tube counts as."""

    tube: str
    post: UUID
    site: str
    facility: str
    sampled_hour: datetime
    people: int
    resulted_hour: datetime | None
    positives: int
    certificates: int
    recalls: int


class Sums(NamedTuple):
    """What is added up in an hour at a post."""

    people: int = 0
    tubes: int = 0
    waiting: int = 0
    results: int = 0
    positives: int = 0
    certificates: int = 0
    recalls: int = 0

    def plus(self, other: "Sums", sign: int = 1) -> "Sums":
        """These with the others added, or with `sign` -1 taken away."""
        return Sums(*(mine + sign * theirs for mine, theirs in zip(self, other, strict=True)))


class HourKey(NamedTuple):
    """An hour (UTC, whole) at a post of a site, and the facility that answers for it."""

    hour: datetime
    post: UUID
    site: str
    facility: str

    @property
    def key(self) -> str:
        """The row's own name."""
        return f"{self.hour:%Y%m%d%H}/{self.post.hex}"


class _HourRow(NamedTuple):
    key: str
    post: UUID
    hour: datetime
    site: str
    facility: str
    people: int
    tubes: int
    waiting: int
    results: int
    positives: int
    certificates: int
    recalls: int


class _PostRow(NamedTuple):
    id: UUID
    post: UUID


class _CertificateRow(NamedTuple):
    id: UUID
    person_code: str
    tube: str


class _DecisionRow(NamedTuple):
    certificate: UUID
    state: str


_COUNTS = Table(TubeCount, TubeCountRow)
_HOURS = Table(HourAtPost, _HourRow)
_POSTS = Table(Collection, _PostRow)
_CERTIFICATES = Table(Certificate, _CertificateRow)
_DECISIONS = Table(Decision, _DecisionRow)
_OPEN = "AND closed_by IS NULL"

Counted: TypeAlias = dict[str, TubeCountRow | None]


def count_tubes(keys: frozenset[str]) -> Counted:
    """Return what each of these tubes counts as by the facts now; None for one that is not sampled. Only reads."""
    tubes = {tube.key: tube for tube in lookup(SAMPLED_TUBES, "key", sorted(keys))}
    posts = {row.id: row.post for row in lookup(_POSTS, "id", [each.collection for each in tubes.values()])}
    outcomes = sorted(lookup(OUTCOMES, "tube", list(tubes)), key=lambda row: (row.resulted_at, row.key))
    first = {row.tube: row for row in reversed(outcomes)}
    members = _members(tubes)
    people = {member.person_code for each in members.values() for member in each}
    positives = _positives(people)
    certificates = _certificates_in_force(people)
    recalls = Counter(order.tube for order in lookup(ORDERS, "tube", list(tubes), tail=_OPEN))
    counted: Counted = dict.fromkeys(keys)
    for key, tube in tubes.items():
        outcome = first.get(key)
        counted[key] = TubeCountRow(
            tube=key,
            post=posts[tube.collection],
            site=tube.site,
            facility=tube.facility,
            sampled_hour=whole_hour(tube.sampled_at),
            people=len(members[key]),
            resulted_hour=whole_hour(outcome.resulted_at) if outcome else None,
            positives=positives[key],
            certificates=certificates[key],
            recalls=recalls[key],
        )
    return counted


def write_counts(counted: Counted) -> None:
    """Put these counts in place of the last ones, and move the hours by the difference."""
    before = {row.tube: row for row in lookup(_COUNTS, "tube", sorted(counted))}
    changes: dict[HourKey, Sums] = defaultdict(Sums)
    for row, sign in (*((each, -1) for each in before.values()), *((each, 1) for each in counted.values())):
        for hour, sums in _sums_of(row) if row else ():
            changes[hour] = changes[hour].plus(sums, sign)
    upsert(_COUNTS, [row for row in counted.values() if row])
    TubeCount.objects.filter(tube__in=[tube for tube, row in counted.items() if row is None]).delete()
    _move({hour: sums for hour, sums in changes.items() if any(sums)})


def whole_hour(moment: datetime) -> datetime:
    """Return the beginning of the hour; Viet Nam's hours begin with UTC's."""
    return moment.replace(minute=0, second=0, microsecond=0)


def _sums_of(row: TubeCountRow) -> Iterable[tuple[HourKey, Sums]]:
    """What a tube adds to the hour in which it was sampled, and to that in which its result was known."""
    is_waiting = row.resulted_hour is None
    sampled = Sums(people=row.people, tubes=1, waiting=int(is_waiting), recalls=row.recalls)
    yield HourKey(row.sampled_hour, row.post, row.site, row.facility), sampled
    if row.resulted_hour is not None:
        known = Sums(results=1, positives=row.positives, certificates=row.certificates)
        yield HourKey(row.resulted_hour, row.post, row.site, row.facility), known


def _move(changes: Mapping[HourKey, Sums]) -> None:
    """Add to the hours, in the order of their keys: two workers then never wait in a ring."""
    ordered = sorted(changes, key=lambda hour: hour.key)
    add_missing(
        _HOURS,
        [_HourRow(each.key, each.post, each.hour, each.site, each.facility, *Sums()) for each in ordered],
    )
    for each in ordered:
        added = {name: F(name) + change for name, change in changes[each]._asdict().items() if change}
        HourAtPost.objects.filter(key=each.key).update(**added)


def _members(tubes: Mapping[str, SampledTube]) -> dict[str, list[MemberRow]]:
    """Return who is in each tube, by the collection that stands."""
    found: dict[str, list[MemberRow]] = {key: [] for key in tubes}
    for member in lookup(MEMBERS, "tube", list(tubes)):
        if member.collection == tubes[member.tube].collection:
            found[member.tube].append(member)
    return found


def _positives(people: Iterable[str]) -> dict[str, int]:
    """Return how many people each tube made positive, by whichever test."""
    positive = {
        (result.tube, result.person_code)
        for result in lookup(PERSON_RESULTS, "person_code", sorted(people))
        if result.value == ResultValue.POSITIVE
    }
    return Counter(tube for tube, _ in positive)


def _certificates_in_force(people: Iterable[str]) -> dict[str, int]:
    """Return how many certificates rest on each tube, neither revoked nor suspended."""
    issued: Sequence[_CertificateRow] = lookup(_CERTIFICATES, "person_code", sorted(people))
    decided = lookup(_DECISIONS, "certificate", [each.id for each in issued])
    stopped = {row.certificate for row in decided if row.state != Decided.RESTORED}
    found: dict[str, int] = defaultdict(int)
    for each in issued:
        found[each.tube] += each.id not in stopped
    return found
