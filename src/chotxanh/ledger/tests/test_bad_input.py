"""Whatever is sent: one answer for each entry, the right problem code, and nothing else of the batch lost."""

import json
import unicodedata
from datetime import timedelta

import pytest
from django.test import Client

from chotxanh.beside.limits import UNAUTHENTIC_ENTRIES, UNAUTHENTIC_ENTRIES_TOGETHER
from chotxanh.domain.base64url import from_base64url
from chotxanh.keys.sealing import unseal
from chotxanh.keys.signatures import verifies
from chotxanh.keys.signers import node_key
from chotxanh.ledger import setting_aside, work
from chotxanh.ledger.enrolling import revoke_device
from chotxanh.ledger.models import SET_ASIDE_CONTEXT, Entry, SetAside
from chotxanh.ledger.server_log import record_deeds
from chotxanh.ledger.tests.bad_entries import HELD, REJECTED, UNREADABLE
from chotxanh.ledger.worker.registry import known_errands
from chotxanh.protocol.envelope import new_id, personal_digest
from chotxanh.registers.devices.models import Device
from chotxanh.registers.devices.node import node_id
from chotxanh.results.models import ResultFact
from tests.cast import BEGINS, DRIVER, EVENING
from tests.device import Station, deed_of, id_of, result_facts
from tests.narrow import BURST, narrow
from tests.stage import Stage

PROBLEM_JSON = "application/problem+json"


def post(client: Client, entries: list[bytes]) -> list[tuple[str, str | None]]:
    """Send entries over HTTP; return what the signed receipt says of each."""
    body = b'{"protocol":1,"entries":[' + b",".join(entries) + b"]}"
    response = client.post("/api/v1/entries", body, content_type="application/json")
    assert response.status_code == 200, response.content
    sent = response.json()
    signature = from_base64url(sent["signature"]) or b""
    assert verifies(node_key().public_point, sent["receipt"].encode(), signature)
    receipt = json.loads(sent["receipt"])
    assert receipt["node"] == str(node_id())
    assert len(receipt["answers"]) == len(entries)
    return [(answer["answer"], answer["problem"]) for answer in receipt["answers"]]


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_set_aside_and_nothing_else_is_lost(
    stage: Stage, client: Client, name: str
) -> None:
    good, bad = stage.station.result("BR8", "negative"), UNREADABLE[name](stage.station)
    assert post(client, [bad, good, bad]) == [
        ("rejected", "entry_unreadable"),
        ("applied", None),
        ("rejected", "entry_unreadable"),
    ]
    assert SetAside.objects.get().problem == "entry_unreadable"


@pytest.mark.parametrize("name", REJECTED)
def test_what_is_not_authentic_or_not_right_is_rejected_by_its_code(
    stage: Stage, client: Client, name: str
) -> None:
    make, problem = REJECTED[name]
    good, bad = stage.station.result("BR8", "negative"), make(stage.station)
    assert post(client, [bad, good]) == [("rejected", problem), ("applied", None)]
    assert post(client, [bad, good]) == [("rejected", problem), ("duplicate", None)], "said again, the same"


@pytest.mark.parametrize("name", HELD)
def test_what_a_person_must_decide_is_held_by_its_code(stage: Stage, client: Client, name: str) -> None:
    make, problem = HELD[name]
    good, bad = stage.station.result("BR8", "negative"), make(stage.station)
    assert post(client, [bad, good]) == [("held", problem), ("applied", None)]
    assert post(client, [bad]) == [("held", problem)], "said again, the same"
    assert Entry.objects.get(id=id_of(bad)).answer == "held"


@pytest.mark.parametrize(
    ("ruling", "answer"), [("entry.admitted", ("duplicate", None)), ("entry.refused", ("held", "refused"))]
)
def test_g2_who_sends_a_held_entry_again_learns_what_a_lead_decided(
    stage: Stage, client: Client, ruling: str, answer: tuple[str, str | None]
) -> None:
    stage.station.actor = stage.staff.officer_elsewhere.id
    held = stage.station.result("BR8", "negative")
    assert [each for each, _ in post(client, [held])] == ["held"]
    record_deeds([deed_of(ruling, {"entry": id_of(held)}, actor=stage.staff.lead.id)], EVENING)
    assert post(client, [held]) == [answer]


