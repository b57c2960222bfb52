"""A thief of the database or a reader of the logs learns nobody's name, phone, plate or identity number."""

import base64
import logging
import sqlite3
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from chotxanh.certificates.models import Certificate
from chotxanh.certificates.queries import certificates_of
from chotxanh.cli import postgres_binaries
from chotxanh.declarations.submission import Declaration, submit_declaration
from chotxanh.domain.dates import BirthDate
from chotxanh.domain.names import fold, transliterate_icao
from chotxanh.domain.questionnaire import QUESTIONS
from chotxanh.ledger.models import SetAside
from chotxanh.site.rebuilding import fingerprints
from chotxanh.units.places import place_named
from tests.cast import ASSISTANT, DRIVER, EVENING, PASSENGER, TRAVELLERS, Person
from tests.device import Station, id_of
from tests.stage import Stage, set_the_stage


def secrets_of(person: Person) -> Iterator[str]:
    """Yield what identifies a person, in each way in which it could be written."""
    given = person.full_name.split()[-1]
    names = [person.full_name, fold(person.full_name), transliterate_icao(person.full_name)]
    names += [name.replace(" ", "") for name in names]
    names += [given] if len(given) > 4 else []
    plates = [person.plate, "".join(filter(str.isalnum, person.plate))] if person.plate else []
    numbers = [person.id_number] if person.id_number else []
    for plain in [*names, *plates, *numbers, person.phone, "0" + person.phone[3:], person.birth.isoformat()]:
        yield from (plain, plain.upper(), plain.lower(), unicodedata.normalize("NFD", plain))


def writings(plain: str) -> Iterator[bytes]:
    """Yield the bytes by which a text would show in a dump: plain, escaped, hexadecimal, base64."""
    data = plain.encode()
    yield data
    yield plain.encode("ascii", "backslashreplace")
    yield data.hex().encode()
    yield data.hex().upper().encode()
    for shift in range(3):  # base64 of a text depends on where in a group of three it begins
        coded = base64.b64encode(b"\x00" * shift + data)[4 if shift else 0 : -4]
        yield from (coded, coded.translate(bytes.maketrans(b"+/", b"-_"))) if len(coded) >= 8 else ()


def found_in(content: bytes, people: tuple[Person, ...] = TRAVELLERS) -> set[bytes]:
    """Return what of these people stands in `content`."""
    wanted = {writing for person in people for plain in secrets_of(person) for writing in writings(plain)}
    return {writing for writing in wanted if writing in content}


def live_a_day(stage: Stage) -> None:
    """Declare, sample, result, correct, forge and erase: everything that could leave a trace."""
    station = stage.station
    declarations = stage.must_apply(*(station.register(person) for person in TRAVELLERS))
    station.minute = 5
    stage.must_apply(station.collect("BR1", [DRIVER, ASSISTANT]), station.collect("BR2", [PASSENGER]))
    station.minute = 20
    wrong = station.result("BR2", "negative")
    stage.must_apply(
        station.result("BR1", "negative"), wrong, station.correct("BR2", id_of(wrong), "positive")
    )
    stranger = Station()
    assert stage.record(stranger.register(DRIVER), b'{"body": "' + DRIVER.full_name.encode() + b'"}') == [
        ("rejected", "device_unknown"),
        ("rejected", "entry_unreadable"),
    ]
    members = [{"name": each.full_name, "phone": each.phone, "plate": each.plate} for each in TRAVELLERS]
    assert stage.record(
        station.entry("chart.kept", {"members": members}),
        station.entry(fold(DRIVER.full_name).replace(" ", "_"), {}, {"note": DRIVER.phone}),
        station.entry("clock.jumped", {"by": 1, "note": DRIVER.full_name}),
        station.result(DRIVER.full_name, "negative"),
        station.entry("shift.ended", {}, note=DRIVER.full_name),
    ) == [("held", "kind_unknown")] * 2 + [
        ("rejected", "member_unknown"),
        ("rejected", "tube_invalid"),
        ("rejected", "member_unknown"),
    ]
    station.actor = uuid4()
    assert stage.record(station.register(ASSISTANT)) == [("held", "actor_unproven")]
    assert len(declarations) == len(TRAVELLERS)


