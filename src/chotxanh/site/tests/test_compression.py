"""Answers of more than one packet travel compressed; smaller ones as they are."""

from http import HTTPStatus

from django.test import Client


def test_only_what_needs_more_than_one_packet_is_compressed(db: None, client: Client) -> None:
    small = client.get("/api/v1/clock", headers={"Accept-Encoding": "gzip"})
    large = client.get("/verify", headers={"Accept-Encoding": "gzip"})
    assert (small.status_code, large.status_code) == (HTTPStatus.OK, HTTPStatus.OK)
    assert "Content-Encoding" not in small.headers
    assert (large.headers["Content-Encoding"], large.headers["Vary"].split(", ")[0]) == (
        "gzip",
        "Accept-Encoding",
    )
