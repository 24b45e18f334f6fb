"""A scanner's line in virtual time: what it sends and when, and a clock that the waiting moves."""

import errno
from collections import deque
from datetime import UTC, datetime


class VirtualLine:
    """Sends each of ``script``: (monotonic second, bytes), or None in place of the bytes for a line that is gone."""

    def __init__(self, script: list[tuple[float, bytes | None]]) -> None:
        self._script = deque(sorted(script, key=lambda item: item[0]))
        self.seconds = 0.0
        self.opened = 0
        self.closed = 0

    def open(self) -> "VirtualLine":
        self.opened += 1
        return self

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 14, 32, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    def receive(self, wait_s: float) -> bytes:
        until = self.seconds + wait_s
        if not self._script or self._script[0][0] > until:
            self.seconds = until
            return b""
        at, data = self._script.popleft()
        self.seconds = max(self.seconds, at)
        if data is None:
            raise OSError(errno.EIO, "gone")
        return data

    def close(self) -> None:
        self.closed += 1
