"""Answers of more than one packet travel compressed; smaller ones as they are."""

import gzip
import re
from http import HTTPStatus

import pytest
from django.test import Client

GZIP = {"Accept-Encoding": "gzip"}

pytestmark = pytest.mark.django_db


def test_only_what_needs_more_than_one_packet_is_compressed(client: Client) -> None:
    small = client.get("/api/v1/clock", headers=GZIP)
    large = client.get("/verify", headers=GZIP)
    assert (small.status_code, large.status_code) == (HTTPStatus.OK, HTTPStatus.OK)
    assert "Content-Encoding" not in small.headers
    assert (large.headers["Content-Encoding"], large.headers["Vary"].split(", ")[0]) == (
        "gzip",
        "Accept-Encoding",
    )


@pytest.mark.parametrize("address", ["/verify", "/declare/the-form-of-a-phone", "/rules/standing"])
def test_what_is_compressed_is_what_others_get_plain(client: Client, address: str) -> None:
    packed, plain = client.get(address, headers=GZIP), client.get(address)
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content)
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == packed.headers["Vary"]


def test_how_long_a_compressed_page_is_tells_nothing_of_what_is_in_it(client: Client) -> None:
    assert len({len(client.get("/verify", headers=GZIP).content) for _ in range(20)}) > 1
    of_one, of_another = ("a" * 22, "Xw3-9_kQbC7dTzLm0PfRyA")
    lengths = {len(client.get(f"/declare/{token}", headers=GZIP).content) for token in (of_one, of_another)}
    assert len(lengths) == 1


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_form_that_is_drawn_once_holds_each_reader_s_token_alone(client: Client, language: str) -> None:
    client.cookies["language"] = language
    for token in ("the-form-of-mai", "the_other-form", "x"):
        page = gzip.decompress(client.get(f"/declare/{token}", headers=GZIP).content).decode()
        assert re.findall(r'name="token" value="([^"]*)"', page) == [token]
        assert f'<html lang="{language}">' in page
