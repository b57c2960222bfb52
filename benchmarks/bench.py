"""Runs benchmarks, prints each figure beside its limit, and ends with one JSON object."""

import argparse
from collections.abc import Callable

from benchmarks import certificates, ingest, pages, recognition, starting
from benchmarks.figures import Figure, Place, as_json
from benchmarks.product import Setting, serving
from benchmarks.progress import tell
from chotxanh.cli.stopped import Stopped

# In this order, so that the memory is that of a server which has worked.
BENCHMARKS: dict[str, Callable[[Place], list[Figure]]] = {
    "ledger.ingest": ingest.measure,
    "declare.page": pages.measure_declaring,
    "declare.first_visit": pages.measure_first_visit,
    "server.memory": pages.measure_memory,
    "certificate.issue": certificates.measure_issuing,
    "certificate.verify": certificates.measure_verifying,
    "certificate.verdict.browser": recognition.measure_judging,
    "scan.recognise": recognition.measure_recognising,
    "qr.draw": recognition.measure_drawing,
    "up.second": starting.measure,
}


def run(options: argparse.Namespace, setting: Setting) -> int:
    """Run the benchmarks named, or all of them."""
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        raise Stopped(f"There is no benchmark {unknown[0]}. There are: {', '.join(BENCHMARKS)}.")
    figures: list[Figure] = []
    with serving(setting) as served:
        for name in options.names or BENCHMARKS:
            for figure in BENCHMARKS[name](Place(setting, served)):
                figures.append(figure)
                tell(figure.line())
    print(as_json(figures))
    return 0
