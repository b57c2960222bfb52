"""Photos are read where nothing else is: what a photo breaks is that process alone, and the next one is read."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from chotxanh.apart import asking, serving
from chotxanh.apart.asking import Slow
from chotxanh.domain.problems import Problem
from chotxanh.pictures import reading
from chotxanh.pictures.reading_process import ReadingProcess

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
    assert process.running is not None
    return process.running.pid


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
    exchange = asking.exchange

    def deadly(running: object, sent: bytes, longest: int) -> bytes | None:
        os.kill(pid_of(process), signal.SIGKILL)
        return exchange(running, sent, longest)  # type: ignore[arg-type]

    monkeypatch.setattr(asking, "exchange", deadly)
    with pytest.raises(Problem, match="photo_unreadable"):
        process.texts_in(photo)
    monkeypatch.undo()
    assert process.texts_in(photo) == {TEXT}


def test_a_photo_that_takes_too_long_is_given_up(
    process: ReadingProcess, photo: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert process.texts_in(photo) == {TEXT}
    monkeypatch.setattr(asking, "LONGEST_SECONDS", 0.05)
    os.kill(pid_of(process), signal.SIGSTOP)
    with pytest.raises(Slow):
        process.texts_in(photo)
    monkeypatch.undo()
    assert process.texts_in(photo) == {TEXT}


def test_one_that_ended_because_nobody_asked_is_begun_again(
    process: ReadingProcess, photo: io.BytesIO
) -> None:
    assert process.texts_in(photo) == {TEXT}
    running = process.running
    assert running is not None
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
        assert process.running is not None
        process.running.wait()
        counts.append(len(list(Path("/proc/self/fd").iterdir())))
    assert len(set(counts)) == 1


def test_no_answer_is_given_to_the_next_photo(
    process: ReadingProcess, photo: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What failed here after the photo was handed over left its answer in the pipe, for somebody else."""
    assert process.texts_in(photo) == {TEXT}
    with monkeypatch.context() as context, pytest.raises(MemoryError):
        context.setattr(asking, "exchange", _hand_over_alone)
        process.texts_in(photo)
    with pytest.raises(Problem, match="photo_without_code"):
        process.texts_in(saved(Image.new("L", (300, 300))))


@pytest.mark.parametrize("answer", [b"", b"[", b'{"problem":"not_allowed"}', b'{"texts":[1]}'])
def test_what_is_no_answer_is_not_believed(
    process: ReadingProcess, photo: io.BytesIO, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(asking, "exchange", lambda *_: answer)
    with pytest.raises(Problem, match="photo_unreadable"):
        process.texts_in(photo)


def _hand_over_alone(running: "subprocess.Popen[bytes]", photo: bytes, _longest: int) -> None:
    assert running.stdin is not None
    running.stdin.write(len(photo).to_bytes(serving.LENGTH_BYTES) + photo)
    running.stdin.flush()
    raise MemoryError


@linux
def test_it_knows_no_secret_runs_behind_all_else_and_has_its_room(
    process: ReadingProcess, photo: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHOTXANH_DATABASE_URL", "postgresql://somebody:secret@somewhere/it")
    process.texts_in(photo)
    of = Path("/proc", str(pid_of(process)))
    assert b"secret" not in of.joinpath("environ").read_bytes()
    assert os.getpriority(os.PRIO_PROCESS, pid_of(process)) == serving.NICENESS
    limits = of.joinpath("limits").read_text()
    assert str(reading.ROOM.most_bytes) in limits
    # Of a processor it has so many seconds for each photo, beside what it used for those before.
    (of_processor,) = (each for each in limits.splitlines() if each.startswith("Max cpu time"))
    assert reading.ROOM.most_seconds < int(of_processor.split()[3]) <= reading.ROOM.most_seconds + 3
    for limited in ("Max open files", "Max processes", "Max file size"):
        (line,) = (each for each in limits.splitlines() if each.startswith(limited))
        assert line.split()[-3:-1] == ["0", "0"], line
    opened = {str(each.readlink()) for each in of.joinpath("fd").iterdir()}
    assert all(each.startswith(("pipe:", "/dev/null")) for each in opened), opened
