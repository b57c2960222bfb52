"""Replays a synthetic campaign through the real HTTP API and counts what arrived."""

import subprocess

from chotxanh.cli.paths import ROOT, python


def run(arguments: list[str]) -> int:
    """Hand everything to `benchmarks`, which lies beside the package."""
    return subprocess.run(python("-m", "benchmarks", "replay", *arguments), cwd=ROOT, check=False).returncode
