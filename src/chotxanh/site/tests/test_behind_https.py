"""Behind a proxy that speaks HTTPS links are right, and browsers are told to come by HTTPS alone."""

from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django import Settings

from chotxanh.site.policies import FOR_NOBODY, PERMISSIONS_POLICY

PROXIED = {"X-Forwarded-Proto": "https", "Host": "testserver"}


@pytest.fixture
def behind_https(settings: Settings) -> None:
    """The settings that CHOTXANH_HTTPS=1 makes."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 3600


def test_d7_links_are_https_behind_the_proxy(client: Client, db: None, behind_https: None) -> None:
    answer = client.get("/p/", headers=PROXIED)
    assert "https://testserver/p/" in answer.content.decode()
    assert answer["Strict-Transport-Security"] == "max-age=3600"


def test_d7_without_a_proxy_nobody_says_https(client: Client, db: None) -> None:
    answer = client.get("/p/", headers=PROXIED)
    assert "http://testserver/p/" in answer.content.decode()
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/privacy", "/p/", "/office/", "/office/sign-in", "/verify", "/station/"]
)
def test_d7_every_answer_says_what_it_may_use_and_who_keeps_it(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    assert answer["Permissions-Policy"] == PERMISSIONS_POLICY
    kept = answer["Cache-Control"]
    assert "public" not in kept
    if answer.status_code != HTTPStatus.OK:
        assert kept == FOR_NOBODY


@pytest.mark.parametrize("path", ["/declare", "/p/", "/language/en", "/office/sign-in", "/api/v1/entries"])
def test_c5_a_body_that_is_too_long_is_refused_by_its_length(client: Client, db: None, path: str) -> None:
    answer = client.post(path, headers={"Content-Length": "300000000"}, data="a=b", content_type="text/plain")
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
