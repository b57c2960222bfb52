"""Measures the product: each figure beside its limit, taken in the same run."""

import subprocess

from chotxanh.cli.paths import ROOT, python


def run(arguments: list[str]) -> int:
    """Hand everything to `benchmarks`, which lies beside the package."""
    return subprocess.run(python("-m", "benchmarks", "bench", *arguments), cwd=ROOT, check=False).returncode
