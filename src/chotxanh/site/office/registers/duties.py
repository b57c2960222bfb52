"""Duty numbers: whom to call for the province, a facility or a site."""

from datetime import datetime

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
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.posts import site_options
from chotxanh.site.office.registers.register import Register, Row, Said, Typed, start_of
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


def rows(now: datetime) -> list[Row]:
    """Return the numbers, those that are called now first."""
    numbers = list(DutyNumber.objects.order_by("-since", "-id"))
    names = facility_names({each.code for each in numbers if each.of == DutyOf.FACILITY})
    names |= {option.value: option.label for option in site_options()}
    called: set[tuple[str, str]] = set()
    found = []
    for number in numbers:
        key = (number.of, number.code)
        is_called = number.since <= now and key not in called
        called |= {key} if is_called else set()
        found.append(_row(number, names, is_called=is_called))
    return sorted(found, key=lambda row: not row.is_in_force)


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


def _row(number: DutyNumber, names: dict[str, str], *, is_called: bool) -> Row:
    title = names.get(number.code, number.code)
    if number.of == DutyOf.PROVINCE:
        title = text("registers.whole_province")
    phone = show_phone(number.phone) if number.phone.startswith("+") else number.phone
    return Row(str(number.id), title, (phone, show_time(number.since)), is_called)


REGISTER = Register("duties", DutyForm, ("registers.duty_phone", "registers.since"), rows, add)
