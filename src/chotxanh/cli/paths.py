"""Where things lie in a checkout; everything that is made at run time goes under `home()`."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src"
WEB = ROOT / "web"
CONTRACTS = ROOT / "contracts"
LAUNCHER = ROOT / "chotxanh"


def home() -> Path:
    """Return the folder of this node's own data, `var` unless CHOTXANH_HOME names another."""
    return Path(os.environ.get("CHOTXANH_HOME", ROOT / "var"))


def python(*arguments: str) -> list[str]:
    """Return the command that runs `arguments` with this environment's Python."""
    return [sys.executable, *arguments]
