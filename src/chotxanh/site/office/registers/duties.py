"""Duty numbers: whom to call for the province, a facility or a site."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from chotxanh.domain.phones import parse_phone, show_phone
from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Select
from chotxanh.forms.fields import Day, Text
from chotxanh.forms.form import Form
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.protocol.envelope import new_salt
from chotxanh.registers.duties.entries import DutyOf, DutyPersonal, DutySet
from chotxanh.registers.duties.models import DutyNumber
from chotxanh.registers.facilities.entries import facility_names
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.posts import site_names_of
from chotxanh.site.office.registers.register import Kept, Register, Row, Said, Typed, start_of
from chotxanh.site.office.registers.staff import PROVINCE, place_options


def duty_phone(typed: str) -> str:
    """Return a number as it is dialled: a landline or hotline as typed, a mobile in full. Raises Problem."""
    digits = "".join(letter for letter in typed if letter.isdigit())
    if typed.strip().startswith("0") and 9 <= len(digits) <= 11 and digits[1] == "2":
        return digits
    if len(digits) <= 8:
        if len(digits) < 3:
            raise Problem("phone_invalid")
        return digits
    return parse_phone(typed)


class DutyForm(Form):
    """A duty number from a day on."""

    texts = "registers"

    place = Select(options=place_options, choose="registers.choose")
    duty_phone = Text(parse=duty_phone, size="short")
    since = Day(is_optional=True)


def kept(now: datetime, _led: Led) -> Kept:
    """Return the numbers: those that are called now or will be, and those that newer ones have followed."""
    newer = DutyNumber.objects.filter(of=OuterRef("of"), code=OuterRef("code"), since__lte=now)
    is_followed = Exists(
        newer.filter(Q(since__gt=OuterRef("since")) | Q(since=OuterRef("since"), id__gt=OuterRef("id")))
    )
    numbers = DutyNumber.objects.order_by("-since", "-id")
    return Kept(numbers.filter(~is_followed), numbers.filter(is_followed))


def draw(numbers: Sequence[DutyNumber], _now: datetime) -> list[Row]:
    """Draw numbers."""
    names = facility_names({each.code for each in numbers if each.of == DutyOf.FACILITY})
    names |= site_names_of({each.code for each in numbers if each.of == DutyOf.SITE})
    return [_row(each, names) for each in numbers]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """Set a duty number."""
    kind, _, code = typed["place"].partition(":")
    facts = DutySet(DutyOf(kind), code or PROVINCE, start_of(typed["since"], now))
    deed = Deed(facts, DutyPersonal(new_salt(), typed["duty_phone"]), actor=member.id)
    try:
        record_deeds([deed], now)
    except Problem as problem:
        raise Problem("not_allowed") if problem.code == "actor_not_allowed" else problem from None
    return Said("registers.duty_added")


def _row(number: DutyNumber, names: dict[str, str]) -> Row:
    title = names.get(number.code, number.code)
    if number.of == DutyOf.PROVINCE:
        title = text("registers.whole_province")
    phone = show_phone(number.phone) if number.phone.startswith("+") else number.phone
    return Row(str(number.id), title, (phone, show_time(number.since)))


REGISTER = Register("duties", DutyForm, ("registers.duty_phone", "registers.since"), kept, draw, add)
