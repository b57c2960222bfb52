"""Members of staff and what they may do where: registered with a one-time password, given roles, let go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef
from django.urls import reverse

from chotxanh.beside.office_sessions import end_office_sessions
from chotxanh.domain.kinds import Role
from chotxanh.domain.methods import Method
from chotxanh.domain.names import mask_phone, parse_name
from chotxanh.domain.phones import parse_phone
from chotxanh.domain.problems import Problem
from chotxanh.domain.works import TESTERS
from chotxanh.forms.choices import Choice, Select
from chotxanh.forms.fields import Day, Text
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option, OptionGroup
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.protocol.envelope import new_salt
from chotxanh.registers.devices.sessions import end_sessions_of
from chotxanh.registers.facilities.entries import facility_names
from chotxanh.registers.posts.sites import site_named
from chotxanh.registers.staff.accounts import give_one_time_password, username_for
from chotxanh.registers.staff.badges import end_badges
from chotxanh.registers.staff.entries import (
    GrantEnded,
    GrantGiven,
    MemberLeft,
    MemberPersonal,
    MemberRegistered,
    PasswordGiven,
)
from chotxanh.registers.staff.giving import given_by
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Grant, Leaving, Member, SecondFactor
from chotxanh.site.office.registers.facilities import facility_options
from chotxanh.site.office.registers.methods import NONE, method_boxes, methods_shown
from chotxanh.site.office.registers.posts import site_names_of, site_options
from chotxanh.site.office.registers.register import (
    Kept,
    Register,
    Row,
    Said,
    Typed,
    end_of,
    kept_until,
    number_of,
    record_all,
    start_of,
)
from chotxanh.site.office.role_words import roles_of

PROVINCE, FACILITY, SITE = "province", "facility", "site"
BLAMES = {"grant_beyond_own": "methods", "grant_to_oneself": "role"}


def place_options() -> list[Option | OptionGroup]:
    """Return where a role can be given: the whole province, a facility, a site."""
    facilities = tuple(Option(f"{FACILITY}:{each.value}", each.label) for each in facility_options())
    sites = tuple(Option(f"{SITE}:{each.value}", each.label) for each in site_options())
    groups = [
        OptionGroup(text("registers.sites"), sites),
        OptionGroup(text("registers.facilities"), facilities),
    ]
    return [Option(PROVINCE, text("registers.whole_province")), *(group for group in groups if group.options)]


def member_options() -> list[Option]:
    """Return the members to choose from, by name."""
    left = Leaving.objects.values("member")
    members = Member.objects.exclude(id__in=left).order_by("full_name", "username")
    return [Option(str(each.id), f"{each.full_name} ({each.username})") for each in members]


class RoleForm(Form):
    """What every form that gives a role has: of roles that test alone, for which methods must be said."""

    def clean(self) -> dict[str, Any]:
        """Ask who tests for their methods: who forgot to tick would find every result disputed."""
        read, field = self.cleaned_data, self.fields["methods"]
        ticked = field.widget.value_from_datadict(self.data, self.files, "methods")
        is_tester = read.get("role") in {role.value for role in TESTERS}
        if is_tester and read.get("methods") == () and NONE not in ticked:
            self.refuse(Problem("answer_missing", field=text("registers.methods")), "methods")
        return read


class MemberForm(RoleForm):
    """A new member of staff with a first role."""

    texts = "registers"
    blames = BLAMES

    full_name = Text(parse=parse_name)
    phone = Text(parse=parse_phone, is_optional=True, size="short")
    role = Choice(options=[each.value for each in Role])
    methods = method_boxes("registers.methods", is_optional=True)
    place = Select(options=place_options, choose="registers.choose")
    since = Day(is_optional=True)


class GrantForm(RoleForm):
    """A further role for somebody who works here."""

    texts = "registers"
    blames = BLAMES

    member = Select(options=member_options, choose="registers.choose")
    role = Choice(options=[each.value for each in Role])
    methods = method_boxes("registers.methods", is_optional=True)
    place = Select(options=place_options, choose="registers.choose")
    since = Day(is_optional=True)
    until = Day(is_optional=True)


def members_kept(now: datetime, led: Led) -> Kept:
    """Return the members whom a lead reads: those who work where it leads, and those who did."""
    given = led.within(Grant.objects.filter(member=OuterRef("id")))
    has_left = Exists(Leaving.objects.filter(member=OuterRef("id"), at__lte=now))
    members = Member.objects.order_by("full_name", "username", "id")
    if led.is_province:
        return Kept(members.filter(~has_left), members.filter(has_left))
    is_here = Exists(given.exclude(valid_to__lte=now))
    return Kept(members.filter(is_here), members.filter(~is_here, Exists(given)))


def draw_members(members: Sequence[Member], now: datetime) -> list[Row]:
    """Draw members."""
    ids = [each.id for each in members]
    left = set(Leaving.objects.filter(member__in=ids, at__lte=now).values_list("member", flat=True))
    proven = set(SecondFactor.objects.filter(member__in=ids).values_list("member", flat=True))
    roles = roles_of(ids, now)
    return [
        _member_row(each, roles.get(each.id, ""), is_here=each.id not in left, has_second=each.id in proven)
        for each in members
    ]


def add_member(typed: Typed, member: Member, now: datetime) -> Said:
    """Register a member with a role, and give a one-time password, which is shown once.

    Raises Problem("grant_beyond_own").
    """
    id, username = uuid4(), username_for(typed["full_name"])
    personal = MemberPersonal(new_salt(), typed["full_name"], typed["phone"])
    registered = Deed(MemberRegistered(id, username), personal, actor=member.id)
    given = Deed(given_by(member, _grant(id, typed, now), now), actor=member.id)
    try:
        record_deeds([registered, given, Deed(PasswordGiven(id), actor=member.id)], now)
    except Problem as problem:
        raise Problem("not_allowed") if problem.code == "actor_not_allowed" else problem from None
    password = give_one_time_password(Member.objects.get(id=id), now)
    params = {"name": typed["full_name"], "username": username}
    return Said("registers.member_added", params, (username, password))


def renew_password(id: str, member: Member, now: datetime) -> Said:
    """Give a member a new one-time password, which is shown once. Raises Problem("entry_unknown")."""
    found = _member(id)
    record_all([PasswordGiven(found.id)], member, now)
    password = give_one_time_password(found, now)
    sign_out_everywhere(found, now)
    return Said("registers.password_renewed", {"name": found.full_name}, (found.username, password))


def let_go(id: str, member: Member, now: datetime) -> Said:
    """End every grant of a member. Raises Problem: `entry_unknown`, `own_grant`."""
    found = _member(id)
    if found.id == member.id:
        raise Problem("own_grant")
    record_all([MemberLeft(found.id, now)], member, now)
    end_badges([found.id], now)
    sign_out_everywhere(found, now)
    return Said("registers.member_left", {"name": found.full_name})


def grants_kept(now: datetime, led: Led) -> Kept:
    """Return the grants that a lead reads: those in force or to come, and those that ended."""
    return kept_until(led.within(Grant.objects.order_by("-valid_from", "id")), "valid_to", now)


def draw_grants(grants: Sequence[Grant], now: datetime) -> list[Row]:
    """Draw grants."""
    members = Member.objects.in_bulk({grant.member for grant in grants})
    names = facility_names({grant.facility for grant in grants})
    names |= site_names_of({grant.site for grant in grants})
    return [_grant_row(each, members, names, now) for each in grants]


def add_grant(typed: Typed, member: Member, now: datetime) -> Said:
    """Give a role. Raises Problem: `grant_beyond_own`, `grant_to_oneself`."""
    record_all([given_by(member, _grant(UUID(typed["member"]), typed, now), now)], member, now)
    return Said("registers.grant_added")


def end_grant(id: str, member: Member, now: datetime) -> Said:
    """End a grant. Raises Problem: `entry_unknown`, `own_grant`."""
    found = Grant.objects.filter(id=number_of(id)).first()
    if found is None:
        raise Problem("entry_unknown")
    if found.member == member.id:
        raise Problem("own_grant")
    record_all([GrantEnded(found.id, now)], member, now)
    return Said("registers.grant_ended")


def sign_out_everywhere(member: Member, now: datetime) -> None:
    """End every session of a member, at stations and at the office, and what stations keep."""
    end_sessions_of(member, now)
    end_office_sessions(member.id)


def _member(id: str) -> Member:
    found = Member.objects.filter(id=number_of(id)).first()
    if found is None:
        raise Problem("entry_unknown")
    return found


def _grant(member: UUID, typed: Typed, now: datetime) -> GrantGiven:
    kind, _, code = typed["place"].partition(":")
    facility = code if kind == FACILITY else _facility_of(code, now) if kind == SITE else None
    role = Role(typed["role"])
    return GrantGiven(
        member=member,
        role=role,
        since=start_of(typed["since"], now),
        methods=[Method(each) for each in typed["methods"]] if role in TESTERS else [],
        until=end_of(typed.get("until")),
        facility=facility,
        site=code if kind == SITE else None,
    )


def _facility_of(site: str, now: datetime) -> str | None:
    """Return who answers for a site: results and rulings on its tubes name the facility alone."""
    found = site_named(site, now)
    return found.facility if found else None


def _member_row(member: Member, roles: str, *, is_here: bool, has_second: bool) -> Row:
    acts = ("renew_password", "let_go") if is_here else ()
    reset = ("account.reset_second", reverse("office_reset_second", args=(member.id,)))
    cells = (member.username, roles, _masked(member.phone))
    links = (reset,) if is_here and has_second else ()
    return Row(str(member.id), member.full_name, cells, acts, member=member.id, links=links)


def _masked(phone: str) -> str:
    """A number is nobody's business before it must be called: then it stands beside what is asked about."""
    return mask_phone(phone) if phone else ""


