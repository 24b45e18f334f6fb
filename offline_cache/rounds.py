"""What a terminal does beside its citizens, by schedules of its own that stand in the file."""

import threading
from collections.abc import Callable

Stop = Callable[[], bool]
"""Says that the terminal is closing."""


def never() -> bool:
    return False


class RoundThread:
    """Calls every round one after the other, on a thread of that ``name``, until ``close``."""

    def __init__(self, name: str, interval_s: float, *rounds: Callable[[Stop], None]) -> None:
        self._rounds = rounds
        self._interval_s = interval_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Returns after what is under way has ended."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._interval_s):
            for run_due in self._rounds:
                run_due(self._stop.is_set)
