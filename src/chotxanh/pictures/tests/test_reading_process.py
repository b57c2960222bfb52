"""Photos are read where nothing else is: what a photo breaks is that process alone, and the next one is read."""

import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from chotxanh.domain.problems import Problem
from chotxanh.pictures import reading, reading_process
from chotxanh.pictures.reading_process import ReadingProcess, Slow

TEXT = "HC1:6BFOXN TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2"
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a process in /proc")


@pytest.fixture
def process() -> Iterator[ReadingProcess]:
    yield ReadingProcess()


@pytest.fixture
def photo() -> io.BytesIO:
    symbol = zxingcpp.create_barcode(TEXT, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return saved(Image.fromarray(symbol.to_image(scale=4)).convert("L"))


def saved(picture: Image.Image) -> io.BytesIO:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream


def pid_of(process: ReadingProcess) -> int:
    assert process._running is not None
    return process._running.process.pid


def test_photos_are_read_one_after_the_other_by_the_same_process(
    process: ReadingProcess, photo: io.BytesIO
) -> None:
    assert process.texts_in(photo) == {TEXT}
    first = pid_of(process)
    with pytest.raises(Problem, match="photo_without_code"):
        process.texts_in(saved(Image.new("L", (300, 300))))
    assert process.texts_in(photo) == {TEXT}
    assert pid_of(process) == first != os.getpid()


def test_a_photo_that_ends_the_process_is_unreadable_and_the_next_one_is_read(
    process: ReadingProcess, photo: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert process.texts_in(photo) == {TEXT}
    exchange = reading_process._exchange

    def deadly(running: object, sent: bytes) -> bytes | None:
        os.kill(pid_of(process), signal.SIGKILL)
        return exchange(running, sent)  # type: ignore[arg-type]

    monkeypatch.setattr(reading_process, "_exchange", deadly)
    with pytest.raises(Problem, match="photo_unreadable"):
        process.texts_in(photo)
    monkeypatch.undo()
    assert process.texts_in(photo) == {TEXT}


def test_a_photo_that_takes_too_long_is_given_up(
    process: ReadingProcess, photo: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert process.texts_in(photo) == {TEXT}
    monkeypatch.setattr(reading_process, "LONGEST_SECONDS", 0.05)
    os.kill(pid_of(process), signal.SIGSTOP)
    with pytest.raises(Slow):
        process.texts_in(photo)
    monkeypatch.undo()
    assert process.texts_in(photo) == {TEXT}


def test_one_that_ended_because_nobody_asked_is_begun_again(
    process: ReadingProcess, photo: io.BytesIO
) -> None:
    assert process.texts_in(photo) == {TEXT}
    assert process._running is not None
    running = process._running.process
    assert running.stdin is not None
    running.stdin.close()
    assert running.wait(10) == 0
    assert process.texts_in(photo) == {TEXT}


@linux
def test_none_of_those_that_ended_leaves_anything_open(process: ReadingProcess, photo: io.BytesIO) -> None:
    counts = []
    for _ in range(4):
        assert process.texts_in(photo) == {TEXT}
        os.kill(pid_of(process), signal.SIGKILL)
        assert process._running is not None
        process._running.process.wait()
        counts.append(len(list(Path("/proc/self/fd").iterdir())))
    assert len(set(counts)) == 1


def test_no_answer_is_given_to_the_next_photo(
    process: ReadingProcess, photo: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What failed here after the photo was handed over left its answer in the pipe, for somebody else."""
    assert process.texts_in(photo) == {TEXT}
    with monkeypatch.context() as context, pytest.raises(MemoryError):
        context.setattr("msgspec.json.decode", _no_memory)
        process.texts_in(photo)
    with pytest.raises(Problem, match="photo_without_code"):
        process.texts_in(saved(Image.new("L", (300, 300))))


@pytest.mark.parametrize(
    "answer", [b"", b"[", b'{"problem":"not_allowed"}', b'{"texts":[1]}', b'{"problem":"photo_unreadable"}']
)
def test_what_is_no_answer_is_not_believed(
    process: ReadingProcess, photo: io.BytesIO, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(reading_process, "_exchange", lambda *_: answer)
    with pytest.raises(Problem, match="photo_unreadable"):
        process.texts_in(photo)


def _no_memory(*_words: object, **_options: object) -> None:
    raise MemoryError


@linux
def test_a_photo_may_take_only_so_much_of_a_processor(process: ReadingProcess, photo: io.BytesIO) -> None:
    """A field of finder patterns of 28 kB took eleven seconds, in which nobody else had a turn."""
    symbol = zxingcpp.create_barcode("A", zxingcpp.BarcodeFormat.QRCode)
    finder = Image.fromarray(symbol.to_image(scale=1)).convert("L").crop((0, 0, 8, 8))
    field = Image.new("L", (3200, 3200), 255)
    for x in range(0, 3200, 8):
        for y in range(0, 3200, 8):
            field.paste(finder, (x, y))
    with pytest.raises(Problem, match="photo_"):
        process.texts_in(saved(field))
    assert process.texts_in(photo) == {TEXT}


@linux
def test_it_knows_no_secret_runs_behind_all_else_and_has_its_room(
    process: ReadingProcess, photo: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHOTXANH_DATABASE_URL", "postgresql://somebody:secret@somewhere/it")
    process.texts_in(photo)
    of = Path("/proc", str(pid_of(process)))
    assert b"secret" not in of.joinpath("environ").read_bytes()
    assert os.sched_getscheduler(pid_of(process)) == os.SCHED_IDLE
    limits = of.joinpath("limits").read_text()
    assert str(reading.MOST_BYTES) in limits
    for limited in ("Max open files", "Max processes", "Max file size"):
        (line,) = (each for each in limits.splitlines() if each.startswith(limited))
        assert line.split()[3:5] == ["0", "0"] or line.split()[2:4] == ["0", "0"], line
    opened = {str(each.readlink()) for each in of.joinpath("fd").iterdir()}
    assert all(each.startswith(("pipe:", "/dev/null")) for each in opened), opened


@linux
def test_it_ends_with_who_began_it(process: ReadingProcess, photo: io.BytesIO) -> None:
    process.texts_in(photo)
    assert process._running is not None
    running = process._running.process
    assert running.stdin is not None
    running.stdin.close()
    until = time.monotonic() + 30
    while running.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert running.returncode is not None
