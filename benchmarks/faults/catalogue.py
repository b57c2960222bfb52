"""The names of the campaigns, and where each is: known without setting Django up."""

from chotxanh.cli.stopped import Stopped

FAULTS = "benchmarks.faults.run"
CAMPAIGNS = {
    "kill": "benchmarks.faults.strikes:AnythingKilled",
    "workers": "benchmarks.faults.strikes:WorkersKilled",
    "server": "benchmarks.faults.strikes:ServerKilled",
    "database": "benchmarks.faults.strikes:DatabaseKilled",
    "restore": "benchmarks.faults.restoring:BackupPutBack",
    "answers": "benchmarks.faults.strikes:AnswersCut",
    "worker": "benchmarks.worker_kills.running",
}
# They ask the pure rules, and need no product.
PURE = {"histories": "benchmarks.faults.histories.run"}


def place_of(name: str) -> str:
    """Return where a campaign is. Raises Stopped for a name that is none."""
    places = CAMPAIGNS | PURE
    if name not in places:
        raise Stopped(f"There is no campaign '{name}'. There are: {', '.join(places)}")
    return places[name]


def runner_of(name: str) -> str:
    """Return the module that runs a campaign: one of its own, or that which strikes under traffic."""
    place = place_of(name)
    return FAULTS if ":" in place else place
