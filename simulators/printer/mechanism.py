"""The printer's mechanics: paper, head, cutter, cover. What is printed is what a roll would show."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from simulators.printer.agenda import Agenda, Progress
from simulators.printer.pace import Pace
from simulators.printer.presenter import Presenter

DOTS_PER_MM = 8
HAPPENINGS = ("paper-out", "paper-low", "paper-in", "cover-open", "cover-close", "jam", "cutter", "mend", "hot", "cool")
PRESENTER_HAPPENINGS = ("presenter-full", "presenter-emptied", "ticket-take", "ticket-eject", "ticket-retract")


class PaperSupply(Enum):
    ENOUGH = "enough"
    LOW = "low"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Roll:
    """A fresh roll is ``mm`` long; the near-end sensor trips when ``near_end_mm`` are left."""

    mm: int
    near_end_mm: int = 0


class Mechanism:
    """Prints row by row on one thread; faults arrive from others.

    ``print_row`` and ``feed`` block while something stops the head, and return False when the work in hand was
    cancelled meanwhile. ``changed`` is called after every change of state, ``stood_still`` when the head has to start
    afresh. ``presenter`` None lets papers drop,
    ``roll`` None never ends; ``paper-in`` puts a fresh one in.
    """

    def __init__(
        self,
        dots: int,
        out: Path,
        pace: Pace,
        mm_per_second: float,
        agenda: Agenda,
        stood_still: Callable[[], None],
        presenter: Presenter | None,
        roll: Roll | None = None,
    ) -> None:
        self.dots = dots
        self.presenter = presenter
        self._out = out
        self._pace = pace
        self._seconds_per_row = 1 / DOTS_PER_MM / mm_per_second if mm_per_second else 0.0
        self._agenda = agenda
        self._stood_still = stood_still
        self._roll = roll
        self._roll_begun_at = 0
        self._condition = threading.Condition()
        self._rows: list[npt.NDArray[np.bool_]] = []
        self._cancelled = False
        self._closed = False
        self._errors: dict[str, bool] = {}
        self.cover_open = False
        self.head_hot = False
        self.supply = PaperSupply.ENOUGH
        self.rows_printed = 0
        self.stops = 0
        self.papers: list[Path] = []
        self.changed: Callable[[], None] = lambda: None

    @property
    def jammed(self) -> bool:
        return "jam" in self._errors

    @property
    def cutter_stuck(self) -> bool:
        return "cutter" in self._errors

    @property
    def presenter_full(self) -> bool:
        return self.presenter is not None and self.presenter.full

    @property
    def in_error(self) -> bool:
        return bool(self._errors) or self.head_hot or self.presenter_full

    @property
    def stopped(self) -> bool:
        return self.cover_open or self.in_error or self.supply is PaperSupply.OUT

    def ready(self) -> bool:
        """Blocks while the printer is stopped; False when the work in hand was cancelled."""
        with self._condition:
            waited = not self._may_go_on()
            self._condition.wait_for(self._may_go_on)
            going_on = not (self._closed or self._cancelled)
        if waited and going_on:
            self.head_stops()
        return going_on

    def print_row(self, row: npt.NDArray[np.bool_]) -> bool:
        """``row`` has at most ``dots`` dots; the head cannot burn beyond its width."""
        if not self.ready():
            return False
        burnt = np.zeros(self.dots, dtype=np.bool_)
        burnt[: len(row)] = row[: self.dots]
        self._pace.wait(self._seconds_per_row)
        with self._condition:
            if self._closed or self._cancelled:
                return False
            self._rows.append(burnt)
            self.rows_printed += 1
        self._wind_off()
        self._agenda.advance(Progress.ROWS)
        return True

    def feed(self, rows: int) -> bool:
        return all(self.print_row(np.zeros(0, dtype=np.bool_)) for _ in range(rows))

    def cut(self) -> bool:
        """The paper that falls becomes ``paper-NNN.png`` (black 0, white 255); an empty cut leaves none."""
        if not self.ready():
            return False
        self._agenda.advance(Progress.CUTS_BEGUN)
        if not self.ready():
            return False
        paper = self._part("")
        if paper is not None and self.presenter is not None:
            self.presenter.present(paper)
            self.changed()
        self._agenda.advance(Progress.CUTS_DONE)
        return True

    def drain(self) -> bool:
        """Every call has put its work on paper when it returns: nothing is ever left to wait for."""
        return self.ready()

    def tear(self) -> None:
        """What hangs out of the printer uncut becomes ``paper-NNN-torn.png``: a citizen could pull it off."""
        self._part("-torn")

    @property
    def paper_left_mm(self) -> int | None:
        """None where the roll never ends."""
        if self._roll is None:
            return None
        return max(0, self._roll.mm - (self.rows_printed - self._roll_begun_at) // DOTS_PER_MM)

    @property
    def rows_hanging(self) -> int:
        """Printed and not cut off yet: a hand could tear them off."""
        return len(self._rows)

    def within_reach(self) -> list[Path]:
        """Papers and torn strips that a citizen could hold: all but those the presenter took back."""
        back = self.presenter.retracted if self.presenter is not None else []
        return [path for path in self.papers if path not in back]

    def head_stops(self) -> None:
        """The head stands still in the middle of a paper, or before the next one."""
        if self._rows:
            self.stops += 1
        self._stood_still()

    def recover(self) -> None:
        """Leaves the errors whose cause was taken away."""
        self._change(self._forget_mended)

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

    def happen(self, name: str) -> None:
        """``name`` is one of ``HAPPENINGS`` or ``PRESENTER_HAPPENINGS``. ``mend`` takes the cause of a jam or a stuck
        cutter away; the error itself stays until the host recovers it or the cover was opened and closed."""
        self._change(lambda: self._apply(name))

    def _wind_off(self) -> None:
        left = self.paper_left_mm
        if self._roll is None or left is None:
            return
        if left <= 0 and self.supply is not PaperSupply.OUT:
            self.happen("paper-out")
        elif left <= self._roll.near_end_mm and self.supply is PaperSupply.ENOUGH:
            self.happen("paper-low")

    def _may_go_on(self) -> bool:
        return self._closed or self._cancelled or not self.stopped

    def _change(self, change: Callable[[], None]) -> None:
        """The host is told before work goes on."""
        with self._condition:
            change()
            self.changed()
            self._condition.notify_all()

    def _part(self, mark: str) -> Path | None:
        """Takes the printed strip away and keeps its picture."""
        with self._condition:
            rows, self._rows = self._rows, []
        if not rows:
            return None
        path = self._out / f"paper-{len(self.papers) + 1:03d}{mark}.png"
        picture = np.where(np.stack(rows), 0, 255).astype(np.uint8)
        draft = path.with_suffix(".draft")
        draft.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
        draft.rename(path)
        self.papers.append(path)
        return path

    def _forget_mended(self) -> None:
        self._errors = {name: mended for name, mended in self._errors.items() if not mended}

    def _apply(self, name: str) -> None:
        match name:
            case "cover-open":
                self.cover_open = True
            case "cover-close":
                # Whoever had it open has freed paper and knife.
                self.cover_open = False
                self._errors.clear()
            case "jam" | "cutter":
                self._errors[name] = False
            case "mend":
                self._errors = dict.fromkeys(self._errors, True)
            case "hot" | "cool":
                self.head_hot = name == "hot"
            case "paper-out":
                self.supply = PaperSupply.OUT
            case "paper-low":
                self.supply = PaperSupply.LOW
            case "paper-in":
                self.supply = PaperSupply.ENOUGH
                self._roll_begun_at = self.rows_printed
            case _:
                self._apply_to_presenter(name)

    def _apply_to_presenter(self, name: str) -> None:
        if self.presenter is None:
            raise ValueError("this printer has no presenter")
        match name:
            case "presenter-full" | "presenter-emptied":
                self.presenter.full = name == "presenter-full"
            case "ticket-take":
                self.presenter.take()
            case "ticket-eject":
                self.presenter.eject()
            case "ticket-retract":
                self.presenter.retract()
            case _:
                raise ValueError(name)
