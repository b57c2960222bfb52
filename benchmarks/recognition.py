"""`scan.recognise`, `qr.draw`, `certificate.verdict.browser` and `units.find.browser`: what somebody waits for."""

import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence

from benchmarks.figures import Figure, bound
from benchmarks.place import Place
from chotxanh.cli.paths import CONTRACTS
from chotxanh.cli.twins.node_side import built_twin
from chotxanh.domain.scan import recognise
from chotxanh.pictures.drawing import qr_image

MOST_RECOGNISING_US, MOST_DRAWING_MS, MOST_JUDGING_MS = 50.0, 2.0, 10.0
MOST_FINDING_MS = 8.0  # an old phone is six times as slow, and may take 50
LONGEST_COMMON_SCAN = 1_000  # characters; the contract also holds garbage of 20,000
ROUNDS, JUDGEMENTS, FINDINGS = 50, 300, 5


def measure_recognising(_place: Place) -> list[Figure]:
    """Return the microseconds of recognising one scan, the mean over the contract's scans."""
    texts = [case["text"] for case in _contract("scan") if len(case["text"]) <= LONGEST_COMMON_SCAN]
    seconds = _median_seconds(lambda: [recognise(text) for text in texts])
    return [bound("scan.recognise", 1e6 * seconds / len(texts), "µs", MOST_RECOGNISING_US)]


def measure_drawing(_place: Place) -> list[Figure]:
    """Return the milliseconds of drawing a certificate as the person's page shows it."""
    text = _contract("certificates")[0]["text"]
    seconds = _median_seconds(lambda: qr_image(text, label="QR"))
    return [bound("qr.draw", 1e3 * seconds, "ms", MOST_DRAWING_MS)]


def measure_judging(_place: Place) -> list[Figure]:
    """Return the milliseconds of one verdict in the browser's engine (V8, run by Node), the median once warm."""
    genuine = {"rule": "certificate", **_contract("certificates")[0]}
    milliseconds = _browsers_milliseconds([genuine] * JUDGEMENTS)
    figure = bound("certificate.verdict.browser", statistics.median(milliseconds), "ms", MOST_JUDGING_MS)
    return [figure]


def measure_finding(_place: Place) -> list[Figure]:
    """Return the milliseconds of finding a unit there, once warm: how long 19 of 20 texts take at most."""
    texts = [case["text"] for case in _contract("unit_search", "find")]
    milliseconds = _browsers_milliseconds([{"rule": "units", "text": text} for text in texts * FINDINGS])
    fastest = [min(milliseconds[number :: len(texts)]) for number in range(len(texts))]
    slowest = statistics.quantiles(fastest, n=20)[-1]
    return [bound("units.find.browser", slowest, "ms", MOST_FINDING_MS)]


def _browsers_milliseconds(asked: Sequence[Mapping[str, str]]) -> list[float]:
    with built_twin() as twin:
        questions = twin.folder / "questions"
        questions.write_text("".join(json.dumps(each) + "\n" for each in asked), encoding="ascii")
        lines = twin.answers(questions).read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["ms"] for line in lines]


def _median_seconds(work: Callable[[], object]) -> float:
    work()
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _contract(name: str, part: str = "cases") -> list[dict[str, str]]:
    contract = json.loads((CONTRACTS / f"{name}.json").read_text(encoding="utf-8"))
    cases: list[dict[str, str]] = contract[part]
    return cases
