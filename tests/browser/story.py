"""What a story needs: a clock that goes on by its own word, and what phones, a guard, a lead and a physician see.

Where the environment names a folder in CHOTXANH_PICTURES, each look is kept there as a picture.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, PdfMargins

from chotxanh.declarations.submission import Declaration, submit_declaration
from chotxanh.domain.dates import BirthDate
from chotxanh.domain.questionnaire import QUESTIONS
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.protocol.envelope import new_salt
from chotxanh.registers.duties.entries import DutyOf, DutyPersonal, DutySet
from chotxanh.registers.staff.models import Member
from chotxanh.units.places import place_named
from tests.cast import BEGINS, PASSWORD, PHU_MY, RT_PCR, Person
from tests.device import collection_facts, member_facts, result_facts
from tests.entering import expect_code, type_code
from tests.stage import Stage

PHONE, DESK = (390, 844), (1280, 800)
A5 = (484, 718)  # what is printed on, within its margins, at 96 dots an inch
FACILITY_NUMBER, PROVINCE_NUMBER = "02540000101", "02540000100"
DAY = datetime(2021, 7, 25, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@dataclass(frozen=True)
class Traveller:
    """Somebody who has declared on the web, with the code and the link they keep."""

    person: Person
    code: str
    secret: str


@dataclass
class Story:
    """A day at QL51, lived minute by minute; every time is Viet Nam's."""

    server: str
    stage: Stage
    browser: Browser
    signed_in: dict[str, BrowserContext] = field(default_factory=dict)
    phones: dict[tuple[int, int], BrowserContext] = field(default_factory=dict)
    pictures: Path | None = field(
        default_factory=lambda: (
            Path(os.environ["CHOTXANH_PICTURES"]) if "CHOTXANH_PICTURES" in os.environ else None
        )
    )

    def at(self, clock: str, *, days: int = 0) -> None:
        """Let it be this hour and minute, so many days after the first one."""
        hour, minute = map(int, clock.split(":"))
        self.stage.now = DAY + timedelta(days=days, hours=hour, minutes=minute)
        self.stage.station.minute = (self.stage.now - self.stage.station.began) / timedelta(minutes=1)

    def declare(self, person: Person) -> Traveller:
        """Somebody declares at home."""
        declaration = Declaration(
            full_name=person.full_name,
            birth=BirthDate(person.birth, person.birth.year),
            sex=person.sex,
            id_number=person.id_number,
            phone=person.phone,
            category=person.category,
            vehicle_class=person.vehicle_class,
            plate=person.plate,
            direction="in",
            origin=place_named("nso-2021:79"),
            destination=place_named("nso-2021:77"),
            answers=dict.fromkeys(QUESTIONS, False),
            language="vi",
        )
        submitted = submit_declaration(declaration, person.full_name, self.stage.now)
        return Traveller(person, submitted.person_code, submitted.page_secret)

    def swab(self, tube: str, people: Sequence[Traveller], *, by_rt_pcr: bool = False) -> None:
        """The officer closes a tube."""
        facts = collection_facts(tube, [each.code for each in people])
        facts["members"] = [member_facts(each.code, category=each.person.category) for each in people]
        self.stage.must_apply(
            self.stage.station.entry("specimen.collected", facts | _tested(by_rt_pcr=by_rt_pcr))
        )

    def read(self, tube: str, value: str, *, by_rt_pcr: bool = False) -> None:
        """The technician gives a result."""
        facts = result_facts(tube, value) | _tested(by_rt_pcr=by_rt_pcr)
        self.stage.must_apply(self.stage.station.entry("result.recorded", facts))

    @contextmanager
    def look(self, address: str, name: str, size: tuple[int, int] = PHONE) -> Iterator[Page]:
        """Open a page as anybody may, on a phone without JavaScript."""
        if size not in self.phones:
            width, height = size
            self.phones[size] = self.browser.new_context(
                viewport={"width": width, "height": height}, java_script_enabled=False
            )
        page = self.phones[size].new_page()
        page.goto(f"{self.server}{address}")
        yield page
        self.keep(page, name)
        page.close()

    def own_page(self, traveller: Traveller, name: str, *, is_waiting: bool = False) -> "Seen":
        """Look at somebody's own page; who does not wait for the call sees their result at once."""
        with self.look(f"/p/{traveller.secret}", name) as page:
            at_once = page.get_by_role("button", name="Xem ngay")
            if at_once.count() and not is_waiting:
                with page.expect_navigation():
                    at_once.click()
            return Seen.of(page)

    def printed(self, traveller: Traveller, name: str) -> "Seen":
        """Look at what somebody's own page puts on paper."""
        with self.look(f"/p/{traveller.secret}", name, A5) as page:
            page.emulate_media(media="print")
            return Seen.of(page)

    def sheets(self, traveller: Traveller) -> int:
        """Count the sheets of A5 that somebody's own page fills."""
        with self.look(f"/p/{traveller.secret}", "") as page:
            edge = "10mm"
            margin: PdfMargins = {"top": edge, "bottom": edge, "left": edge, "right": edge}
            printed = page.pdf(format="A5", margin=margin)
        return int(re.findall(rb"/Count (\d+)", printed)[0])

    def paper_of(self, traveller: Traveller) -> bytes:
        """Photograph the QR of the certificate on somebody's page."""
        with self.look(f"/p/{traveller.secret}", "") as page:
            return page.locator(".certificate .qr img").first.screenshot()

    def checked(self, paper: bytes, name: str) -> "Seen":
        """A guard has a photograph checked."""
        with self.look("/verify", name) as page:
            page.set_input_files("#photo", {"name": "giay.png", "mimeType": "image/png", "buffer": paper})
            page.click("main .actions button")
            page.locator(".state-large").wait_for()
            return Seen.of(page)

    def office(self, member: Member, address: str) -> Page:
        """Open a page of the office as this member, who signs in the first time."""
        if member.username not in self.signed_in:
            width, height = DESK
            context = self.browser.new_context(viewport={"width": width, "height": height})
            context.new_page()
            self.signed_in[member.username] = context
        page = self.signed_in[member.username].pages[0]
        page.goto(f"{self.server}{address}")
        if page.locator("#username").count():  # hours go by between two looks, and a session ends
            page.fill("#username", member.username)
            page.fill("#password", PASSWORD)
            expect_code(member)
            with page.expect_navigation():
                page.click("main button")
            type_code(page, member)
        return page

    def call_list(self, name: str) -> str:
        """What the lead reads on the call list, of whom to call now."""
        page = self.office(self.stage.staff.lead, "/office/calls")
        self.keep(page, name)
        return page.locator("main").inner_text().split("Quá giờ chưa có kết quả")[1]

    def note_call(self) -> None:
        """The lead has reached whoever stands first on the call list."""
        page = self.office(self.stage.staff.lead, "/office/calls")
        with page.expect_navigation():
            page.locator(".call-acts button[value=reached]").first.click()

    def followups(self, name: str) -> str:
        """What the physician reads of who stands as positive."""
        page = self.office(self.stage.staff.physician, "/office/followups")
        self.keep(page, name)
        return page.locator("main").inner_text()

    def close_followup(self, outcome: str, reason: str) -> None:
        """The physician ends the only follow-up there is."""
        page = self.office(self.stage.staff.physician, "/office/followups")
        page.click(".call-acts a.button")
        page.check(f"[name=outcome][value={outcome}]")
        page.fill("#reason", reason)
        with page.expect_navigation():
            page.click("main .actions button")

    def end(self) -> None:
        """Close every browser."""
        for context in (*self.signed_in.values(), *self.phones.values()):
            context.close()

    def keep(self, page: Page, name: str) -> None:
        """Keep a picture of the whole page, if somebody wants to look."""
        if self.pictures is not None and name:
            self.pictures.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=self.pictures / f"{name}.png", full_page=True)