def test_an_id_reused_with_other_content_is_rejected_and_the_first_stays(
    stage: Stage, client: Client
) -> None:
    id = new_id()
    first, other = (
        stage.station.entry("result.recorded", result_facts("BR8", value), id=id)
        for value in ("negative", "positive")
    )
    assert post(client, [first, other, first]) == [
        ("applied", None),
        ("rejected", "id_reused"),
        ("duplicate", None),
    ]
    assert post(client, [other, first]) == [("rejected", "id_reused"), ("duplicate", None)]
    assert "negative" in Entry.objects.get(id=id).body
    assert ResultFact.objects.get(id=id).value == "negative"


def test_an_entry_rejected_in_this_very_batch_is_rejected_each_time(stage: Stage, client: Client) -> None:
    bad = stage.station.result(" ", "negative")
    assert post(client, [bad, bad]) == [("rejected", "tube_invalid")] * 2


def test_a_running_number_is_used_once(stage: Stage, client: Client) -> None:
    first = stage.station.result("BR8", "negative")
    again = stage.station.entry("shift.ended", {}, seq=stage.station.seq)
    assert post(client, [first, again]) == [("applied", None), ("rejected", "running_number_reused")]
    assert post(client, [again]) == [("rejected", "running_number_reused")]


def test_a_log_belongs_to_one_device_for_ever(stage: Stage, client: Client) -> None:
    intruder = Station(log=stage.station.log)
    intruder.enrol()
    intruder.seq = 50
    assert post(client, [intruder.measure_clock()]) == [("rejected", "log_of_another_device")]


def test_missing_running_numbers_are_named(stage: Stage, client: Client) -> None:
    stage.station.seq = 4
    body = b'{"protocol":1,"entries":[' + stage.station.result("BR8", "negative") + b"]}"
    answer = client.post("/api/v1/entries", body, content_type="application/json").json()
    assert json.loads(answer["receipt"])["gaps"] == {str(stage.station.log): [[2, 4]]}


def test_entries_of_a_revoked_device_are_held_however_they_are_dated(stage: Stage, client: Client) -> None:
    seen = stage.station.result("BR7", "negative")
    assert post(client, [seen]) == [("applied", None)]
    revoke_device(Device.objects.get(id=stage.station.id), stage.staff.lead, BEGINS + timedelta(days=60))
    assert post(client, [stage.station.result("BR8", "negative"), seen]) == [
        ("held", "device_revoked"),
        ("duplicate", None),
    ]


def test_e3_letters_that_no_barcode_has_are_refused_composed_or_not(declared: Stage, client: Client) -> None:
    collection = declared.station.collect("ống-é1", [DRIVER])
    result = declared.station.result(unicodedata.normalize("NFD", "]C0 ống-É1 "), "negative")
    assert post(client, [collection, result]) == [("rejected", "tube_invalid")] * 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "batch_unreadable"),
        (b"[]", 400, "batch_unreadable"),
        (b'{"entries": 7}', 400, "batch_unreadable"),
        (b'{"protocol": 1, "entries": [' + b"[" * 5000 + b"]" * 5000 + b"]}", 400, "batch_unreadable"),
        (b"\xff\xfe", 400, "batch_unreadable"),
        (b'{"entries": []}', 400, "protocol_unknown"),
        (b'{"protocol": 2, "entries": []}', 400, "protocol_unknown"),
        (b'{"protocol": 1, "entries": [{"body": "\\ud800", "signature": ""}]}', 400, "batch_unreadable"),
        (b'{"protocol": 1, "entries": [' + b",".join([b"1"] * 501) + b"]}", 413, "batch_too_long"),
        (b'{"protocol": 1, "entries": ["' + b"x" * 2_100_000 + b'"]}', 413, "too_large"),
    ],
)
def test_a_batch_that_cannot_be_taken_is_refused_whole(
    stage: Stage, client: Client, body: bytes, status: int, code: str
) -> None:
    response = client.post(
        "/api/v1/entries", body, content_type="application/json", headers={"accept-language": "en"}
    )
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM_JSON)
    problem = response.json()
    assert (problem["code"], problem["status"]) == (code, status)
    assert problem["title"].endswith(".")
    assert not SetAside.objects.exists()


def test_an_empty_batch_gets_an_empty_receipt(stage: Stage, client: Client) -> None:
    assert post(client, []) == []


