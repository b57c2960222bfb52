"""Every limit there is, in one table: what it counts, how many at once, and in what time a used-up one is whole again.

Guessing is limited by what is guessed before by who guesses: phones share addresses (carrier NAT), so an address is an
IPv4 /24 or an IPv6 /64 and its limits are wide. Six hundred phones of one address declare, open their own pages and
verify within ten minutes and nobody is refused; beyond that they slow down.
"""

from dataclasses import dataclass
from datetime import timedelta

TEN_MINUTES = timedelta(minutes=10)


@dataclass(frozen=True)
class Limit:
    """`burst` at once; then one more whenever `per / burst` has passed. `by` says in words what is counted."""

    name: str
    by: str
    burst: int
    per: timedelta


PASSWORDS_OF_ACCOUNT_HERE = Limit(
    "passwords_of_account_here",
    "account and the station, known browser or address at which its password is guessed",
    8,
    TEN_MINUTES,
)
PASSWORDS_OF_ACCOUNT_ELSEWHERE = Limit(
    "passwords_of_account_elsewhere",
    "account, over all browsers in which it never signed in; stations, known browsers and right one-time "
    "passwords do not count",
    60,
    timedelta(hours=1),
)
PASSWORDS_HERE = Limit(
    "passwords_here", "station, known browser or address, over all accounts", 60, TEN_MINUTES
)
PASSWORDS_OF_STRANGERS = Limit(
    "passwords_of_strangers",
    "all browsers in which the named account never signed in, together: hashing takes no more of the machine; "
    "right one-time passwords do not count",
    10,
    timedelta(seconds=20),
)
SECOND_CODES = Limit(
    "second_codes",
    "account; who guesses knows its password already, a right code is given back",
    6,
    TEN_MINUTES,
)
ENROLMENT_CODES = Limit("enrolment_codes", "address; a right code is given back", 20, TEN_MINUTES)
PERSON_CODES = Limit("person_codes", "station; only codes that nobody has", 120, TEN_MINUTES)
PEOPLE_SEARCHES = Limit(
    "people_searches",
    "member of the office; each search for people, whomever it finds",
    120,
    timedelta(hours=1),
)
HANDED_IN_LOOKS = Limit(
    "handed_in_looks",
    "station; cards that were opened there, as it hands them in: at least 50 each time",
    6_000,
    TEN_MINUTES,
)
PAGE_SECRETS = Limit("page_secrets", "address; only links that lead to no page", 120, TEN_MINUTES)
OWN_PAGES = Limit(
    "own_pages", "address; an open page asks twice a minute whether it is new", 30_000, TEN_MINUTES
)
DECLARATIONS = Limit("declarations", "address", 2_000, TEN_MINUTES)
DRAFTS = Limit("drafts", "address; what is beyond is shown and not kept", 6_000, TEN_MINUTES)
PLACES_SOUGHT = Limit(
    "places_sought",
    "address; forms with places that are sought by their words",
    3_000,
    TEN_MINUTES,
)
LISTS = Limit("lists", "account; sheets that were sent in", 40, TEN_MINUTES)
VERIFICATIONS = Limit("verifications", "address", 2_000, TEN_MINUTES)
OFFICE_PAPERS = Limit("office_papers", "member; papers set for the printer at the office", 60, TEN_MINUTES)
OWN_PAPERS = Limit("own_papers", "person; their data taken along as PDF", 20, TEN_MINUTES)
UNAUTHENTIC_ENTRIES = Limit(
    "unauthentic_entries",
    "address; entries that no enrolled device signed: what is beyond is not kept",
    100,
    timedelta(days=1),
)
UNAUTHENTIC_ENTRIES_TOGETHER = Limit(
    "unauthentic_entries_together",
    "all addresses together: strangers fill no disk, from however many places they send",
    200,
    timedelta(hours=1),
)

LIMITS = (
    *(PASSWORDS_OF_ACCOUNT_HERE, PASSWORDS_OF_ACCOUNT_ELSEWHERE, PASSWORDS_HERE),
    *(PASSWORDS_OF_STRANGERS, SECOND_CODES),
    *(ENROLMENT_CODES, PERSON_CODES, PEOPLE_SEARCHES, HANDED_IN_LOOKS, PAGE_SECRETS),
    *(OWN_PAGES, DECLARATIONS, DRAFTS, PLACES_SOUGHT, LISTS, VERIFICATIONS, OFFICE_PAPERS, OWN_PAPERS),
    UNAUTHENTIC_ENTRIES,
    UNAUTHENTIC_ENTRIES_TOGETHER,
)
