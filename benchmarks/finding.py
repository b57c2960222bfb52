"""`find.person`: how long the office looks for somebody among a million, by name, phone, number and plate.

Three hundred people are declared by the product's own paths; copies of their registrations, each with a phone and a
number of its own and registered earlier, make the million, so that thousands bear each name. Journeys are not copied.
Timed is what comes between the search and the page: reading the text, finding, opening what is sealed, and the rows.
"""

import statistics
import time
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from benchmarks.figures import Figure, bound
from benchmarks.multiplying import multiply_registrations
from benchmarks.operating import settle_database
from benchmarks.place import Place
from benchmarks.progress import tell
from chotxanh.declarations.queries import last_journeys
from chotxanh.domain.sought import read_sought
from chotxanh.people.models import Registration
from chotxanh.people.queries import personal_of
from chotxanh.site.office.found_people import find_people, found_rows

PEOPLE, EVERYBODY, IN_A_TUBE = 300, 1_000_000, 5
ROUNDS, WARM_UP = 60, 5
MOST_MS = 50.0
TODAY = date(2021, 7, 25)


def measure(place: Place) -> list[Figure]:
    """Return the milliseconds of the slowest of the four ways, each the median of its rounds."""
    codes = place.desk.tested_people(PEOPLE, IN_A_TUBE)
    ways = _known_by(list(Registration.objects.filter(person_code__in=codes).values_list("id", flat=True)))
    tell(f"  copying registrations until there are {EVERYBODY:,}")
    multiply_registrations(EVERYBODY)
    settle_database()
    taken = {way: _median_ms(texts) for way, texts in ways.items()}
    tell(f"  {', '.join(f'{way} {milliseconds:.1f} ms' for way, milliseconds in taken.items())}")
    return [bound("find.person", max(taken.values()), "ms", MOST_MS)]


def _known_by(registrations: Sequence[UUID]) -> dict[str, list[str]]:
    """Return what these people can be found by, way by way."""
    people = list(personal_of(registrations).values())
    journeys = last_journeys(registrations).values()
    return {
        "name": [each.full_name for each in people],
        "phone": [each.phone for each in people if each.phone],
        "number": [each.id_number for each in people if each.id_number],
        "plate": [plate for each in journeys if (plate := each.plate)],
    }


def _median_ms(texts: Sequence[str]) -> float:
    taken = []
    for text in texts[: ROUNDS + WARM_UP]:
        began = time.perf_counter()
        sought = read_sought(text, TODAY)
        rows = found_rows(find_people(sought, None), sees_plates=True, is_of_card=False)
        taken.append(1e3 * (time.perf_counter() - began))
        if not rows:
            raise RuntimeError("nobody was found")
    return statistics.median(taken[WARM_UP:])
