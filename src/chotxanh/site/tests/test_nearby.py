"""An address typed with a slash too much or too little, or with a sign behind it, is found (finding G5)."""

from http import HTTPStatus

import pytest
from django.test import Client

from chotxanh.site import nearby

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/station", "/station/"),
        ("/office", "/office/"),
        ("/office/held/", "/office/held"),
        ("/declare/", "/declare"),
        ("/verify.", "/verify"),
        ("/verify/?lang=en", "/verify?lang=en"),
        ("/p", "/p/"),
    ],
)
def test_g5_an_address_that_was_clearly_meant_is_found(client: Client, typed: str, meant: str) -> None:
    answer = client.get(typed)
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, meant)


@pytest.mark.parametrize(
    "typed", ["/nothing/", "//evil.example/.", "/p//evil.example.", "/api/v1/clock/", "/."]
)
def test_what_was_not_meant_leads_nowhere_else(client: Client, typed: str) -> None:
    answer = client.get(typed)
    assert answer.status_code == HTTPStatus.NOT_FOUND or answer["Location"] == "/"


def test_a_long_row_of_signs_is_passed_over_from_its_other_end() -> None:
    """Looked at from each of its signs it took the square of its length."""
    assert nearby._MEANT.match("." * 60_000) is None
    assert nearby.meant_by("/" + "." * 60_000 + "a") == "/" + "." * 60_000 + "a"
    assert nearby.meant_by("/verify" + "." * 60_000) == "/verify"


def test_only_what_is_asked_for_is_led_on(client: Client) -> None:
    assert client.post("/declare/", {}).status_code == HTTPStatus.NOT_FOUND
