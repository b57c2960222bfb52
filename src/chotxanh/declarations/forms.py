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
from chotxanh.declarations.submission import Declaration
from chotxanh.domain.dates import BirthDate, parse_birth
from chotxanh.domain.identity import cross_checks, parse_id_number
from chotxanh.domain.names import parse_name
from chotxanh.domain.phones import parse_phone
from chotxanh.domain.plates import LONGEST_PLATES, Plates, read_plates, readings
from chotxanh.domain.problems import Problem
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.domain.units import Province
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


class DeclarationForm(Form):
    """The whole declaration, in the order of the page."""

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
        attributes={"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
    )
    id_number = Text(
        parse=_id_number,
        is_optional=True,
        longest=30,
        size="short",
        attributes={"autocapitalize": "characters"},
    )
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
        today: date,
        roads: Sequence[str] = (),
    ) -> None:
        """`today` is the day in Viet Nam; `roads` are the codes of the roads with a checkpoint."""
        super().__init__(data, initial=initial)
        birth = self.fields["birth"]
        assert isinstance(birth, Text)
        birth.parse = partial(parse_birth, today=today)
        self.offer("road", lambda: _road_options(roads))

    def clean(self) -> dict[str, Any]:
        """Read the plate beside the vehicle: a vehicle needs one and a person on foot has none."""
        if "plate" in self.cleaned_data:
            with self.blaming("plate"):
                vehicle_class = self.cleaned_data.get("vehicle_class", "")
                self.cleaned_data["plate"] = _plate(self.cleaned_data["plate"], vehicle_class)
        return self.cleaned_data

    def declaration(self, language: str) -> Declaration:
        """Return what a form without mistakes declares; `language` is the one it was read in."""
        read = self.cleaned_data
        ticked = {*read["symptoms"], *read["exposures"]}
        chosen = {name: read[name] for name in ("sex", "category", "direction", "origin", "destination")}
        return Declaration(
            full_name=read["full_name"],
            birth=read["birth"],
            phone=read["phone"],
            id_number=read["id_number"],
            vehicle_class=read["vehicle_class"],
            plate=read["plate"] or None,
            answers={question: question in ticked for question in (*SYMPTOMS, *EXPOSURES)},
            language=language,
            # Nothing chosen, or a road whose checkpoint has gone meanwhile, is not known yet.
            road=read["road"] if read["road"] not in ("", ROAD_UNKNOWN) else None,
            **chosen,
        )


def warnings_of(declaration: Declaration) -> tuple[str, ...]:
    """What looks unusual but may be true: shown on the page of answers."""
    warnings: list[str] = []
    birth: BirthDate = declaration.birth
    if declaration.id_number:
        warnings.extend(cross_checks(declaration.id_number, sex=declaration.sex, birth_year=birth.year))
    if declaration.plate:
        warnings.extend(plate_warnings(read_plates(declaration.plate)))
    if declaration.origin == declaration.destination and declaration.direction == "through":
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
