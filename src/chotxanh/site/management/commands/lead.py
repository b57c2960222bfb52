"""Makes the first lead of the whole province, with the tests it begins with, or gives one a new one-time password."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chotxanh.beside.office_sessions import end_office_sessions
from chotxanh.domain.kinds import Role
from chotxanh.domain.methods import Method
from chotxanh.domain.names import parse_name
from chotxanh.domain.problems import Problem
from chotxanh.keys.faults import KeysAtFault
from chotxanh.language.texts import problem_sentence
from chotxanh.ledger.kept_keys import settle_keys
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.protocol.envelope import new_salt
from chotxanh.registers.devices.node import enrol_node
from chotxanh.registers.devices.sessions import end_sessions_of
from chotxanh.registers.staff.accounts import ONE_TIME_HOURS, give_one_time_password, username_for
from chotxanh.registers.staff.entries import (
    GrantGiven,
    MemberPersonal,
    MemberRegistered,
    PasswordGiven,
    ResetFor,
    SecondFactorReset,
)
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.second_factor import forget_second_factor, second_factor_of
from chotxanh.site.shipped import missing_meanings, missing_notice, missing_retention, missing_tests


class Command(BaseCommand):
    """`manage lead "Nguyễn Văn An"`; `manage lead --renew nguyen.van.an`."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a full name, or the username of somebody who works here already."""
        parser.add_argument("name", help="full name, or with --renew a username")
        parser.add_argument(
            "--renew",
            action="store_true",
            help="only give a new one-time password, and forget the authenticator",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the username and the password, once."""
        now = timezone.now()
        try:
            settle_keys()
        except KeysAtFault as fault:
            raise CommandError(str(fault)) from None
        enrol_node(now)
        member = _known(options["name"]) if options["renew"] else _new_lead(options["name"], now)
        record_deeds([Deed(PasswordGiven(member.id))], now)
        password = give_one_time_password(member, now)
        end_sessions_of(member, now)
        end_office_sessions(member.id)
        _forget_second_factor(member, now)
        self.stdout.write(f"Tên đăng nhập (username): {member.username}")
        self.stdout.write(f"Mật khẩu dùng một lần (one-time password): {password}")
        self.stdout.write(
            f"Đổi mật khẩu tại office/password trong {ONE_TIME_HOURS} giờ rồi đăng nhập tại office/."
        )


def _known(username: str) -> Member:
    found = Member.objects.filter(username=username).first()
    if found is None:
        raise CommandError(f"Không có ai tên đăng nhập {username} (no such username).")
    return found


def _forget_second_factor(member: Member, now: datetime) -> None:
    """Whoever runs the server is the last to ask when the only lead lost their phone."""
    if second_factor_of(member.id) is None:
        return
    record_deeds([Deed(SecondFactorReset(member.id, ResetFor.OTHER))], now)
    forget_second_factor(member.id)


def _new_lead(typed: str, now: datetime) -> Member:
    id = uuid4()
    try:
        name = parse_name(typed)
    except Problem as problem:
        raise CommandError(problem_sentence(problem.code, **problem.params)) from None
    registered = MemberRegistered(id, username_for(name))
    record_deeds(
        [
            *missing_tests(),
            *missing_meanings(),
            *missing_retention(now),
            *missing_notice(now),
            Deed(registered, MemberPersonal(new_salt(), name, None)),
            Deed(GrantGiven(member=id, role=Role.LEAD, since=now, methods=list(Method))),
        ],
        now,
    )
    return Member.objects.get(id=id)
