"""The pages anyone can open: the department first, the language one tap away, failures told in one sentence."""

from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db

PUBLIC = (
    "/",
    "/declare/the-form-of-a-phone",
    "/verify",
    "/p/",
    "/privacy",
    "/rules/standing",
    "/office/sign-in",
    "/nowhere",
)


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_names_the_department_first_and_the_scenario(
    client: Client, address: str, language: str
) -> None:
    client.cookies["language"] = language
    page = client.get(address).content.decode()
    assert f'<html lang="{language}">' in page
    assert (
        0 < page.index('class="department"') < page.index('class="product"') < page.index('class="scenario"')
    )
    assert page.count("<h1") == 1
    assert page.count("<main") == 1


@pytest.mark.parametrize(
    ("department", "shown"),
    [
        (
            "Sở Y tế tỉnh Bà Rịa - Vũng Tàu",
            'Sở Y tế <span class="place">tỉnh Bà Rịa - Vũng Tàu</span>',
        ),
        (
            "Sở Y tế TP. Hồ Chí Minh",
            'Sở Y tế <span class="place">TP. Hồ Chí Minh</span>',
        ),
        ("Sở Y tế <Đà Nẵng>", "Sở Y tế &lt;Đà Nẵng&gt;"),
    ],
)
def test_the_name_of_a_province_stays_in_one_piece(
    client: Client, settings: Settings, department: str, shown: str
) -> None:
    settings.DEPARTMENT = department
    assert f'<span class="department" lang="vi">{shown}</span>' in client.get("/").content.decode()


def test_choosing_a_language_comes_back_to_the_same_page(client: Client) -> None:
    answer = client.post("/language/en", {"next": "/verify"})
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, "/verify")
    assert client.cookies["language"].value == "en"


def test_choosing_a_language_keeps_what_was_asked_of_the_page(client: Client) -> None:
    address = "/office/sign-in?next=/office/held&lost=1"
    page = client.get(address).content.decode()
    assert f'name="next" value="{address.replace("&", "&amp;")}"' in page
    assert client.post("/language/en", {"next": address})["Location"] == address


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "//evil.example?page=2", "https://evil.example", r"/\evil.example", "verify"],
)
def test_a_choice_of_language_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    assert client.get("/language/en", {"next": elsewhere})["Location"] == "/"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    client.get("/language/xx")
    assert "language" not in client.cookies


def test_a_page_that_does_not_exist_says_so_with_a_way_on(client: Client) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "Không tìm thấy trang này" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


@pytest.mark.parametrize("address", ["/declare", "/verify", "/p/", "/language/en"])
def test_too_much_or_unreadable_input_gets_a_page_and_never_a_traceback(client: Client, address: str) -> None:
    form = "application/x-www-form-urlencoded"
    too_large = client.post(address, b"full_name=" + b"a" * 3_000_000, content_type=form)
    assert too_large.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    many = "&".join(f"field{number}=1" for number in range(2000))
    assert client.post(address, many.encode(), content_type=form).status_code == HTTPStatus.BAD_REQUEST
    broken = client.post(address, b"not multipart", content_type="multipart/form-data")
    assert broken.status_code == HTTPStatus.BAD_REQUEST
    odd = client.post(address, b"full_name=%ff%00&text=%ed%a0%80&link=%00", content_type=form)
    assert odd.status_code in (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SEE_OTHER)
