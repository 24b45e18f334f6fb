"""The head keeps its speed, stands still when bytes are late, and a full buffer holds the host up."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from simulators.printer.pace import WallPace
from simulators.printer.ports import SerialPort
from simulators.printer.receiver import ReceiveBuffer
from simulators.printer.server import PrinterServer
from tests.eventually import eventually
from tests.simulators.printer.conftest import PlugIn
from tests.simulators.printer.host import CUT, job_end, raster

ROW = b"\xaa" * 72
PICTURE = raster(*[ROW] * 200)


class DrowsyClock:
    """Sleeps a millisecond longer than it was asked to."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds + 0.001


def test_the_head_moves_at_its_speed_however_late_it_is_woken() -> None:
    clock = DrowsyClock()
    pace = WallPace(clock.monotonic, clock.sleep)
    for _ in range(1600):
        pace.wait(1 / 1600)
    assert clock.now - 100 == pytest.approx(1, abs=0.002)


def test_after_a_standstill_lost_time_is_not_caught_up() -> None:
    clock = DrowsyClock()
    pace = WallPace(clock.monotonic, clock.sleep)
    clock.now += 5
    pace.begin_again()
    pace.wait(0.5)
    assert clock.now - 105 == pytest.approx(0.5, abs=0.002)


def test_a_buffer_that_runs_dry_stops_the_head(plug_in: PlugIn) -> None:
    host = plug_in(dots=576)
    host.ask(PICTURE[:1000] + b"", 0)
    assert eventually(lambda: host.printer.mechanism.rows_printed == (1000 - 8) // 72)
    host.ask(PICTURE[1000:] + CUT + job_end(b"0000"), 7)
    assert host.printer.state()["head_stops"] >= 1


def test_the_host_waits_while_the_buffer_is_full(plug_in: PlugIn) -> None:
    host = plug_in(dots=576, buffer=4096)
    host.printer.fault("paper-out")
    host.socket.settimeout(0.3)
    with pytest.raises(TimeoutError):
        host.socket.sendall(PICTURE * 400)
    assert host.printer.bytes_received <= 4096 + 4096
    host.printer.fault("paper-in")
    assert eventually(lambda: host.printer.bytes_received > 100_000)


def test_a_buffer_asks_the_host_to_stop_and_to_go_on() -> None:
    buffer = ReceiveBuffer(100, lambda: None, lambda: None)
    levels = []
    for count in (50, 45, 5):
        assert buffer.squeeze(b"x" * count) == 0
        levels.append(buffer.flow())
    assert buffer.squeeze(b"x") == 1
    for count in (40, 20, 20):
        buffer.take(count)
        levels.append(buffer.flow())
    assert levels == [None, True, None, None, False, None]


class SerialHost:
    def __init__(self, folder: Path, handshake: str, baud: int, paced: bool = False) -> None:
        pace = WallPace()
        self.port = SerialPort(baud, folder / "printer", paced)
        self.printer = PrinterServer(
            folder / "out", pace, line=self.port, buffer=4096, handshake=handshake, head_stops=pace.begin_again
        )
        self.printer.start()
        self.line = serial.Serial(str(folder / "printer"), baud, timeout=10, xonxoff=handshake == "xon-xoff")

    def ask(self, data: bytes, answer_length: int) -> bytes:
        self.line.write(data)
        answer = self.line.read(answer_length)
        assert isinstance(answer, bytes)
        return answer

    def close(self) -> None:
        self.line.close()
        self.printer.close()


@pytest.fixture
def serial_host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SerialHost]:
    host = SerialHost(tmp_path, **request.param)
    yield host
    host.close()


@pytest.mark.parametrize("serial_host", [{"handshake": "busy", "baud": 115200}], indirect=True)
def test_on_a_serial_line_it_prints_and_answers(serial_host: SerialHost) -> None:
    assert serial_host.ask(PICTURE + CUT + job_end(b"0000"), 7) == b"\x37\x220000\x00"
    assert serial_host.ask(b"\x10\x04\x01", 1) == b"\x12"
    assert len(serial_host.printer.mechanism.papers) == 1


