"""What is asked of a person: who it is, and how they feel; of the one who declares, and of who goes along."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from chotxanh.declarations.choices import CATEGORIES, NONE_OF_THESE, SEXES
from chotxanh.declarations.submission import Companion
from chotxanh.domain.dates import parse_birth
from chotxanh.domain.identity import parse_id_number
from chotxanh.domain.names import parse_name
from chotxanh.domain.phones import parse_phone
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.forms.choices import Boxes, Choice
from chotxanh.forms.fields import Text
from chotxanh.forms.form import Form

WHO = ("full_name", "birth", "sex", "phone", "id_number")
_PHONE = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}


def _id_number(typed: str) -> str:
    return parse_id_number(typed).value


class PersonForm(Form):
    """Who somebody is."""

    texts = "declare"

    full_name = Text(
        parse=parse_name, longest=100, attributes={"autocomplete": "name", "autocapitalize": "words"}
    )
    birth = Text(longest=30, size="short", attributes={"autocomplete": "bday", "inputmode": "numeric"})
    sex = Choice(options=SEXES, missing="sex_missing", layout="choices-row")
    phone = Text(
        parse=parse_phone,
        longest=30,
        size="short",
        attributes=_PHONE,
    )
    id_number = Text(
        parse=_id_number,
        is_optional=True,
        longest=30,
        size="short",
        attributes={"autocapitalize": "characters"},
    )

    def born_by(self, today: date) -> None:
        """Take no date of birth after the day `today` in Viet Nam."""
        birth = self.fields["birth"]
        assert isinstance(birth, Text)
        birth.parse = partial(parse_birth, today=today)

    def who(self) -> dict[str, Any]:
        """Return who it is, of a form without mistakes."""
        return {name: self.cleaned_data[name] for name in WHO}


class HealthForm(Form):
    """How somebody feels, and whom they met."""

    texts = "declare"

    symptoms = Boxes(
        options=SYMPTOMS,
        words="declare.answer",
        none=NONE_OF_THESE,
        missing="symptoms_missing",
        contradicts="symptoms_contradict",
        layout="choices-columns",
    )
    exposures = Boxes(
        options=EXPOSURES,
        words="declare.answer",
        none=NONE_OF_THESE,
        missing="exposures_missing",
        contradicts="exposures_contradict",
    )

    def answers(self) -> dict[str, bool]:
        """Return the answer to each question, of a form without mistakes."""
        ticked = {*self.cleaned_data["symptoms"], *self.cleaned_data["exposures"]}
        return {question: question in ticked for question in (*SYMPTOMS, *EXPOSURES)}


class CompanionForm(PersonForm, HealthForm):
    """Somebody who goes along, declared by another: without a phone of their own they are reached by that one's."""

    category = Choice(
        options=CATEGORIES,
        label="declare.companion_category",
        words="declare.category",
        missing="category_missing",
    )
    phone = Text(
        parse=parse_phone,
        is_optional=True,
        label="declare.companion_phone",
        longest=30,
        size="short",
        attributes={**_PHONE, "autocomplete": "off"},
    )
    field_order = (*WHO, "category")

    def __init__(self, data: Mapping[str, Any] | None, number: int, *, is_read: bool, today: date) -> None:
        """`number` of those who go along, from 1; unless it `is_read` no mistakes are named."""
        prefix = companion_prefix(number)
        named = f"{prefix}-"
        typed = {name: _typed(data, name) for name in data or () if name.startswith(named)}
        initial = {name.removeprefix(named): value for name, value in typed.items()}
        super().__init__(data if is_read else None, initial=initial, prefix=prefix)
        self.born_by(today)

    def companion(self) -> Companion:
        """Return whom a form without mistakes declares."""
        return Companion(**self.who(), category=self.cleaned_data["category"], answers=self.answers())


def companion_prefix(number: int) -> str:
    """Return what the names of the fields of this one of those who go along begin with."""
    return f"c{number}"


def _typed(data: Any, name: str) -> Any:
    """Return a field's text, or all of them where several boxes may be ticked."""
    is_of_boxes = name.endswith(("-symptoms", "-exposures"))
    return list(data.getlist(name)) if is_of_boxes and hasattr(data, "getlist") else data[name]
