"""The real clock and the real threads behind the clock and executor ports."""

import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType

from kiosk.domain.china_time import CHINA


class SystemClock:
    """Wall time as the country's legal time, monotonic time from the kernel."""

    def now(self) -> datetime:
        return datetime.now(CHINA)

    def monotonic(self) -> float:
        return time.monotonic()


class ThreadExecutor:
    """A daemon thread a job: port calls are few, long and independent of each other."""

    def submit(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, name="port-call", daemon=True).start()


def end_on_defect() -> None:
    """A defect in any thread, Qt's among them, ends the process; the service that watches it starts a clean one. What
    is printed names code only: values of variables stay out of it."""
    threading.excepthook = lambda failure: _end(failure.exc_type, failure.exc_traceback)
    sys.excepthook = lambda kind, _value, trace: _end(kind, trace)


def _end(kind: type[BaseException], trace: TracebackType | None) -> None:
    while trace is not None:
        code = trace.tb_frame.f_code
        print(f"  {code.co_filename}:{trace.tb_lineno} in {code.co_name}", file=sys.stderr)
        trace = trace.tb_next
    print(f"defect: {kind.__name__}", file=sys.stderr, flush=True)
    os._exit(70)
