"""A transport and a clock of the tests' own: bytes arrive when a script says so, and no time passes but theirs."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime

from kiosk.domain.china_time import CHINA

MOST_CALLS = 20_000
"""A driver that reads on and on without getting anywhere is told, not waited for."""


class FakeClock:
    """Stands still unless somebody waits."""

    def __init__(self) -> None:
        self.passed_s = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)

    def monotonic(self) -> float:
        return self.passed_s

    def wait(self, seconds: float) -> None:
        assert seconds >= 0
        self.passed_s += seconds


class FakeWait:
    """A cancel signal nobody sets; waiting on it moves the clock."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    def is_set(self) -> bool:
        return False

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self._clock.wait(timeout)
        return False


Arrivals = list[tuple[float, bytes]]
"""Seconds after the request, bytes; in the order of time."""


class ScriptedLine:
    """Answers a request with what ``answer`` gives for its command (CMD and PARA, 0x2001)."""

    def __init__(self, clock: FakeClock, answer: Callable[[int], Arrivals]) -> None:
        self._clock = clock
        self._answer = answer
        self._due: deque[tuple[float, bytes]] = deque()
        self._calls = 0
        self.heard: list[int] = []
        self.told: list[tuple[int, bytearray]] = []
        """Command, and what the driver was given to read after it."""

    def open(self, _wait_s: float, /) -> None:
        pass

    def close(self) -> None:
        self._due.clear()

    def drain(self) -> None:
        while self._due and self._due[0][0] <= self._clock.passed_s:
            self._due.popleft()

    def write(self, data: bytes, /) -> None:
        command = int.from_bytes(data[7:9], "big")
        self.heard.append(command)
        self.told.append((command, bytearray()))
        now = self._clock.passed_s
        self._due.extend((now + after, piece) for after, piece in self._answer(command))
        self._due = deque(sorted(self._due, key=lambda arrival: arrival[0]))

    def read(self, wait_s: float, /) -> bytes:
        self._calls += 1
        assert self._calls < MOST_CALLS, "reads without end"
        assert wait_s > 0, "reads without giving time"
        if not self._due or self._due[0][0] > self._clock.passed_s + wait_s:
            self._clock.wait(wait_s)
            return b""
        at, piece = self._due.popleft()
        self._clock.passed_s = max(self._clock.passed_s, at)
        self.told[-1][1].extend(piece)
        return piece


def spread(pieces: list[bytes], gap_s: float) -> Arrivals:
    """``pieces`` ``gap_s`` apart."""
    return list(_spread(pieces, gap_s))


def _spread(pieces: list[bytes], gap_s: float) -> Iterator[tuple[float, bytes]]:
    for at, piece in enumerate(pieces):
        yield at * gap_s, piece
