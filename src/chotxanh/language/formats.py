"""Dates and numbers as Viet Nam writes them: dd/mm/yyyy, 24 hours, UTC+7, 1.234,5."""

from datetime import datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


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
    """Return `1.234,5`: points between thousands, a comma before decimals."""
    return f"{number:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
