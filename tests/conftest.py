"""What every test shares: a hypothesis profile without deadlines (machines differ) and an offscreen Qt."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

settings.register_profile("kiosk", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("kiosk")


@pytest.fixture(autouse=True)
def _quiet_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """An unexpected warning or error in the log fails the test."""
    yield
    loud = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= 30]
    assert not loud, f"unexpected log lines: {loud}"
