"""Where a request comes from: what shares a gateway is one, and nobody chooses it by a header."""

from ipaddress import ip_network

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from chotxanh.beside.networks import network_of
from chotxanh.configuration import count_of, networks_of, unit_of
from chotxanh.domain.problems import Problem


def network(address: str, forwarded: str = "") -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return network_of(RequestFactory().get("/", headers=headers, REMOTE_ADDR=address)).name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_an_address_is_cut_to_what_shares_a_gateway(address: str, name: str) -> None:
    assert network(address) == name


def test_without_a_proxy_a_header_says_nothing() -> None:
    assert network("203.0.113.77", "198.51.100.9") == "203.0.113.0/24"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "name"),
    [
        (1, "198.51.100.9", "198.51.100.0/24"),
        (1, "10.0.0.1, 198.51.100.9", "198.51.100.0/24"),
        (2, "10.0.0.1, 198.51.100.9, 192.0.2.1", "198.51.100.0/24"),
        (2, "198.51.100.9", "203.0.113.0/24"),
        (1, "", "203.0.113.0/24"),
        (1, "nonsense", "unknown"),
    ],
)
def test_behind_proxies_only_what_they_added_is_believed(
    settings: Settings, proxies: int, forwarded: str, name: str
) -> None:
    settings.PROXIES = proxies
    assert network("203.0.113.77", forwarded) == name


def test_a_posts_network_can_be_registered(settings: Settings) -> None:
    settings.REGISTERED_NETWORKS = (ip_network("203.0.113.64/27"), ip_network("2001:db8::/48"))
    found = [
        network_of(RequestFactory().get("/", REMOTE_ADDR=each)).is_registered
        for each in ("203.0.113.77", "203.0.113.7", "2001:db8:0:2::1")
    ]
    assert found == [True, False, True]


def test_settings_are_read_or_refused() -> None:
    assert networks_of("203.0.113.5/24, 2001:db8::/48,") == (
        ip_network("203.0.113.0/24"),
        ip_network("2001:db8::/48"),
    )
    assert (networks_of(""), count_of("2")) == ((), 2)
    for words in ("203.0.113.0/33", "chốt"):
        with pytest.raises(Problem, match="setting_invalid"):
            networks_of(words)
    for words in ("", "-1", "hai", "²", "12"):
        with pytest.raises(Problem, match="setting_invalid"):
            count_of(words)
    assert unit_of("nso-2025:77") == "nso-2025:77"
    for words in ("", "77", "nso-2021:", "nso-1999:77", "nso-2021:77\n"):
        with pytest.raises(Problem, match="setting_invalid"):
            unit_of(words)
