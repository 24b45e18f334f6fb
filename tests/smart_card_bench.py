"""The virtual smart-card reader behind a real pcscd, started once for all tests that ask for it."""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.smart_card.pcsc.settings import PcscSettings
from simulators.smart_card.pcscd import Pcscd
from simulators.smart_card.simulator import SmartCardSimulator

SPECIMEN = {"name": "测试人甲", "number": "11010519491231002X", "sex": "2", "birth": "19491231"}
NEVER = threading.Event()

PATIENCE_S = 30.0
"""Until a service of three programs has seen what the test did."""


def patient(settings: PcscSettings) -> PcscSettings:
    """With more time for a card than a terminal may be given: each command goes through three programs and back."""
    return settings.model_copy(update={"read_timeout_s": PATIENCE_S})


class VirtualReader:
    """``socket`` is where its pcscd is reached."""

    def __init__(self, folder: Path) -> None:
        self.pcscd = Pcscd(folder)
        self.socket = self.pcscd.socket
        self.world = SmartCardSimulator(self.pcscd)

    def put_in_order(self) -> None:
        self.world.set_fault({"kind": None})
        self.world.remove_card({})
        self.world.plug({})
        self.world.describe({})


@pytest.fixture(scope="session")
def running_reader() -> Iterator[VirtualReader]:
    """Fails with one line on a machine that cannot run pcscd."""
    with tempfile.TemporaryDirectory(prefix="kiosk-pcscd-") as folder:
        reader = VirtualReader(Path(folder))
        yield reader
        reader.world.close()


@pytest.fixture
def virtual_reader(running_reader: VirtualReader) -> Iterator[VirtualReader]:
    """Plugged in, empty, without a fault, before and after."""
    running_reader.put_in_order()
    yield running_reader
    running_reader.put_in_order()
