"""The wires by themselves: flow control, deadlines, cables pulled out, and addresses."""

import errno
import os
import tty
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import usb.backend.libusb1
import usb.core

from devices.printer.escpos.address import (
    RawQueueAddress,
    SerialAddress,
    TcpAddress,
    UsbAddress,
    parse_address,
)
from devices.printer.escpos.link import HandedOver, Link, LinkEvent, LinkLost
from devices.printer.escpos.serial_channel import SerialChannel
from devices.printer.escpos.usb_channel import UsbChannel
from devices.printer.escpos_answers import RealTimeStatus
from tests.devices.printer.usb_bus import PRODUCT, VENDOR, SimulatedBus
from tests.eventually import eventually

XON, XOFF = b"\x11", b"\x13"
PAGE = bytes(range(0x20, 0x70)) * 1000


@dataclass
class Line:
    """The printer's end of a serial line."""

    master: int
    path: str

    def read_all(self) -> bytes:
        try:
            return os.read(self.master, 1 << 20)
        except BlockingIOError:
            return b""

    def read(self, count: int) -> bytes:
        pieces: list[bytes] = []

        def all_there() -> bool:
            pieces.append(self.read_all())
            return sum(map(len, pieces)) >= count

        assert eventually(all_there)
        return b"".join(pieces)


@pytest.fixture
def line() -> Iterator[Line]:
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    yield Line(master, os.ttyname(slave))
    os.close(master)
    os.close(slave)


def next_of(link: Link, kind: type[LinkEvent]) -> LinkEvent:
    while not isinstance(event := link.events.get(timeout=10), kind):
        pass
    return event


@pytest.mark.parametrize("flow", ["none", "xonxoff", "rtscts"])
def test_a_serial_line_carries_both_ways(line: Line, flow: str) -> None:
    link = Link(SerialChannel(parse_serial(f"serial:{line.path}?flow={flow}")), 10.0)
    ticket = link.send(PAGE)
    assert line.read(len(PAGE)) == PAGE
    assert next_of(link, HandedOver) == HandedOver(ticket, len(PAGE))
    os.write(line.master, b"\x12")
    assert next_of(link, RealTimeStatus) == RealTimeStatus(0x12)
    link.close()


def parse_serial(text: str) -> SerialAddress:
    address = parse_address(text)
    assert isinstance(address, SerialAddress)
    return address


def test_xoff_stops_the_line_until_xon(line: Line) -> None:
    stopped = Link(SerialChannel(parse_serial(f"serial:{line.path}?flow=xonxoff")), 0.2)
    os.write(line.master, XOFF)
    assert eventually(lambda: takes_nothing(line))
    stopped.send(PAGE)
    assert next_of(stopped, HandedOver) == HandedOver(0, 0)
    assert next_of(stopped, LinkLost) == LinkLost("send-stalled")
    stopped.close(abort=True)
    going = Link(SerialChannel(parse_serial(f"serial:{line.path}?flow=xonxoff")), 10.0)
    os.write(line.master, XON)
    ticket = going.send(PAGE)
    assert line.read(len(PAGE)) == PAGE
    assert next_of(going, HandedOver) == HandedOver(ticket, len(PAGE))
    going.close()


