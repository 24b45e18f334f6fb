"""A window on the software renderer with a clock, a speaker and a camera of the test's own. Qt warnings fail tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.stage import Stage


@pytest.fixture(autouse=True)
def _quiet_qt(qtlog: Any) -> Iterator[None]:
    yield
    loud = [record.message for record in qtlog.records if record.type.name != "QtDebugMsg"]
    assert not loud, f"Qt complained: {loud}"


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.close()
