"""A backup that is put back loses nothing that was acknowledged to a station (finding F7)."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.keys.signatures import SigningKey, verifies
from chotxanh.keys.signers import node_key
from chotxanh.ledger.enrolling import revoke_device
from chotxanh.ledger.feed.head import feed_head
from chotxanh.ledger.feed.pages import read_feed
from chotxanh.ledger.feed.witness import notice_restore
from chotxanh.ledger.models import Entry, SetAside
from chotxanh.registers.devices.enrolment import new_enrolment_code
from chotxanh.registers.devices.models import Device
from chotxanh.site.rebuilding import rebuild_tables
from tests.cast import ASSISTANT, DRIVER, PASSENGER, RIDER, WALKER
from tests.device import Station
from tests.restoring import Backup
from tests.stage import Stage, set_the_stage

JSON = "application/json"


@dataclass
class Desk:
    """A station as far as it matters here: it keeps what was acknowledged, and the last receipt."""

    station: Station
    client: Client = field(default_factory=Client)
    kept: dict[str, bytes] = field(default_factory=dict)
    known: dict[str, str] | None = None
    enrolment: bytes = b""
    epoch: str = ""

    def send(self, *entries: bytes) -> dict[str, Any]:
        """Send entries with the last receipt; return the new one, parsed, after checking its signature."""
        body = {"protocol": 1, "entries": [json.loads(entry) for entry in entries]}
        if self.known:
            body["known"] = self.known
        answer = self.client.post("/api/v1/entries", json.dumps(body), content_type=JSON).json()
        signature = from_base64url(answer["signature"]) or b""
        assert verifies(node_key().public_point, answer["receipt"].encode(), signature)
        receipt: dict[str, Any] = json.loads(answer["receipt"])
        for entry, answered in zip(entries, receipt["answers"], strict=True):
            if answered["answer"] in ("applied", "duplicate", "held"):
                self.kept[answered["id"]] = entry
        if any(answered["problem"] != "device_unknown" for answered in receipt["answers"]):
            self.known = answer
        return receipt

    def work(self, *entries: bytes) -> dict[str, Any]:
        """Send entries that must all be applied."""
        receipt = self.send(*entries)
        assert {each["answer"] for each in receipt["answers"]} == {"applied"}, receipt
        self.epoch = receipt["epoch"]
        return receipt

    def send_again(self) -> list[str]:
        """Send everything that was kept; return what was answered."""
        receipt = self.send(*self.kept.values())
        self.epoch = receipt["epoch"]
        return [each["answer"] for each in receipt["answers"]]


@pytest.fixture
def own_witness(own_keys: Path, settings: Settings, tmp_path: Path) -> None:
    """Keys of this test alone: the witness lies beside them."""
    copied = tmp_path / "keys"
    copied.mkdir()
    for file in own_keys.iterdir():
        if file.is_file() and file.name != "witness.json":
            (copied / file.name).write_bytes(file.read_bytes())
    settings.KEYS_DIRECTORY = copied


@pytest.fixture
def backups(tmp_path: Path) -> Iterator[list[Backup]]:
    """Backups that are forgotten when the test is over."""
    made: list[Backup] = []
    yield made
    for backup in made:
        backup.forget()


def enrolled(client: Client, stage: Stage) -> Desk:
    """Enrol a new station by its own request, and begin a shift at it."""
    key = SigningKey.generate()
    request = {
        "code": new_enrolment_code(None, "Làn 2", timezone.now()),
        "name": "Làn 2",
        "public_key": to_base64url(key.public_point),
    }
    answer = client.post("/api/v1/devices/enrol", json.dumps(request), content_type=JSON).json()
    desk = Desk(Station(key=key, id=answer["device"]), enrolment=json.dumps(answer["entry"]).encode())
    desk.work(desk.station.start_shift(stage.staff.officer))
    return desk


def applied() -> set[str]:
    """Return the ids of every entry that a station made and that stands in the ledger."""
    return {str(id) for id in Entry.objects.filter(seq__isnull=False).values_list("id", flat=True)}


@pytest.mark.django_db(transaction=True)
def test_f7_a_backup_put_back_while_stations_work_loses_nothing_that_was_acknowledged(
    own_witness: None, tmp_path: Path, backups: list[Backup]
) -> None:
    stage = set_the_stage()
    first, second = Desk(stage.station), Desk(Station())
    second.station.enrol()
    second.work(second.station.start_shift(stage.staff.officer))
    first.work(first.station.register(DRIVER), first.station.register(ASSISTANT))
    backups.append(Backup(tmp_path))

    first.work(first.station.collect("BR1", [DRIVER]))
    second.work(second.station.register(PASSENGER), second.station.collect("BR2", [PASSENGER]))
    late = enrolled(second.client, stage)
    late.work(late.station.register(RIDER), late.station.collect("BR3", [RIDER]))
    acknowledged = {*first.kept, *second.kept, *late.kept}
    before = feed_head().node_epoch

    backups[0].restore()
    assert not acknowledged <= applied(), "the backup knows less"

    receipt = first.send(first.station.register(WALKER))
    assert receipt["gaps"] == {str(first.station.log): [[4, 4]]}, "the gap is named"
    assert receipt["epoch"] not in ("", before), "its receipt proved that the database is older"
    assert set(first.send_again()) == {"duplicate", "applied"}
    assert second.send_again().count("applied") == 2
    unknown = late.send(late.station.measure_clock())
    assert unknown["answers"][0]["problem"] == "device_unknown"
    assert late.send(late.enrolment)["answers"][0]["answer"] == "applied"
    assert set(late.send_again()) <= {"duplicate", "applied"}

    assert acknowledged <= applied()
    assert {desk.epoch for desk in (first, second, late)} == {feed_head().node_epoch}
    assert not SetAside.objects.exclude(problem="device_unknown").exists()


@pytest.mark.django_db(transaction=True)
def test_f7_an_older_database_is_noticed_before_anybody_speaks_to_it(
    own_witness: None, tmp_path: Path, backups: list[Backup]
) -> None:
    stage = set_the_stage(timezone.now() - timedelta(hours=1), timezone.now())
    notice_restore()
    backups.append(Backup(tmp_path))
    desk = Desk(stage.station)
    desk.work(desk.station.register(DRIVER), desk.station.declare(DRIVER))
    read_feed_once()
    notice_restore()
    before = feed_head().node_epoch
    backups[0].restore()
    assert notice_restore() is True
    assert feed_head().node_epoch != before


def read_feed_once() -> None:
    """Let a poll number what changed."""
    from_here = ("road:QL51",)
    assert read_feed("", from_here, timezone.now()).epoch


def test_a_receipt_lists_what_was_sent_and_how_far_the_log_is_known(stage: Stage, client: Client) -> None:
    desk = Desk(stage.station, client)
    entry = stage.station.register(DRIVER)
    receipt = desk.send(entry)
    text = json.loads(entry)["body"].encode()
    assert receipt["protocol"] == 1
    assert receipt["epoch"] == feed_head().node_epoch
    assert receipt["highest"] == {str(stage.station.log): 2}
    assert receipt["answers"][0]["digest"] == to_base64url(hashlib.sha256(text).digest())
    assert desk.send(b"{}")["answers"] == [
        {"id": None, "digest": None, "answer": "rejected", "problem": "entry_unreadable"}
    ]


@pytest.mark.parametrize("spoiled", ["receipt", "signature"])
def test_nobody_can_make_up_a_receipt_of_more(stage: Stage, client: Client, spoiled: str) -> None:
    desk = Desk(stage.station, client)
    desk.work(stage.station.register(DRIVER))
    assert desk.known is not None
    forged = json.loads(desk.known["receipt"]) | {"highest": {str(stage.station.log): 99}}
    desk.known = desk.known | {"receipt": json.dumps(forged)}
    if spoiled == "signature":
        desk.known = {"receipt": "{", "signature": "AAAA"}
    assert desk.send(stage.station.register(ASSISTANT))["epoch"] == desk.epoch


def test_a_receipt_of_as_much_as_is_known_changes_nothing(stage: Stage, client: Client) -> None:
    desk = Desk(stage.station, client)
    desk.work(stage.station.register(DRIVER))
    epoch = desk.epoch
    assert desk.work(stage.station.register(ASSISTANT))["epoch"] == epoch


def test_an_enrolment_sent_again_changes_nothing_and_a_forged_one_enrols_nobody(
    stage: Stage, client: Client
) -> None:
    desk = enrolled(client, stage)
    assert desk.send(desk.enrolment)["answers"][0]["answer"] == "duplicate"
    device = Device.objects.get(id=desk.station.id)
    Device.objects.filter(id=desk.station.id).delete()
    forged = json.loads(desk.enrolment)
    forged["body"] = forged["body"].replace("Làn 2", "Làn 3")
    answer = desk.send(json.dumps(forged).encode())["answers"][0]
    assert (answer["answer"], answer["problem"]) == ("rejected", "signature_invalid")
    assert device.name == "Làn 2"
    assert not Device.objects.filter(id=desk.station.id).exists()


def test_a_station_cannot_enrol_another(stage: Stage, client: Client) -> None:
    key = to_base64url(SigningKey.generate().public_point)
    facts = {"device": str(stage.station.id), "name": "x", "public_key": key}
    answer = Desk(stage.station, client).send(stage.station.entry("device.enrolled", facts))["answers"][0]
    assert (answer["answer"], answer["problem"]) == ("held", "actor_not_allowed")
    assert bytes(Device.objects.get(id=stage.station.id).public_point) == stage.station.key.public_point


def test_a_revocation_that_comes_before_its_enrolment_still_counts(stage: Stage, client: Client) -> None:
    desk = enrolled(client, stage)
    revoke_device(Device.objects.get(id=desk.station.id), stage.staff.lead, timezone.now())
    revoked_at = Device.objects.get(id=desk.station.id).revoked_at
    assert revoked_at is not None
    Device.objects.filter(id=desk.station.id).delete()
    rebuild_tables(timezone.now())
    assert Device.objects.get(id=desk.station.id).revoked_at == revoked_at