def takes_nothing(line: Line) -> bool:
    """Whether the kernel has obeyed an XOFF; what it took until then is read away."""
    other = os.open(line.path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        os.write(other, b"?")
    except BlockingIOError:
        return True
    finally:
        os.close(other)
    line.read(1)
    return False


def test_a_line_that_nobody_drains_ends_at_its_deadline_and_nothing_is_delivered_late(line: Line) -> None:
    link = Link(SerialChannel(parse_serial(f"serial:{line.path}?flow=none")), 0.2)
    link.send(PAGE)
    handed = next_of(link, HandedOver)
    assert isinstance(handed, HandedOver)
    assert handed.count < len(PAGE)
    assert next_of(link, LinkLost) == LinkLost("send-stalled")
    link.close(abort=True)


def test_what_came_before_the_conversation_answers_nothing(line: Line) -> None:
    os.write(line.master, b"\x1a\x1a\x1a")
    link = Link(SerialChannel(parse_serial(f"serial:{line.path}?flow=none")), 1.0)
    os.write(line.master, b"\x12")
    assert link.events.get(timeout=10) == RealTimeStatus(0x12)
    link.close()


def test_a_serial_adapter_that_is_pulled_out_loses_the_link() -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    link = Link(SerialChannel(parse_serial(f"serial:{os.ttyname(slave)}?flow=none")), 1.0)
    os.close(slave)
    os.close(master)
    assert next_of(link, LinkLost) == LinkLost("link-lost")
    link.close(abort=True)


def test_one_program_at_a_time_has_the_line(line: Line) -> None:
    first = SerialChannel(parse_serial(f"serial:{line.path}?flow=none"))
    with pytest.raises(OSError, match="lock"):
        SerialChannel(parse_serial(f"serial:{line.path}?flow=none"))
    first.close(abort=False)


class BusWith(SimulatedBus):
    """What a real bus may also do. ``calls`` in their order."""

    def __init__(self, **behaviour: bool) -> None:
        super().__init__("127.0.0.1:9")
        self.behaviour = behaviour
        self.calls: list[str] = []

    def open_device(self, dev: str) -> str:
        return dev

    def close_device(self, dev_handle: str) -> None:
        self.calls.append("closed")

    def get_configuration(self, dev_handle: str) -> int:
        if self.behaviour.get("unconfigured") and "configured" not in self.calls:
            return 0
        return 1

    def set_configuration(self, dev_handle: str, config_value: int) -> None:
        self.calls.append("configured")

    def is_kernel_driver_active(self, dev_handle: str, intf: int) -> bool:
        return bool(self.behaviour.get("kernel_driver"))

    def detach_kernel_driver(self, dev_handle: str, intf: int) -> None:
        self.calls.append("detached")

    def attach_kernel_driver(self, dev_handle: str, intf: int) -> None:
        self.calls.append("attached")

    def claim_interface(self, dev_handle: str, intf: int) -> None:
        if self.behaviour.get("busy"):
            raise usb.core.USBError("busy", -6, errno.EBUSY)
        self.calls.append("claimed")

    def release_interface(self, dev_handle: str, intf: int) -> None:
        self.calls.append("released")


def test_the_kernel_s_driver_gets_its_printer_back() -> None:
    bus = BusWith(kernel_driver=True)
    UsbChannel(UsbAddress(VENDOR, PRODUCT, None), bus).close(abort=False)
    assert bus.calls == ["detached", "claimed", "released", "attached", "closed"]


def test_a_configured_device_is_not_configured_anew() -> None:
    bus = BusWith()
    UsbChannel(UsbAddress(VENDOR, PRODUCT, None), bus).close(abort=False)
    assert "configured" not in bus.calls


def test_a_device_fresh_on_the_bus_is_configured() -> None:
    bus = BusWith(unconfigured=True)
    UsbChannel(UsbAddress(VENDOR, PRODUCT, None), bus).close(abort=False)
    assert bus.calls[0] == "configured"


def test_a_printer_of_another_program() -> None:
    with pytest.raises(OSError, match="busy"):
        UsbChannel(UsbAddress(VENDOR, PRODUCT, None), BusWith(busy=True))


def test_another_printer_of_the_model() -> None:
    with pytest.raises(OSError, match="no such"):
        UsbChannel(UsbAddress(VENDOR, PRODUCT, "J4PF000001"), BusWith())


def test_a_machine_without_libusb(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("libusb1", "libusb0", "openusb"):
        monkeypatch.setattr(getattr(__import__(f"usb.backend.{name}").backend, name), "get_backend", lambda: None)
    with pytest.raises(OSError, match="libusb"):
        UsbChannel(UsbAddress(VENDOR, PRODUCT, None))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://192.0.2.40", TcpAddress("192.0.2.40", 9100)),
        ("tcp://[::1]:9101", TcpAddress("::1", 9101)),
        ("serial:/dev/ttyS0", SerialAddress("/dev/ttyS0", 115200, "rtscts")),
        ("serial:/dev/ttyS0?baud=19200&flow=xonxoff", SerialAddress("/dev/ttyS0", 19200, "xonxoff")),
        ("usb:04b8:0202", UsbAddress(0x04B8, 0x0202, None)),
        ("usb:04B8:0202:J4PF:1", UsbAddress(0x04B8, 0x0202, "J4PF:1")),
        ("cups-raw:roll-1", RawQueueAddress("roll-1")),
    ],
)
def test_addresses(text: str, address: object) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "192.0.2.40",
        "tcp://",
        "tcp://printer:99999",
        "tcp://printer:0",
        "tcp://printer/queue",
        "serial:",
        "serial:/dev/ttyS0?baud=115201",
        "serial:/dev/ttyS0?flow=dsr",
        "serial:/dev/ttyS0?parity=even",
        "usb:4b8:202",
        "usb:printer",
        "cups-raw:",
        "cups-raw:-o evil",
        "cups-raw:two words",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be|out of range"):
        parse_address(text)
