"""What the declaration's two pages show: fields with what was typed, and the answers to look over."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chotxanh.declarations.choices import (
    CATEGORIES,
    DIRECTIONS,
    NONE_OF_THESE,
    ROAD_UNKNOWN,
    SEXES,
    VEHICLE_CLASSES,
    province_choices,
)
from chotxanh.declarations.forms import CHOICE_FIELDS, GROUP_FIELDS, PAGE_ORDER, TEXT_FIELDS, Typed
from chotxanh.declarations.submission import Declaration
from chotxanh.domain.dates import show_birth
from chotxanh.domain.phones import show_phone
from chotxanh.domain.problems import Problem
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.domain.units import PROVINCE_BY_CODE, Province
from chotxanh.language.texts import problem_sentence, text

RADIOS = {
    "sex": SEXES,
    "category": CATEGORIES,
    "vehicle_class": VEHICLE_CLASSES,
    "direction": DIRECTIONS,
}
BOXES = {"symptoms": SYMPTOMS, "exposures": EXPOSURES}


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class OptionGroup:
    """Options under a heading of a list."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Field:
    """One field as the page shows it; `mistake` is a sentence or empty."""

    name: str
    value: str
    mistake: str
    options: tuple[Option, ...] = ()
    groups: tuple[OptionGroup, ...] = ()
    none: Option | None = None

    @property
    def label(self) -> str:
        """The key of the field's label."""
        return f"declare.{self.name}"

    @property
    def hint(self) -> str:
        """The key of the hint under the label."""
        return f"declare.{self.name}_hint"


@dataclass(frozen=True)
class MistakeLine:
    """One line of the list at the top of the page."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Answer:
    """One line to look over: a text, or several items."""

    label: str
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading and its answers."""

    title: str
    answers: tuple[Answer, ...]


def form_fields(typed: Typed, mistakes: Mapping[str, Problem], roads: Sequence[str]) -> dict[str, Field]:
    """Every field of the form by name, in the reader's language; `roads` are those with a checkpoint."""
    sentences = {name: _sentence(problem) for name, problem in mistakes.items()}
    fields = {name: _field(name, typed, sentences.get(name, "")) for name in PAGE_ORDER}
    return fields | {"road": Field("road", "", "", options=_road_options(roads, typed.text("road")))}


def mistake_lines(mistakes: Mapping[str, Problem]) -> list[MistakeLine]:
    """The list at the top: each line leads to its field."""
    return [MistakeLine(name, _sentence(problem)) for name, problem in mistakes.items()]


def hidden_values(typed: Typed) -> Iterator[tuple[str, str]]:
    """What was typed, to be carried through the page of answers."""
    for name in (*TEXT_FIELDS, *CHOICE_FIELDS):
        yield name, typed.text(name)
    for name in GROUP_FIELDS:
        for value in sorted(typed.groups.get(name, ())):
            yield name, value


def answer_sections(declaration: Declaration) -> list[Section]:
    """The answers as people read them, under the headings of the form."""
    person = (
        Answer("declare.full_name", declaration.full_name),
        Answer("declare.birth", show_birth(declaration.birth)),
        Answer("declare.sex", text(f"declare.sex.{declaration.sex}")),
        Answer("declare.phone", show_phone(declaration.phone)),
        Answer("declare.id_number", declaration.id_number or text("declare.not_given")),
    )
    trip = (
        Answer("declare.category", text(f"declare.category.{declaration.category}")),
        Answer("declare.vehicle_class", text(f"declare.vehicle_class.{declaration.vehicle_class}")),
        Answer("declare.plate", declaration.plate or text("declare.not_given")),
        Answer("declare.direction", text(f"declare.direction.{declaration.direction}")),
        Answer("declare.origin", PROVINCE_BY_CODE[declaration.origin].name),
        Answer("declare.destination", PROVINCE_BY_CODE[declaration.destination].name),
        Answer("declare.road", declaration.road or text("declare.road_unknown")),
    )
    health = tuple(_ticked(name, questions, declaration.answers) for name, questions in BOXES.items())
    return [
        Section("declare.person", person),
        Section("declare.trip", trip),
        Section("declare.health", health),
    ]


def _sentence(problem: Problem) -> str:
    return problem_sentence(problem.code, **problem.params)


def _field(name: str, typed: Typed, mistake: str) -> Field:
    value = typed.text(name)
    if name in RADIOS:
        options = _options(RADIOS[name], f"declare.{name}.", {value})
        return Field(name, value, mistake, options=options)
    if name in BOXES:
        ticked = typed.groups.get(name, frozenset())
        none = Option(NONE_OF_THESE, text(f"declare.{name}_none"), NONE_OF_THESE in ticked)
        return Field(name, "", mistake, options=_options(BOXES[name], "declare.answer.", ticked), none=none)
    if name in ("origin", "destination"):
        return Field(name, value, mistake, groups=_province_groups(value))
    return Field(name, value, mistake)


def _options(values: Iterable[str], prefix: str, chosen: Iterable[str]) -> tuple[Option, ...]:
    return tuple(Option(value, text(f"{prefix}{value}"), value in chosen) for value in values)


def _road_options(roads: Sequence[str], chosen: str) -> tuple[Option, ...]:
    named = tuple(Option(road, road, road == chosen) for road in roads)
    return (*named, Option(ROAD_UNKNOWN, text("declare.road_unknown"), chosen == ROAD_UNKNOWN))


def _province_groups(chosen: str) -> tuple[OptionGroup, ...]:
    choices = province_choices()
    return (
        OptionGroup(text("declare.near"), _provinces(choices.near, chosen)),
        OptionGroup(text("declare.elsewhere"), _provinces(choices.elsewhere, chosen)),
    )


def _provinces(provinces: Iterable[Province], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(province.code, province.name, province.code == chosen) for province in provinces)


def _ticked(name: str, questions: Iterable[str], answers: Mapping[str, bool]) -> Answer:
    items = tuple(text(f"declare.answer.{question}") for question in questions if answers.get(question))
    return Answer(f"declare.{name}_answer", items=items or (text(f"declare.{name}_none"),))