def test_a_personal_part_of_a_kind_that_has_none_is_kept_sealed(stage: Stage, client: Client) -> None:
    text = json.dumps({"salt": "x", "note": DRIVER.full_name})
    facts = result_facts("BR8", "negative")
    body = json.loads(stage.station.entry("result.recorded", facts, personal=None))["body"]
    sent = stage.station.sign(body.replace('"personal":null', f'"personal":"{personal_digest(text)}"'), text)
    assert post(client, [sent]) == [("applied", None)]
    assert DRIVER.full_name.encode() not in bytes(Entry.objects.get(id=id_of(sent)).personal or b"")


def test_c4_of_what_nobody_signed_a_sender_has_only_so_much_kept(
    stage: Stage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, setting_aside, UNAUTHENTIC_ENTRIES)
    good = stage.station.result("BR8", "negative")
    sent = [*(f"{number}".encode() for number in range(BURST + 2)), good]
    assert post(client, sent) == [("rejected", "entry_unreadable")] * (BURST + 2) + [("applied", None)]
    assert SetAside.objects.count() == BURST


def test_c4_of_what_nobody_signed_only_the_beginning_is_kept(stage: Stage, client: Client) -> None:
    post(client, [b'"' + b"x" * 100_000 + b'"'])
    kept = unseal(bytes(SetAside.objects.get().raw), SET_ASIDE_CONTEXT)
    assert kept == b'"' + b"x" * (setting_aside.LONGEST_UNAUTHENTIC_BYTES - 1)


def test_what_an_enrolled_device_signed_is_kept_whole(
    stage: Stage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, setting_aside, UNAUTHENTIC_ENTRIES, burst=1)
    post(client, [b"1", b"2", *(stage.station.result(f"BR{number}", "nonsense") for number in range(3))])
    assert Entry.objects.filter(problem="payload_invalid").count() + SetAside.objects.count() == 4


def test_what_a_device_with_a_dead_battery_signed_is_kept_beyond_any_quota_of_strangers(
    stage: Stage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, setting_aside, UNAUTHENTIC_ENTRIES, burst=1)
    post(client, [b"1", b"2"])
    sent = stage.station.entry(
        "result.recorded", result_facts("BR8", "negative"), occurred_at="1999-01-01T00:00:00.000Z"
    )
    assert post(client, [sent]) == [("rejected", "time_out_of_range")]
    assert unseal(bytes(SetAside.objects.get(problem="time_out_of_range").raw), SET_ASIDE_CONTEXT) == sent


def test_c4_what_others_used_up_is_taken_from_nobodys_own_quota(
    stage: Stage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused because all together had sent too much, a sender's own share stays whole."""
    narrow(monkeypatch, setting_aside, UNAUTHENTIC_ENTRIES, burst=2)
    with monkeypatch.context() as patch:
        narrow(patch, setting_aside, UNAUTHENTIC_ENTRIES_TOGETHER, burst=1)
        post(Client(REMOTE_ADDR="198.51.100.7"), [b"0"])
        for number in range(1, 6):
            post(client, [str(number).encode()])
    assert SetAside.objects.count() == 1
    post(client, [b"6", b"7", b"8"])
    assert SetAside.objects.count() == 3


def test_c4_of_what_nobody_signed_all_senders_together_have_only_so_much_kept(
    stage: Stage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, setting_aside, UNAUTHENTIC_ENTRIES_TOGETHER)
    for number in range(4):
        post(
            Client(REMOTE_ADDR=f"198.51.{number}.7"),
            [json.dumps(f"{number} {each}").encode() for each in range(2)],
        )
    assert SetAside.objects.count() == BURST


def test_c4_what_nobody_signed_is_purged_after_its_days_and_nothing_else_is(
    stage: Stage, client: Client
) -> None:
    post(client, [b'"nobody signed it"', b'"nor this"'])
    signed = SetAside.objects.create(
        problem="payload_invalid", received_at=BEGINS, raw=b"", digest=b"a device signed it"
    )
    assert work.PURGE in known_errands()
    received = SetAside.objects.exclude(id=signed.id).latest("received_at").received_at
    work.purge(received.date(), received + setting_aside.UNAUTHENTIC_KEPT)
    assert SetAside.objects.count() == 3
    work.purge(received.date(), received + setting_aside.UNAUTHENTIC_KEPT + timedelta(seconds=1))
    assert SetAside.objects.get() == signed
