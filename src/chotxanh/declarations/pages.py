"""What the page of answers shows: the declaration as people read it, to be looked over before it is sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chotxanh.declarations.submission import Companion, Declaration, JourneyDeclared
from chotxanh.domain.dates import show_birth
from chotxanh.domain.phones import show_phone
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.language.texts import text
from chotxanh.units.places import full_name

QUESTIONS = {"symptoms": SYMPTOMS, "exposures": EXPOSURES}


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


def answer_sections(declared: JourneyDeclared) -> list[Section]:
    """The answers as people read them, under the headings of the form; of who is known only the journey."""
    journey = [Section("declare.trip", _trip(declared)), Section("declare.health", _health(declared))]
    return (
        [Section("declare.person", _person(declared)), *journey]
        if isinstance(declared, Declaration)
        else journey
    )


def companion_sections(companion: Companion) -> list[Section]:
    """The answers of one who goes along."""
    group = Answer("declare.companion_category", text(f"declare.category.{companion.category}"))
    return [
        Section("declare.person", (*_person(companion), group)),
        Section("declare.health", _health(companion)),
    ]


def _person(declaration: Declaration | Companion) -> tuple[Answer, ...]:
    return (
        Answer("declare.full_name", declaration.full_name),
        Answer("declare.birth", show_birth(declaration.birth)),
        Answer("declare.sex", text(f"declare.sex.{declaration.sex}")),
        Answer(
            "declare.phone",
            show_phone(declaration.phone) if declaration.phone else text("declare.phone_shared"),
        ),
        Answer("declare.id_number", declaration.id_number or text("declare.not_given")),
    )


def _trip(journey: JourneyDeclared) -> tuple[Answer, ...]:
    return (
        Answer("declare.category", text(f"declare.category.{journey.category}")),
        Answer("declare.vehicle_class", text(f"declare.vehicle_class.{journey.vehicle_class}")),
        Answer("declare.plate", journey.plate or text("declare.not_given")),
        Answer("declare.direction", text(f"declare.direction.{journey.direction}")),
        Answer("declare.origin", full_name(journey.origin.unit)),
        Answer("declare.destination", full_name(journey.destination.unit)),
        Answer("declare.road", journey.road or text("declare.road_unknown")),
    )


def _health(journey: JourneyDeclared | Companion) -> tuple[Answer, ...]:
    return tuple(_ticked(name, questions, journey.answers) for name, questions in QUESTIONS.items())


def _ticked(name: str, questions: Iterable[str], answers: Mapping[str, bool]) -> Answer:
    items = tuple(text(f"declare.answer.{question}") for question in questions if answers.get(question))
    return Answer(f"declare.{name}_answer", items=items or (text(f"declare.{name}_none"),))
