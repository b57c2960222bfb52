"""Servers that start at once on one database prepare it one after the other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from chotxanh.site.tests.test_rebuild import empty_database

AT_ONCE = 3


@pytest.mark.slow
def test_servers_that_start_at_once_on_an_empty_database_all_find_it_prepared(
    db: None, tmp_path: Path
) -> None:
    with empty_database(tmp_path) as url:
        started = [prepare(url, tmp_path / "home") for _ in range(AT_ONCE)]
        said = [each.communicate()[1] for each in started]
    assert [each.returncode for each in started] == [0] * AT_ONCE, said


def prepare(url: str, home: Path) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "CHOTXANH_DATABASE_URL": url,
        "CHOTXANH_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "chotxanh.settings",
        "PYTHONPATH": str(Path(settings.PROJECT_ROOT, "src")),
    }
    command = [sys.executable, "-m", "chotxanh.cli.prepare"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
