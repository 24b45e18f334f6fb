"""The simulated printer against the manuals' tables, over its own socket."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import serial

from tests.eventually import eventually
from tests.simulators.channel import tell
from tests.simulators.printer.host import CLEAR, CUT, ONE_DOT, Host, job_end, raster


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (None, "12 12 12 12"),
        ("paper-low", "12 12 12 1e"),
        ("paper-out", "1a 32 12 7e"),
        ("cover-open", "1a 16 12 12"),
        ("jam", "1a 52 16 12"),
        ("cutter", "1a 52 1a 12"),
        ("hot", "1a 52 52 12"),
    ],
)
def test_real_time_status(host: Host, fault: str | None, expected: str) -> None:
    if fault:
        host.printer.fault(fault)
    answer = b"".join(host.ask(bytes((0x10, 4, number)), 1) for number in (1, 2, 3, 4))
    assert answer.hex(" ") == expected


def test_automatic_status_comes_at_once_and_at_every_change(host: Host) -> None:
    assert host.ask(b"\x1da\x0f", 4).hex(" ") == "10 00 00 0f"
    host.printer.fault("paper-low")
    assert host.ask(b"", 4).hex(" ") == "10 00 03 0f"
    host.printer.fault("paper-out")
    assert host.ask(b"", 4).hex(" ") == "18 00 0f 0f"
    host.printer.fault("cover-open")
    assert host.ask(b"", 4).hex(" ") == "38 00 0f 0f"


def test_an_unplugged_printer_resets_its_host_and_comes_back_on_the_same_port(host: Host) -> None:
    address = host.printer.address
    assert host.ask(b"\x10\x04\x01", 1) == b"\x12"
    host.printer.unplug()
    host.printer.unplug()
    with pytest.raises(ConnectionResetError):
        host.socket.recv(1)
    with pytest.raises(ConnectionRefusedError):
        Host(host.printer, host.pace)
    assert host.printer.state()["plugged"] is False
    host.printer.plug()
    host.printer.plug()
    assert host.printer.address == address
    again = Host(host.printer, host.pace)
    assert again.ask(b"\x10\x04\x01", 1) == b"\x12"
    again.socket.close()


def test_raster_is_burnt_and_cut(host: Host) -> None:
    rows = (b"\xf0\x01", b"\x00\x00", b"\x0f\x80")
    assert host.ask(ONE_DOT + raster(*rows) + CUT + job_end(b"AB12"), 7) == b"\x37\x22AB12\x00"
    paper = host.paper()
    assert paper.shape == (3 + 96, 64)
    expected = np.zeros((99, 64), dtype=bool)
    for index, row in enumerate(rows):
        expected[index, :16] = np.unpackbits(np.frombuffer(row, dtype=np.uint8))
    assert np.array_equal(paper == 0, expected)


@pytest.mark.parametrize(("setup", "rows"), [(b"", 50), (ONE_DOT, 100)])
def test_feed_counts_in_the_motion_unit(host: Host, setup: bytes, rows: int) -> None:
    host.ask(setup + b"\x1bJ\x64\x1dV\x00" + job_end(b"0000"), 7)
    assert host.paper().shape[0] == rows


def test_head_cannot_burn_beyond_its_width(host: Host) -> None:
    host.ask(raster(b"\xff" * 20) + b"\x1dV\x00" + job_end(b"0000"), 7)
    assert host.paper().shape == (1, 64)


def test_job_end_waits_for_the_paper(host: Host) -> None:
    host.printer.fault("paper-out")
    host.socket.sendall(raster(b"\xff") + job_end(b"0000"))
    assert host.ask(b"\x10\x04\x01", 1) == b"\x1a"
    assert host.printer.mechanism.rows_printed == 0
    host.printer.fault("paper-in")
    assert host.ask(b"", 7) == b"\x37\x220000\x00"
    assert host.printer.mechanism.rows_printed == 1


def test_real_time_commands_are_obeyed_inside_raster_data(host: Host) -> None:
    assert host.ask(raster(b"\x10\x04\x01\xff") + b"\x1dV\x00", 1) == b"\x12"
    host.ask(job_end(b"0000"), 7)
    assert np.packbits(host.paper()[0, :32] == 0).tobytes() == b"\x10\x04\x01\xff"


def test_clear_drops_what_waits_and_the_next_command_is_understood(host: Host) -> None:
    host.printer.fault("cover-open")
    assert host.ask(raster(*[b"\xff"] * 200)[:100] + CLEAR, 3) == b"\x37\x25\x00"
    host.printer.fault("cover-close")
    host.ask(raster(b"\x0f") + b"\x1dV\x00" + job_end(b"0000"), 7)
    assert host.paper().shape[0] == 1
    assert host.printer.state()["unknown"] == 0


def test_clear_of_an_idle_printer(host: Host) -> None:
    for _ in range(3):
        assert host.ask(CLEAR, 3) == b"\x37\x25\x00"
    assert host.ask(job_end(b"0000"), 7) == b"\x37\x220000\x00"


def test_in_order_paper_status(host: Host) -> None:
    assert host.ask(b"\x1dr\x01", 1) == b"\x00"
    host.printer.fault("paper-low")
    assert host.ask(b"\x1dr\x01", 1) == b"\x03"


def test_unknown_bytes_are_counted_and_shown(host: Host) -> None:
    host.ask(b"\x01\x02\x1b]\x1dZ" + job_end(b"0000"), 7)
    state = host.printer.state()
    assert state["unknown"] == 6
    assert state["unknown_hex"] == "01 02 1b 5d 1d 5a"


def test_fault_strikes_in_the_middle(host: Host) -> None:
    host.printer.fault("jam", after_rows=3)
    host.ask(b"\x1da\x0f", 4)
    assert host.ask(raster(*[b"\xff"] * 10), 4).hex(" ") == "18 04 00 0f"
    assert host.printer.mechanism.rows_printed == 3


def test_printing_takes_the_printers_time(host: Host) -> None:
    host.ask(raster(*[b"\xff"] * 80) + job_end(b"0000"), 7)
    assert host.pace.seconds == pytest.approx(0.1)


def test_reset_drops_the_link_after_so_many_bytes(host: Host) -> None:
    host.printer.reset(after_bytes=20)
    host.socket.sendall(raster(*[b"\xff"] * 100))
    with pytest.raises(ConnectionResetError):
        host.socket.recv(1)
    assert host.printer.bytes_received == 20


@contextmanager
def program(*options: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The printer's address, and what sends it a verb."""
    command = [sys.executable, "-m", "simulators.printer", "--speed", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())["ready"]
        try:
            yield ready["address"], lambda do, **request: tell(ready["control"], {"do": do, **request})
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_as_a_program_with_its_control_channel(tmp_path: Path) -> None:
    with program("--out", str(tmp_path)) as (address, do), connected(address) as port:
        assert do("paper-out") == {"ok": True}
        port.sendall(b"\x10\x04\x04")
        assert port.recv(1) == b"\x7e"
        assert do("paper-in") == {"ok": True}
        state = do("state")
        assert (state["paper"], state["papers"], state["bytes"]) == ("enough", [], 3)
        assert not do("print-perfectly")["ok"]
        assert not do("jam", after_rows="many")["ok"]
        assert not do("ticket-take")["ok"]
        assert do("power-off", at="cut") == {"ok": True}
        port.sendall(raster(b"\xff") + CUT)
        assert eventually(lambda: do("state")["within_reach"] == [str(tmp_path / "paper-001-torn.png")])
        assert do("state")["powered"] is False


def test_as_a_clone_with_a_presenter_on_a_serial_line(tmp_path: Path) -> None:
    options = ("--personality", "clone", "--presenter", "left", "--roll", "20000", "--handshake", "xon-xoff")
    line = tmp_path / "printer"
    with program("--out", str(tmp_path), "--serial", str(line), "--baud", "19200", *options) as (address, do):
        assert address == str(line)
        with serial.Serial(address, 19200, timeout=10, xonxoff=True) as port:
            port.write(raster(b"\xff") + CUT + b"\x1de\x06")
            assert port.read(1) == b"\x08"
        assert do("ticket-take") == {"ok": True}
        state = do("state")
        assert (state["personality"], state["presenter"]["taken"]) == ("clone", [str(tmp_path / "paper-001.png")])
    assert not line.exists()


def connected(address: str) -> socket.socket:
    host, port = address.split(":")
    return socket.create_connection((host, int(port)), timeout=10)
