"""What officers do at a station: enrol it, begin a shift, pair a tube with people, give the result."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page

from chotxanh.cli.pictures.camera import DESK, Camera

# Accounts of the demonstration, as site/scenario.py lays them out; importing it would need Django in this process.
OFFICER = "canbo"
TECHNICIAN = "kythuat"  # who may enter results of RT-PCR
LEAD = "truongca"
PASSWORD = "chot-xanh-2021"  # noqa: S105 -- printed by every demonstration
SITE = "ql51-xe-tai"
# The demonstration's test for pools, which has no window: nobody waits for a line (site/shipped.py).
RT_PCR = "RT-PCR SARS-CoV-2"
KEYSTROKE_MS = 2  # a USB scanner types a character in 10 to 16 ms; anything under 40 ms is a scan


@dataclass(frozen=True)
class Desk:
    """A station at work in a browser of its own."""

    page: Page

    def scan(self, text: str) -> None:
        """Scan as a USB scanner does: fast keys, then Enter."""
        self.page.keyboard.type(text, delay=KEYSTROKE_MS)
        self.page.keyboard.press("Enter")

    def collect(self, tube: str, codes: Sequence[str], *, is_closed: bool = True) -> None:
        """Scan a new tube, then the people whose samples are in it."""
        self.scan(tube)
        self.page.locator("[data-testid=tube][data-step=collecting]").wait_for()
        for count, code in enumerate(codes, start=1):
            self.scan(code.replace(" ", ""))
            self.page.locator("[data-testid=tube-member]").nth(count - 1).wait_for()
        if is_closed:
            self.close_tube()

    def close_tube(self) -> None:
        """Close the open tube, which writes its entry."""
        self.page.keyboard.press("F9")
        self.page.locator("[data-testid=tube]:not([data-step=collecting])").wait_for()

    def give_result(self, tube: str, value: str) -> None:
        """Scan a tube that waits and choose its result."""
        self.scan(tube)
        self.page.get_by_test_id(f"result-{value}").click()
        self.page.locator(f"[data-testid=tube-value][data-value={value}]").wait_for()

    def hand_over(self, shift: "Shift") -> None:
        """End the shift, and let somebody else begin theirs."""
        self.wait_until_sent()
        self.page.get_by_test_id("sign-out").click()
        begin_shift(self.page, shift)
        self.wait_until_sent()

    def change_language(self) -> None:
        """Read the station in the other language."""
        self.page.get_by_test_id("language").click()
        self.page.get_by_test_id("scan").focus()

    def wait_until_kept(self) -> None:
        """Wait until the computer says that it keeps something which the server does not have yet."""
        self.page.locator("[data-testid=waiting]:not([data-count='0'])").wait_for()

    def wait_until_sent(self) -> None:
        """Wait until the server has given a receipt for everything."""
        self.page.locator("[data-testid=waiting][data-count='0']").wait_for()

    def cut_line(self) -> None:
        """Take the line away and wait until the station has noticed."""
        self.page.context.set_offline(True)
        self.page.locator("[data-testid=line-state]:not([data-line=up])").wait_for()

    def mend_line(self) -> None:
        """Give the line back and wait until everything that was kept is sent, also where the device was revoked."""
        self.page.context.set_offline(False)
        self.wait_until_sent()

    def wait_until_online(self) -> None:
        """Wait until the header says that the line is up."""
        self.page.locator("[data-testid=line-state][data-line=up]").wait_for()


@dataclass(frozen=True)
class Shift:
    """Who works at which site, the number of the post there, and by which test."""

    username: str = OFFICER
    password: str = PASSWORD
    site: str = SITE
    post: int = 1
    test: str = RT_PCR


@contextmanager
def station(
    camera: Camera, code: str, name: str, shift: Shift = Shift(), *, is_shown: bool = False
) -> Iterator[Desk]:
    """Enrol a browser with a one-time code and begin a shift, at the truck post of QL51 unless another is named."""
    with camera.stranger(DESK) as context:
        page = context.new_page()
        page.goto("/station/")
        page.get_by_test_id("enrol-code").fill(code)
        page.get_by_test_id("enrol-name").fill(name)
        page.get_by_test_id("enrol-submit").click()
        begin_shift(page, shift, camera if is_shown else None)
        desk = Desk(page)
        desk.wait_until_sent()
        yield desk


def begin_shift(page: Page, shift: Shift, camera: Camera | None = None) -> None:
    """Sign somebody in and choose the post and the test, with pictures on the way where there is a camera."""
    page.get_by_test_id("sign-in-username").fill(shift.username)
    page.get_by_test_id("sign-in-password").fill(shift.password)
    if camera:
        camera.take(page, "station-sign-in")
    page.get_by_test_id("sign-in-submit").click()
    chosen = page.get_by_test_id(f"post-{shift.site}-{shift.post}")
    chosen.wait_for()
    page.get_by_test_id("testing").select_option(label=shift.test)
    if camera:
        camera.take(page, "station-lane")
    chosen.click()
    page.get_by_test_id("scan").wait_for()
