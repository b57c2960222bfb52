"""Drafts of the two dossiers that the law asks for, filled from what the product itself knows of its province.

The proposal of a security level (Decree 85/2016/NĐ-CP, Circular 12/2022/TT-BTTTT) and the assessment of what processing
does to personal data (Law 91/2025/QH15, Decree 356/2025/NĐ-CP). What only the department knows stays a dotted line.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.conf import settings
from django.db import connection

from chotxanh.beside.models import PersonalAccess
from chotxanh.certificates.models import Certificate
from chotxanh.domain.works import Work
from chotxanh.language.formats import show_time
from chotxanh.language.texts import current_language, text
from chotxanh.ledger.models import Entry
from chotxanh.people.models import Registration
from chotxanh.protocol.kinds import known_kinds
from chotxanh.registers.devices.models import Device
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.incidents.models import Incident
from chotxanh.registers.posts.models import Post
from chotxanh.registers.retention.entries import days_kept
from chotxanh.registers.staff.models import Grant
from chotxanh.site.notice import BACKUP_DAYS, notice_at

BLANK = "…" * 20
NOT_TOLD = frozenset({"salt"})


@dataclass(frozen=True)
class Fact:
    """One line of a dossier: what it is called, and what is so."""

    name: str
    said: str


@dataclass(frozen=True)
class Section:
    """A numbered part of a dossier."""

    title: str
    words: tuple[str, ...]
    facts: tuple[Fact, ...] = ()


def security_level(now: datetime) -> list[Section]:
    """Return the draft of the proposal of a security level, as of `now` (UTC)."""
    return [
        _section("security.system", ["owner", "purpose"], [*_owner(), *_extent(now)]),
        _section("security.data", ["sensitive"], [*_what_is_kept()]),
        _section("security.level", ["level_why"], [_fact("level", text("dossier.level_proposed"))]),
        _section("security.measures", ["measures_lead"], [*_measures()]),
        _section("security.running", ["running_lead"], [*_running(now)]),
    ]


def impact(now: datetime) -> list[Section]:
    """Return the draft of the data-protection impact assessment, as of `now` (UTC)."""
    return [
        _section("impact.parties", ["owner"], _owner()),
        _section("impact.purpose", ["purpose", "basis"], []),
        _section("impact.data", ["sensitive"], [*_what_is_kept(), *_extent(now)]),
        _section("impact.people", ["people_lead"], [*_who_sees()]),
        _section("impact.keeping", ["keeping_lead"], [*_times(now)]),
        _section("impact.abroad", ["abroad"], []),
        _section("impact.measures", ["measures_lead"], [*_measures()]),
        _section("impact.risks", ["risks_lead"], [*_risks()]),
        _section("impact.rights", ["rights_lead"], [*_rights(now)]),
    ]


DOSSIERS: Mapping[str, Callable[[datetime], Sequence[Section]]] = {
    "security-level": security_level,
    "impact": impact,
}


def _section(title: str, words: Sequence[str], facts: Sequence[Fact]) -> Section:
    said = tuple(text(f"dossier.{key}") for key in words)
    return Section(text(f"dossier.{title}"), said, tuple(facts))


def _fact(key: str, said: object) -> Fact:
    return Fact(text(f"dossier.{key}"), str(said))


def _owner() -> list[Fact]:
    return [
        _fact("owner_name", settings.DEPARTMENT),
        *(_fact(key, BLANK) for key in ("owner_address", "owner_officer", "operator")),
    ]


def _extent(now: datetime) -> Iterator[Fact]:
    """What there is now, counted in the database."""
    yield _fact("count_people", Registration.objects.count())
    yield _fact("count_entries", Entry.objects.count())
    yield _fact("count_certificates", Certificate.objects.count())
    yield _fact("count_facilities", Facility.objects.count())
    yield _fact("count_posts", Post.objects.count())
    yield _fact("count_devices", Device.objects.filter(revoked_at=None).count())
    yield _fact("count_staff", Grant.objects.exclude(valid_to__lte=now).values("member").distinct().count())


def _what_is_kept() -> Iterator[Fact]:
    """Every kind with a personal part, and what that part may hold: from the registry, so that none is forgotten."""
    for row in known_kinds():
        if row.personal is not None:
            name = row.words[0 if current_language() == "vi" else 1]
            fields = [each.name for each in msgspec.structs.fields(row.personal) if each.name not in NOT_TOLD]
            yield Fact(name, ", ".join(text(f"dossier.field.{field}") for field in fields))


def _measures() -> Iterator[Fact]:
    for key in ("sealing", "signing", "keys", "access", "looks", "throttle", "erasing", "backups"):
        yield Fact(text(f"dossier.measure.{key}"), text(f"dossier.measure.{key}_about", days=BACKUP_DAYS))


def _running(now: datetime) -> Iterator[Fact]:
    yield _fact("database", {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[connection.vendor])
    yield _fact("https", text("dossier.yes" if settings.IS_BEHIND_HTTPS else "dossier.no"))
    yield _fact("incidents", Incident.objects.count())
    yield _fact("as_of", show_time(now))
    for key in ("place_of_servers", "pentest"):
        yield _fact(key, BLANK)


def _who_sees() -> Iterator[Fact]:
    at_posts = [work.value for work in Work] + ["officer", "technician", "lead"]
    for key in (*at_posts, "physician", "verifier", "citizen"):
        yield Fact(text(f"dossier.role.{key}"), text(f"dossier.role.{key}_sees"))
    yield _fact("looks_logged", PersonalAccess.objects.count())


def _times(now: datetime) -> Iterator[Fact]:
    days = days_kept(now)
    for category in sorted(days):
        yield Fact(
            text(f"registers.kept_category.{category}"), text("registers.days_kept", days=days[category])
        )
    if not days:
        yield _fact("times", text("dossier.times_unset"))
    yield Fact(text("privacy.kept.backups"), text("registers.days_kept", days=BACKUP_DAYS))


def _risks() -> Iterator[Fact]:
    for key in ("stolen_dump", "lost_device", "curious_staff", "forged", "leaked_link", "reidentified"):
        yield Fact(text(f"dossier.risk.{key}"), text(f"dossier.risk.{key}_against"))


def _rights(now: datetime) -> Iterator[Fact]:
    notice = notice_at(now)
    published = show_time(notice.since) if notice.since else text("dossier.not_published")
    yield _fact("notice", f"{notice.version}, {published}")
    yield _fact("erased", Entry.objects.filter(kind__in=("personal.erased", "category.erased")).count())
    yield _fact("answer_within", text("dossier.two_days"))
