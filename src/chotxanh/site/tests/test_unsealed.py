"""Nothing that a killed process left unsealed stays in the home."""

from pathlib import Path

from pytest_django import Settings

from chotxanh.site.nightly import erase_what_is_over
from chotxanh.site.unsealed import IN_HAND, unsealed_folder
from tests.cast import EVENING
from tests.stage import Stage


def left_by_a_killed_process(home: Path) -> Path:
    """Lay out what `kill -9` of a backup leaves."""
    folder = home / "backup-abcdefgh"
    folder.mkdir()
    (folder / IN_HAND).touch()
    (folder / "default.sqlite3").write_bytes(b"SQLite format 3")
    return folder


def test_what_a_killed_process_left_goes_with_the_next_one(tmp_path: Path, settings: Settings) -> None:
    """An unsealed database, of a rehearsal the keys too, stayed for good."""
    settings.HOME = tmp_path
    left, somebodys = left_by_a_killed_process(tmp_path), tmp_path / "backup-old"
    somebodys.mkdir()
    with unsealed_folder("rehearsal-") as one, unsealed_folder("backup-") as other:
        assert not left.exists()
        assert one.is_dir(), "who lives is left alone"
        assert other.is_dir()
    assert list(tmp_path.iterdir()) == [somebodys]


def test_the_night_sweeps_too(stage: Stage, tmp_path: Path, settings: Settings) -> None:
    settings.HOME = tmp_path
    left = left_by_a_killed_process(tmp_path)
    erase_what_is_over(EVENING.date(), EVENING)
    assert not left.exists()
