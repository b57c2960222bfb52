"""Finds registrations by one exact thing through its blind index: the newest first, and never more than are asked for.

Thousands bear one name: the index holds their registrations in order of time, so that the newest are read and no other.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from chotxanh.domain.names import fold
from chotxanh.keys.sealing import blind_index
from chotxanh.people.indexes import name_index
from chotxanh.people.models import Registration


def found_by_name(full_name: str, birth_year: int | None, most: int) -> list[Registration]:
    """Return who bears exactly this name, marks or not ("Hoa" finds "Hòa"), of a year of birth if one is given."""
    return _newest(Registration.objects.filter(name_index=name_index(fold(full_name))), birth_year, most)


def found_by_number(number: str, birth_year: int | None, most: int) -> list[Registration]:
    """Return likewise who has this number of an identity paper."""
    wanted = Registration.objects.filter(id_number_index=blind_index("id_number", number))
    return _newest(wanted, birth_year, most)


def found_by_phone(phone: str, birth_year: int | None, most: int) -> list[Registration]:
    """Return likewise who gave this phone (E.164)."""
    return _newest(Registration.objects.filter(phone_index=blind_index("phone", phone)), birth_year, most)


def found_by_id(registrations: Collection[UUID], birth_year: int | None, most: int) -> list[Registration]:
    """Return likewise these registrations."""
    return _newest(Registration.objects.filter(id__in=registrations), birth_year, most)


def _newest(wanted: "QuerySet[Registration]", birth_year: int | None, most: int) -> list[Registration]:
    if birth_year is not None:
        wanted = wanted.filter(birth_year=birth_year)
    return list(wanted.order_by("-registered_at", "id")[:most])
