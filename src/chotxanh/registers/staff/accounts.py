"""Accounts of members: names to sign in by, and passwords that only open the page that changes them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from chotxanh.domain.names import fold
from chotxanh.domain.problems import Problem
from chotxanh.domain.typed_passwords import read_password
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.one_time import digest_of, new_one_time_password

LONGEST_USERNAME = 36
ONE_TIME_HOURS = 72  # said in the texts
_PASSWORD = ("password", "has_new_password", "password_expires_at", "one_time_digest")


def username_for(full_name: str) -> str:
    """Return a free name to sign in by, made of a person's name: `nguyen.van.an`, numbered where it is taken."""
    words = "".join(letter if letter.isalnum() else " " for letter in fold(full_name)).split()
    ascii_words = ["".join(letter for letter in word if letter.isascii()) for word in words]
    stem = ".".join(filter(None, ascii_words))[:LONGEST_USERNAME].strip(".") or "nhan.vien"
    taken = set(Member.objects.filter(username__startswith=stem).values_list("username", flat=True))
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}{number}", number + 1
    return name


def give_one_time_password(member: Member, now: datetime) -> str:
    """Set a password that opens nothing but the page that changes it, for three days from `now` (UTC).

    It is returned once and kept nowhere. Whoever gives it has recorded so: `password.given`.
    """
    password = new_one_time_password()
    member.set_password(password)
    member.one_time_digest = digest_of(member.id, password)
    member.has_new_password, member.password_expires_at = True, now + timedelta(hours=ONE_TIME_HOURS)
    member.save(update_fields=_PASSWORD)
    return password


def check_choice(member: Member, password: str) -> str:
    """Return a password that a member may choose as it is kept. Raises Problem: `password_is_scan`, `password_weak`."""
    chosen = read_password(password)
    try:
        validate_password(chosen, member)
    except ValidationError:
        raise Problem("password_weak") from None
    return chosen


def set_own_password(member: Member, password: str) -> None:
    """Set the password that a member chose. Raises Problem as `check_choice`."""
    member.set_password(check_choice(member, password))
    member.has_new_password, member.password_expires_at, member.one_time_digest = False, None, None
    member.save(update_fields=_PASSWORD)


def check_own_password(member: Member) -> None:
    """Refuse a password that somebody else has seen. Raises Problem("password_new")."""
    if member.has_new_password:
        raise Problem("password_new")


def check_demonstration(member: Member) -> None:
    """Refuse an account of the demonstration where there is none. Raises Problem("demonstration_over")."""
    if member.is_demonstration and not settings.IS_DEMO:
        raise Problem("demonstration_over")
