"""Runs the delivered nginx configuration on this machine's own ports, for tests and for benchmarks."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chotxanh.cli import debian
from chotxanh.cli.paths import ROOT
from chotxanh.cli.stopped import Stopped

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
WITHIN_SECONDS = 20
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True)
class Ports:
    """Where nginx listens (in plain, if no certificate is given it), and who stands behind."""

    front: int
    led_to_https: int
    pages: int
    stations: int


@dataclass(frozen=True)
class Certificate:
    """The files of a server's certificate and of its key (PEM)."""

    chain: Path
    key: Path


def configuration(folder: Path, ports: Ports, certificate: Certificate | None = None) -> str:
    """Return the configuration as it is delivered, but for its ports, owner, certificate and where it writes."""
    delivered = CONFIGURATION.read_text(encoding="utf-8")
    owner = "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    places = " ".join(f"{name}_temp_path {folder};" for name in TEMPORARY)
    changes = {
        "user www-data;": owner,
        "pid /run/nginx.pid;": f"pid {folder}/pid; daemon off;",
        "worker_processes auto;": "worker_processes 1;",
        "worker_rlimit_nofile 32768;": "",
        "http {": f"http {{ {places}",
        "127.0.0.1:8000": f"127.0.0.1:{ports.pages}",
        "127.0.0.1:8001": f"127.0.0.1:{ports.stations}",
        "listen 443 ssl;": f"listen 127.0.0.1:{ports.front}{' ssl' if certificate else ''};",
        "listen 80;": f"listen 127.0.0.1:{ports.led_to_https};",
        "/var/log/nginx/chotxanh.log": f"{folder}/access.log",
        "/var/log/nginx/chotxanh-error.log": f"{folder}/error.log",
    }
    if certificate:
        changes["/etc/ssl/chot.example.pem"] = str(certificate.chain)
        changes["/etc/ssl/private/chot.example.key"] = str(certificate.key)
    for old, new in changes.items():
        if old not in delivered:
            raise Stopped(f"deploy/nginx.conf has no '{old}' any more.")
        delivered = delivered.replace(old, new, 1)
    return delivered if certificate else re.sub(r"^ +ssl_.*\n", "", delivered, flags=re.MULTILINE)


@contextlib.contextmanager
def in_front(
    folder: Path, ports: Ports, certificate: Certificate | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run nginx so while the block runs; yields its process once it listens. Raises Stopped without nginx."""
    file = folder / "nginx.conf"
    file.write_text(configuration(folder, ports, certificate), encoding="utf-8")
    with subprocess.Popen([nginx(), "-p", str(folder), "-c", str(file)], stderr=subprocess.PIPE) as process:
        try:
            _wait_for(ports.front, process)
            yield process
        finally:
            process.terminate()


def nginx() -> str:
    """Find nginx, or install it where PostgreSQL is installed too. Raises Stopped."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    if shutil.which("nginx", path=path) is None and debian.can_install():
        debian.install("nginx-light")
    found = shutil.which("nginx", path=path)
    if found is None:
        raise Stopped("nginx is not here.")
    return found


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), WITHIN_SECONDS).close()
        except ConnectionRefusedError:
            continue
        return
    raise Stopped(process.stderr.read().decode() if process.stderr else "nginx ended")
