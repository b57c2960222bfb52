"""The same in plain words, for the page and the paper: sections of things, each thing of lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chotxanh.certificates.wording import pool_words
from chotxanh.domain.codes import group
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.language.formats import show_time
from chotxanh.language.texts import catalogue, text
from chotxanh.site.look_lines import purpose_words
from chotxanh.site.own_data import OwnCertificate, OwnData, OwnJourney, OwnPerson, OwnSample

Line = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """A part of what is kept: its heading, its things with their lines, and what is said where there is none."""

    title: str
    things: tuple[tuple[Line, ...], ...]
    nothing: str


def parts_of(data: OwnData) -> list[Part]:
    """Return everything in words of the reader's language, in the order of the road."""
    nothing = text("own_data.shared" if data.is_code_shared else "own_data.nothing")
    return [
        Part(text("own_data.person"), (_person(data.person),), ""),
        _part("journeys", map(_journey, data.journeys), text("own_data.nothing")),
        _part("samples", map(_sample, data.samples), nothing),
        _part("certificates", map(_certificate, data.certificates), nothing),
        _part("looks", ([(show_time(each.at), purpose_words(each.purpose))] for each in data.looks), nothing),
    ]


def _part(name: str, things: Iterable[Sequence[Line]], nothing: str) -> Part:
    return Part(text(f"own_data.{name}"), tuple(map(tuple, things)), nothing)


def _lines(*lines: tuple[str, str | None]) -> tuple[Line, ...]:
    """Return the lines that say something, each with the words of its key."""
    return tuple((text(key), said) for key, said in lines if said)


def _person(person: OwnPerson) -> tuple[Line, ...]:
    return _lines(
        ("declare.full_name", person.full_name or text("own_data.erased")),
        ("own_page.birth_year", str(person.birth_year)),
        ("own_data.code", group(person.person_code)),
        ("declare.phone", person.phone_masked),
        ("declare.id_number", person.id_number_masked),
        ("own_data.address", text("own_data.kept_unshown") if person.has_address else None),
        ("own_data.registered_at", show_time(person.registered_at)),
    )


def _journey(journey: OwnJourney) -> tuple[Line, ...]:
    return _lines(
        ("own_data.declared_at", show_time(journey.declared_at)),
        ("declare.category", _word("declare.category", journey.category)),
        ("declare.vehicle_class", _word("declare.vehicle_class", journey.vehicle_class)),
        ("declare.plate", journey.plate),
        ("declare.direction", _word("declare.direction", journey.direction)),
        ("declare.origin", journey.origin),
        ("declare.destination", journey.destination),
        ("declare.road", journey.road),
        ("declare.symptoms_answer", _yes(journey.answers, SYMPTOMS, "declare.symptoms_none")),
        ("declare.exposures_answer", _yes(journey.answers, EXPOSURES, "declare.exposures_none")),
    )


def _yes(answers: dict[str, bool], questions: Sequence[str], none: str) -> str:
    said = [text(f"declare.answer.{each}") for each in questions if answers.get(each)]
    return ", ".join(said) or text(none)


def _sample(sample: OwnSample) -> tuple[Line, ...]:
    return _lines(
        ("certificate.sampled_at", show_time(sample.sampled_at)),
        ("certificate.facility", sample.facility),
        ("verify.test_type", _word("verify.test_type", sample.test_type)),
        ("verify.pool", pool_words(sample.people_in_tube)),
        ("own_data.result", text(f"own_data.result.{sample.result}")),
        ("certificate.resulted_at", show_time(sample.resulted_at) if sample.resulted_at else None),
    )


def _certificate(paper: OwnCertificate) -> tuple[Line, ...]:
    return _lines(
        ("own_data.number", group(paper.number)),
        ("own_data.status", text(f"certificate.{paper.status}")),
        ("certificate.valid_until", show_time(paper.valid_until) if paper.valid_until else None),
        ("certificate.sampled_at", show_time(paper.sampled_at)),
        ("certificate.resulted_at", show_time(paper.resulted_at)),
        ("certificate.facility", paper.facility),
    )


def _word(family: str, code: str) -> str:
    """Return the words of a code, or the code of one that is no more."""
    return text(f"{family}.{code}") if f"{family}.{code}" in catalogue() else code
