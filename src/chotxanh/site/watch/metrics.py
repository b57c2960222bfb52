"""`/metrics` for a monitor on this machine, or one that shows the stated token."""

import hmac
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from chotxanh.site.watch.figures import figures

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
BEARER = "Bearer "
# What a proxy adds: of the request (RFC 7239, RFC 9110), as nginx, HAProxy, Apache, Caddy, Envoy and CDNs write it.
SAID_BY_PROXIES = {
    *(
        "forwarded",
        "via",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-original-host",
        "x-original-url",
    ),
    *("true-client-ip", "client-ip", "cf-connecting-ip", "cf-ray", "cdn-loop", "fastly-client-ip"),
    *("x-envoy-external-address", "x-proxyuser-ip"),
}
AND_WHAT_BEGINS_WITH = "x-forwarded"
ABOUT = {
    "errands_waiting": "Errands that are due and not done.",
    "errands_oldest": "Seconds since the oldest of them was due.",
    "errands_given_up": "Errands that failed too often.",
    "dirty_keys": "Keys of sums that are behind.",
    "dirty_keys_oldest": "Seconds since the oldest of them was noted.",
    "held": "Entries that wait for a decision.",
    "disputed": "Tubes in dispute.",
    "stations_silent": "Stations on duty that were not heard for ten minutes.",
    "backup_age": "Seconds since the last backup.",
    "signer_days": "Days until the document signer's certificate ends.",
    "tls_days": "Days until the stated HTTPS certificate ends.",
    "disk_free_bytes": "Bytes free where the home folder lies.",
    "disk_free_share": "Share of that disk that is free.",
    "clock_offset": "Seconds that the stated time server is ahead of this machine.",
    "clock_behind": "Seconds that this machine is behind the latest time it wrote.",
}


class FiguresNow(Collector):
    """The figures at the moment they are asked for, as gauges; what there is nothing to tell of is left out."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give each of them."""
        for name, value in asdict(figures(timezone.now())).items():
            if value is not None:
                yield GaugeMetricFamily(f"chotxanh_{name}", ABOUT[name], value)


class Counted(Collector):
    """What all processes counted together; a file that was cut short or damaged is left out."""

    def __init__(self, folder: Path) -> None:
        """Take the folder in which each has a file."""
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        """Give each count."""
        readable = [str(file) for file in sorted(self._folder.glob("*.db")) if _is_readable(file)]
        merged: Iterable[Metric] = MultiProcessCollector.merge(readable)  # type: ignore[no-untyped-call]
        return merged


def _is_readable(file: Path) -> bool:
    try:
        MultiProcessCollector.merge([str(file)])  # type: ignore[no-untyped-call]
    except (OSError, ValueError, RuntimeError, TypeError, struct.error):
        return False
    return True


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a monitor with figures and counts, none about a person; anybody else finds nothing here."""
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(FiguresNow())
    if FOLDER_VARIABLE in os.environ:
        registry.register(Counted(Path(os.environ[FOLDER_VARIABLE])))
        content = generate_latest(registry)
    else:
        content = generate_latest(registry) + generate_latest(REGISTRY)
    answer = HttpResponse(content, content_type=CONTENT_TYPE_LATEST)
    answer["Cache-Control"] = "no-store"
    return answer


def _may_read(request: HttpRequest) -> bool:
    """A request through a proxy comes from this machine too, so that only one without its words counts as local."""
    shown = request.headers.get("Authorization", "")
    token = settings.METRICS_TOKEN
    if token and hmac.compare_digest(shown.encode(), f"{BEARER}{token}".encode()):
        return True
    return not _is_forwarded(request) and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_forwarded(request: HttpRequest) -> bool:
    """No proxy says all of these and each says another of them: one is enough."""
    names = (name.lower() for name in request.headers)
    return any(name in SAID_BY_PROXIES or name.startswith(AND_WHAT_BEGINS_WITH) for name in names)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
