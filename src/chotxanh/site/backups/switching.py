"""Puts files and folders in the places of others, all of them or none, whatever filesystem each place lies on."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chotxanh.storage.files import reach_disk

DRAFT = ".restoring"


class Switch:
    """What is to be moved. First all of it is brought beside its place; to switch is then to give names."""

    def __init__(self, mark: str) -> None:
        """Let what lies in a place be kept beside it under its name with `mark`."""
        self._mark = mark
        self._moves: list[tuple[Path, Path]] = []
        self._drafts: list[Path] = []

    def put(self, source: Path, place: Path, ending: str = "") -> Path:
        """Bring a file or a folder beside its place, to be put there for what lies there; return where it waits.

        `ending` is what the name of what is kept must still end with.
        """
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_name(f"{place.name}{DRAFT}")
        _remove(draft)  # of a restore that was killed
        self._drafts.append(draft)
        _move(source, draft)
        self.set_aside(place, ending)
        self._moves.append((draft, place))
        return draft

    def set_aside(self, place: Path, ending: str = "") -> None:
        """Keep what lies in a place, if anything does."""
        if place.exists():
            self._moves.append((place, self.name_aside(place, ending)))

    def name_aside(self, place: Path, ending: str = "") -> Path:
        """Return under which name what lies in a place is kept."""
        return place.with_name(f"{place.name.removesuffix(ending)}.{self._mark}{ending}")

    @contextmanager
    def switched(self) -> Iterator[None]:
        """Switch for a block, and for good unless it raises: then all lies again where it lay."""
        done = list[tuple[Path, Path]]()
        try:
            for old, new in self._moves:
                old.rename(new)
                done.append((old, new))
            for folder in {new.parent for _, new in done}:
                reach_disk(folder)
            yield
        except BaseException:
            for old, new in reversed(done):
                with suppress(OSError):  # the others go back all the same
                    new.rename(old)
            raise

    def clear(self) -> None:
        """Remove what still waits: after a switch nothing does."""
        for draft in self._drafts:
            _remove(draft)


def _move(source: Path, draft: Path) -> None:
    try:
        source.rename(draft)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        if source.is_dir():
            shutil.copytree(source, draft)
        else:
            shutil.copyfile(source, draft)
    draft.chmod(0o700 if draft.is_dir() else 0o600)
    for file in draft.rglob("*") if draft.is_dir() else [draft]:
        if file.is_file():
            file.chmod(0o600)
            _reach_disk(file)


def _reach_disk(file: Path) -> None:
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def _remove(draft: Path) -> None:
    if draft.is_dir():
        shutil.rmtree(draft)
    else:
        draft.unlink(missing_ok=True)
