"""The forms about one person: what is put right, which other registration is theirs, and that none is."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, get_args

from chotxanh.domain.codes import CodeType, parse_code
from chotxanh.domain.dates import BirthDate, parse_birth
from chotxanh.domain.identity import parse_id_number
from chotxanh.domain.names import parse_name
from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Choice, Tick
from chotxanh.forms.fields import Text
from chotxanh.forms.form import Form
from chotxanh.ledger.entries import ErasureBasis
from chotxanh.people.models import Registration
from chotxanh.people.payloads import (
    CorrectionPersonal,
    CorrectionReason,
    LinkReason,
    PersonCorrected,
    Subject,
)
from chotxanh.protocol.envelope import new_salt

LONGEST_CODE = 40


def _person_code(typed: str) -> str:
    """Read a person's code, scanned or typed. Raises Problem("person_code_invalid")."""
    own = parse_code(typed)
    if own is None or own.type is not CodeType.PERSON:
        raise Problem("person_code_invalid")
    return own.value


def _id_number(typed: str) -> str:
    return parse_id_number(typed).value


class CorrectForm(Form):
    """What is put right; what is left empty stays as it is."""

    texts = "office"

    full_name = Text(parse=parse_name, longest=100, is_optional=True)
    birth = Text(longest=30, size="short", is_optional=True)
    id_number = Text(parse=_id_number, longest=30, size="short", is_optional=True)
    correction_reason = Choice(options=get_args(CorrectionReason), missing="withdraw_reason_missing")

    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        """`today` is the day in Viet Nam."""
        super().__init__(data)
        birth = self.fields["birth"]
        assert isinstance(birth, Text)
        birth.parse = partial(parse_birth, today=today)
        birth.nothing = None

    def clean(self) -> dict[str, Any]:
        """Refuse a correction of nothing."""
        if not self.errors and not self._subjects():
            self.refuse(Problem("correction_missing"), "full_name")
        return self.cleaned_data

    def correction_of(self, person: Registration) -> tuple[PersonCorrected, CorrectionPersonal]:
        """Return what a form without mistakes says of a registration."""
        read = self.cleaned_data
        birth: BirthDate | None = read["birth"]
        facts = PersonCorrected(
            registration=person.id,
            person_code=person.person_code,
            corrects=self._subjects(),
            reason=read["correction_reason"],
            birth_year=birth.year if birth else None,
            birth_precision=birth.precision if birth else None,
        )
        born = birth.date.isoformat() if birth and birth.date else None
        return facts, CorrectionPersonal(new_salt(), read["full_name"], born, read["id_number"])

    def _subjects(self) -> list[Subject]:
        fields: dict[str, Subject] = {"full_name": "name", "birth": "birth", "id_number": "id_number"}
        return [subject for name, subject in fields.items() if self.cleaned_data.get(name)]


class CorrectAmongForm(CorrectForm):
    """What is put right of somebody whom others may be the same as: they may be known to be somebody else."""

    blames = dict.fromkeys(("correction_parts_alike", "correction_parts_others"), "others_apart")

    others_apart = Tick()


class LinkForm(Form):
    """With whom a registration is one person, and how that is known."""

    texts = "office"
    blames = dict.fromkeys(
        ("person_unknown", "code_claimed_twice", "linked_already", "link_parts_others"), "link_code"
    )

    link_code = Text(parse=_person_code, longest=LONGEST_CODE, size="medium")
    link_reason = Choice(options=get_args(LinkReason), missing="withdraw_reason_missing")


class LinkProposedForm(Form):
    """How it is known that two registrations are one person's."""

    texts = "office"
    blames = dict.fromkeys(("linked_already", "link_parts_others"), "link_reason")

    link_reason = Choice(options=get_args(LinkReason), missing="withdraw_reason_missing")


class UnlinkForm(Form):
    """How it is known that a registration is nobody else's."""

    texts = "office"

    link_reason = Choice(options=get_args(LinkReason), missing="withdraw_reason_missing")


class EraseForm(Form):
    """On what it rests that a registration's personal data is erased."""

    texts = "office"
    blames = dict.fromkeys(("erasure_followed_up", "erasure_of_linked"), "erasure_basis")

    erasure_basis = Choice(options=get_args(ErasureBasis), missing="withdraw_reason_missing")
