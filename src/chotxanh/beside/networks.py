"""Where a request comes from: its address, cut to what one household or one carrier's gateway shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

IPV4_PREFIX, IPV6_PREFIX = 24, 64
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Network:
    """An IPv4 /24 or an IPv6 /64. A registered one is a post's or a gate's: many phones stand behind it by design."""

    name: str
    is_registered: bool = False


def network_of(request: HttpRequest) -> Network:
    """Return the network a request came from: the nearest address that no proxy of ours can have been told."""
    return network_in(request.META)


def network_in(environ: Mapping[str, object]) -> Network:
    """Return the same of a request that Django has not read yet, by its WSGI environment."""
    return _network_at(_address(environ), settings.REGISTERED_NETWORKS)


@lru_cache(maxsize=4096)
def _network_at(told: str, registered: tuple[IPv4Network | IPv6Network, ...]) -> Network:
    """A station asks every few seconds from where it always does: reading its address costs as much as a verify."""
    address = _parsed(told)
    if address is None:
        return Network(UNKNOWN)
    prefix = IPV4_PREFIX if address.version == 4 else IPV6_PREFIX
    network = ip_network((address, prefix), strict=False)
    return Network(str(network), is_registered=any(address in each for each in registered))


def _address(environ: Mapping[str, object]) -> str:
    """Each proxy adds at the end of the list whom it heard, so only the last entries can be believed."""
    proxies: int = settings.PROXIES
    told = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",") if proxies else []
    return (
        told[-proxies] if len(told) >= proxies > 0 and told[-proxies] else str(environ.get("REMOTE_ADDR", ""))
    )


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address.strip())
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
