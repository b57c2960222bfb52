"""Takes a backup of a product that is in use and puts it back, as docs/settings.md tells an administrator."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connections

from benchmarks.product import Setting
from chotxanh.cli import postgres_binaries

DUMP = "backup.dump"


def take_backup(setting: Setting, folder: Path) -> None:
    """Copy the whole database into `folder` while the server goes on."""
    if setting.postgres is None:
        for file in _files():
            _copy(file, folder / file.name)
    else:
        _run("pg_dump", "--format=custom", f"--file={folder / DUMP}", f"--dbname={_url(setting)}")


def put_back(setting: Setting, folder: Path) -> None:
    """Put the backup in the place of the database; nobody may be using it."""
    if setting.postgres is None:
        for file in _files():
            _copy(folder / file.name, file)
    else:
        name = connections["default"].settings_dict["NAME"]
        url = setting.postgres.create_database(str(name))
        _run("pg_restore", "--exit-on-error", f"--dbname={url}", str(folder / DUMP))


def _files() -> list[Path]:
    return [Path(connections[alias].settings_dict["NAME"]) for alias in connections]


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _url(setting: Setting) -> str:
    return setting.environment["CHOTXANH_DATABASE_URL"]


def _run(program: str, *arguments: str) -> None:
    command = [str(postgres_binaries.find_or_install() / program), *arguments]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
