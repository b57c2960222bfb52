"""`up.second`: how long the second `up` takes until the server answers."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping

from benchmarks.connection import Connection
from benchmarks.figures import Figure, bound
from benchmarks.place import Place
from chotxanh.cli.paths import LAUNCHER, ROOT, python
from chotxanh.cli.ports import free_port
from chotxanh.cli.stopped import Stopped

MOST_SECONDS = 3.0
FIRST_WITHIN_SECONDS = 900
POLL_SECONDS = 0.02
SETTLE_SECONDS = 1.0


def measure(_place: Place) -> list[Figure]:
    """Start the product twice on a database of its own; return the seconds of the second start."""
    with tempfile.TemporaryDirectory(prefix="chotxanh-up-") as home:
        environment = {name: value for name, value in os.environ.items() if name != "CHOTXANH_DATABASE_URL"}
        environment["CHOTXANH_HOME"] = home
        _start(environment)
        return [bound("up.second", _start(environment), "s", MOST_SECONDS)]


def _start(environment: Mapping[str, str]) -> float:
    port, began = free_port(), time.monotonic()
    command = python(str(LAUNCHER), "up", "--port", str(port))
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            return _seconds_until_ready(process, port, began)
        finally:
            time.sleep(SETTLE_SECONDS)  # a server ended while its second worker starts leaves that one behind
            process.send_signal(signal.SIGTERM)
            process.wait()


def _seconds_until_ready(process: subprocess.Popen[bytes], port: int, began: float) -> float:
    while time.monotonic() - began < FIRST_WITHIN_SECONDS:
        if process.poll() is not None:
            said = process.stderr.read().decode(errors="replace") if process.stderr else ""
            raise Stopped(f"`up` ended by itself with status {process.returncode}. {said[-500:]}")
        try:
            Connection(port).get("/api/v1/clock")
        except OSError:
            time.sleep(POLL_SECONDS)
        else:
            return time.monotonic() - began
    raise Stopped("`up` was not ready in time.")
