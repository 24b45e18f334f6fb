"""Listening on a line in virtual time, and the serial port itself over pseudo-terminals."""

import errno
import os
import threading
import time
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import serial
from hypothesis import given
from hypothesis import strategies as st

from devices.code_scanner.intake import GIVEN_UP_S, Charset, Framing
from devices.code_scanner.listening import ListeningScanner
from devices.code_scanner.serial_scanner.driver import SerialScanner
from devices.code_scanner.serial_scanner.settings import SerialScannerSettings
from kiosk.ports.code_scanner import CodeReading, CodeSeen, NoCode, ScannerFault
from kiosk.ports.device_status import Ready, Unavailable
from tests.devices.code_scanner.sources import VirtualLine

CR = Framing(b"\r", GIVEN_UP_S, gap_ends=False)
GAP = Framing(b"")
NEVER = threading.Event()


def listening(line: VirtualLine, framing: Framing = CR) -> ListeningScanner:
    return ListeningScanner("port", line.open, framing, Charset.UTF_8, line)


def read(script: list[tuple[float, bytes | None]], timeout_s: float = 60.0, framing: Framing = CR) -> CodeReading:
    return listening(VirtualLine(script), framing).read_code(timeout_s, NEVER)


def test_a_code_comes_with_its_suffix() -> None:
    assert read([(1.0, b"co"), (1.5, b"de\r")]) == CodeSeen(b"code")


def test_a_code_comes_with_silence() -> None:
    line = VirtualLine([(1.0, b"co"), (1.05, b"de")])
    assert listening(line, GAP).read_code(60.0, NEVER) == CodeSeen(b"code")
    assert line.seconds == pytest.approx(1.15, abs=0.03)


@pytest.mark.parametrize("framing", [CR, GAP])
def test_a_code_cut_by_the_end_of_the_time_is_dropped(framing: Framing) -> None:
    line = VirtualLine([(0.96, b"half"), (1.01, b"-whole\r"), (5.0, b"next\r")])
    scanner = listening(line, framing)
    assert scanner.read_code(1.0, NEVER) == NoCode()
    assert scanner.read_code(60.0, NEVER) == CodeSeen(b"next")


def test_the_end_of_a_cut_code_is_no_code_even_after_a_pause() -> None:
    line = VirtualLine([(0.9, b"half"), (1.5, b"-whole\r"), (5.0, b"next\r")])
    scanner = listening(line)
    assert scanner.read_code(1.0, NEVER) == NoCode()
    assert scanner.read_code(60.0, NEVER) == CodeSeen(b"next")


def test_a_code_under_way_when_the_wait_begins_is_dropped_whole() -> None:
    assert read([(0.0, b"ha"), (0.5, b"lf\r"), (5.0, b"next\r")]) == CodeSeen(b"next")


def test_what_was_scanned_before_is_dropped_with_what_still_follows_it() -> None:
    backlog: list[tuple[float, bytes | None]] = [(0.0, b"old\rol"), (0.05, b"der\r"), (0.1, b"oldest\r")]
    assert read([*backlog, (1.0, b"new\r")]) == CodeSeen(b"new")
    assert read(backlog) == NoCode()


def test_a_line_that_never_falls_silent_keeps_nobody_waiting() -> None:
    line = VirtualLine([(at / 100, b"noise") for at in range(1000)])
    assert listening(line).read_code(1.0, NEVER) == NoCode()
    assert line.seconds < 1.1


def test_who_gives_up_is_let_go() -> None:
    given_up = threading.Event()
    given_up.set()
    line = VirtualLine([(0.0, b"noise")])
    assert listening(line).read_code(60.0, given_up) == NoCode()
    assert line.seconds < 0.1


def test_the_code_returned_last_is_passed_over_for_two_seconds() -> None:
    scanner = listening(VirtualLine([(1.0, b"one\r"), (2.0, b"one\r"), (2.5, b"one\rtwo\r"), (5.0, b"two\r")]))
    answers = [scanner.read_code(60.0, NEVER) for _ in range(3)]
    assert answers == [CodeSeen(b"one"), CodeSeen(b"two"), CodeSeen(b"two")]


