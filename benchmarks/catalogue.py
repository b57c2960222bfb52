"""The names of the benchmarks, and where each is measured: known without setting Django up."""

from chotxanh.cli.stopped import Stopped

# In this order, so that the memory is that of a server which has worked.
BENCHMARKS = {
    "ledger.ingest": "benchmarks.ingest:measure",
    "declare.alone": "benchmarks.operations:measure_declaring",
    "collect.alone": "benchmarks.operations:measure_collecting",
    "result.alone": "benchmarks.operations:measure_results",
    "result.tens": "benchmarks.operations:measure_results_in_tens",
    "card": "benchmarks.reads:measure_card",
    "page.own": "benchmarks.visits:measure_own_page",
    "form.get": "benchmarks.visits:measure_form",
    "form.post.new": "benchmarks.visits:measure_new_person",
    "form.post.returning": "benchmarks.visits:measure_returning_person",
    "verify": "benchmarks.visits:measure_verifying",
    "feed.idle.3000": "benchmarks.reads:measure_idle_feed",
    "feed.idle.300000": "benchmarks.reads:measure_idle_feed_of_a_province",
    "statements": "benchmarks.statements:measure",
    "declare.page": "benchmarks.pages:measure_declaring",
    "declare.first_visit": "benchmarks.pages:measure_first_visit",
    "pages": "benchmarks.crowd:measure",
    "attack": "benchmarks.attack:measure",
    "flood": "benchmarks.flood:measure",
    "server.memory": "benchmarks.pages:measure_memory",
    "certificate.issue": "benchmarks.certificates:measure_issuing",
    "certificate.verify": "benchmarks.certificates:measure_verifying",
    "certificate.verdict.browser": "benchmarks.recognition:measure_judging",
    "units.find.browser": "benchmarks.recognition:measure_finding",
    "scan.recognise": "benchmarks.recognition:measure_recognising",
    "qr.draw": "benchmarks.recognition:measure_drawing",
    "up.second": "benchmarks.starting:measure",
    "find.person": "benchmarks.finding:measure",
    "growth": "benchmarks.growth:measure",
}
# What takes minutes, or a quarter of an hour, runs only when it is named.
ONLY_WHEN_NAMED = {"find.person", "growth"}


def chosen(names: list[str]) -> list[str]:
    """Return the benchmarks named, or all but the long ones. Raises Stopped for a name that is none."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        raise Stopped(f"There is no benchmark '{unknown[0]}'. There are: {', '.join(BENCHMARKS)}")
    return names or [name for name in BENCHMARKS if name not in ONLY_WHEN_NAMED]
