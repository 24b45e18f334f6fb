"""Qt warnings fail tests here too, but for the one that every plain widget draws from the offscreen platform."""

from collections.abc import Iterator
from typing import Any

import pytest

OFFSCREEN_ONLY = "This plugin does not support propagateSizeHints()"


@pytest.fixture(autouse=True)
def _quiet_qt(qtlog: Any) -> Iterator[None]:
    yield
    loud = [record.message for record in qtlog.records if record.type.name != "QtDebugMsg"]
    assert set(loud) <= {OFFSCREEN_ONLY}, f"Qt complained: {loud}"
