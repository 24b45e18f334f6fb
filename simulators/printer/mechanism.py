"""The printer's mechanics: paper, head, cutter, cover. What is printed is what a roll would show."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

DOTS_PER_MM = 8


class Pace(Protocol):
    def wait(self, seconds: float) -> None:
        """Lets ``seconds`` of the printer's time pass."""


class PaperSupply(Enum):
    ENOUGH = "enough"
    LOW = "low"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Fault:
    """A state that begins when ``rows`` more rows have been printed (0: now)."""

    name: str
    rows: int


class Mechanism:
    """Prints row by row on one thread; faults arrive from others.

    ``print_row`` and ``feed`` block while cover, paper or jam stop the head, and return False when the work in hand
    was cancelled meanwhile. ``changed`` is called after every change of state.
    """

    def __init__(self, dots: int, out: Path, pace: Pace, mm_per_second: float) -> None:
        self.dots = dots
        self._out = out
        self._pace = pace
        self._seconds_per_row = 1 / DOTS_PER_MM / mm_per_second if mm_per_second else 0.0
        self._condition = threading.Condition()
        self._rows: list[npt.NDArray[np.bool_]] = []
        self._faults: list[Fault] = []
        self._cancelled = False
        self._closed = False
        self.cover_open = False
        self.jammed = False
        self.supply = PaperSupply.ENOUGH
        self.rows_printed = 0
        self.papers: list[Path] = []
        self.changed: Callable[[], None] = lambda: None

    @property
    def stopped(self) -> bool:
        return self.cover_open or self.jammed or self.supply is PaperSupply.OUT

    def print_row(self, row: npt.NDArray[np.bool_]) -> bool:
        """``row`` has at most ``dots`` dots; the head cannot burn beyond its width."""
        if not self._ready():
            return False
        burnt = np.zeros(self.dots, dtype=np.bool_)
        burnt[: len(row)] = row[: self.dots]
        self._advance(burnt)
        return True

    def feed(self, rows: int) -> bool:
        return all(self.print_row(np.zeros(0, dtype=np.bool_)) for _ in range(rows))

    def cut(self) -> bool:
        """The paper that falls becomes ``paper-NNN.png`` (black 0, white 255); an empty cut leaves none."""
        if not self._ready():
            return False
        rows, self._rows = self._rows, []
        if rows:
            path = self._out / f"paper-{len(self.papers) + 1:03d}.png"
            picture = np.where(np.stack(rows), 0, 255).astype(np.uint8)
            draft = path.with_suffix(".draft")
            draft.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
            draft.rename(path)
            self.papers.append(path)
        return True

    def cancel(self) -> None:
        """Drops the work a blocked call is waiting to do."""
        with self._condition:
            self._cancelled = True
            self._condition.notify_all()

    def resume(self) -> None:
        with self._condition:
            self._cancelled = False
            self._condition.notify_all()

    def wait_until_resumed(self) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._closed or not self._cancelled)

    def close(self) -> None:
        """Ends every wait; nothing is printed any more."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def set_fault(self, fault: Fault) -> None:
        with self._condition:
            if fault.rows:
                self._faults.append(Fault(fault.name, self.rows_printed + fault.rows))
                return
            self._apply(fault.name)
            self._condition.notify_all()
        self.changed()

    def _ready(self) -> bool:
        with self._condition:
            self._condition.wait_for(lambda: self._closed or self._cancelled or not self.stopped)
            return not (self._closed or self._cancelled)

    def _advance(self, row: npt.NDArray[np.bool_]) -> None:
        self._pace.wait(self._seconds_per_row)
        with self._condition:
            self._rows.append(row)
            self.rows_printed += 1
            due = [fault for fault in self._faults if fault.rows <= self.rows_printed]
            for fault in due:
                self._faults.remove(fault)
                self._apply(fault.name)
        if due:
            self.changed()

    def _apply(self, name: str) -> None:
        match name:
            case "cover-open":
                self.cover_open = True
            case "cover-close":
                self.cover_open = False
                self.jammed = False
            case "jam":
                self.jammed = True
            case "paper-out":
                self.supply = PaperSupply.OUT
            case "paper-low":
                self.supply = PaperSupply.LOW
            case "paper-in":
                self.supply = PaperSupply.ENOUGH
            case _:
                raise ValueError(name)
