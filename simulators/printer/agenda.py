"""When a fault strikes: at once, or when the printer has come so far in its work."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Progress(Enum):
    """What the printer counts: bytes that came in, rows that passed the head, knives about to fall and fallen."""

    BYTES = "after_bytes"
    ROWS = "after_rows"
    CUTS_BEGUN = "cut"
    CUTS_DONE = "after-cut"


@dataclass(frozen=True, slots=True)
class Moment:
    """``count`` more of ``progress``; a count of 0 is now."""

    progress: Progress = Progress.ROWS
    count: int = 0


NOW = Moment()


def moment_of(request: Mapping[str, Any]) -> Moment:
    """From ``after_rows`` or ``after_bytes`` (a number) or ``at`` (``cut``: before the knife falls, ``after-cut``);
    none of them is now. Raises ValueError for more than one and for anything else."""
    given = [name for name in ("after_rows", "after_bytes", "at") if name in request]
    if len(given) > 1:
        raise ValueError(f"either {' or '.join(given)}")
    if not given:
        return NOW
    (name,) = given
    if name != "at":
        return Moment(Progress(name), int(request[name]))
    if request["at"] not in ("cut", "after-cut"):
        raise ValueError("at is cut or after-cut")
    return Moment(Progress(request["at"]), 1)


class Agenda:
    """What is to happen at later moments. An action runs on the thread that brings its moment about."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reached: Counter[Progress] = Counter()
        self._entries: list[tuple[Progress, int, Callable[[], None]]] = []

    def add(self, moment: Moment, action: Callable[[], None]) -> None:
        if moment.count <= 0:
            action()
            return
        with self._lock:
            at = self._reached[moment.progress] + moment.count
            self._entries.append((moment.progress, at, action))

    def advance(self, progress: Progress, count: int = 1) -> None:
        with self._lock:
            self._reached[progress] += count
            due = [entry for entry in self._entries if entry[0] is progress and entry[1] <= self._reached[progress]]
            self._entries = [entry for entry in self._entries if entry not in due]
        for _, _, action in due:
            action()

    def until_next(self, progress: Progress, available: int) -> int:
        """How much of ``available`` may be worked off before the next entry is due."""
        with self._lock:
            gaps = [at - self._reached[progress] for kind, at, _ in self._entries if kind is progress]
        return max(1, min([available, *gaps]))
