"""The door before Django: what reaches it, and what is answered without it."""

import asyncio
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from threading import get_ident
from typing import Any

import pytest
from django.urls import reverse
from prometheus_client import REGISTRY
from pytest_django import Settings

from chotxanh.domain.problems import STATUSES
from chotxanh.door import application, bodies
from chotxanh.door.application import Door
from chotxanh.door.bodies import IN_MEMORY_BYTES
from chotxanh.door.queueing import Lane
from chotxanh.door.refusals import BUSY, STALLED, WITHOUT_LENGTH, Refusals
from chotxanh.door.tests.test_bodies import SOON, Sender
from chotxanh.protocol.bodies import longest_body

FORM, PHOTO = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"


@dataclass
class Asked:
    """A request as granian tells it."""

    method: str = "POST"
    path: str = "/declare"
    headers: dict[str, str] = field(default_factory=dict)
    query_string: str = ""
    http_version: str = "1.1"
    server: str = "127.0.0.1:8000"
    client: str = "203.0.113.7:50123"
    scheme: str = "http"


class Conversation:
    """What granian offers to answer with; remembers the answer."""

    def __init__(self, *chunks: bytes | None) -> None:
        self._chunks = chunks
        self.status, self.headers, self.content = 0, dict[str, str](), b""

    def __aiter__(self) -> Sender:
        return Sender(*self._chunks)

    def response_bytes(self, status: int, headers: Iterable[tuple[str, str]], content: bytes) -> None:
        """Answer."""
        assert not self.status
        self.status, self.headers, self.content = status, dict(headers), content

    def response_empty(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """Answer without words."""
        self.response_bytes(status, headers, b"")


class Behind:
    """Stands where Django does: remembers what it read, and in which thread."""

    def __init__(self) -> None:
        self.read: list[bytes] = []
        self.environ: dict[str, Any] = {}
        self.thread = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., None]) -> Iterable[bytes]:
        """Answer a request."""
        self.environ, self.thread = environ, get_ident()
        self.read.append(environ["wsgi.input"].read())
        start_response("200 OK", [("X-Told", "so")])
        return [b"ans", b"wer"]


def ask(
    asked: Asked, *chunks: bytes | None, behind: Callable[..., Iterable[bytes]] | None = None
) -> Conversation:
    conversation = Conversation(*chunks)

    async def converse() -> None:
        door = Door(behind or Behind())
        door.__rsgi_init__(asyncio.get_running_loop())
        await door.__rsgi__(asked, conversation)  # type: ignore[arg-type]

    asyncio.run(converse())
    return conversation


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits ten seconds here."""
    monkeypatch.setattr(bodies, "STALL_SECONDS", SOON)


def sending(length: int, path: str = "/declare", content_type: str = FORM) -> Asked:
    return Asked(path=path, headers={"content-type": content_type, "content-length": str(length)})


def test_a_request_is_answered_by_a_thread_with_its_body_taken_in() -> None:
    behind = Behind()
    answered = ask(sending(6), b"one", b"two", behind=behind)
    assert (answered.status, answered.headers, answered.content) == (200, {"X-Told": "so"}, b"answer")
    assert behind.read == [b"onetwo"]
    assert behind.thread != get_ident()


@pytest.mark.parametrize("path", ["/declare", "/api/v1/entries", "/office/sign-in", "/p/a", "/language/en"])
def test_c2_a_body_that_stalls_keeps_no_thread(path: str) -> None:
    behind = Behind()
    answered = ask(sending(9000, path), b"half", None, behind=behind)
    assert answered.status == STATUSES["body_stalled"]
    assert answered.headers["connection"] == "close"
    assert behind.read == []


@pytest.mark.parametrize(
    "path", ["/declare", "/p/", "/language/vi", "/office/sign-in", "/api/v1/entries", "/"]
)
def test_c5_of_a_body_that_is_too_long_nothing_is_read(path: str) -> None:
    behind = Behind()
    ask(sending(longest_body(path) + 1, path, PHOTO), None, behind=behind)
    assert behind.read == [b""]


def test_a_body_without_a_length_is_not_taken() -> None:
    behind = Behind()
    answered = ask(Asked(headers={"transfer-encoding": "chunked"}), b"5", behind=behind)
    assert answered.status == STATUSES["length_missing"]
    assert behind.read == []


@pytest.mark.parametrize("asked", [sending(2), sending(2, "/verify", PHOTO)])
def test_beyond_the_stated_load_everybody_is_told_to_wait(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lane, "put", lambda *_lane, **_share: False)
    answered = ask(asked, b"ab")
    assert answered.status == STATUSES["busy"]
    assert 2 <= int(answered.headers["retry-after"]) <= 8
    assert answered.headers["cache-control"] == "no-store"
    assert "đang bận" in answered.content.decode()


def test_of_a_photo_that_nobody_could_read_now_nothing_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lane, "is_full", lambda *_lane, **_share: True)
    stalled = (b"a", None)
    assert ask(sending(2, "/verify", PHOTO), *stalled).status == STATUSES["busy"]
    assert ask(sending(2, "/verify"), *stalled).status == STATUSES["body_stalled"]


def test_who_waited_too_long_is_answered_without_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "LONGEST_WAIT_SECONDS", -1.0)
    behind = Behind()
    assert ask(sending(2), b"ab", behind=behind).status == STATUSES["busy"]
    assert behind.read == []


def test_machines_and_people_are_told_in_their_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lane, "put", lambda *_lane, **_share: False)
    machine = ask(Asked("GET", "/api/v1/feed"))
    assert json.loads(machine.content)["code"] == "busy"
    person = ask(Asked("GET", "/", {"cookie": "a=b; language=en"}))
    assert '<html lang="en">' in person.content.decode()


@pytest.mark.parametrize("path", ["/declare", "/api/v1/entries"])
@pytest.mark.parametrize("code", [BUSY, STALLED, WITHOUT_LENGTH])
def test_what_the_door_answers_is_named_and_counted(path: str, code: str) -> None:
    """A flood that was refused with 503 stood in no figure, and its answers had no number to read out."""
    status = str(int(STATUSES[code]))
    before = refused(status)
    told = dict(Refusals().answer(code, {"PATH_INFO": path, "REQUEST_METHOD": "POST"}).headers)
    assert re.fullmatch(r"[0-9a-f]{8}", told["x-request-id"])
    assert refused(status) == before + 1


@pytest.mark.parametrize(("proxies", "is_kept"), [(0, False), (1, True)])
def test_the_door_keeps_the_name_that_a_proxy_of_ours_gave(
    proxies: int, is_kept: bool, settings: Settings
) -> None:
    settings.PROXIES = proxies
    environ = {"PATH_INFO": "/", "REQUEST_METHOD": "GET", "HTTP_X_REQUEST_ID": "abcdef0123456789"}
    told = dict(Refusals().answer(BUSY, environ).headers)
    assert (told["x-request-id"] == "abcdef0123456789") is is_kept


def refused(status: str) -> float:
    return REGISTRY.get_sample_value("chotxanh_requests_total", {"view": "door", "status": status}) or 0.0


def test_photos_and_passwords_wait_in_lanes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    lanes = list[str]()
    put = Lane.put

    def noting(lane: Lane, *what: Any, **share: Any) -> bool:
        lanes.append(lane.name)
        return put(lane, *what, **share)

    monkeypatch.setattr(Lane, "put", noting)
    photos = (sending(2, "/verify", PHOTO), sending(2, "/verify", PHOTO.replace("multipart", "MULTIPART")))
    for asked in (*photos, sending(2, "/verify"), sending(2, "/declare", PHOTO)):
        ask(asked, b"ab")
    for path in ("/office/sign-in", "/api/v1/sign-in", "/office/held"):
        ask(sending(2, path), b"ab")
    ask(Asked("GET", "/office/sign-in"))
    ask(sending(2, "/office/lists/declarations", PHOTO), b"ab")
    ask(Asked("GET", "/office/lists/declarations/a"))
    ask(sending(2, "/office/papers"), b"ab")
    ask(Asked("GET", "/p/a/data/pdf"))
    ask(Asked("GET", "/p/a/data"))
    waited = [*["photos"] * 2, *["answering"] * 2, *["passwords"] * 2, *["answering"] * 2, *["sheets"] * 2]
    waited += [*["papers"] * 2, "answering"]
    assert lanes == waited


def test_a_list_of_people_waits_on_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is longer than a page waits on the disk, unsealed; of a list of people nothing may."""
    on_disk = list[int]()
    monkeypatch.setattr(SpooledTemporaryFile, "rollover", lambda spooled: on_disk.append(1))
    for path, expected in (("/verify", [1]), ("/office/lists/declarations", [])):
        on_disk.clear()
        ask(sending(IN_MEMORY_BYTES + 1, path, PHOTO), bytes(IN_MEMORY_BYTES + 1))
        assert on_disk == expected, path