def test_a_line_that_is_gone_is_a_fault_and_opened_again_at_the_next_call() -> None:
    line = VirtualLine([(1.0, b"ha"), (1.5, None), (2.0, b"whole\r")])
    scanner = listening(line)
    assert scanner.read_code(60.0, NEVER) == ScannerFault("port-gone")
    assert (line.opened, line.closed) == (1, 1)
    assert scanner.read_code(60.0, NEVER) == CodeSeen(b"whole")
    assert line.opened == 2


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOENT, "port-gone"),
        (errno.EIO, "port-gone"),
        (errno.EACCES, "port-denied"),
        (errno.EBUSY, "port-busy"),
        (errno.EWOULDBLOCK, "port-busy"),
    ],
)
def test_a_line_that_cannot_be_opened_says_why_and_what_to_do(number: int, reason: str) -> None:
    def refuse() -> VirtualLine:
        raise OSError(number, os.strerror(number))

    scanner = ListeningScanner("port", refuse, CR, Charset.UTF_8, VirtualLine([]))
    assert scanner.read_code(60.0, NEVER) == ScannerFault(reason)
    status = scanner.status()
    assert isinstance(status, Unavailable)
    assert status.reason == reason
    assert status.remedy


def test_the_status_does_not_wait_for_a_reading() -> None:
    answers = []

    class Asks(threading.Event):
        def is_set(self) -> bool:
            answers.append(scanner.status())
            return True

    scanner = listening(VirtualLine([]))
    assert scanner.read_code(60.0, Asks()) == NoCode()
    assert answers == [Ready()]


@given(
    st.lists(st.tuples(st.floats(0, 5), st.one_of(st.none(), st.binary(max_size=1500)))),
    st.sampled_from([CR, GAP]),
    st.floats(0, 5),
)
def test_no_line_outlasts_its_time_or_says_anything_but_a_reading(
    script: list[tuple[float, bytes | None]], framing: Framing, timeout_s: float
) -> None:
    line = VirtualLine(script)
    reading = listening(line, framing).read_code(timeout_s, NEVER)
    assert isinstance(reading, CodeSeen | NoCode | ScannerFault)
    assert line.seconds <= timeout_s + 0.021


@dataclass(frozen=True, slots=True)
class Line:
    """A pseudo-terminal: what is written to ``scanner`` can be read at ``port``."""

    scanner: int
    port: str


@pytest.fixture
def line() -> Iterator[Line]:
    master, slave = os.openpty()
    tty.setraw(slave)
    yield Line(master, os.ttyname(slave))
    os.close(master)
    os.close(slave)


class WhenArmed:
    """Never cancels; does something once the scanner listens."""

    def __init__(self, act: object) -> None:
        self._act = act

    def is_set(self) -> bool:
        act, self._act = self._act, None
        if callable(act):
            act()
        return False

    def wait(self, timeout: float | None = None) -> bool:
        return False


class RealTime(VirtualLine):
    """The machine's own clock."""

    def monotonic(self) -> float:
        return time.monotonic()


@pytest.mark.parametrize(
    ("suffix", "sent"),
    [("cr", b"code\r"), ("lf", b"code\n"), ("crlf", b"code\r\n"), ("none", b"code"), ("cr", b"code\r\n")],
)
def test_every_suffix_on_a_real_port(line: Line, suffix: str, sent: bytes) -> None:
    settings = SerialScannerSettings.model_validate({"port": line.port, "suffix": suffix})
    scanner = SerialScanner(settings, RealTime([]))
    assert scanner.read_code(10.0, WhenArmed(lambda: os.write(line.scanner, sent))) == CodeSeen(b"code")
    scanner.close()


def test_text_of_another_character_set(line: Line) -> None:
    settings = SerialScannerSettings(port=line.port, charset=Charset.GB18030)
    scanner = SerialScanner(settings, RealTime([]))
    sent = WhenArmed(lambda: os.write(line.scanner, "养老".encode("gb18030") + b"\r"))
    assert scanner.read_code(10.0, sent) == CodeSeen("养老".encode())
    scanner.close()


def test_a_port_that_another_program_holds_is_busy(line: Line) -> None:
    path = line.port
    scanner = SerialScanner(SerialScannerSettings(port=path), RealTime([]))
    with serial.Serial(path, exclusive=True):
        assert scanner.read_code(1.0, NEVER) == ScannerFault("port-busy")
    assert scanner.status() == Ready()
    scanner.close()


def test_no_port_and_no_terminal_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("missing", "file"):
        scanner = SerialScanner(SerialScannerSettings(port=str(tmp_path / name)), RealTime([]))
        assert scanner.read_code(1.0, NEVER) == ScannerFault("port-gone")
        assert isinstance(scanner.status(), Unavailable)
