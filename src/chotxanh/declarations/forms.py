"""The declaration form: what was typed is kept as typed, and every mistake is named beside its field."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from chotxanh.declarations.choices import (
    CATEGORIES,
    DIRECTIONS,
    NONE_OF_THESE,
    ROAD_UNKNOWN,
    UNIT_SUFFIX,
    VEHICLE_CLASSES,
)
from chotxanh.declarations.person_forms import WHO, HealthForm, PersonForm
from chotxanh.declarations.place_fields import PlaceText
from chotxanh.declarations.queries import Journey
from chotxanh.declarations.submission import Declaration, JourneyDeclared
from chotxanh.domain.identity import cross_checks
from chotxanh.domain.plates import LONGEST_PLATES, Plates, read_plates, readings
from chotxanh.domain.problems import Problem
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import Hidden, Text
from chotxanh.forms.options import Option
from chotxanh.language.texts import text
from chotxanh.units.places import Place, full_name, is_chosen, is_within, read_place, unit_named

NO_VEHICLE = "none"
PLACES = ("origin", "destination")
JOURNEY = (
    "category",
    "vehicle_class",
    "plate",
    "direction",
    "origin",
    "destination",
    "road",
    "symptoms",
    "exposures",
)
# By place and direction: whether it cannot lie within the province, or cannot lie outside it.
_WRONG_SIDES = {
    "origin": {"in": True, "out": False, "through": True},
    "destination": {"in": False, "out": True, "through": True},
}


class JourneyForm(HealthForm):
    """One journey and its answers, in the order of the page."""

    field_order: Sequence[str] = JOURNEY

    category = Choice(options=CATEGORIES, missing="category_missing")
    vehicle_class = Choice(options=VEHICLE_CLASSES, missing="vehicle_class_missing", layout="choices-columns")
    plate = Text(
        parse=read_plates,
        longest=LONGEST_PLATES,
        size="short",
        attributes={"autocapitalize": "characters"},
    )
    direction = Choice(options=DIRECTIONS, missing="direction_missing")
    origin = PlaceText(missing="origin_missing")
    origin_unit = Hidden(is_optional=True)
    destination = PlaceText(missing="destination_missing")
    destination_unit = Hidden(is_optional=True)
    road = Choice(options=(), is_optional=True, layout="choices-columns")

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

    @property
    def seeks_places(self) -> bool:
        """Whether places must be sought by their words, which costs more than all else: nobody chose their units."""
        return any(words and not is_chosen(words, self._unit(name)) for name, words in self._places())

    def _places(self) -> Iterator[tuple[str, str]]:
        for name in PLACES:
            yield name, str(self[name].value() or "")

    def _unit(self, name: str) -> str:
        return str(self[f"{name}{UNIT_SUFFIX}"].value() or "")

    def clean(self) -> dict[str, Any]:
        """Read what belongs together: plate and vehicle, the words and the unit of a place, direction and places."""
        if "plate" in self.cleaned_data:
            with self.blaming("plate"):
                vehicle_class = self.cleaned_data.get("vehicle_class", "")
                self.cleaned_data["plate"] = _plate(self.cleaned_data["plate"], vehicle_class)
        for name in PLACES:
            if name in self.cleaned_data:
                with self.blaming(name):
                    words, scheme = self.cleaned_data.pop(name), settings.PROVINCE.partition(":")[0]
                    self.cleaned_data[name] = read_place(words, self._unit(name), scheme)
        with self.blaming("direction"):
            _check_direction(self.cleaned_data)
        return self.cleaned_data

    def journey(self) -> JourneyDeclared:
        """Return the journey that a form without mistakes declares."""
        return JourneyDeclared(**self._journey_read())

    def _journey_read(self) -> dict[str, Any]:
        read = self.cleaned_data
        taken = ("category", "vehicle_class", "direction", "origin", "destination")
        return {
            **{name: read[name] for name in taken},
            "plate": read["plate"] or None,
            "answers": self.answers(),
            # Nothing chosen, or a road whose checkpoint has gone meanwhile, is not known yet.
            "road": read["road"] if read["road"] not in ("", ROAD_UNKNOWN) else None,
        }


class DeclarationForm(PersonForm, JourneyForm):
    """The whole declaration of somebody new, in the order of the page."""

    field_order = (*WHO, *JOURNEY)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        today: date,
        roads: Sequence[str] = (),
    ) -> None:
        """`today` is the day in Viet Nam; `roads` are the codes of the roads with a checkpoint."""
        JourneyForm.__init__(self, data, initial=initial, roads=roads)
        self.born_by(today)

    def declaration(self, language: str) -> Declaration:
        """Return what a form without mistakes declares; `language` is the one it was read in."""
        return Declaration(**self.who(), **self._journey_read(), language=language)


def prefilled(last: Journey) -> list[tuple[str, str]]:
    """Return what the form of a next journey holds, so that a person who repeats the last one types nothing."""
    ticked = {
        group: [name for name in questions if last.answers.get(name)] or [NONE_OF_THESE]
        for group, questions in (("symptoms", SYMPTOMS), ("exposures", EXPOSURES))
    }
    single = {
        "category": last.category,
        "vehicle_class": last.vehicle_class,
        "plate": last.plate or "",
        "direction": last.direction,
        **_place("origin", last.origin),
        **_place("destination", last.destination),
        "road": last.road or ROAD_UNKNOWN,
    }
    return [*single.items(), *((group, name) for group, names in ticked.items() for name in names)]


def _place(name: str, unit_name: str) -> dict[str, str]:
    unit = unit_named(unit_name)
    return {name: full_name(unit), f"{name}{UNIT_SUFFIX}": unit_name} if unit else {name: ""}


def warnings_of(declared: JourneyDeclared) -> tuple[str, ...]:
    """What looks unusual but may be true: shown on the page of answers."""
    warnings: list[str] = []
    if isinstance(declared, Declaration) and declared.id_number:
        year = declared.birth.year
        warnings.extend(cross_checks(declared.id_number, sex=declared.sex, birth_year=year))
    if declared.plate:
        warnings.extend(plate_warnings(read_plates(declared.plate)))
    if declared.origin.unit == declared.destination.unit and declared.direction == "through":
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


def _check_direction(read: Mapping[str, Any]) -> None:
    """Refuse a direction that contradicts where the trip begins or ends. Raises Problem; a doubt refuses nothing."""
    home = unit_named(settings.PROVINCE)
    assert home is not None
    for name, wrong_by_direction in _WRONG_SIDES.items():
        place = read.get(name)
        wrong = wrong_by_direction.get(read.get("direction", ""))
        if isinstance(place, Place) and wrong is not None and is_within(place.unit, home) is wrong:
            side = "inside" if wrong else "outside"
            raise Problem(f"direction_{name}_{side}")