def test_where_a_password_is_typed_are_addresses_that_there_are() -> None:
    """One that was renamed here alone would hash in the ordinary lane."""
    views = ("office_sign_in", "office_second_step", "office_password")
    stations = ("station_sign_in", "station_badge_sign_in")
    assert {reverse(view) for view in (*views, *stations)} == application.PASSWORD_PATHS


def test_whoever_sets_papers_waits_in_their_lane_by_the_addresses_that_there_are() -> None:
    """One that was renamed here alone would let everybody wait for a paper."""
    papers = [reverse(f"office_{each}") for each in ("papers", "poster", "leaflet")]
    assert all(map(application.is_of_papers, [*papers, reverse("own_data_pdf", args=["a"])]))
    others = [reverse("own_data", args=["a"]), reverse("own_data_json", args=["a"]), reverse("office_people")]
    assert not any(map(application.is_of_papers, others))


def test_a_fault_is_answered_and_its_thread_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    def failing(*_request: object) -> Iterable[bytes]:
        raise LookupError("Nguyễn Văn An")

    before = refused("500")
    answered = ask(Asked("GET", "/"), behind=failing)
    assert answered.status == 500
    assert answered.headers["x-request-id"]
    assert refused("500") == before + 1
    assert "LookupError" in caplog.text
    assert "Nguyễn" not in caplog.text


def test_a_request_reaches_django_as_it_was_sent() -> None:
    behind = Behind()
    headers = {
        "cookie": "a=b",
        "x-forwarded-for": "198.51.100.9",
        "x_forwarded_for": "192.0.2.1",
        "host": "chot.example",
    }
    ask(Asked("GET", "/p/Đức", headers, "next=%2F", client="[2001:db8::7]:443"), behind=behind)
    told = behind.environ
    assert told["PATH_INFO"].encode("latin-1").decode() == "/p/Đức"
    assert (told["QUERY_STRING"], told["REMOTE_ADDR"], told["SERVER_PORT"]) == (
        "next=%2F",
        "2001:db8::7",
        "8000",
    )
    assert told["HTTP_COOKIE"] == "a=b"
    # With a dash and with an underscore it would be one name, and strangers would choose their address.
    assert told["HTTP_X_FORWARDED_FOR"] == "198.51.100.9"
