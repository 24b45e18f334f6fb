"""Time, passed in everywhere so that tests own it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Wall time, timezone-aware."""

    def monotonic(self) -> float:
        """Seconds that never jump."""


class CancelSignal(Protocol):
    """Tells a waiting driver to give up; ``threading.Event`` is one."""

    def is_set(self) -> bool: ...

    def wait(self, timeout: float | None = None) -> bool: ...
