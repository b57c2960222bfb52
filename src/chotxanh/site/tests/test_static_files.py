"""Static files travel as the build compressed them, to browsers that can read that."""

from http import HTTPStatus
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

COPIES = {"pages.css": b"as it is", "pages.css.gz": b"gzip", "pages.css.br": b"br"}


@pytest.fixture
def build(tmp_path: Path, settings: Settings) -> None:
    """A build with one stylesheet and its two smaller copies, each told by its content."""
    (tmp_path / "pages" / "hashed").mkdir(parents=True)
    for name, content in {**COPIES, "pages/hashed/table-B5_R8K2F.txt": b"units"}.items():
        (tmp_path / name).write_bytes(content)
    settings.STATICFILES_DIRS = [("web", tmp_path)]


@pytest.mark.parametrize(
    ("accepted", "encoding", "name"),
    [
        ("gzip, deflate, br", "br", "pages.css.br"),
        ("gzip", "gzip", "pages.css.gz"),
        ("identity", None, "pages.css"),
    ],
)
def test_a_browser_gets_the_smallest_copy_it_can_read(
    build: None, accepted: str, encoding: str | None, name: str
) -> None:
    answer = Client().get("/static/web/pages.css", headers={"accept-encoding": accepted})
    content = answer.getvalue()
    answer.close()
    assert (answer.status_code, content) == (HTTPStatus.OK, COPIES[name])
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("pages/hashed/table-B5_R8K2F.txt", "max-age=315360000, public, immutable"),
        ("pages.css", "max-age=300, public"),
    ],
)
def test_only_what_is_named_by_its_content_is_kept_for_ever(build: None, name: str, kept: str) -> None:
    answer = Client().get(f"/static/web/{name}")
    answer.close()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (HTTPStatus.OK, kept)
