"""The private PostgreSQL touches nothing but itself, and leaves nothing behind."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from chotxanh.cli import postgres_binaries
from chotxanh.cli.paths import ROOT, python
from chotxanh.cli.postgres import MARKER, PrivatePostgres
from chotxanh.cli.stopped import Stopped

pytestmark = pytest.mark.slow


@pytest.fixture
def programs() -> None:
    """PostgreSQL's server programs: without them a test is skipped at home; CI installs them or fails."""
    if os.environ.get("CI"):
        postgres_binaries.find_or_install()
    elif postgres_binaries.find() is None:
        pytest.skip("no PostgreSQL on this machine")


@pytest.fixture
def server(programs: None) -> Iterator[PrivatePostgres]:
    with PrivatePostgres({"max_connections": "20"}) as server:
        yield server


def ask(url: str, question: LiteralString) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def test_databases_are_made_anew_durable_and_with_the_settings_asked_for(server: PrivatePostgres) -> None:
    url = server.create_database("campaign")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE seen (id integer)")
    assert ask(url, "SELECT to_regclass('seen')") == "seen"
    assert ask(server.create_database("campaign"), "SELECT to_regclass('seen')") is None
    assert [ask(url, "SHOW fsync"), ask(url, "SHOW max_connections")] == ["on", "20"]


def test_server_in_a_folder_without_our_mark_is_never_touched(server: PrivatePostgres) -> None:
    (server.data / MARKER).unlink()
    with pytest.raises(Stopped, match="nothing was created or dropped"):
        server.create_database("campaign")
    assert ask(server.url, "SELECT count(*) FROM pg_database WHERE datname = 'campaign'") == 0


def test_another_server_on_the_port_is_never_touched(server: PrivatePostgres) -> None:
    url = server.create_database("campaign")
    with PrivatePostgres() as mistaken:
        own_port, mistaken.port = mistaken.port, server.port
        own_password, mistaken.password = mistaken.password, server.password
        with pytest.raises(Stopped, match="nothing was created or dropped"):
            mistaken.create_database("campaign")
        mistaken.port, mistaken.password = own_port, own_password
    assert ask(url, "SELECT 1") == 1


def test_nothing_remains_after_an_error(programs: None) -> None:
    folder = Path()
    with pytest.raises(KeyboardInterrupt), PrivatePostgres() as server:
        folder, url = server.folder, server.url
        raise KeyboardInterrupt
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


ABANDON = """
import os, sys
from chotxanh.cli.postgres import PrivatePostgres
server = PrivatePostgres().__enter__()
print(server.url, server.folder, flush=True)
os.kill(os.getpid(), 9)
"""


def test_server_goes_even_when_its_starter_is_killed(programs: None) -> None:
    # Its output ends only when the guard, which inherits it, has ended too.
    abandoned = subprocess.run(
        python("-c", ABANDON), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    url, folder = abandoned.stdout.split()
    assert not Path(folder).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
