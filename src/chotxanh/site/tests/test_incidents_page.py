"""An incident of personal data has a clock of 72 hours, and the office sees how much of it is left."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from django.test import Client

from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.protocol.envelope import new_id
from chotxanh.registers.incidents.entries import IncidentFollowed, IncidentKind, IncidentRecorded, Step
from chotxanh.registers.incidents.models import Incident
from chotxanh.site.office.registers.incidents import draw
from tests.cast import EVENING
from tests.stage import Stage

LIST = "/office/registers/incidents"
NOTICED = datetime(2021, 7, 25, 2, tzinfo=UTC)


def recorded(stage: Stage) -> Incident:
    """Record one incident, noticed in the morning."""
    facts = IncidentRecorded(IncidentKind.SEEN, 3, NOTICED)
    record_deeds([Deed(facts, actor=stage.staff.lead.id)], EVENING)
    return Incident.objects.get()


def clock(hours: int) -> str:
    """What the clock says so many hours after noticing."""
    (row,) = draw(list(Incident.objects.all()), NOTICED + timedelta(hours=hours))
    return row.cells[1]


def test_the_clock_counts_72_hours_from_noticing_and_says_when_it_ran_out(stage: Stage) -> None:
    recorded(stage)
    assert clock(0).startswith("Còn 72 giờ")
    assert clock(71).startswith("Còn 1 giờ")
    assert clock(75).startswith("QUÁ HẠN 3 giờ")


def test_once_the_authority_was_told_the_clock_says_when_and_whether_in_time(stage: Stage) -> None:
    incident = recorded(stage)
    for hours, is_late in ((80, True), (60, False)):
        at = NOTICED + timedelta(hours=hours)
        record_deeds(
            [Deed(IncidentFollowed(incident.id, Step.REPORTED, at), actor=stage.staff.lead.id)], EVENING
        )
        assert ("quá hạn" in clock(90)) is is_late, "the earliest word counts"


def test_steps_count_whenever_their_incident_arrives(stage: Stage) -> None:
    """In any order what stands is the same."""
    for order in permutations(range(3)):
        id = new_id()
        deeds = [
            Deed(IncidentRecorded(IncidentKind.LOST, 1, NOTICED), id=id),
            Deed(IncidentFollowed(id, Step.REPORTED, EVENING)),
            Deed(IncidentFollowed(id, Step.CLOSED, EVENING)),
        ]
        for place in order:
            record_deeds([deeds[place]], EVENING)
        found = Incident.objects.get(id=id)
        assert (found.reported_at, found.told_at, found.closed_at) == (EVENING, None, EVENING)


def test_a_lead_records_reports_and_closes(lead: Client, declared: Stage) -> None:
    typed = {"incident_what": "taken", "noticed_at": "08:00 25/07/2021", "incident_people": "12"}
    assert lead.post(LIST, typed | {"incident_document": ""}).status_code == 303
    assert "QUÁ HẠN" in lead.get(LIST).content.decode()
    id = Incident.objects.get().id
    for act in ("incident_reported", "incident_told", "incident_closed"):
        assert lead.post(f"{LIST}/{id}", {"act": act, "sure": "1"}).status_code == 303
    incident = Incident.objects.get()
    assert None not in (incident.reported_at, incident.told_at, incident.closed_at)


def test_what_is_not_noticed_yet_is_refused(lead: Client, declared: Stage) -> None:
    typed = {"incident_what": "taken", "noticed_at": "08:00 25/07/2091", "incident_people": "12"}
    assert lead.post(LIST, typed | {"incident_document": ""}).status_code == 400
    assert not Incident.objects.exists()
