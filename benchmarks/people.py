"""Synthetic people: names, numbers, plates and answers that pass every check and belong to nobody."""

import base64
import hashlib
import random
from dataclasses import dataclass
from typing import Any

from benchmarks.station import Station
from chotxanh.declarations.choices import NONE_OF_THESE, UNIT_SUFFIX
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.questionnaire import EXPOSURES, NOTICE_VERSION, SYMPTOMS
from chotxanh.domain.units import PROVINCES, SCHEME
from chotxanh.units.places import named, place_named

FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ")
MIDDLE_NAMES = ("Văn", "Thị", "Hữu", "Ngọc", "Minh", "Đức", "Thanh", "Quốc", "Kim", "Xuân")
GIVEN_NAMES = ("An", "Bình", "Châu", "Dũng", "Hạnh", "Khoa", "Linh", "Nghĩa", "Oanh", "Phúc", "Sơn", "Ý")
VEHICLES = ("truck", "truck", "truck", "coach", "car", "motorbike", "none")
CATEGORY_OF_VEHICLE = {"truck": "goods_driver", "coach": "coach_passenger"}
TRUE_ANSWER_SHARE = 0.02
HOME = "77"
ELSEWHERE = tuple(each for each in PROVINCES if each.code != HOME)
SEATS = 2.5
ENTRIES_OF_ONE = 2  # a new person is registered, and declares a journey
ROAD = "QL51"  # a station of the demonstration holds who is expected on its road


@dataclass(frozen=True)
class Person:
    """One declared person. `page_secret` and `code` hold for those declared at a station."""

    full_name: str
    birth_year: int
    birth_day: str
    sex: str
    id_number: str
    phone: str
    vehicle_class: str
    plate: str | None
    direction: str
    origin: str
    destination: str
    true_answers: frozenset[str]
    code: str
    page_secret: str
    salt: str

    @property
    def category(self) -> str:
        """The category that goes with the vehicle."""
        return CATEGORY_OF_VEHICLE.get(self.vehicle_class, "other")


def person_of(seed: int | str, index: int, people: int) -> Person:
    """Make the person with this number; the same seed always gives the same person."""
    draw = random.Random(f"{seed}/{index}")
    year, female = draw.randint(1950, 2003), draw.random() < 0.4
    province = draw.choice(PROVINCES)
    vehicle_class, direction = draw.choice(VEHICLES), draw.choice(("in", "out", "through"))
    century_and_sex = (2 if year >= 2000 else 0) + (1 if female else 0)
    return Person(
        full_name=f"{draw.choice(FAMILY_NAMES)} {draw.choice(MIDDLE_NAMES)} {draw.choice(GIVEN_NAMES)}",
        birth_year=year,
        birth_day=f"{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
        sex="female" if female else "male",
        id_number=f"{province.id_prefix}{century_and_sex}{year % 100:02d}{index % 1_000_000:06d}",
        phone=f"+8490{index % 10_000_000:07d}",
        vehicle_class=vehicle_class,
        plate=_plate(draw, vehicle_class, people),
        direction=direction,
        origin=HOME if direction == "out" else draw.choice(ELSEWHERE).code,
        destination=HOME if direction == "in" else draw.choice(ELSEWHERE).code,
        true_answers=frozenset(
            answer for answer in SYMPTOMS + EXPOSURES if draw.random() < TRUE_ANSWER_SHARE
        ),
        code=new_code(CodeType.PERSON, draw.randbytes(16)),
        page_secret=_text(draw.randbytes(16)),
        salt=_text(draw.randbytes(16)),
    )


def registration_facts(person: Person) -> dict[str, Any]:
    """Return the facts of this person's `person.registered`, as a station writes them."""
    return {
        "person_code": person.code,
        "page_digest": _text(hashlib.sha256(person.page_secret.encode()).digest()[:16]),
        "birth_year": person.birth_year,
        "birth_precision": "day",
        "sex": person.sex,
        "language": "vi",
    }


def registration_personal(person: Person) -> dict[str, Any]:
    """Return the personal part of the same registration."""
    return {
        "salt": person.salt,
        "full_name": person.full_name,
        "birth_date": f"{person.birth_year}-{person.birth_day}",
        "id_number": person.id_number,
        "phone": person.phone,
    }


def declaration_facts(person: Person, registration: str) -> dict[str, Any]:
    """Return the facts of this person's `declaration.submitted`; `registration` is the entry that says who it is."""
    return {
        "registration": registration,
        "person_code": person.code,
        "category": person.category,
        "vehicle_class": person.vehicle_class,
        "direction": person.direction,
        "origin": {"scheme": SCHEME, "code": person.origin},
        "destination": {"scheme": SCHEME, "code": person.destination},
        "answers": {answer: answer in person.true_answers for answer in SYMPTOMS + EXPOSURES},
        "notice": NOTICE_VERSION,
        "road": ROAD,
    }


def declaration_personal(person: Person) -> dict[str, Any]:
    """Return the personal part of the same declaration."""
    return {"salt": person.salt, "plate": person.plate}


def write_new_person(station: Station, person: Person, at: int) -> None:
    """Let a station write the two entries of a new person: who it is, and the journey."""
    registration = station.write(
        "person.registered", registration_facts(person), at, registration_personal(person)
    )
    facts = declaration_facts(person, registration)
    station.write("declaration.submitted", facts, at, declaration_personal(person))


def declaration_form(person: Person, token: str) -> list[tuple[str, str]]:
    """Return the fields of the web form as the page of answers sends them."""
    month, day = person.birth_day.split("-")
    fields = [
        ("step", "send"),
        ("token", token),
        ("full_name", person.full_name),
        ("birth", f"{day}/{month}/{person.birth_year}"),
        ("id_number", person.id_number),
        ("phone", "0" + person.phone[3:]),
        ("plate", person.plate or ""),
        ("sex", person.sex),
        ("category", person.category),
        ("vehicle_class", person.vehicle_class),
        ("direction", person.direction),
    ]
    for name, code in (("origin", person.origin), ("destination", person.destination)):
        place = place_named(f"{SCHEME}:{code}")
        fields += [(name, place.words), (f"{name}{UNIT_SUFFIX}", named(place.unit))]
    for group, questions in (("symptoms", SYMPTOMS), ("exposures", EXPOSURES)):
        ticked = [question for question in questions if question in person.true_answers] or [NONE_OF_THESE]
        fields += [(group, each) for each in ticked]
    return fields


def _plate(draw: random.Random, vehicle_class: str, people: int) -> str | None:
    """People of one vehicle declare the same plate: about SEATS of them."""
    if vehicle_class == "none":
        return None
    number = draw.randrange(max(1, int(people / SEATS)))
    if vehicle_class == "motorbike":
        return f"72-B{number // 100_000 % 9 + 1} {number % 100_000 // 100:03d}.{number % 100:02d}"
    return f"72{'CBA'[number // 100_000 % 3]}-{number % 100_000 // 100:03d}.{number % 100:02d}"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
