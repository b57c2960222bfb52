"""Breaks the product under traffic, again and again, and counts what was lost or doubled."""

import subprocess

from chotxanh.cli.paths import ROOT, python


def run(arguments: list[str]) -> int:
    """Hand everything to `benchmarks`, which lies beside the package."""
    return subprocess.run(python("-m", "benchmarks", "faults", *arguments), cwd=ROOT, check=False).returncode
