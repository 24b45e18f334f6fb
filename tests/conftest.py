"""What every test shares: a hypothesis profile without deadlines (machines differ), an offscreen Qt, golden pictures.

``pytest tests/ui tests/devices/printer --renew-golden`` writes the pictures of pages and papers in tests/golden/ anew
from what is drawn now. Look at every one before committing it.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

pytest_plugins = ["tests.story_summary", "tests.durability.not_run", "tests.smart_card_bench"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

settings.register_profile("kiosk", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("kiosk")

providers._get_local_constants = lambda: providers._local_constants
"""Empty, as at the start: else constants of all modules loaded so far are among the examples, and what is drawn hangs
on the files that a worker happened to get before."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-golden", action="store_true", help="write the golden pictures anew")


@pytest.fixture(scope="session")
def renew_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--renew-golden"))


@pytest.fixture(autouse=True)
def _quiet_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """An unexpected warning or error in the log fails the test."""
    yield
    loud = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= 30]
    assert not loud, f"unexpected log lines: {loud}"