def dump(alias: str = "default") -> bytes:
    """Return everything a database holds, as its own tool writes it, and the bytes of its files."""
    connection = connections[alias]
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        with sqlite3.connect(name) as reader:
            lines = "\n".join(reader.iterdump()).encode()
        reader.close()
        files = [Path(f"{name}{tail}") for tail in ("", "-wal", "-shm")]
        return lines + b"".join(file.read_bytes() for file in files if file.exists())
    described = connection.settings_dict
    server = [f"--host={described['HOST']}", f"--port={described['PORT']}", f"--username={described['USER']}"]
    program = str(postgres_binaries.find_or_install() / "pg_dump")
    environment = {"PGPASSWORD": str(described["PASSWORD"])}
    return subprocess.run([program, *server, name], env=environment, capture_output=True, check=True).stdout


@pytest.mark.django_db(transaction=True)
def test_a_dump_of_the_whole_database_names_nobody(own_keys: Path) -> None:
    stage = set_the_stage()
    live_a_day(stage)
    assert (Certificate.objects.count(), SetAside.objects.count()) == (2, 3)
    content = dump()
    assert DRIVER.code.encode() in content, "the dump must hold what was recorded"
    assert b"ttyt-phu-my/BR1" in content
    assert found_in(content) == set()
    texts = [held.text for held in certificates_of(DRIVER.code, EVENING) if held.text]
    assert texts
    assert not any(text.encode() in content for text in texts), "a certificate names its holder"


def test_the_search_would_find_what_is_written() -> None:
    for writing in (DRIVER.full_name, DRIVER.phone, fold(ASSISTANT.full_name), DRIVER.id_number or ""):
        assert found_in(b"... " + writing.encode() + b" ...")
        assert found_in(writing.encode().hex().encode())
        assert found_in(base64.b64encode(b"12" + writing.encode() + b"345"))


class Kept(logging.Handler):
    """Keeps every line that would be logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line, with its traceback."""
        self.lines.append(logging.Formatter("%(name)s %(message)s").format(record))


@pytest.fixture
def logged() -> Iterator[Kept]:
    kept = Kept()
    root = logging.getLogger()
    root.addHandler(kept)
    yield kept
    root.removeHandler(kept)


def test_d4_the_logs_name_nobody_and_no_page(stage: Stage, client: Client, logged: Kept) -> None:
    client.raise_request_exception = False
    answers = dict.fromkeys(QUESTIONS, False)
    declaration = Declaration(
        full_name=DRIVER.full_name,
        birth=BirthDate(DRIVER.birth, DRIVER.birth.year),
        sex="male",
        id_number=DRIVER.id_number,
        phone=DRIVER.phone,
        category="goods_driver",
        vehicle_class="truck",
        plate=DRIVER.plate,
        direction="in",
        origin=place_named("nso-2021:79"),
        destination=place_named("nso-2021:77"),
        answers=answers,
        language="vi",
    )
    secret = submit_declaration(declaration, str(uuid4()), EVENING).page_secret
    entry = stage.station.register(DRIVER)
    assert client.get(f"/p/{secret}").status_code == 200
    assert client.get(f"/p/{secret}/nothing").status_code == 404
    assert client.get("/p/gone-" + secret).status_code == 404
    assert client.post("/api/v1/entries", b"[" + entry, content_type="application/json").status_code == 400
    assert (
        client.post(
            "/api/v1/entries", b'{"protocol":1,"entries":[' + entry + b"]}", content_type="application/json"
        ).status_code
        == 200
    )
    assert client.get("/api/v1/cards/person/" + DRIVER.full_name).status_code == 401
    assert client.post(f"/p/{secret}", {"note": DRIVER.full_name}).status_code == 405
    assert client.post(f"/p/{secret}/nothing", {"note": DRIVER.phone}).status_code == 404
    typed = {"username": DRIVER.full_name, "password": DRIVER.phone}
    assert client.post("/office/sign-in", typed).status_code == 403
    logging.getLogger("chotxanh").warning("a line that is kept")
    lines = "\n".join(logged.lines)
    assert "a line that is kept" in lines
    assert secret not in lines
    assert found_in(lines.encode()) == set()


def test_the_tables_that_are_read_hold_everything_but_the_person(stage: Stage) -> None:
    live_a_day(stage)
    assert fingerprints()["people_registration"][0] == len(TRAVELLERS)
