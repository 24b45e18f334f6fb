"""What every scanner that reads codes by itself owes its caller: held over the simulated scanner, over recorded byte
streams, and over the key events of a scanner that poses as a keyboard."""

import fcntl
import os
import threading
import time
import tty
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest
from evdev import InputEvent
from evdev.eventio import EventIO

from devices.code_scanner.serial_scanner.driver import SerialScanner
from devices.code_scanner.serial_scanner.settings import SerialScannerSettings
from devices.code_scanner.wedge.driver import WedgeScanner
from devices.code_scanner.wedge.settings import WedgeSettings
from kiosk.ports.code_scanner import MAX_CODE_BYTES, CodeReader, CodeSeen, NoCode, ScannerFault
from kiosk.ports.device_status import Ready, Unavailable
from simulators.scanner.simulator import ScannerSimulator
from tests.devices.code_scanner.typed_keys import keys_of, pressed, raw

NEVER = threading.Event()
LONGEST = "x" * MAX_CODE_BYTES
RECORDED = {
    "one": bytes.fromhex("6f6e650d"),
    "two": bytes.fromhex("74776f0d"),
    "half": bytes.fromhex("68616c66"),
    LONGEST: b"x" * MAX_CODE_BYTES + b"\r",
    LONGEST + "x": b"x" * (MAX_CODE_BYTES + 1) + b"\r",
}


class AheadClock:
    """The machine's clock, set ahead by the test where it would have to wait, and stopped where it must not go on."""

    ahead_s = 0.0
    stopped_at: float | None = None

    def now(self) -> datetime:
        return datetime.now(UTC)

    def stop(self) -> None:
        self.stopped_at = time.monotonic()

    def monotonic(self) -> float:
        return (time.monotonic() if self.stopped_at is None else self.stopped_at) + self.ahead_s


class Bench(Protocol):
    """A scanner under test and the hand that holds codes before it; ``half`` is a code without its end."""

    reader: CodeReader

    def scan(self, code: str) -> None: ...

    def unplug(self) -> None: ...

    def plug(self) -> None: ...

    def close(self) -> None: ...


class SimulatedBench:
    def __init__(self, clock: AheadClock, folder: Path) -> None:
        self._simulator = ScannerSimulator(link=folder / "scanner")
        self.plug()
        self.reader: CodeReader = SerialScanner(SerialScannerSettings(port=self._simulator.address), clock)

    def scan(self, code: str) -> None:
        self._simulator.scan({"text": code, "suffix": "none"} if code == "half" else {"text": code})

    def unplug(self) -> None:
        self._simulator.unplug({})

    def plug(self) -> None:
        self._simulator.plug({})

    def close(self) -> None:
        self.reader.close()
        self._simulator.close()


class RecordedBench:
    """Bytes as a scanner set to CR sends them, on a pseudo-terminal behind a stable link."""

    def __init__(self, clock: AheadClock, folder: Path) -> None:
        self._link = folder / "scanner"
        self._ends: tuple[int, int] | None = None
        self.plug()
        self.reader: CodeReader = SerialScanner(SerialScannerSettings(port=str(self._link)), clock)

    def scan(self, code: str) -> None:
        assert self._ends is not None
        os.write(self._ends[0], RECORDED[code])

    def unplug(self) -> None:
        ends, self._ends = self._ends, None
        if ends is not None:
            self._link.unlink()
            for end in ends:
                os.close(end)

    def plug(self) -> None:
        self._ends = os.openpty()
        tty.setraw(self._ends[1])
        self._link.symlink_to(os.ttyname(self._ends[1]))

    def close(self) -> None:
        self.reader.close()
        self.unplug()


class PipeNode(EventIO):
    """Raw events from a pipe in place of the kernel's node; no grab."""

    def __init__(self, fd: int) -> None:
        self.fd = os.dup(fd)
        os.set_blocking(self.fd, False)

    def grab(self) -> None: ...

    def close(self) -> None:
        os.close(self.fd)


class TypedBench:
    """Constructed events, raw on a pipe."""

    def __init__(self, clock: AheadClock, folder: Path) -> None:
        self._ends: tuple[int, int] | None = None
        self.plug()
        self.reader: CodeReader = WedgeScanner(WedgeSettings(node="pipe"), clock, self._open)

    def _open(self, path: str) -> PipeNode:
        if self._ends is None:
            raise FileNotFoundError(path)
        return PipeNode(self._ends[0])

    def scan(self, code: str) -> None:
        if code == "half":
            self._type(keys_of(code))
        else:
            self._type([*keys_of(code), pressed("KEY_ENTER")])

    def _type(self, events: Iterable[InputEvent]) -> None:
        assert self._ends is not None
        os.write(self._ends[1], raw(events))

    def unplug(self) -> None:
        ends, self._ends = self._ends, None
        for end in ends or ():
            os.close(end)

    def plug(self) -> None:
        self._ends = os.pipe()
        fcntl.fcntl(self._ends[1], fcntl.F_SETPIPE_SZ, 2**20)

    def close(self) -> None:
        self.reader.close()
        self.unplug()


