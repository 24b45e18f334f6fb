"""What is known of one device, and when it is asked next. Pure: every look and every time is passed in.

A device is asked (it answers how it is) or glanced at (it is seen whether it is there, without a word to it). What is
asked for the first time is believed. A device that was ready is lost after two bad looks in a row, a second apart: one
flicker is no loss. A lost device is asked again after 1, 2, 4 ... seconds, and at once when it is seen to be back.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.printer import PaperLevel, PrinterStatus
from kiosk.ports.supervision import DeviceReport, Trouble


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. ``every_s`` is the pause between two questions to a device that is well; None: it is only asked on
    request."""

    confirm_s: float = 1.0
    first_pause_s: float = 1.0
    longest_pause_s: float = 30.0
    every_s: float | None = None

    def pause_s(self, tries: int) -> float:
        """After the first, second, third ... try of a lost device."""
        return min(self.longest_pause_s, self.first_pause_s * 2.0 ** min(tries - 1, 30))


@dataclass(frozen=True, slots=True)
class Look:
    """What came of one look, and when: ``at`` is monotonic, ``now`` wall time, ``took_s`` the seconds it took."""

    status: DeviceStatus
    at: float
    now: datetime
    took_s: float = 0.0
    paper: PaperLevel | None = None
    remaining_mm: int | None = None


def look_of(answer: DeviceStatus | PrinterStatus, at: float, now: datetime, took_s: float) -> Look:
    if isinstance(answer, PrinterStatus):
        return Look(answer.device, at, now, took_s, answer.paper, answer.remaining_mm)
    return Look(answer, at, now, took_s)


@dataclass(frozen=True, slots=True)
class DeviceWatch:
    """``report`` is None before the first answer. ``ask_at`` is when the device is asked next without a request, None
    when it is not; ``gone`` says that it was seen to be away and not to be back since."""

    device: str
    pace: Pace
    report: DeviceReport | None = None
    ask_at: float | None = None
    gone: bool = False

    def due(self, at: float) -> bool:
        return self.ask_at is not None and at >= self.ask_at

    def wanted(self, at: float) -> "DeviceWatch":
        """Somebody wants to know now."""
        return replace(self, ask_at=at)

    def asked(self, look: Look) -> "DeviceWatch":
        """The device has answered, or has not."""
        return replace(self._taken(look), gone=self.gone and not isinstance(look.status, Ready))

    def glanced(self, seen: DeviceStatus | None, at: float, now: datetime, *, quiet: bool) -> "DeviceWatch":
        """``quiet``: the device must not be asked now, so that what is seen has to count by itself."""
        report = self.report
        if report is None:
            return self
        match seen:
            case Unavailable() if quiet and isinstance(report.status, Ready):
                counts = report.failures == 0 or self.due(at)
                return replace(self._taken(Look(seen, at, now)) if counts else self, gone=True)
            case Unavailable() if report.failures == 0 and not self.gone:
                noted = replace(report, last_error=Trouble(seen, now))
                return replace(self, report=noted, gone=True, ask_at=at)
            case Unavailable():
                return replace(self, gone=True)
            case Ready() if report.failures and quiet:
                return replace(self._taken(Look(seen, at, now)), gone=False)
            case None if self.gone and quiet:
                return replace(self._taken(Look(Ready(), at, now)), gone=False)
            case _ if self.gone:
                return replace(self, gone=False, ask_at=at)
            case _:
                return self

    def _taken(self, look: Look) -> "DeviceWatch":
        match look.status:
            case Ready():
                return self._well(look, look.status)
            case Unavailable():
                return self._bad(look, look.status)

    def _well(self, look: Look, status: Ready) -> "DeviceWatch":
        before, every = self.report, self.pace.every_s
        report = DeviceReport(
            self.device,
            status,
            since=before.since if before is not None and isinstance(before.status, Ready) else look.now,
            last_error=None if before is None else before.last_error,
            paper=look.paper,
            looked_at=look.now,
            took_s=look.took_s,
            remaining_mm=look.remaining_mm,
        )
        return replace(self, report=report, ask_at=None if every is None else look.at + every)

    def _bad(self, look: Look, status: Unavailable) -> "DeviceWatch":
        before = self.report
        failures = 1 if before is None else before.failures + 1
        trouble = Trouble(status, look.now)
        flicker = before is not None and failures == 1
        if before is None:
            since = look.now
        else:
            since = before.since if flicker or isinstance(before.status, Unavailable) else _first_bad(before)
        report = DeviceReport(
            self.device,
            before.status if before is not None and flicker else status,
            since,
            failures,
            trouble,
            look.paper,
            look.now,
            look.took_s,
            look.remaining_mm,
        )
        pause = self.pace.confirm_s if flicker else self.pace.pause_s(max(1, failures - 1))
        return replace(self, report=report, ask_at=look.at + pause)


def _first_bad(before: DeviceReport) -> datetime:
    """A loss counts from the first of its two bad looks."""
    assert before.last_error is not None, "one bad look has been counted"
    return before.last_error.at
