"""What carries frames, each against the other end of it."""

import os
import select
import socket
import tty
from collections.abc import Iterator

import pytest

from devices.id_card.sam.address import HidAddress
from devices.id_card.sam.hid_reports import HidReports
from devices.id_card.sam.serial_line import SerialLine
from devices.id_card.sam.tcp_bridge import TcpBridge
from devices.id_card.sam.transport import RatedTransport
from tests.devices.id_card.fake_hid import FakeHidDevice
from tests.devices.id_card.test_frames import BASE_ANSWER, STATUS_OK

STATUS = bytes.fromhex("AAAAAA9669000311FFED")
WAIT_S = 10


def take(transport: SerialLine | TcpBridge | HidReports, count: int) -> bytes:
    taken = b""
    while len(taken) < count:
        data = transport.read(WAIT_S)
        assert data, "nothing came"
        taken += data
    return taken


@pytest.fixture
def pty() -> Iterator[tuple[int, str]]:
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(master)
    os.close(slave)


def test_a_serial_line_carries_bytes_both_ways(pty: tuple[int, str]) -> None:
    master, path = pty
    line = SerialLine(path, 115200)
    line.open(1)
    line.write(STATUS)
    assert os.read(master, 64) == STATUS
    os.write(master, BASE_ANSWER)
    assert take(line, len(BASE_ANSWER)) == BASE_ANSWER
    assert line.read(0) == b""
    os.write(master, STATUS_OK)
    assert select.select([master], [], [], 0)[0] == []
    line.drain()
    assert line.read(0) == b""
    line.close()
    line.close()


def test_a_serial_line_is_opened_for_one_program_alone(pty: tuple[int, str]) -> None:
    line = SerialLine(pty[1], 115200)
    line.open(1)
    with pytest.raises(OSError, match="lock"):
        SerialLine(pty[1], 115200).open(1)
    line.close()
    other = SerialLine(pty[1], 9600)
    other.open(1)
    other.close()


def test_only_a_serial_line_has_rates() -> None:
    assert isinstance(SerialLine("/dev/absent", 115200), RatedTransport)
    assert not isinstance(TcpBridge("127.0.0.1", 1), RatedTransport)
    assert not isinstance(HidReports(HidAddress(1, 2, None)), RatedTransport)


def test_a_port_that_is_not_there() -> None:
    with pytest.raises(OSError, match="absent"):
        SerialLine("/dev/absent-reader", 115200).open(1)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(OSError, match="refused"):
            TcpBridge(*closed.getsockname()).open(1)


@pytest.fixture
def bridge() -> Iterator[tuple[TcpBridge, socket.socket]]:
    """A connection and its other end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        transport = TcpBridge(*server.getsockname()[:2])
        transport.open(WAIT_S)
        other, _ = server.accept()
        with other:
            yield transport, other
        transport.close()


def test_a_bridge_carries_bytes_both_ways(bridge: tuple[TcpBridge, socket.socket]) -> None:
    transport, other = bridge
    transport.write(STATUS)
    assert other.recv(64) == STATUS
    other.sendall(BASE_ANSWER)
    assert take(transport, len(BASE_ANSWER)) == BASE_ANSWER
    assert transport.read(0) == b""
    assert transport.read(0.01) == b""


def test_a_bridge_drops_what_came_late(bridge: tuple[TcpBridge, socket.socket]) -> None:
    transport, other = bridge
    other.sendall(BASE_ANSWER * 10)
    transport.drain()
    other.sendall(STATUS_OK)
    assert take(transport, len(STATUS_OK)) == STATUS_OK


def test_a_bridge_that_closes_is_gone(bridge: tuple[TcpBridge, socket.socket]) -> None:
    transport, other = bridge
    other.close()
    with pytest.raises(OSError, match="closed"):
        transport.read(WAIT_S)
    transport.close()
    transport.close()


def test_a_byte_is_handed_on_when_it_is_there(bridge: tuple[TcpBridge, socket.socket]) -> None:
    """Nobody waits for more than has come."""
    transport, other = bridge
    other.sendall(b"\xaa")
    assert transport.read(WAIT_S) == b"\xaa"


def hid(answer: bytes) -> tuple[HidReports, FakeHidDevice]:
    device = FakeHidDevice(lambda request: answer)
    transport = HidReports(HidAddress(0x2B8B, 0x2721, "A1"), lambda: device)
    transport.open(1)
    return transport, device


def test_hid_reports_are_64_bytes_behind_a_report_id() -> None:
    transport, device = hid(STATUS_OK)
    assert device.opened == (0x2B8B, 0x2721, "A1")
    transport.write(STATUS)
    assert device.written == [b"\0" + STATUS + bytes(54)]
    assert transport.read(1) == STATUS_OK + bytes(53)
    transport.close()
    transport.close()
    assert device.opened is None


def test_a_long_answer_is_a_row_of_reports() -> None:
    transport, _ = hid(BASE_ANSWER)
    transport.write(STATUS)
    reports = []
    while report := transport.read(1):
        reports.append(report)
    assert [len(report) for report in reports] == [64] * 21
    assert b"".join(reports).startswith(BASE_ANSWER)


def test_late_reports_are_dropped() -> None:
    transport, device = hid(STATUS_OK)
    device.send(BASE_ANSWER)
    transport.drain()
    transport.write(STATUS)
    assert transport.read(1).startswith(STATUS_OK)


def test_a_hid_reader_that_is_unplugged_is_gone() -> None:
    transport, device = hid(STATUS_OK)
    device.present = False
    for use in (lambda: transport.write(STATUS), lambda: transport.read(1), transport.drain, lambda: transport.open(1)):
        with pytest.raises(OSError, match=r"reports|read error|open failed"):
            use()


def test_without_any_hid_reader_opening_fails() -> None:
    """The library itself, with no such device on this machine."""
    with pytest.raises(OSError, match="open failed"):
        HidReports(HidAddress(0xFFFE, 0xFFFD, None)).open(1)
