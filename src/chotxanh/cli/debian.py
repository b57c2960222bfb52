"""Installs what a check needs where that is possible without asking: on Debian, as root."""

import os
import shutil
from pathlib import Path

from chotxanh.cli.progress import run_quietly, step


def can_install() -> bool:
    """Tell whether system packages can be installed here by this process."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(package: str) -> None:
    """Install one Debian package. Raises Stopped with apt-get's words if it could not."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Debian package {package}"):
        run_quietly(["apt-get", "update"], Path("/"), env)
        run_quietly(["apt-get", "install", "--yes", "--no-install-recommends", package], Path("/"), env)
