"""`./chotxanh stands`: what stands for a person, asked by a line of JSON."""

import json
from typing import Any

from chotxanh.cli.commands.stands import answer

DAY = "2021-07-25T{}:00+07:00"
UNTIL = "2021-07-28T{}:00+07:00"
Event = dict[str, Any]


def happened(what: str, at: str, **facts: Any) -> Event:
    return {"what": what, "at": DAY.format(at), **facts}


def rapid(tube: str, sampled: str, read: str, value: str, person: str = "a") -> list[Event]:
    """A rapid test of one person, read in its window unless the times say otherwise."""
    return [
        happened("sampled", sampled, tube=tube, people=[person], test="ag_rapid", window=[15, 30]),
        happened("result", read, tube=tube, test="ag_rapid", value=value),
    ]


def pcr(tube: str, sampled: str, read: str, value: str, people: str = "a") -> list[Event]:
    return [
        happened("sampled", sampled, tube=tube, people=people.split(), test="rt_pcr"),
        happened("result", read, tube=tube, test="rt_pcr", value=value),
    ]


def asked(person: str, at: str, *events: Event) -> Any:
    line = json.dumps({"person": person, "at": DAY.format(at), "events": events})
    found = answer(line.encode())
    assert answer(json.dumps({**json.loads(line), "events": events[::-1] * 2}).encode()) == found
    return found


def stands(state: str, order: str | None, **certificates: str) -> Any:
    """The answer, with certificates named by their tube; all were read at 08:20."""
    shown = [{"tube": t, "state": s, "valid_until": UNTIL.format("08:20")} for t, s in certificates.items()]
    return {"state": state, "certificates": shown, "order": order}


MORNING = rapid("T1", "08:00", "08:20", "negative")
POSITIVE = rapid("T2", "14:20", "14:40", "positive")


def test_a_rapid_positive_suspends_the_older_paper_until_a_later_pcr_takes_it_away() -> None:
    suspended = stands("screening_positive", "rt_pcr", T1="suspended")
    assert asked("a", "14:30", *MORNING, *POSITIVE) == stands("negative", None, T1="valid")
    assert asked("a", "14:40", *MORNING, *POSITIVE) == suspended
    assert asked("a", "16:00", *MORNING, *POSITIVE, *rapid("T3", "15:00", "15:20", "negative")) == suspended
    same_sample = pcr("T2", "14:20", "20:00", "negative")[1]
    assert asked("a", "20:00", *MORNING, *POSITIVE, same_sample)["state"] == "screening_positive"
    found = asked("a", "20:00", *MORNING, *POSITIVE, *pcr("P", "15:00", "20:00", "negative"))
    assert [each["state"] for each in found["certificates"]] == ["valid", "valid"]
    assert found["state"] == "negative"


def test_companions_are_contacts_until_the_positive_is_taken_away_or_they_are_released() -> None:
    travelled = [happened("vehicle", "07:00", people=["a", "b"]), *POSITIVE]
    mine = rapid("B", "08:00", "08:20", "negative", person="b")
    assert asked("b", "15:00", *mine, *travelled) == stands("contact", "rt_pcr", B="suspended")
    recovered = happened("closed", "16:00", person="a", outcome="recovered")
    assert asked("b", "17:00", *mine, *travelled, recovered)["state"] == "contact"
    for person, outcome in (("a", "not_confirmed"), ("b", "isolation_completed")):
        closed = happened("closed", "16:00", person=person, outcome=outcome)
        assert asked("b", "17:00", *mine, *travelled, closed) == stands("negative", None, B="valid")


def test_a_positive_is_corrected_only_by_two_accounts() -> None:
    wrong = rapid("T1", "08:00", "08:20", "positive")
    corrected = happened("corrected", "09:00", tube="T1", test="ag_rapid", value="negative")
    signed = happened("countersigned", "09:05", tube="T1", test="ag_rapid")
    assert asked("a", "10:00", *wrong, corrected) == stands("screening_positive", "rt_pcr")
    assert asked("a", "10:00", *wrong, corrected, signed) == stands("negative", None, T1="valid")


def test_a_result_that_is_corrected_to_a_positive_revokes_its_paper() -> None:
    corrected = happened("corrected", "09:00", tube="T1", test="ag_rapid", value="positive")
    assert asked("a", "10:00", *MORNING, corrected) == stands("screening_positive", "rt_pcr", T1="revoked")


def test_a_positive_pool_recalls_everybody_and_only_as_sensitive_a_method_answers_it() -> None:
    pool = pcr("P", "09:00", "13:00", "positive", people="a b")
    assert asked("a", "14:00", *MORNING, *pool) == stands("recollect", "recollection", T1="suspended")
    again = rapid("T4", "14:00", "14:20", "negative")
    assert asked("a", "15:00", *MORNING, *pool, *again) == stands("recollect", "recollection", T1="suspended")
    own = pcr("Q", "14:00", "20:00", "negative")
    found = asked("a", "20:00", *MORNING, *pool, *again, *own)
    assert [each["state"] for each in found["certificates"]] == ["valid"] * 3
    assert found["order"] is None


def test_results_that_differ_wait_for_a_lead_and_hold_the_paper_back() -> None:
    other = happened("result", "08:25", tube="T1", test="ag_rapid", value="positive")
    assert asked("a", "09:00", *MORNING, other) == stands("disputed", None, T1="suspended")


def test_a_negative_outside_the_window_certifies_nobody() -> None:
    for read in ("08:14", "08:31"):
        late = rapid("T1", "08:00", read, "negative")
        assert asked("a", "09:00", *late) == stands("repeat", "recollection")


def test_people_whom_a_person_links_stand_as_one_until_they_are_unlinked() -> None:
    linked = happened("linked", "14:50", people=["a", "b"])
    unlinked = happened("unlinked", "14:55", people=["a", "b"])
    mine = rapid("B", "08:00", "08:20", "negative", person="b")
    assert asked("b", "15:00", *mine, *POSITIVE, linked) == stands(
        "screening_positive", "rt_pcr", B="suspended"
    )
    assert asked("b", "15:00", *mine, *POSITIVE, linked, unlinked) == stands("negative", None, B="valid")


def test_a_line_that_asks_nothing_is_answered_and_the_next_one_too() -> None:
    for line in (
        b"",
        b"[]",
        b'{"person": "a"}',
        b"\xff",
        b'{"person":"a","at":"0001-01-01T00:00:00Z","events":[]}',
    ):
        assert answer(line) == {"problem": "request_unreadable"}
    assert asked("a", "08:00") == stands("none", None)
