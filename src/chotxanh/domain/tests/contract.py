"""Where the vectors shared with the TypeScript twins are read."""

import json
from pathlib import Path
from typing import Any

CONTRACTS = Path(__file__).resolve().parents[4] / "contracts"


def vectors(name: str) -> Any:
    """The content of `contracts/<name>.json`."""
    return json.loads((CONTRACTS / f"{name}.json").read_text(encoding="utf-8"))
