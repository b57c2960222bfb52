"""The declaration form: what was typed is kept as typed, and every mistake is named beside its field."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Any

from chotxanh.declarations.choices import (
    CATEGORIES,
    DIRECTIONS,
    NONE_OF_THESE,
    ROAD_UNKNOWN,
    SEXES,
    VEHICLE_CLASSES,
    province_choices,
)
from chotxanh.declarations.queries import Journey
from chotxanh.declarations.submission import Declaration, JourneyDeclared
from chotxanh.domain.dates import parse_birth
from chotxanh.domain.identity import cross_checks, parse_id_number
from chotxanh.domain.names import parse_name
from chotxanh.domain.phones import parse_phone
from chotxanh.domain.plates import LONGEST_PLATES, Plates, read_plates, readings
from chotxanh.domain.problems import Problem
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.domain.units import SCHEME, Province
from chotxanh.forms.choices import Boxes, Choice, Select
from chotxanh.forms.fields import Text
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option, OptionGroup
from chotxanh.language.texts import current_language, text

NO_VEHICLE = "none"
CHOOSE_PROVINCE = "declare.choose_province"


def _id_number(typed: str) -> str:
    return parse_id_number(typed).value


def province_options() -> tuple[OptionGroup, ...]:
    """The provinces under two headings."""
    return _province_options(current_language())


@cache
def _province_options(_language: str) -> tuple[OptionGroup, ...]:
    choices = province_choices()
    return (
        OptionGroup(text("declare.near"), tuple(map(_province, choices.near))),
        OptionGroup(text("declare.elsewhere"), tuple(map(_province, choices.elsewhere))),
    )


def _province(province: Province) -> Option:
    return Option(province.code, province.name)


class JourneyForm(Form):
    """One journey and its answers, in the order of the page."""

    texts = "declare"

    category = Choice(options=CATEGORIES, missing="category_missing")
    vehicle_class = Choice(options=VEHICLE_CLASSES, missing="vehicle_class_missing", layout="choices-columns")
    plate = Text(
        parse=read_plates,
        longest=LONGEST_PLATES,
        size="short",
        attributes={"autocapitalize": "characters"},
    )
    direction = Choice(options=DIRECTIONS, missing="direction_missing")
    origin = Select(options=province_options, missing="origin_missing", choose=CHOOSE_PROVINCE)
    destination = Select(options=province_options, missing="destination_missing", choose=CHOOSE_PROVINCE)
    road = Choice(options=(), is_optional=True, layout="choices-columns")
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

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        roads: Sequence[str] = (),
    ) -> None:
        """`roads` are the codes of the roads with a checkpoint."""
        super().__init__(data, initial=initial)
        self.offer("road", lambda: _road_options(roads))

    def clean(self) -> dict[str, Any]:
        """Read the plate beside the vehicle: a vehicle needs one and a person on foot has none."""
        if "plate" in self.cleaned_data:
            with self.blaming("plate"):
                vehicle_class = self.cleaned_data.get("vehicle_class", "")
                self.cleaned_data["plate"] = _plate(self.cleaned_data["plate"], vehicle_class)
        return self.cleaned_data

    def journey(self) -> JourneyDeclared:
        """Return the journey that a form without mistakes declares."""
        return JourneyDeclared(**self._journey_read())

    def _journey_read(self) -> dict[str, Any]:
        read = self.cleaned_data
        ticked = {*read["symptoms"], *read["exposures"]}
        taken = ("category", "vehicle_class", "direction", "origin", "destination")
        return {
            **{name: read[name] for name in taken},
            "plate": read["plate"] or None,
            "answers": {question: question in ticked for question in (*SYMPTOMS, *EXPOSURES)},
            # Nothing chosen, or a road whose checkpoint has gone meanwhile, is not known yet.
            "road": read["road"] if read["road"] not in ("", ROAD_UNKNOWN) else None,
        }


class DeclarationForm(JourneyForm):
    """The whole declaration of somebody new, in the order of the page."""

    full_name = Text(
        parse=parse_name, longest=100, attributes={"autocomplete": "name", "autocapitalize": "words"}
    )
    birth = Text(longest=30, size="short", attributes={"autocomplete": "bday", "inputmode": "numeric"})
    sex = Choice(options=SEXES, missing="sex_missing", layout="choices-row")
    phone = Text(
        parse=parse_phone,
        longest=30,
        size="short",
        attributes={"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
    )
    id_number = Text(
        parse=_id_number,
        is_optional=True,
        longest=30,
        size="short",
        attributes={"autocapitalize": "characters"},
    )
    field_order = ("full_name", "birth", "sex", "phone", "id_number")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        today: date,
        roads: Sequence[str] = (),
    ) -> None:
        """`today` is the day in Viet Nam; `roads` are the codes of the roads with a checkpoint."""
        super().__init__(data, initial=initial, roads=roads)
        birth = self.fields["birth"]
        assert isinstance(birth, Text)
        birth.parse = partial(parse_birth, today=today)

    def declaration(self, language: str) -> Declaration:
        """Return what a form without mistakes declares; `language` is the one it was read in."""
        who = {name: self.cleaned_data[name] for name in self.field_order}
        return Declaration(**who, **self._journey_read(), language=language)


def prefilled(last: Journey) -> list[tuple[str, str]]:
    """Return what the form of a next journey holds, so that a person who repeats the last one types nothing."""
    scheme = f"{SCHEME}:"
    ticked = {
        group: [name for name in questions if last.answers.get(name)] or [NONE_OF_THESE]
        for group, questions in (("symptoms", SYMPTOMS), ("exposures", EXPOSURES))
    }
    single = {
        "category": last.category,
        "vehicle_class": last.vehicle_class,
        "plate": last.plate or "",
        "direction": last.direction,
        # Units of another year's numbering are chosen anew.
        "origin": last.origin.removeprefix(scheme) if last.origin.startswith(scheme) else "",
        "destination": last.destination.removeprefix(scheme) if last.destination.startswith(scheme) else "",
        "road": last.road or ROAD_UNKNOWN,
    }
    return [*single.items(), *((group, name) for group, names in ticked.items() for name in names)]


def warnings_of(declared: JourneyDeclared) -> tuple[str, ...]:
    """What looks unusual but may be true: shown on the page of answers."""
    warnings: list[str] = []
    if isinstance(declared, Declaration) and declared.id_number:
        year = declared.birth.year
        warnings.extend(cross_checks(declared.id_number, sex=declared.sex, birth_year=year))
    if declared.plate:
        warnings.extend(plate_warnings(read_plates(declared.plate)))
    if declared.origin == declared.destination and declared.direction == "through":
        warnings.append("through_same_province")
    return tuple(warnings)


def plate_warnings(plates: Plates) -> tuple[str, ...]:
    """Say of a plate that is of no known kind: a new series, or a country not known here."""
    return () if all(map(readings, plates.numbers)) else ("plate_unrecognised",)


def _road_options(roads: Sequence[str]) -> tuple[Option, ...]:
    named = tuple(Option(road, road) for road in roads)
    return (*named, Option(ROAD_UNKNOWN, text("declare.road_unknown")))


def _plate(plates: Plates, vehicle_class: str) -> str:
    if vehicle_class == NO_VEHICLE and plates.numbers:
        raise Problem("plate_without_vehicle")
    if vehicle_class != NO_VEHICLE and vehicle_class and not plates.numbers:
        raise Problem("plate_missing")
    return plates.typed if plates.numbers else ""