@dataclass(frozen=True)
class Seen:
    """What a page showed: its words as a reader sees them, and how many certificates could be scanned."""

    words: str
    certificates: int

    @classmethod
    def of(cls, page: Page) -> "Seen":
        """Read a page."""
        shown = page.locator("main").inner_text()
        return cls(" ".join(shown.split()), page.locator(".certificate .qr img:visible").count())


def begin(server: str, stage: Stage, browser: Browser, patch: pytest.MonkeyPatch) -> Story:
    """Begin a story: its clock is the server's, its lead and its physician can sign in, its duty numbers are set."""
    story = Story(server, stage, browser)
    patch.setattr(timezone, "now", lambda: story.stage.now)
    for member in (stage.staff.lead, stage.staff.physician):
        member.set_password(PASSWORD)
        member.save()
    for of, code, phone in (
        (DutyOf.FACILITY, PHU_MY, FACILITY_NUMBER),
        (DutyOf.PROVINCE, "nso-2021", PROVINCE_NUMBER),
    ):
        record_deeds([Deed(DutySet(of, code, BEGINS), DutyPersonal(new_salt(), phone))], BEGINS)
    return story


def _tested(*, by_rt_pcr: bool) -> dict[str, Any]:
    return {"test": RT_PCR, "kit": None} if by_rt_pcr else {}
