"""What no type names is refused, and what nobody here can read is kept sealed (finding D1)."""

import pytest

from chotxanh.ledger.models import Entry, SetAside
from chotxanh.ledger.rejudging import judge_unknown_kinds
from chotxanh.ledger.resealing import reseal_all
from chotxanh.protocol import kinds
from tests.cast import DRIVER, EVENING
from tests.device import id_of, result_facts
from tests.stage import Stage


def plain_columns(entry: Entry) -> str:
    """Return everything of a row that is not sealed."""
    columns = {field.attname for field in Entry._meta.concrete_fields} - {"unread", "personal"}
    return " ".join(str(getattr(entry, column)) for column in sorted(columns))


def test_d1_of_an_entry_that_nobody_here_can_read_nothing_stands_in_plain(stage: Stage) -> None:
    kind = "nguyen_van_duong"
    sent = stage.station.entry(kind, {"name": DRIVER.full_name}, {"phone": DRIVER.phone}, version=1985)
    assert stage.record(sent) == [("held", "kind_unknown")]
    row = plain_columns(Entry.objects.get(id=id_of(sent)))
    assert [word for word in (kind, "1985", DRIVER.full_name, DRIVER.phone) if word in row] == []
    assert stage.record(sent) == [("held", "kind_unknown")]


def test_d1_members_that_no_type_names_are_refused_and_kept_nowhere_in_plain(stage: Stage) -> None:
    facts = result_facts("BR9", "negative") | {"patient": DRIVER.full_name}
    sent = stage.station.entry("result.recorded", facts)
    beside = stage.station.entry("shift.ended", {}, patient=DRIVER.full_name)
    assert stage.record(sent, beside) == [("rejected", "member_unknown")] * 2
    assert DRIVER.full_name not in plain_columns(Entry.objects.get(id=id_of(sent)))
    assert DRIVER.full_name.encode() not in bytes(SetAside.objects.get(entry=id_of(beside)).raw)


def test_d1_of_what_is_rejected_nothing_that_it_says_stands_in_plain(stage: Stage) -> None:
    sent = stage.station.entry("result.recorded", {"tube": DRIVER.full_name})
    assert stage.record(sent) == [("rejected", "payload_invalid")]
    assert DRIVER.full_name not in plain_columns(Entry.objects.get(id=id_of(sent)))
    assert stage.record(sent) == [("rejected", "payload_invalid")]


def test_what_the_door_would_refuse_stays_sealed_when_its_kind_becomes_known(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = stage.station.entry("result.recorded", result_facts("BR9", "negative") | {"patient": "An"})
    taken = stage.station.entry("result.recorded", result_facts("BR8", "negative"))
    with monkeypatch.context() as patch:
        patch.setattr(kinds, "_readers", {})
        assert stage.record(refused, taken) == [("held", "kind_unknown")] * 2
    assert judge_unknown_kinds(EVENING) == 1
    assert (Entry.objects.get(id=id_of(taken)).answer, Entry.objects.get(id=id_of(refused)).body) == (
        "applied",
        "",
    )


def test_what_was_never_read_is_sealed_again_by_a_new_key(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = stage.station.entry("result.recorded", result_facts("BR8", "negative"))
    with monkeypatch.context() as patch:
        patch.setattr(kinds, "_readers", {})
        stage.record(taken)
    before = bytes(Entry.objects.get(id=id_of(taken)).unread or b"")
    monkeypatch.setattr("chotxanh.ledger.resealing.seal_number", lambda _sealed: 0)
    assert reseal_all() > 0
    assert bytes(Entry.objects.get(id=id_of(taken)).unread or b"") != before
    assert judge_unknown_kinds(EVENING) == 1


def test_a_clock_measured_meanwhile_settles_what_is_read_only_now(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.station.is_measured = False
    deed, twin = stage.station.result("BR8", "negative"), stage.station.result("BR9", "negative")
    with monkeypatch.context() as patch:
        patch.setattr(kinds, "_readers", {})
        stage.record(deed)
    stage.must_apply(twin, stage.station.measure_clock())
    assert judge_unknown_kinds(EVENING) == 1
    columns = ("earliest_at", "unsettled_boot", "marks", "facility", "kind", "version")
    of_both = [Entry.objects.values_list(*columns).get(id=id_of(each)) for each in (deed, twin)]
    assert of_both[0] == of_both[1]
