"""What a terminal does beside its citizens, by schedules of its own that stand in the file."""

import threading
from collections.abc import Callable


class Upkeep:
    """Calls every round one after the other, until ``close``."""

    def __init__(self, rounds: tuple[Callable[[], None], ...], interval_s: float = 20.0) -> None:
        self._rounds = rounds
        self._interval_s = interval_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Returns after the round under way has ended."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._interval_s):
            for run_due in self._rounds:
                run_due()
