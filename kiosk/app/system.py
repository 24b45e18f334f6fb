"""The real clock and the real threads behind the clock and executor ports."""

import threading
import time
from collections.abc import Callable
from datetime import datetime


class SystemClock:
    """Wall time in the machine's zone, monotonic time from the kernel."""

    def now(self) -> datetime:
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        return time.monotonic()


class ThreadExecutor:
    """A daemon thread a job: port calls are few, long and independent of each other."""

    def submit(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, name="port-call", daemon=True).start()
