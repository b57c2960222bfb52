"""The files of this repository as its own tests see them: all that is, or is about to be, committed."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = {".git", ".venv", "var", "node_modules", "dist", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Return every file of the tree, as paths from its root, without what is ignored or made."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(listing, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if listed.returncode == 0:
        names = {Path(name) for name in listed.stdout.decode().split("\0") if name}
    else:  # an unpacked archive
        names = {path.relative_to(ROOT) for path in ROOT.rglob("*")}
    return tuple(sorted(name for name in names if (ROOT / name).is_file() and not NOT_OURS & set(name.parts)))


def with_suffix(*suffixes: str) -> tuple[Path, ...]:
    """Return the files whose names end in one of `suffixes`."""
    return tuple(file for file in files() if file.suffix in suffixes)


@cache
def text_of(file: Path) -> str:
    """Return a file's text; fails where it is not UTF-8."""
    return (ROOT / file).read_bytes().decode("utf-8")


@cache
def module_of(file: Path) -> ast.Module:
    """Return a Python file's syntax tree."""
    return ast.parse(text_of(file), filename=str(file))


def product_modules() -> tuple[Path, ...]:
    """Return the Python files of the product itself: no tests."""
    return tuple(f for f in with_suffix(".py") if f.parts[0] == "src" and "tests" not in f.parts)
