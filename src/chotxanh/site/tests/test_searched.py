"""After everything a tester can do, mistakes included, nothing of the cast stands in a dump, a log or a file."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chotxanh.certificates.queries import certificates_of
from chotxanh.declarations.tests.typed import DRIVER as TYPED
from chotxanh.domain.names import fold
from chotxanh.ledger.worker.loop import Worker
from chotxanh.people.models import Registration
from chotxanh.site.nightly import archive_what_is_old
from chotxanh.site.tests.test_dump import Kept, dump, found_in, live_a_day
from chotxanh.site.tests.test_station_door import give_passwords, sign_in
from tests.cast import ASSISTANT, DRIVER, EVENING, PASSENGER, RIDER
from tests.stage import Stage, set_the_stage

JSON = "application/json"


@pytest.fixture
def logged() -> Iterator[Kept]:
    """Every line that any logger writes."""
    kept, root = Kept(), logging.getLogger()
    root.addHandler(kept)
    yield kept
    root.removeHandler(kept)


@pytest.fixture
def home(own_keys: Path, settings: Settings, tmp_path: Path) -> Path:
    """A home in which every file is searched."""
    settings.HOME = tmp_path
    return tmp_path


def declare(client: Client, **changed: Any) -> str:
    """Type the form, look it over and send it; return the page it leads to."""
    for step in ("check", "send"):
        answer = client.post("/declare", TYPED | {"step": step} | changed)
    return answer.headers.get("Location", "")


def walk_in_public(client: Client) -> None:
    """Declare with and without mistakes, open pages, verify papers and what is none."""
    page = declare(client)
    assert page.startswith("/p/")
    declare(client, phone="12", full_name=f"{DRIVER.full_name} 123", plate=DRIVER.phone)
    declare(client, token=DRIVER.full_name, birth="31/02/1985", origin=DRIVER.full_name)
    for address in (page, f"{page}/looks", f"{page}/result", f"/p/{DRIVER.full_name}", f"/{DRIVER.phone}"):
        client.get(address)
        client.post(address, {"note": DRIVER.full_name})
    client.post("/p/", {"link": f"{DRIVER.full_name} https://chot.example{page}"})
    for paper in (*(held.text or "" for held in certificates_of(DRIVER.code, EVENING)), DRIVER.full_name):
        client.post("/verify", {"text": paper})
    client.get("/verify", {"text": DRIVER.full_name})


def walk_as_a_station(client: Client, stage: Stage) -> None:
    """Sign in wrongly, send what is no batch, ask for cards by name."""
    for username in (DRIVER.full_name, fold(DRIVER.full_name)):
        client.post("/api/v1/sign-in", json.dumps(sign_in(stage.station, username), default=str), JSON)
    for sent in (DRIVER.full_name, json.dumps({"protocol": 1, "entries": [DRIVER.full_name]}), "[" * 9000):
        client.post("/api/v1/entries", sent, JSON)
    for what in (DRIVER.full_name, DRIVER.phone, DRIVER.code):
        client.get(f"/api/v1/cards/person/{what}")
    enrolling = {"code": DRIVER.full_name, "name": DRIVER.phone, "public_key": DRIVER.full_name}
    client.post("/api/v1/devices/enrol", json.dumps(enrolling), JSON)


def walk_in_the_office(client: Client, stage: Stage) -> None:
    """Sign in wrongly; as a lead find, correct, link and erase people, and type names where none belong."""
    client.post("/office/sign-in", {"username": DRIVER.full_name, "password": DRIVER.phone})
    stage.staff.lead.refresh_from_db()
    client.force_login(stage.staff.lead)
    for typed in (DRIVER.full_name, DRIVER.phone, str(DRIVER.id_number), str(DRIVER.plate), DRIVER.code):
        found = client.post("/office/people", {"sought": typed})
        client.get(found["Location"])
        client.get("/office/people", {"sought": typed})
    driver = Registration.objects.filter(person_code=DRIVER.code).earliest("registered_at").id
    followed_up, rider = (Registration.objects.get(person_code=each.code).id for each in (PASSENGER, RIDER))
    client.post(f"/office/people/{driver}")
    corrected = {
        "full_name": f"{DRIVER.full_name} Anh",
        "birth": "",
        "id_number": "",
        "correction_reason": "other",
    }
    client.post(f"/office/people/{driver}/correct", corrected)
    client.post(f"/office/people/{driver}/correct", corrected | {"id_number": DRIVER.full_name})
    client.post(f"/office/people/{driver}/link", {"link_code": ASSISTANT.full_name, "link_reason": "other"})
    client.post(f"/office/people/{driver}/link", {"link_code": ASSISTANT.code, "link_reason": "other"})
    client.post(f"/office/people/{driver}/unlink", {"link_reason": ASSISTANT.full_name})
    client.post(f"/office/people/{rider}/erase", {"erasure_basis": RIDER.full_name})
    erased = client.post(f"/office/people/{rider}/erase", {"erasure_basis": "request"})
    assert erased["Location"] == f"/office/people/{rider}"
    client.post(f"/office/people/{followed_up}/erase", {"erasure_basis": "request"})
    for name in (
        "held",
        "invalid",
        "calls",
        "disputed",
        "gaps",
        "devices",
        "board",
        "errands",
        "corrections",
    ):
        client.get(f"/office/{name}", {"page": DRIVER.full_name})
        client.post(f"/office/{name}", {"decision": DRIVER.full_name})


@pytest.mark.django_db(transaction=True)
def test_d4_after_everything_a_tester_can_do_nothing_of_the_cast_is_found(
    client: Client, home: Path, logged: Kept
) -> None:
    client.raise_request_exception = False
    stage = set_the_stage()
    live_a_day(stage)
    give_passwords()
    walk_in_public(client)
    walk_as_a_station(client, stage)
    walk_in_the_office(client, stage)
    night = timezone.now() + timedelta(days=91)
    archive_what_is_old(night.date(), night)
    Worker(timezone.now).work_until_idle()
    call_command("erase", "journeys", "2021-08-01", verbosity=0)
    content = b"".join(dump(each) for each in connections)
    assert DRIVER.code.encode() in content, "what was recorded stands in the dump"
    assert found_in(content) == set()
    assert found_in("\n".join(logged.lines).encode()) == set()
    files = [file for file in home.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {"erasures.jsonl"}
    assert {file.name: found_in(file.read_bytes()) for file in files if found_in(file.read_bytes())} == {}
