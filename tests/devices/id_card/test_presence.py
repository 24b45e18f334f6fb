"""Whether a reader is there is seen without a word to it, from any thread, in the middle of a conversation too."""

import os
import socket
import tty
from pathlib import Path
from typing import Any

import pytest

from devices.id_card.sam.address import HidAddress
from devices.id_card.sam.driver import SamReader
from devices.id_card.sam.hid_reports import HidReports
from devices.id_card.sam.serial_line import SerialLine
from devices.id_card.sam.settings import SamSettings
from devices.id_card.sam.tcp_bridge import TcpBridge
from kiosk.app.system import SystemClock
from kiosk.ports.device_status import Ready, Unavailable
from simulators.card_reader.simulator import CardReaderSimulator
from tests.devices.id_card.conftest import made_up_picture
from tests.devices.id_card.fake_hid import FakeHidDevice

VENDOR, PRODUCT = 0x2B8B, 0x2721


def test_a_port_that_vanished_or_was_hung_up_is_gone(tmp_path: Path) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    port = tmp_path / "reader"
    port.symlink_to(os.ttyname(slave))
    line = SerialLine(str(port), 115200)
    assert not line.gone(), "never opened, and there"
    line.open(1)
    assert not line.gone()
    os.write(master, b"a reader that speaks is there too")
    assert not line.gone()
    port.unlink()
    assert line.gone()
    port.symlink_to(os.ttyname(slave))
    assert not line.gone()
    os.close(master)
    os.close(slave)
    assert line.gone(), "the name may be there again, what was opened is not"
    line.close()


def test_a_bridge_that_hung_up_is_gone_and_one_that_was_never_called_may_be_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        bridge = TcpBridge(*server.getsockname()[:2])
        assert not bridge.gone()
        bridge.open(1)
        other, _ = server.accept()
        other.sendall(b"late")
        assert not bridge.gone()
        other.close()
        assert bridge.gone()
        bridge.close()
        assert not bridge.gone()


@pytest.mark.parametrize(("serial", "gone"), [(None, False), ("A1", False), ("A2", True)])
def test_a_usb_reader_is_known_by_its_numbers(serial: str | None, gone: bool) -> None:
    attached: list[dict[str, Any]] = [{"serial_number": "A1"}]
    asked: list[tuple[int, int]] = []

    def attached_now(vendor: int, product: int) -> list[dict[str, Any]]:
        asked.append((vendor, product))
        return attached

    reports = HidReports(HidAddress(VENDOR, PRODUCT, serial), lambda: FakeHidDevice(lambda _: b""), attached_now)
    assert reports.gone() is gone
    assert asked == [(VENDOR, PRODUCT)]
    attached.clear()
    assert reports.gone()


def test_the_library_knows_that_no_such_reader_is_attached() -> None:
    assert HidReports(HidAddress(0xFFFE, 0xFFFD, None)).gone()


def test_a_reader_is_missed_when_it_is_pulled_and_seen_when_it_is_back(tmp_path: Path) -> None:
    simulator = CardReaderSimulator(made_up_picture, link=tmp_path / "reader")
    simulator.plug({})
    reader = SamReader(SamSettings(port=simulator.address), SystemClock())
    assert reader.present() is None
    assert isinstance(reader.status(), Ready)
    assert reader.present() is None, "whether it works only its answer tells"
    simulator.unplug({})
    gone = reader.present()
    assert isinstance(gone, Unavailable)
    assert gone.reason == "port-gone"
    assert gone.remedy
    assert isinstance(reader.status(), Unavailable)
    simulator.plug({})
    assert reader.present() is None
    assert isinstance(reader.status(), Ready)
    reader.close()
    simulator.close()
