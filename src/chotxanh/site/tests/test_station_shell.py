"""The station's shell: the page carries the department and the scenario, escaped, and follows a new build."""

import os
from http import HTTPStatus
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

SECOND = 1_000_000_000
PAGE = '<meta name="department" content="__DEPARTMENT__" /><meta name="scenario" content="__SCENARIO__" />'


@pytest.fixture
def build(tmp_path: Path, settings: Settings) -> Path:
    """A folder that holds a built station."""
    settings.WEB_BUILD = tmp_path
    station = tmp_path / "station"
    station.mkdir()
    (station / "index.html").write_text(PAGE, encoding="utf-8")
    (station / "sw.js").write_text("const SHELL = {};", encoding="utf-8")
    return station


def page(client: Client) -> str:
    return client.get("/station/").content.decode()


def test_the_page_names_the_department_and_the_scenario(
    client: Client, build: Path, settings: Settings
) -> None:
    settings.DEPARTMENT, settings.IS_DEMO = "Sở Y tế", True
    assert '<meta name="department" content="Sở Y tế" />' in page(client)
    assert 'name="scenario" content="Bản trình diễn: kịch bản tháng 7 năm 2021' in page(client)


def test_without_a_scenario_its_place_is_empty(client: Client, build: Path, settings: Settings) -> None:
    settings.IS_DEMO = False
    assert '<meta name="scenario" content="" />' in page(client)


def test_a_department_cannot_break_out_of_the_page(client: Client, build: Path, settings: Settings) -> None:
    settings.DEPARTMENT = 'Sở "Y tế" <script>'
    assert "<script>" not in page(client)
    assert 'content="Sở &quot;Y tế&quot; &lt;script&gt;"' in page(client)


def test_a_new_build_is_served_at_once(client: Client, build: Path) -> None:
    page(client)
    file = build / "index.html"
    changed_at = file.stat().st_mtime_ns + SECOND
    file.write_text("the new build", encoding="utf-8")
    os.utime(file, ns=(changed_at, changed_at))
    assert page(client) == "the new build"


def test_the_service_worker_is_a_script_that_is_asked_for_anew(client: Client, build: Path) -> None:
    answer = client.get("/station/sw.js")
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "text/javascript; charset=utf-8",
        "no-cache",
    )
    assert answer.getvalue() == b"const SHELL = {};"


@pytest.mark.parametrize("address", ["/station/manifest.webmanifest", "/station/index.html", "/station/../x"])
def test_what_is_not_built_or_not_part_of_the_shell_is_not_found(
    client: Client, build: Path, address: str
) -> None:
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
