"""The printer's time."""

import time
from collections.abc import Callable
from typing import Protocol

_WORTH_A_SLEEP_S = 0.002


class Pace(Protocol):
    def wait(self, seconds: float) -> None:
        """Lets ``seconds`` of the printer's time pass."""


class WallPace:
    """Lets real time pass without drifting: a head that moves on keeps its speed however late it was woken. After a
    standstill ``begin_again`` starts it afresh."""

    def __init__(
        self, monotonic: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._due = monotonic()

    def wait(self, seconds: float) -> None:
        self._due += seconds
        ahead = self._due - self._monotonic()
        if ahead > _WORTH_A_SLEEP_S:
            self._sleep(ahead)

    def begin_again(self) -> None:
        self._due = max(self._due, self._monotonic())
