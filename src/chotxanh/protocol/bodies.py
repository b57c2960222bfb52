"""How long a body may be, by the address it is sent to, and how long it may take to come.

The same lengths stand in `deploy/nginx.conf`; a test compares them.
"""

from datetime import timedelta

KIB = 1024
MIB = 1024 * KIB
PHOTO_MIB, SHEET_MIB = 8, 5
PHOTOS, SHEETS = "/verify", "/office/lists/"
# By the beginning of the path; the first that fits counts. Only a photo of a certificate and a sheet are large.
LONGEST_BODIES = (
    (PHOTOS, PHOTO_MIB * MIB + 64 * KIB),  # one photo, and the form around it
    ("/api/v1/", 2 * MIB),  # a batch of 500 entries
    (SHEETS, SHEET_MIB * MIB + 64 * KIB),  # one sheet, and the form around it
    ("/office/", 256 * KIB),  # a page's text
    ("/", 64 * KIB),
)
# What stalls for so long is ended; in all a body has this much time more than its length needs at the slowest pace.
LONGEST_STALL = timedelta(seconds=10)
LONGEST_BEYOND_PACE = timedelta(seconds=30)
SLOWEST_PACE_BYTES = 16 * KIB  # a second: the mobile network where it is worst


def longest_body(path: str) -> int:
    """Return how many bytes may be sent to an address at most."""
    return next(most for beginning, most in LONGEST_BODIES if path.startswith(beginning) or beginning == "/")


def longest_taking(length: int) -> timedelta:
    """Return how long a body of this many bytes may take to come."""
    return LONGEST_BEYOND_PACE + timedelta(seconds=length / SLOWEST_PACE_BYTES)


def stated_length(said: str | None) -> int | None:
    """Read the header Content-Length; None where it says no length."""
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 20 else None
