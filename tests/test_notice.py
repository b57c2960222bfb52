"""NOTICE names everything that an installation brings, with the licence that it states itself."""

import importlib.metadata
import json
import re

import pytest

from tests import tree

LINE = re.compile(r"^  (\S+) {2,}(\S.*?)(?: {2,}.*)?$", re.MULTILINE)
LOCKED = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)
# What the pages and the station are built of; the rest of web/package.json only builds and tests.
BUILT_IN = {"svelte", "pako", "@fontsource/be-vietnam-pro"}
IMPORTED = re.compile(r"""(?:from|import)\s+["'](?:npm:)?((?:@[\w-]+/)?[a-z][\w-]*)(?:/[^"']*)?["']""")


def stated() -> dict[str, str]:
    """Licence by name, as NOTICE states them."""
    return dict(LINE.findall((tree.ROOT / "NOTICE").read_text(encoding="utf-8")))


def locked() -> list[str]:
    return LOCKED.findall((tree.ROOT / "requirements.txt").read_text(encoding="utf-8"))


def test_everything_that_is_installed_is_named_and_nothing_else() -> None:
    named = set(stated()) - BUILT_IN
    assert {name for name in named if "/" not in name} == set(locked())


@pytest.mark.parametrize("package", locked())
def test_each_licence_is_the_one_its_package_states(package: str) -> None:
    try:
        metadata = importlib.metadata.metadata(package)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("it is installed on another system")
    said = [metadata[name] for name in ("License-Expression", "License") if name in metadata]
    if said and said[0]:
        assert stated()[package] == said[0]
    else:
        assert "BSD" in " ".join(metadata.get_all("Classifier") or [])


def test_what_the_front_end_is_built_of_is_named() -> None:
    assert set(stated()) >= BUILT_IN
    built = json.loads((tree.ROOT / "web" / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    sources = [file for suffix in (".ts", ".svelte") for file in tree.with_suffix(suffix)]
    product = [file for file in sources if not re.search(r"\.test\.ts$|config\.ts$|/test", file.as_posix())]
    imported = {name for file in product for name in IMPORTED.findall(tree.text_of(file))}
    assert imported & set(built) <= BUILT_IN | {"vite"}  # which only builds
