"""What somebody sees and takes along of their own data: all that is kept, nothing that their page would not tell."""

import json
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from chotxanh.beside.access_log import note_access
from chotxanh.beside.limits import OWN_PAPERS
from chotxanh.declarations.submission import submit_declaration
from chotxanh.domain.base64url import to_base64url
from chotxanh.people.queries import page_digest
from chotxanh.results.corrections.models import ResultTelling
from chotxanh.site import own_data_views
from chotxanh.site.own_data import OwnCertificate, OwnData, OwnJourney, OwnLookAt, OwnPerson, OwnSample
from chotxanh.site.tests.test_person_page import WEB, OwnPage
from chotxanh.units.places import Place, place_named
from tests.cast import ASSISTANT, DRIVER
from tests.narrow import BURST, narrow
from tests.printed import words_of
from tests.stage import Stage

ANYWHERE = ("", "/json", "/pdf")


@pytest.fixture
def own_page(today: Stage) -> OwnPage:
    """The driver has declared on the web this very hour, and keeps the link."""
    submitted = submit_declaration(WEB, "token", today.now)
    return OwnPage(today, submitted.person_code, submitted.page_secret)


def taken(client: Client, own_page: OwnPage) -> dict[str, Any]:
    taken: dict[str, Any] = json.loads(client.get(f"/p/{own_page.secret}/data/json").content)
    return taken


def said_of(client: Client, own_page: OwnPage) -> list[str]:
    """Return what the page, the JSON and the paper say."""
    page, packed, pdf = (client.get(f"/p/{own_page.secret}/data{each}").content for each in ANYWHERE)
    return [page.decode(), packed.decode(), words_of(pdf)]


def test_everything_that_was_declared_is_there_in_all_three(client: Client, own_page: OwnPage) -> None:
    for said in said_of(client, own_page):
        assert DRIVER.full_name in said and str(WEB.plate) in said
    data = taken(client, own_page)
    assert data["format"] == "chotxanh-own-data/1"
    assert data["person"]["person_code"] == own_page.code
    (journey,) = data["journeys"]
    assert journey["answers"] == WEB.answers and journey["destination"]
    assert (data["samples"], data["certificates"], data["looks"]) == ([], [], [])


def test_a_place_stands_in_the_words_of_who_wrote_it(today: Stage, client: Client) -> None:
    written = replace(WEB, origin=Place(place_named("nso-2021:79").unit, "sài gòn, gần chợ"))
    submitted = submit_declaration(written, "another", today.now)
    (journey,) = taken(client, OwnPage(today, submitted.person_code, submitted.page_secret))["journeys"]
    assert journey["origin"] == "sài gòn, gần chợ"


def test_numbers_are_masked_as_on_the_page(client: Client, own_page: OwnPage) -> None:
    for said in said_of(client, own_page):
        assert DRIVER.phone[-9:] not in said.replace(" ", "") and str(DRIVER.id_number) not in said


def test_a_negative_and_its_paper_are_told(client: Client, own_page: OwnPage) -> None:
    own_page.sample("negative")
    data = taken(client, own_page)
    (sample,) = data["samples"]
    assert sample["result"] == "negative" and sample["resulted_at"]
    (paper,) = data["certificates"]
    assert paper["status"] == "valid" and paper["text"].startswith("HC1:")


def test_a_positive_is_told_here_only_once_it_was_told(client: Client, own_page: OwnPage) -> None:
    own_page.sample("positive")
    for said in said_of(client, own_page):
        assert "positive" not in said and "Dương tính" not in said
    assert taken(client, own_page)["samples"][0]["result"] == "untold"
    assert not ResultTelling.objects.exists(), "looking here tells nothing"
    client.post(f"/p/{own_page.secret}/result")
    assert taken(client, own_page)["samples"][0]["result"] == "positive"
    assert all("ositive" in said or "Dương tính" in said for said in said_of(client, own_page))


def test_a_pool_that_is_not_negative_gives_no_result_of_ones_own(client: Client, own_page: OwnPage) -> None:
    own_page.sample("positive", ASSISTANT)
    (sample,) = taken(client, own_page)["samples"]
    assert (sample["result"], sample["people_in_tube"], sample["resulted_at"]) == ("recollect", 2, None)


def test_of_a_code_that_two_people_claim_neither_is_told_results_papers_or_looks(
    client: Client, own_page: OwnPage
) -> None:
    own_page.sample("negative")
    note_access(own_page.stage.staff.officer.id, own_page.code, "person", timezone.now())
    secret = "s" * 22
    facts = ASSISTANT.facts(to_base64url(page_digest(secret))) | {"person_code": own_page.code}
    own_page.stage.must_apply(own_page.stage.station.entry("person.registered", facts, ASSISTANT.personal()))
    for held in (own_page, OwnPage(own_page.stage, own_page.code, secret)):
        data = taken(client, held)
        assert data["is_code_shared"]
        assert (data["samples"], data["certificates"], data["looks"]) == ([], [], [])
    assert ASSISTANT.full_name not in "".join(said_of(client, own_page))


def test_who_looked_is_there_by_time_and_purpose_and_not_by_name(client: Client, own_page: OwnPage) -> None:
    note_access(own_page.stage.staff.officer.id, own_page.code, "person", timezone.now())
    data = taken(client, own_page)
    assert [set(each) for each in data["looks"]] == [{"at", "purpose"}]
    assert own_page.stage.staff.officer.full_name not in json.dumps(data, ensure_ascii=False)


@pytest.mark.parametrize("path", ANYWHERE)
def test_nobody_keeps_finds_or_passes_on_what_is_behind_the_secret(
    client: Client, own_page: OwnPage, path: str
) -> None:
    answer = client.get(f"/p/{own_page.secret}/data{path}")
    headers = ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")
    assert [answer[name] for name in headers] == ["no-store", "no-referrer", "noindex, nofollow"]
    assert DRIVER.full_name not in answer.get("Content-Disposition", "")
    assert client.get(f"/p/{'x' * 22}/data{path}").status_code == HTTPStatus.NOT_FOUND


def test_how_often_one_takes_the_paper_is_limited(
    client: Client, own_page: OwnPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, own_data_views, OWN_PAPERS)
    answers = [client.get(f"/p/{own_page.secret}/data/pdf").status_code for _ in range(BURST + 1)]
    assert answers == [HTTPStatus.OK] * BURST + [HTTPStatus.TOO_MANY_REQUESTS]


def test_the_own_page_leads_there(client: Client, own_page: OwnPage) -> None:
    assert f'href="/p/{own_page.secret}/data"' in client.get(f"/p/{own_page.secret}").content.decode()


def test_every_name_of_the_file_is_documented() -> None:
    page = Path(settings.PROJECT_ROOT, "docs", "own-data.md").read_text(encoding="utf-8")
    structs = (OwnData, OwnPerson, OwnJourney, OwnSample, OwnCertificate, OwnLookAt)
    names = {field.name for struct in structs for field in msgspec.structs.fields(struct)}
    assert {name for name in names if f"`{name}`" not in page} == set()
