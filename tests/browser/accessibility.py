"""What axe finds wrong in a page, by day and by night."""

from django.conf import settings
from playwright.sync_api import Page

AXE = settings.PROJECT_ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = ["color-contrast"]


def faults_in(page: Page, name: str) -> list[tuple[str, str, list[str]]]:
    """Return the faults of a page as it stands: its name, the rule, the elements; dark, the contrast alone."""
    faults = _faults(page, name, RULES)
    page.emulate_media(color_scheme="dark")
    faults += _faults(page, f"{name}, dark", CONTRAST)
    page.emulate_media(color_scheme="light")
    return faults


def _faults(page: Page, name: str, rules: list[str]) -> list[tuple[str, str, list[str]]]:
    page.evaluate(
        AXE.read_text(encoding="utf-8")
    )  # not a script element: the content security policy forbids it
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
    return [
        (name, each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found["violations"]
    ]
