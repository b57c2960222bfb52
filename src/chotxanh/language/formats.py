"""Dates as Viet Nam writes them in either language: dd/mm/yyyy, 24 hours, UTC+7; numbers as the reader does."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chotxanh.language.texts import current_language

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
VIETNAMESE_MARKS = str.maketrans(",.", ".,")


def show_time(moment: datetime) -> str:
    """Return `14:05 05/07/2021` in Viet Nam's time for an aware `moment`."""
    return moment.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")


def show_exact_time(moment: datetime) -> str:
    """Return `14:05:09 05/07/2021`, for telling apart what happened within one minute."""
    return moment.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y")


def show_clock(moment: datetime) -> str:
    """Return `14:05` in Viet Nam's time for an aware `moment`."""
    return moment.astimezone(VIETNAM).strftime("%H:%M")


def show_date(moment: datetime) -> str:
    """Return `05/07/2021` in Viet Nam's time for an aware `moment`."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y")


def show_number(number: float, decimals: int = 0) -> str:
    """Return `1.234,5` in Vietnamese, `1,234.5` in English: an English reader takes 1.234 for little more than one."""
    shown = f"{number:,.{decimals}f}"
    return shown.translate(VIETNAMESE_MARKS) if current_language() == "vi" else shown
