"""A terminal's storage on the test's own disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.offline_cache.parts import Parts, build
from tests.records import Registered, register


@pytest.fixture
def registered(tmp_path: Path) -> Registered:
    return register(tmp_path)


@pytest.fixture
def parts(registered: Registered) -> Iterator[Parts]:
    parts = build(registered)
    yield parts
    parts.close()
