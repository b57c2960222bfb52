"""The notice of personal data is published, says how long what is kept, and stands beside whatever takes data."""

import hashlib
import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.beside.access_log import note_access
from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.questionnaire import NOTICE_VERSION
from chotxanh.language.texts import catalogue
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.models import Registration
from chotxanh.people.queries import page_digest
from chotxanh.registers.notices.entries import PRIVACY, published
from chotxanh.registers.retention.entries import Category, RetentionSet
from chotxanh.site.notice import BACKUP_DAYS, publication
from chotxanh.site.shipped import missing_notice
from tests.cast import ASSISTANT, DRIVER
from tests.stage import Stage


@pytest.mark.parametrize("address", ["/declare/the-form-of-a-phone", "/verify", "/p/", "/office/sign-in"])
def test_every_page_that_takes_data_leads_to_the_notice(client: Client, db: None, address: str) -> None:
    page = client.get(address).content.decode()
    assert "<form" in page
    assert 'href="/privacy"' in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_notice_names_the_law_the_times_of_keeping_and_how_long_backups_remember(
    client: Client, stage: Stage, language: str
) -> None:
    client.cookies["language"] = language
    record_deeds([Deed(RetentionSet(Category.JOURNEYS, 47, timezone.now()))], timezone.now())
    page = client.get("/privacy").content.decode()
    for said in ("91/2025/QH15", "356/2025/NĐ-CP", "72 ", "47 ", f"{BACKUP_DAYS} "):
        assert said in page
    assert "{" not in re.sub(r"<[^>]*>", "", page), "every gap is filled"


def test_the_notice_is_the_first_text_that_a_province_publishes(client: Client, stage: Stage) -> None:
    now = timezone.now()
    assert "Công bố" not in client.get("/privacy").content.decode()
    record_deeds(missing_notice(now), now)
    assert published(PRIVACY, NOTICE_VERSION, now + timedelta(seconds=1)) is not None
    assert "Công bố" in client.get("/privacy").content.decode()
    assert missing_notice(now + timedelta(days=1)) == []


def test_a_lead_publishes_the_present_version(lead: Client, declared: Stage) -> None:
    answer = lead.post("/office/registers/notices", {"since": "01/11/2026"})
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert NOTICE_VERSION in lead.get("/office/registers/notices").content.decode()
    assert Entry.objects.get(kind="text.published").actor == declared.staff.lead.id


def test_people_see_who_looked_and_what_for_behind_their_own_secret_alone(
    client: Client, declared: Stage
) -> None:
    now, officer = timezone.now(), declared.staff.officer
    note_access(officer.id, DRIVER.code, "person_card", now)
    note_access(officer.id, ASSISTANT.code, "call_list", now)
    secret = "AAECAwQFBgcICQoLDA0ODw"
    digest = page_digest(secret)
    Registration.objects.filter(person_code=DRIVER.code).update(page_digest=digest)
    page = f"/p/{secret}"
    assert f'href="{page}/looks"' in client.get(page).content.decode()
    answer = client.get(f"{page}/looks")
    text = answer.content.decode()
    assert ("Tra cứu tại màn hình chốt" in text, "Gọi điện báo kết quả" in text) == (True, False)
    assert officer.full_name not in text
    assert answer["Cache-Control"] == "no-store"
    assert client.get("/p/nobodys-secret-at-all/looks").status_code == HTTPStatus.NOT_FOUND


def test_nobody_is_told_that_nobody_looked_where_a_look_may_have_been_at_somebody_of_the_same_code(
    client: Client, lead: Client, declared: Stage
) -> None:
    """Of a code that several claim no look was listed, and the page said that nobody had opened the data."""
    note_access(declared.staff.officer.id, DRIVER.code, "person_card", timezone.now())
    secret = "AAECAwQFBgcICQoLDA0ODw"
    own = Registration.objects.get(person_code=DRIVER.code)
    Registration.objects.filter(id=own.id).update(page_digest=page_digest(secret))
    declared.must_apply(declared.station.register(ASSISTANT, person_code=DRIVER.code))
    page = client.get(f"/p/{secret}/looks").content.decode()
    assert ("cùng mã với bạn" in page, "Đến lúc này chưa ghi" in page) == (True, False)
    assert "Tra cứu tại màn hình chốt" not in page
    assert "nhiều lần khai" in lead.get(f"/office/people/{own.id}/looks").content.decode()


def test_what_is_sent_ahead_to_a_station_is_no_look_and_both_lists_say_so(
    client: Client, lead: Client, declared: Stage
) -> None:
    secret = "AAECAwQFBgcICQoLDA0ODw"
    own = Registration.objects.get(person_code=DRIVER.code)
    Registration.objects.filter(id=own.id).update(page_digest=page_digest(secret))
    for page in (client.get(f"/p/{secret}/looks"), lead.get(f"/office/people/{own.id}/looks")):
        assert "ghi theo chốt, không theo từng người" in page.content.decode()


def test_the_words_of_a_published_version_never_change() -> None:
    """Whoever changes a word of the notice gives it another version, and adds its digest here."""
    digests = {"2026-12": "C-GhSy6PjCWJD-PEShjmzZtKtKMtZFpxn7WOkvcgXNk"}
    assert publication(timezone.now()).digest == digests[NOTICE_VERSION]


def test_a_notices_digest_is_of_every_word_in_both_languages() -> None:
    lines = [
        f"{key} {language} {catalogue()[key][language]}"
        for key in sorted(catalogue())
        if key.startswith("privacy.")
        for language in ("en", "vi")
    ]
    digest = hashlib.sha256("\n".join(lines).encode()).digest()
    assert publication(timezone.now()).digest == to_base64url(digest)
