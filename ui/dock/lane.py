"""One thread for each program: what it is asked for happens in order, and a hung program keeps no other one waiting."""

import queue
import threading
from collections.abc import Callable


class Lane:
    """Runs what is put into it, one after the other. A defect in it ends its thread as any thread's."""

    def __init__(self, name: str) -> None:
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=f"dock {name}", daemon=True)
        self._thread.start()

    def put(self, work: Callable[[], None]) -> None:
        self._work.put(work)

    def close(self) -> None:
        """Waits for what was put in before."""
        self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()