@pytest.mark.parametrize("serial_host", [{"handshake": "xon-xoff", "baud": 115200}], indirect=True)
def test_xon_and_xoff_lose_no_byte(serial_host: SerialHost) -> None:
    printer = serial_host.printer
    printer.fault("paper-out")
    writing = threading.Thread(target=serial_host.line.write, args=(PICTURE + CUT + job_end(b"0000"),))
    writing.start()
    assert eventually(lambda: printer.bytes_received > 3000)
    printer.fault("paper-in")
    writing.join(10)
    assert serial_host.line.read(7) == b"\x37\x220000\x00"
    assert (printer.bytes_lost, printer.mechanism.rows_printed) == (0, 296)


@pytest.mark.parametrize("serial_host", [{"handshake": "xon-xoff", "baud": 115200}], indirect=True)
def test_xoff_comes_before_the_buffer_is_full_and_xon_when_it_has_room(serial_host: SerialHost) -> None:
    serial_host.line.xonxoff = False
    serial_host.printer.fault("paper-out")
    assert serial_host.ask(PICTURE[:3900], 1) == b"\x13"
    serial_host.printer.fault("paper-in")
    assert serial_host.line.read(1) == b"\x11"
    assert serial_host.printer.bytes_lost == 0


class LateStop(SerialPort):
    """While it is about to say XOFF, paper is put in and the buffer empties."""

    def __init__(self, link: Path) -> None:
        super().__init__(115200, link, paced=False)
        self.told: list[bytes] = []
        self.printer: PrinterServer | None = None

    def send(self, data: bytes) -> None:
        if data == b"\x13":
            assert self.printer is not None
            self.printer.fault("paper-in")
            eventually(lambda: b"\x11" in self.told, 0.5)
        self.told.append(data)


def test_what_the_host_is_told_last_is_what_is_so(tmp_path: Path) -> None:
    port = LateStop(tmp_path / "printer")
    printer = port.printer = PrinterServer(tmp_path / "out", WallPace(), line=port, buffer=4096, handshake="xon-xoff")
    printer.fault("paper-out")
    printer.start()
    with serial.Serial(port.address, 115200, timeout=10) as line:
        line.write(PICTURE[:3900])
        assert eventually(lambda: len(port.told) == 2)
    printer.close()
    assert port.told == [b"\x13", b"\x11"]


@pytest.mark.parametrize("serial_host", [{"handshake": "none", "baud": 115200}], indirect=True)
def test_without_a_handshake_a_full_buffer_loses_bytes(serial_host: SerialHost) -> None:
    serial_host.printer.fault("paper-out")
    serial_host.line.write(PICTURE)

    def taken_before_the_paper_was_missed() -> int:
        return len(PICTURE) - 4096 - serial_host.printer.bytes_lost

    assert eventually(lambda: taken_before_the_paper_was_missed() <= 1)
    assert taken_before_the_paper_was_missed() in (0, 1)
    assert serial_host.printer.bytes_received == len(PICTURE)


@pytest.mark.parametrize("serial_host", [{"handshake": "busy", "baud": 57600, "paced": True}], indirect=True)
def test_a_line_carries_no_more_than_its_rate(serial_host: SerialHost) -> None:
    start = time.monotonic()
    serial_host.ask(b"\x00" * 1440 + job_end(b"0000"), 7)
    assert 0.24 <= time.monotonic() - start <= 5


@pytest.mark.parametrize("serial_host", [{"handshake": "busy", "baud": 9600}], indirect=True)
def test_a_host_at_another_rate_hears_noise(serial_host: SerialHost) -> None:
    serial_host.line.baudrate = 115200
    serial_host.line.timeout = 0.1
    assert serial_host.ask(b"\x10\x04\x01", 1) == b""
    serial_host.line.baudrate = 9600
    serial_host.line.timeout = 10
    assert serial_host.ask(b"\x10\x04\x01", 1) == b"\x12"


@pytest.mark.parametrize("serial_host", [{"handshake": "busy", "baud": 9600}], indirect=True)
def test_a_serial_printer_is_plugged_in_again_under_its_name(serial_host: SerialHost) -> None:
    serial_host.printer.unplug()
    with pytest.raises(serial.SerialException):
        serial_host.line.read(1)
    serial_host.line.close()
    serial_host.printer.plug()
    serial_host.line.open()
    assert serial_host.ask(b"\x10\x04\x01", 1) == b"\x12"
    with pytest.raises(ValueError, match="no connection"):
        serial_host.printer.drop_host()
