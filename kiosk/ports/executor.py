"""Where blocking port calls run."""

from collections.abc import Callable
from typing import Protocol


class Executor(Protocol):
    def submit(self, work: Callable[[], None]) -> None:
        """Runs ``work`` off the engine's thread. ``work`` reports by posting an event and never raises."""