def _grant_row(grant: Grant, members: dict[UUID, Member], names: dict[str, str], now: datetime) -> Row:
    member = members.get(grant.member)
    place = names.get(grant.site or grant.facility, grant.site or grant.facility)
    is_in_force = grant.valid_to is None or now < grant.valid_to
    cells = (
        text(f"registers.role.{grant.role}"),
        _methods(grant),
        place or text("registers.whole_province"),
        show_time(grant.valid_from),
        show_time(grant.valid_to) if grant.valid_to else text("registers.without_end"),
    )
    title = member.full_name if member else str(grant.member)
    acts = ("end_grant",) if is_in_force else ()
    return Row(str(grant.id), title, cells, acts, member=grant.member)


def _methods(grant: Grant) -> str:
    """Say of whom writes results which; nothing of the others."""
    if Role(grant.role) not in TESTERS:
        return ""
    return methods_shown(grant.methods) or text("registers.methods_none")


MEMBERS = Register(
    "staff",
    MemberForm,
    ("registers.username", "registers.role", "registers.phone"),
    members_kept,
    draw_members,
    add_member,
    {"renew_password": renew_password, "let_go": let_go},
)
GRANTS = Register(
    "grants",
    GrantForm,
    ("registers.role", "registers.methods", "registers.place", "registers.since", "registers.ends"),
    grants_kept,
    draw_grants,
    add_grant,
    {"end_grant": end_grant},
)