class Once:
    """Never cancels; acts once the scanner is armed."""

    def __init__(self, *acts: Callable[[], None]) -> None:
        self._acts = list(acts)

    def is_set(self) -> bool:
        while self._acts:
            self._acts.pop(0)()
        return False

    def wait(self, timeout: float | None = None) -> bool:
        return False


@pytest.fixture
def clock() -> AheadClock:
    return AheadClock()


@pytest.fixture(params=[SimulatedBench, RecordedBench, TypedBench], ids=["simulated", "recorded", "typed"])
def bench(request: pytest.FixtureRequest, clock: AheadClock, tmp_path: Path) -> Iterator[Bench]:
    make: Callable[[AheadClock, Path], Bench] = request.param
    made = make(clock, tmp_path)
    yield made
    made.close()


def test_a_scanner_that_is_there_is_ready(bench: Bench) -> None:
    assert isinstance(bench.reader.status(), Ready)


def test_a_code_shown_while_it_is_waited_for_is_read_and_kept_out_of_sight(bench: Bench) -> None:
    reading = bench.reader.read_code(10, Once(lambda: bench.scan("one")))
    assert reading == CodeSeen(b"one")
    assert "one" not in repr(reading)


def test_a_code_shown_before_is_dropped_unseen(bench: Bench, clock: AheadClock) -> None:
    assert isinstance(bench.reader.status(), Ready)
    bench.scan("one")

    class AfterTheDropping(Once):
        """Scans once the line has been silent for as long as ends a code."""

        def __init__(self) -> None:
            super().__init__(lambda: bench.scan("two"))
            self._until = time.monotonic() + 0.15

        def is_set(self) -> bool:
            return super().is_set() if time.monotonic() >= self._until else False

    assert bench.reader.read_code(10, AfterTheDropping()) == CodeSeen(b"two")


def test_the_code_read_last_is_ignored_for_two_seconds(bench: Bench, clock: AheadClock) -> None:
    clock.stop()
    assert bench.reader.read_code(10, Once(lambda: bench.scan("one"))) == CodeSeen(b"one")
    again = Once(lambda: bench.scan("one"), lambda: bench.scan("two"))
    assert bench.reader.read_code(10, again) == CodeSeen(b"two")
    clock.ahead_s += 2
    assert bench.reader.read_code(10, Once(lambda: bench.scan("two"))) == CodeSeen(b"two")


def test_the_longest_code_is_read_and_a_longer_one_dropped_whole(bench: Bench) -> None:
    together = Once(lambda: bench.scan(LONGEST + "x"), lambda: bench.scan("one"))
    assert bench.reader.read_code(10, together) == CodeSeen(b"one")
    assert bench.reader.read_code(10, Once(lambda: bench.scan(LONGEST))) == CodeSeen(LONGEST.encode())


def test_no_code_in_time_is_none(bench: Bench) -> None:
    assert bench.reader.read_code(0, NEVER) == NoCode()
    assert bench.reader.read_code(0.05, NEVER) == NoCode()


def test_half_a_code_at_the_end_of_the_time_is_none(bench: Bench, clock: AheadClock) -> None:
    def time_is_up() -> None:
        clock.ahead_s += 10

    assert bench.reader.read_code(10, Once(lambda: bench.scan("half"), time_is_up)) == NoCode()


def test_a_caller_may_give_up(bench: Bench) -> None:
    given_up = threading.Event()
    given_up.set()
    assert bench.reader.read_code(600, given_up) == NoCode()


def test_a_caller_may_give_up_while_it_waits(bench: Bench) -> None:
    given_up = threading.Event()
    readings: list[object] = []
    waiting = threading.Thread(target=lambda: readings.append(bench.reader.read_code(600, given_up)))
    waiting.start()
    given_up.set()
    waiting.join(10)
    assert readings == [NoCode()]


def test_a_scanner_that_is_gone_is_a_fault_and_back_again_is_read(bench: Bench) -> None:
    assert isinstance(bench.reader.read_code(10, Once(bench.unplug)), ScannerFault)
    status = bench.reader.status()
    assert isinstance(status, Unavailable)
    assert status.reason.endswith("gone")
    assert status.remedy
    assert isinstance(bench.reader.read_code(10, NEVER), ScannerFault)
    bench.plug()
    assert isinstance(bench.reader.status(), Ready)
    assert bench.reader.read_code(10, Once(lambda: bench.scan("one"))) == CodeSeen(b"one")


def test_after_close_it_opens_again(bench: Bench) -> None:
    bench.reader.close()
    bench.reader.close()
    assert bench.reader.read_code(10, Once(lambda: bench.scan("one"))) == CodeSeen(b"one")
