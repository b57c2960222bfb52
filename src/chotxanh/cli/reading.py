"""The readers that the declaration form and the station use, by the kind that `./chotxanh read` calls them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chotxanh.cli.commands.read import Reader
from chotxanh.declarations.forms import DeclarationForm, plate_warnings
from chotxanh.domain.identity import cross_checks
from chotxanh.domain.problems import Problem
from chotxanh.domain.tube_field import read_tube
from chotxanh.forms.fields import Field
from chotxanh.language.formats import VIETNAM

_TYPED = "typed"

Answered = tuple[object, Sequence[str]]


def _name(text: str) -> Answered:
    return _of_form("full_name", text), ()


def _birth(text: str) -> Answered:
    return _of_form("birth", text).iso(), ()


def _phone(text: str) -> Answered:
    return _of_form("phone", text), ()


def _id_number(text: str) -> Answered:
    number = _of_form("id_number", text)
    if number is None:
        raise Problem("id_number_missing")  # it may be left out of a declaration
    return number, cross_checks(number)


def _plate(text: str) -> Answered:
    plates = _of_form("plate", text)
    if not plates.numbers:
        raise Problem("plate_missing")  # who walks has none
    return plates.numbers, plate_warnings(plates)


def _tube(text: str) -> Answered:
    return read_tube(text)


def _of_form(name: str, text: str) -> Any:
    """What a field of the declaration reads in `text`, from the widget on."""
    field = DeclarationForm(today=datetime.now(UTC).astimezone(VIETNAM).date()).fields[name]
    assert isinstance(field, Field)
    return field.answer(field.widget.value_from_datadict({_TYPED: text}, {}, _TYPED))


READERS: Mapping[str, Reader] = {
    "name": _name,
    "birth": _birth,
    "phone": _phone,
    "id_number": _id_number,
    "plate": _plate,
    "tube": _tube,
}
