"""Both dossiers are drafted from the product's own facts: no kind with personal data is missing, and none is named."""

import pytest
from django.test import Client

from chotxanh.protocol.kinds import known_kinds
from tests.cast import TRAVELLERS, change_grants
from tests.stage import Stage

NAMES = ("security-level", "impact")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_draft_names_every_kind_with_personal_data_and_nobody(
    lead: Client, declared: Stage, name: str, language: str
) -> None:
    lead.cookies["language"] = language
    page = lead.get(f"/office/dossiers/{name}").content.decode()
    for row in known_kinds():
        if row.personal is not None:
            assert row.words[0 if language == "vi" else 1] in page
    assert not [each for each in TRAVELLERS if each.full_name in page or each.phone in page]
    assert "signatures only-print" in page


def test_a_draft_says_what_is_so_in_this_province(lead: Client, declared: Stage) -> None:
    page = lead.get("/office/dossiers/impact").content.decode()
    assert "Chưa đặt" in page, "no time of keeping is set"
    assert "chưa công bố" in page
    added = {"kept_category": "journeys", "days": "45", "since": ""}
    assert lead.post("/office/registers/retention", added).status_code == 303
    page = lead.get("/office/dossiers/impact").content.decode()
    assert ("45 ngày" in page, "Chưa đặt" in page) == (True, False)


@pytest.mark.parametrize("name", NAMES)
def test_only_leads_of_the_whole_province_read_them(lead: Client, stage: Stage, name: str) -> None:
    assert lead.get(f"/office/dossiers/{name}").status_code == 200
    assert lead.get("/office/dossiers/nothing").status_code == 404
    change_grants(stage.staff.lead, facility="ttyt-phu-my")
    answer = lead.get(f"/office/dossiers/{name}")
    assert (answer.status_code, "signatures only-print" in answer.content.decode()) == (403, False)
