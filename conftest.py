"""What every test may ask for, wherever it lies: how properties are searched, and the public test data."""

import os
from pathlib import Path

import pytest
from django.conf import settings as product
from hypothesis import settings

from chotxanh.beside import heard
from chotxanh.keys.making import make_missing_keys
from chotxanh.language.texts import use_language

ROOT = Path(__file__).resolve().parent
IS_ON_POSTGRESQL = os.environ.get("CHOTXANH_DATABASE_URL", "").startswith("postgres")
# What uses the database of the environment in processes of its own.
ON_BOTH = ("both", "road")
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "live_server"})

# A busy machine makes an example slow, not wrong; and a failure in CI must be the same failure at home.
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let a test that uses the database use all there are: what is written while people look lies in a second file.

    What uses none is tested with SQLite, and not once more on PostgreSQL.
    """
    once = []
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is None and DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            if IS_ON_POSTGRESQL and not any(map(item.get_closest_marker, ON_BOTH)):
                once.append(item)
            continue
        wanted = {**(marker.kwargs if marker else {}), "databases": "__all__"}
        item.add_marker(pytest.mark.django_db(**wanted), append=False)
    if once:
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if item not in set(once)]


@pytest.fixture(autouse=True)
def _many_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests live in many times, one after the other; what watches the server's clock says so itself."""
    monkeypatch.setattr(product, "IS_CLOCK_WATCHED", False)


@pytest.fixture(autouse=True)
def _nobody_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a station last said is of one test: its identifier may be that of another test's."""
    monkeypatch.setattr(heard, "_last_words", {})


@pytest.fixture(autouse=True)
def _vietnamese_first() -> None:
    """No test reads in the language that another left."""
    use_language("vi")


@pytest.fixture(scope="session")
def testdata() -> Path:
    """The folder of public test vectors; without it the test is skipped at home and fails in CI."""
    folder = Path(os.environ.get("CHOTXANH_TESTDATA", ROOT.parent / "shared" / "testdata"))
    if not folder.is_dir():
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent("the public test vectors are not here: CHOTXANH_TESTDATA names their folder")
    return folder


@pytest.fixture(scope="session", autouse=True)
def keys_of_no_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A home and keys for tests that have none of their own: those of this machine stay as they are."""
    product.HOME = tmp_path_factory.mktemp("no-home")
    product.KEYS_DIRECTORY = product.HOME / "keys"
    make_missing_keys()
