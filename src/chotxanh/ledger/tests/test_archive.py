"""Old facts leave the database for a signed file, and come back from it unchanged."""

import gzip
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from chotxanh.domain.kinds import Answer
from chotxanh.ledger.entries import PersonalErased
from chotxanh.ledger.models import Entry
from chotxanh.ledger.queries import withdrawals_of
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.models import Registration
from chotxanh.people.queries import details_of
from chotxanh.protocol.kinds import kinds_where
from chotxanh.site.rebuilding import fingerprints
from chotxanh.vehicles.models import Vehicle
from tests.cast import DRIVER, EVENING, TRAVELLERS
from tests.device import id_of
from tests.stage import Stage


@pytest.fixture
def lived(declared: Stage) -> Stage:
    """A day with a certificate, a held entry and a measured clock."""
    station = declared.station
    declared.must_apply(
        station.collect("BR1", [DRIVER]), station.result("BR1", "negative"), station.measure_clock()
    )
    assert declared.record(station.result("BR2", "negative", "ttyt-chau-duc")) == [
        ("held", "actor_not_allowed")
    ]
    return declared


def archive(file: Path) -> str:
    """Archive everything old into `file`; return what is printed."""
    printed = StringIO()
    call_command("archive", "--into", str(file), stdout=printed)
    return printed.getvalue()


def bodies() -> dict[str, str]:
    """Return the text of every entry."""
    return {str(id): body for id, body in Entry.objects.values_list("id", "body")}


def registers() -> list[str]:
    """Return the kind of every entry of a register: they stay, since deeds name them."""
    kept = kinds_where(lambda row: row.who.is_register)
    return list(Entry.objects.filter(kind__in=kept).values_list("kind", flat=True))


def test_old_facts_leave_and_come_back_unchanged(lived: Stage, tmp_path: Path) -> None:
    before, tables = bodies(), fingerprints()
    file = tmp_path / "2021-07.jsonl.gz"
    assert archive(file) == f"{len(before) - 2 - len(registers())} entries archived\n"
    left = Entry.objects.exclude(body="").exclude(kind__in=registers())
    assert sorted(left.values_list("kind", "answer")) == [
        ("clock.measured", "applied"),
        ("result.recorded", "held"),
    ]
    assert fingerprints() == tables, "tables are what is read"
    call_command("archive", "--restore", str(file), stdout=StringIO())
    assert bodies() == before
    call_command("rebuild", stdout=StringIO())
    assert fingerprints() == tables


def test_an_archived_entry_sent_again_is_a_duplicate(lived: Stage, tmp_path: Path) -> None:
    entry = lived.station.result("BR3", "negative")
    lived.must_apply(entry)
    archive(tmp_path / "archive")
    assert lived.record(entry) == [("duplicate", None)]


def test_a_late_measurement_leaves_archived_entries_of_its_boot_as_they_are(
    lived: Stage, tmp_path: Path
) -> None:
    archive(tmp_path / "archive")
    tables = fingerprints()
    lived.station.is_measured = False
    lived.must_apply(lived.station.measure_clock())
    assert fingerprints() == tables


def test_what_was_taken_back_stays_with_its_word_and_a_shift_that_ends_later_stops_nobody(
    lived: Stage, tmp_path: Path
) -> None:
    sampling = lived.station.collect("BR7", [DRIVER])
    withdrawal = lived.station.entry("entry.withdrawn", {"entry": id_of(sampling), "reason": "wrong_tube"})
    lived.must_apply(sampling, withdrawal)
    archive(tmp_path / "archive")
    assert withdrawals_of([id_of(sampling)])[id_of(sampling)].reason == "wrong_tube"
    assert Entry.objects.filter(id__in=[id_of(sampling), id_of(withdrawal)]).exclude(body="").count() == 2
    lived.must_apply(lived.station.entry("shift.ended", {}))


def test_an_end_of_a_shift_that_arrives_after_its_deeds_were_archived_stops_nobody(
    lived: Stage, tmp_path: Path
) -> None:
    end = lived.station.entry("shift.ended", {})
    lived.must_apply(lived.station.collect("BR7", [DRIVER]))
    archive(tmp_path / "archive")
    lived.must_apply(end)


def test_a_withdrawal_of_what_was_archived_changes_nothing(lived: Stage, tmp_path: Path) -> None:
    sampling = lived.station.collect("BR7", [DRIVER])
    lived.must_apply(sampling)
    archive(tmp_path / "archive")
    tubes = fingerprints()["specimens_tube"]
    lived.must_apply(
        lived.station.entry("entry.withdrawn", {"entry": id_of(sampling), "reason": "wrong_tube"})
    )
    assert fingerprints()["specimens_tube"] == tubes


