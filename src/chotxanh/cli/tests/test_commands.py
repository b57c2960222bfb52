"""The door: commands are found by name, and what a person can mend is one sentence."""

import contextlib
import socket
import threading
from pathlib import Path

import pytest

from chotxanh.cli import __main__ as command_line
from chotxanh.cli import checks, front_end, node, server
from chotxanh.cli.commands import test as test_command
from chotxanh.cli.commands import up
from chotxanh.cli.progress import step, tell
from chotxanh.cli.stopped import Stopped


def test_unknown_command_names_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["mange"]) == 2
    assert "There is no command 'mange'. Did you mean 'manage'?" in capsys.readouterr().err


@pytest.mark.parametrize("ends_well", [True, False])
def test_e12_progress_is_told_on_standard_error_only(
    ends_well: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.suppress(Stopped), step("Front end"):
        if not ends_well:
            raise Stopped("no Node")
    said = capsys.readouterr()
    assert (said.out, said.err.count("Front end")) == ("", 2)


def test_overview_tells_every_command() -> None:
    assert all(name in command_line.overview() for name in ("up", "test", "bench", "replay", "manage"))


@pytest.mark.parametrize("url", ["mysql://root@localhost/x", "postgres", "/var/data.sqlite3"])
def test_database_of_an_unknown_kind_is_one_sentence(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["up", "--database-url", url]) == 1
    assert capsys.readouterr().err == (
        "--database-url must begin with postgresql://, postgres://, sqlite://.\n"
    )


@pytest.mark.parametrize("absent", [(), *((name,) for name in up.OF_THE_PROVINCE), up.OF_THE_PROVINCE])
def test_a_real_province_says_first_which_it_is(
    absent: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It issued certificates as Bà Rịa - Vũng Tàu until somebody noticed."""
    for name in up.OF_THE_PROVINCE:
        monkeypatch.setenv(name, " " if name in absent else "nso-2021:75")
    options = up.parser().parse_args(["--no-demo"])
    if not absent:
        assert up.environment_of(options)["CHOTXANH_DEMO"] == "0"
        return
    with pytest.raises(Stopped) as stopped:
        up.environment_of(options)
    assert f"hãy đặt {', '.join(absent)} rồi chạy lại" in str(stopped.value)


def test_a_demonstration_needs_no_province_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in up.OF_THE_PROVINCE:
        monkeypatch.delenv(name, raising=False)
    assert up.environment_of(up.parser().parse_args([]))["CHOTXANH_DEMO"] == "1"


def test_taken_port_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command_line.main(["up", "--port", str(port)]) == 1
    assert "choose another with --port" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "is_enough"),
    [
        ("v18.19.0", False),
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("", False),
    ],
)
def test_node_is_new_enough_for_the_front_ends_tools(version: str, is_enough: bool) -> None:
    assert node.is_new_enough(version) is is_enough


@pytest.mark.parametrize(("url", "workers"), [(None, 1), ("postgresql://a@b/c", 2)])
def test_sqlite_is_served_to_stations_by_one_process(url: str | None, workers: int) -> None:
    assert server.workers_of(url) == 2
    assert server.workers_of(url, is_first=False) == workers


def test_front_end_is_built_again_only_when_a_source_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_end, "ROOT", tmp_path)
    source, made = tmp_path / "web" / "main.ts", tmp_path / "web" / "node_modules" / "x.js"
    for file in (source, made):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1")
    before = front_end.digest([tmp_path / "web"])
    made.write_text("2")
    assert front_end.digest([tmp_path / "web"]) == before
    source.write_text("2")
    assert front_end.digest([tmp_path / "web"]) != before


def test_build_without_its_stamp_is_not_taken_as_done(tmp_path: Path) -> None:
    assert not front_end.is_stamped(tmp_path, "digest")
    front_end.put_stamp(tmp_path, "digest")
    assert front_end.is_stamped(tmp_path, "digest")
    assert not front_end.is_stamped(tmp_path, "another digest")


def _missing(_output: checks.Output) -> bool:
    raise Stopped("Chromium is missing.")


def test_every_check_runs_even_if_one_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    three = [
        checks.Check("First", lambda _: False),
        checks.Check("Second", _missing),
        checks.Check("Third", lambda _: True),
    ]
    monkeypatch.setattr(checks, "quick", lambda workshop: [checks.Stage((three,))])
    assert command_line.main(["test", "--fast"]) == 1
    said = capsys.readouterr()
    assert "Chromium is missing." in said.err
    assert said.out.endswith("\n1 passed, 2 failed\n")


def test_all_checks_passing_is_success(monkeypatch: pytest.MonkeyPatch) -> None:
    only = checks.Stage(([checks.Check("Only", lambda _: True)],))
    monkeypatch.setattr(checks, "whole", lambda workshop, with_branches: [only])
    assert test_command.run([]) == 0


def test_lanes_go_side_by_side_and_each_says_its_words_under_its_own_heading(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting = threading.Barrier(2, timeout=30)

    def seen(_output: checks.Output) -> bool:
        tell("said by the first")
        meeting.wait()
        return True

    def unseen(output: checks.Output) -> bool:
        assert output is not None
        output.write("nói ở làn thứ hai\n".encode())
        meeting.wait()
        return False

    lanes = ([checks.Check("First", seen)], [checks.Check("Second", unseen), checks.Check("Third", _missing)])
    monkeypatch.setattr(checks, "whole", lambda workshop, with_branches: [checks.Stage(lanes)])
    assert test_command.run([]) == 1
    said = capsys.readouterr()
    places = [
        said.err.index(words)
        for words in (
            "First",
            "said by the first",
            "Second",
            "nói ở làn thứ hai",
            "Third",
            "Chromium is missing.",
        )
    ]
    assert places == sorted(places)
    assert said.out.endswith("\n1 passed, 2 failed\n")


def test_no_account_is_made_that_may_do_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Django's own `createsuperuser` made one without a grant."""
    assert command_line.main(["manage", "createsuperuser", "--noinput", "--username", "lan"]) == 1
    assert "manage lead" in capsys.readouterr().err
