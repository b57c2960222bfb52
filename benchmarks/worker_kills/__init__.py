"""Kills real workers at random moments and looks whether an errand, a day or a sum was lost or doubled.

An application of its own, installed beside the product by `settings.py` while the campaign runs.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def kill_workers(rounds: int, seconds: float, database_url: str | None = None) -> dict[str, Any]:
    """Run the campaign in a process of its own, until `rounds` workers were killed or `seconds` are over.

    `database_url` names an empty database, else a SQLite file is made and removed. The answer has `rounds`,
    `errands`, `days`, `sums`, `seconds`, and above all `lost`, `doubled` and `wrong`, which must be 0.
    """
    words = ["--rounds", str(rounds), "--seconds", str(seconds)]
    words += ["--database-url", database_url] if database_url else []
    command = [sys.executable, "-m", "benchmarks.worker_kills", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if not done.stdout.strip():
        raise RuntimeError(f"the campaign ended with status {done.returncode}: {done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