def test_an_archived_declaration_is_erased_like_any_other(lived: Stage, tmp_path: Path) -> None:
    registration = Registration.objects.get(person_code=DRIVER.code)
    archive(tmp_path / "archive")
    deed = Deed(PersonalErased(registration.id, "request"), actor=lived.staff.data_protection.id)
    record_deeds([deed], EVENING)
    registration.refresh_from_db()
    assert details_of(registration.id) is None
    assert registration.name_index is registration.phone_index is None
    assert registration.identity_group is None
    tables = fingerprints()
    call_command("archive", "--restore", str(tmp_path / "archive"), stdout=StringIO())
    call_command("rebuild", stdout=StringIO())
    assert fingerprints() == tables
    assert Vehicle.objects.count() == len({each.plate for each in TRAVELLERS if each.plate})


def test_nothing_is_rebuilt_while_facts_are_archived(lived: Stage, tmp_path: Path) -> None:
    archive(tmp_path / "archive")
    tables = fingerprints()
    for command in (["rebuild"], ["rotate_keys", "--blind"]):
        with pytest.raises(CommandError, match="archive --restore"):
            call_command(*command, stdout=StringIO())
    assert fingerprints() == tables


def test_an_archive_that_was_stopped_half_way_goes_on(lived: Stage, tmp_path: Path) -> None:
    file = tmp_path / "archive"
    archive(file)
    call_command("archive", "--restore", str(file), stdout=StringIO())
    kept = Entry.objects.filter(kind="specimen.collected")
    assert kept.exclude(body="").exists()
    assert not archive(file).startswith("0 ")
    assert not kept.exclude(body="").exists()


def between_lines_of_an_archive(monkeypatch: pytest.MonkeyPatch, happen: Callable[[], object]) -> None:
    """Let something happen once, while the first archive is written."""
    left = [happen]

    class Interrupted(gzip.GzipFile):
        def write(self, data: Any) -> int:
            if left and self.mode == gzip.WRITE:
                left.pop()()
            return super().write(data)

    monkeypatch.setattr(gzip, "GzipFile", Interrupted)


def test_while_one_archives_no_other_does_and_no_facts_are_lost(
    lived: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second worker wrote over the first one's file, and what only one of both had was out of the database."""
    file, before, refused = tmp_path / "archive", bodies(), list[str]()
    first = Entry.objects.filter(kind="person.registered").order_by("id")[:1].get()
    Entry.objects.filter(id=first.id).update(answer=Answer.HELD)

    def another() -> None:
        Entry.objects.filter(id=first.id).update(answer=Answer.APPLIED)  # a lead admits it in that moment
        with pytest.raises(CommandError, match="Another process") as refusal:
            archive(file)
        refused.append(str(refusal.value))

    between_lines_of_an_archive(monkeypatch, another)
    archive(file)
    assert refused
    monkeypatch.undo()
    archive(tmp_path / "the-next-night")
    for each in (file, tmp_path / "the-next-night"):
        call_command("archive", "--restore", str(each), stdout=StringIO())
    assert bodies() == before


def test_what_is_spoken_of_while_it_is_archived_stays(
    lived: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampling = lived.station.collect("BR7", [DRIVER])
    lived.must_apply(sampling)
    withdrawal = lived.station.entry("entry.withdrawn", {"entry": id_of(sampling), "reason": "wrong_tube"})
    between_lines_of_an_archive(monkeypatch, lambda: lived.must_apply(withdrawal))
    archive(tmp_path / "archive")
    assert Entry.objects.get(id=id_of(sampling)).body != ""


def test_an_archive_that_was_stopped_leaves_no_draft_for_good(lived: Stage, tmp_path: Path) -> None:
    (tmp_path / "archive.abcdefgh.part").touch()
    (tmp_path / "archive.sig").write_text("AAAA")  # of a file that was never named
    archive(tmp_path / "archive")
    assert {file.name for file in tmp_path.iterdir()} == {"archive", "archive.sig"}


def test_a_changed_archive_is_refused_and_nothing_is_touched(lived: Stage, tmp_path: Path) -> None:
    file = tmp_path / "archive"
    archive(file)
    changed = bytearray(file.read_bytes())
    changed[-1] ^= 1
    file.write_bytes(changed)
    before = bodies()
    with pytest.raises(CommandError, match="signature"):
        call_command("archive", "--restore", str(file))
    assert bodies() == before


def test_what_is_younger_than_90_days_stays(lived: Stage, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="90 days"):
        call_command("archive", "--before", "2999-01-01", "--into", str(tmp_path / "archive"))
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        call_command("archive", "--before", "yesterday", "--into", str(tmp_path / "archive"))
    call_command("archive", "--before", "2021-07-25", "--into", str(tmp_path / "archive"), stdout=StringIO())
    assert "" not in bodies().values()


def test_a_file_that_is_missing_is_one_sentence(lived: Stage, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("archive", "--restore", str(tmp_path / "nothing"))


def test_an_archived_id_is_not_free_for_another_entry(lived: Stage, tmp_path: Path) -> None:
    entry = lived.station.result("BR3", "negative")
    lived.must_apply(entry)
    archive(tmp_path / "archive")
    other = lived.station.entry("shift.ended", {}, id=id_of(entry))
    assert lived.record(other) == [("rejected", "id_reused")]
