"""Takes the pictures: a phone and a desk in one browser, and PNG files small enough for a repository."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from chotxanh.cli.progress import tell

COLOURS = 256
LARGEST_BYTES = 150_000
PATIENCE_MS = 20_000


@dataclass(frozen=True)
class Screen:
    """What the browser pretends to be; `scale` is device pixels for each CSS pixel."""

    width: int
    height: int
    scale: int
    is_phone: bool = False


PHONE = Screen(390, 844, 2, is_phone=True)
DESK = Screen(1280, 800, 1)


@dataclass(frozen=True)
class Camera:
    """One browser that visits the demonstration at `address`, and the folder its pictures go to."""

    browser: Browser
    address: str
    folder: Path

    @contextmanager
    def visitor(self, screen: Screen, language: str = "vi") -> Iterator[Page]:
        """Open a page of a browser that has never been here, in one language; closed with the block."""
        with self.stranger(screen) as context:
            context.add_cookies([{"name": "language", "value": language, "url": self.address}])
            yield context.new_page()

    @contextmanager
    def stranger(self, screen: Screen) -> Iterator[BrowserContext]:
        """Open a context with a store of its own: another phone, another PC."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": screen.width, "height": screen.height},
            device_scale_factor=screen.scale,
            is_mobile=screen.is_phone,
            has_touch=screen.is_phone,
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        try:
            yield context
        finally:
            context.close()

    def take(self, page: Page, name: str, *, from_element: str = "") -> None:
        """Write the screen as `name`.png: the page from its top, or from `from_element` (a selector) on."""
        page.evaluate("document.fonts.ready")
        page.locator(from_element or "html").first.evaluate("element => element.scrollIntoView()")
        size = self.write(name, page.screenshot(animations="disabled", caret="hide"))
        warning = "  larger than it should be" if size > LARGEST_BYTES else ""
        tell(f"  {name}.png {size / 1000:.0f} kB{warning}")

    def write(self, name: str, png: bytes) -> int:
        """Write the picture with a palette of its own, a third of the size; returns its bytes."""
        with Image.open(io.BytesIO(png)) as picture:
            reduced = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        path = self.folder / f"{name}.png"
        reduced.save(path, optimize=True)
        return path.stat().st_size
