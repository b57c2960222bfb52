"""The pictures of the documents: small enough to keep, and taken on a road of their own."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from chotxanh.cli.pictures import __main__ as pictures
from chotxanh.cli.pictures.camera import COLOURS, LARGEST_BYTES, Camera
from chotxanh.cli.stopped import Stopped

DEMO = "Tài khoản:\n  canbo  mat-khau\nMã đăng ký máy (enrols one station, 24 h): 7T7S3 56LX8"


def test_the_first_station_takes_the_code_that_the_demonstration_prints() -> None:
    assert pictures.code_in(DEMO) == "7T7S3 56LX8"


def test_a_demonstration_without_a_code_is_one_sentence() -> None:
    with pytest.raises(Stopped, match="no code"):
        pictures.code_in("Bản trình diễn: kịch bản tháng 7 năm 2021.")


def test_the_pictures_touch_no_data_of_this_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHOTXANH_DATABASE_URL", "postgresql://real@province/db")
    monkeypatch.setenv("CHOTXANH_HOME", "real")
    environment = pictures.environment_of(str(tmp_path))
    assert environment["CHOTXANH_HOME"] == str(tmp_path)
    assert "CHOTXANH_DATABASE_URL" not in environment


def test_a_picture_is_kept_with_a_palette(tmp_path: Path) -> None:
    png = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(png, "PNG")
    camera = Camera(browser=object.__new__(Browser), address="http://127.0.0.1", folder=tmp_path)
    size = camera.write("gradient", png.getvalue())
    with Image.open(tmp_path / "gradient.png") as kept:
        assert kept.mode == "P"
        assert len(kept.getcolors() or []) <= COLOURS
    assert 0 < size == (tmp_path / "gradient.png").stat().st_size < LARGEST_BYTES
