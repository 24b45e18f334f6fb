"""A printer that takes its work in ahead of its head: what it says in order with the data, it says too early."""

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from simulators.printer.mechanism import Mechanism

Row = npt.NDArray[np.bool_]


class Head(Protocol):
    """What the interpreter prints with. Every call returns False when the work in hand was dropped."""

    def ready(self) -> bool:
        """Blocks while the printer is off line."""

    def print_row(self, row: Row) -> bool: ...

    def feed(self, rows: int) -> bool: ...

    def cut(self) -> bool: ...

    def drain(self) -> bool:
        """Blocks until everything taken in is on paper."""


class RunningAhead:
    """At most ``rows`` rows and cuts wait for the head of ``mechanism``, which works in a thread of its own."""

    def __init__(self, mechanism: Mechanism, rows: int) -> None:
        self._mechanism = mechanism
        self._rows = rows
        self._waiting: deque[Callable[[], bool]] = deque()
        self._condition = threading.Condition()
        self._busy = False
        self._cancelled = False
        self._closed = False
        self.thread = threading.Thread(target=self._work, name="printer-head", daemon=True)

    def ready(self) -> bool:
        return self._mechanism.ready()

    def print_row(self, row: Row) -> bool:
        return self._put(partial(self._mechanism.print_row, row))

    def feed(self, rows: int) -> bool:
        return all(self._put(partial(self._mechanism.feed, 1)) for _ in range(rows))

    def cut(self) -> bool:
        return self._put(self._mechanism.cut)

    def drain(self) -> bool:
        with self._condition:
            self._condition.wait_for(lambda: self._over() or self._is_idle())
            return not self._over()

    def cancel(self) -> None:
        """Drops what waits; the mechanism has been told to drop what is in hand."""
        with self._condition:
            self._cancelled = True
            self._waiting.clear()
            self._condition.notify_all()

    def resume(self) -> None:
        """Waits until the head has let go of what was cancelled."""
        with self._condition:
            self._condition.wait_for(lambda: not self._busy)
            self._cancelled = False

    def close(self) -> None:
        with self._condition:
            self._closed = True
            self._condition.notify_all()
        self.thread.join()

    def _put(self, work: Callable[[], bool]) -> bool:
        with self._condition:
            self._condition.wait_for(lambda: self._over() or len(self._waiting) < self._rows)
            if self._over():
                return False
            self._waiting.append(work)
            self._condition.notify_all()
            return True

    def _work(self) -> None:
        while True:
            with self._condition:
                self._busy = False
                self._condition.notify_all()
                self._condition.wait_for(lambda: self._closed or self._waiting)
                if self._closed:
                    return
                work = self._waiting.popleft()
                self._busy = True
                self._condition.notify_all()
            work()

    def _is_idle(self) -> bool:
        return not self._waiting and not self._busy

    def _over(self) -> bool:
        return self._cancelled or self._closed
