"""Reads the declaration form: what was typed is kept as typed, and every mistake is named beside its field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.http import QueryDict

from chotxanh.declarations.choices import (
    CATEGORIES,
    DIRECTIONS,
    NONE_OF_THESE,
    ROAD_UNKNOWN,
    SEXES,
    VEHICLE_CLASSES,
)
from chotxanh.declarations.submission import Declaration
from chotxanh.domain.dates import BirthDate, parse_birth
from chotxanh.domain.identity import cross_checks, parse_id_number
from chotxanh.domain.names import parse_name
from chotxanh.domain.phones import parse_phone
from chotxanh.domain.plates import LONGEST_PLATE, normalise_plate, readings
from chotxanh.domain.problems import Problem
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.domain.units import PROVINCE_BY_CODE

# In the order of the page, which is also the order of the list of mistakes.
TEXT_FIELDS = ("full_name", "birth", "id_number", "phone", "plate")
CHOICE_FIELDS = ("sex", "category", "vehicle_class", "direction", "origin", "destination", "road")
GROUP_FIELDS = ("symptoms", "exposures")
PAGE_ORDER = (
    "full_name", "birth", "sex", "phone", "id_number", "category", "vehicle_class", "plate",
    "direction", "origin", "destination", "road", "symptoms", "exposures",
)  # fmt: skip
LONGEST_FIELD = 200
NO_VEHICLE = "none"

Value = TypeVar("Value")


@dataclass(frozen=True)
class Typed:
    """What stands in the form: one text a field, and the ticked boxes of each group."""

    texts: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What was typed or chosen in the field, without blanks around it; empty when nothing was."""
        return self.texts.get(name, "").strip()


@dataclass(frozen=True)
class Reading:
    """A declaration, or the mistakes by field, in the order of the page; `warnings` are codes that stop nobody."""

    declaration: Declaration | None
    mistakes: Mapping[str, Problem]
    warnings: tuple[str, ...] = ()


def typed_in(post: QueryDict) -> Typed:
    """Take from a posted form only the fields it has; anything else that was sent is left unread."""
    texts = {name: post.get(name, "") for name in (*TEXT_FIELDS, *CHOICE_FIELDS)}
    groups = {name: frozenset(post.getlist(name)) for name in GROUP_FIELDS}
    return Typed(texts, groups)


def read_declaration(typed: Typed, *, today: date, language: str, roads: Sequence[str] = ()) -> Reading:
    """Read the whole form at once, so that every mistake is shown together.

    `today` is the day in Viet Nam; `roads` are the codes of the roads with a checkpoint.
    Each mistake is a Problem whose sentence says how to mend it.
    """
    reader = _Reader(typed)
    full_name = reader.take("full_name", parse_name)
    birth = reader.take("birth", lambda text: parse_birth(text, today=today))
    phone = reader.take("phone", parse_phone)
    id_number = reader.take("id_number", _optional_id_number)
    vehicle_class = reader.choose("vehicle_class", VEHICLE_CLASSES)
    plate = reader.take("plate", lambda text: _plate(text, vehicle_class))
    chosen = {
        "sex": reader.choose("sex", SEXES),
        "category": reader.choose("category", CATEGORIES),
        "direction": reader.choose("direction", DIRECTIONS),
        "origin": reader.choose("origin", PROVINCE_BY_CODE),
        "destination": reader.choose("destination", PROVINCE_BY_CODE),
    }
    answers = reader.answers("symptoms", SYMPTOMS) | reader.answers("exposures", EXPOSURES)
    if reader.mistakes or full_name is None or birth is None or phone is None:
        return Reading(None, {name: reader.mistakes[name] for name in PAGE_ORDER if name in reader.mistakes})
    declaration = Declaration(
        full_name=full_name,
        birth=birth,
        phone=phone,
        id_number=id_number or None,
        vehicle_class=vehicle_class,
        plate=plate or None,
        answers=answers,
        language=language,
        road=_road(typed.text("road"), roads),
        **chosen,
    )
    return Reading(declaration, {}, _warnings(declaration, birth))


class _Reader:
    """Reads field after field and remembers what was wrong with each."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.mistakes: dict[str, Problem] = {}

    def take(self, name: str, parse: Callable[[str], Value]) -> Value | None:
        """The parsed field, or None with its mistake noted."""
        text = self.typed.text(name)
        try:
            if len(text) > LONGEST_FIELD or "\0" in text:
                raise Problem("field_too_long", longest=LONGEST_FIELD)
            return parse(text)
        except Problem as mistake:
            self.mistakes[name] = mistake
            return None

    def choose(self, name: str, allowed: Mapping[str, object] | tuple[str, ...]) -> str:
        """The chosen value, or an empty text with its mistake noted."""
        value = self.typed.text(name)
        if value in allowed:
            return value
        self.mistakes[name] = Problem(f"{name}_missing")
        return ""

    def answers(self, name: str, questions: tuple[str, ...]) -> dict[str, bool]:
        """Yes or no for each question: at least one box ticked, or the box that says none, and not both."""
        ticked = self.typed.groups.get(name, frozenset())
        yes = ticked.intersection(questions)
        if not yes and NONE_OF_THESE not in ticked:
            self.mistakes[name] = Problem(f"{name}_missing")
        elif yes and NONE_OF_THESE in ticked:
            self.mistakes[name] = Problem(f"{name}_contradict")
        return {question: question in yes for question in questions}


def _optional_id_number(text: str) -> str:
    return parse_id_number(text).value if text else ""


def _road(text: str, roads: Sequence[str]) -> str | None:
    """The road chosen. Nothing chosen, or a road whose checkpoint has gone meanwhile, is not known yet."""
    return text if text != ROAD_UNKNOWN and text in roads else None


def _plate(text: str, vehicle_class: str) -> str:
    """The plate as typed; a vehicle needs one and a person on foot has none."""
    has_plate = bool(normalise_plate(text))
    if vehicle_class == NO_VEHICLE:
        if has_plate:
            raise Problem("plate_without_vehicle")
        return ""
    if vehicle_class and not has_plate:
        raise Problem("plate_missing")
    plate = " ".join("".join(letter for letter in text if letter.isprintable()).split())
    if len(plate) > LONGEST_PLATE:
        raise Problem("plate_too_long", longest=LONGEST_PLATE)
    return plate


def _warnings(declaration: Declaration, birth: BirthDate) -> tuple[str, ...]:
    """What looks unusual but may be true: shown on the page of answers."""
    warnings: list[str] = []
    if declaration.id_number:
        warnings.extend(cross_checks(declaration.id_number, sex=declaration.sex, birth_year=birth.year))
    if declaration.plate and not readings(declaration.plate):
        warnings.append("plate_unrecognised")
    if declaration.origin == declaration.destination and declaration.direction == "through":
        warnings.append("through_same_province")
    return tuple(warnings)
