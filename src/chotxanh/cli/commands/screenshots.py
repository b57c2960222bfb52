"""Lives the whole road in a private demonstration and writes its screenshots into docs/images."""

import argparse
import subprocess

from chotxanh.cli.paths import ROOT, python


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh screenshots", description=__doc__)
    options.add_argument("--into", default=str(ROOT / "docs" / "images"), help="the folder to write into")
    return options


def run(arguments: list[str]) -> int:
    """Hand over to `chotxanh.cli.pictures`, which needs a browser and so the development lock."""
    options = parser().parse_args(arguments)
    command = python("-m", "chotxanh.cli.pictures", options.into)
    return subprocess.run(command, cwd=ROOT, check=False).returncode
