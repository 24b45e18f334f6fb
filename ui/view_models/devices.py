"""17 Devices: how every device is, for the technician. No personal data; live from the watch."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.flow.health import PRINTER, Health, paper_low
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.printer import PrinterStatus
from kiosk.ports.supervision import DeviceReport
from ui.texts import Texts
from ui.view_models.local import Close, Open, SidePage
from ui.view_models.page import Choice, PageProps
from ui.view_models.view import View

_ICONS = {
    "id-card": "id-card",
    "smart-card": "card",
    "scanner": "scanner",
    "camera": "camera",
    "face": "face-scan",
    "printer": "printer",
    "speaker": "volume",
    "platform": "wifi",
    "fleet": "wifi",
}


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """``mood`` is good, notice or lost; ``word`` says it. ``note`` is what is to be done, or what the device is;
    ``past`` what was wrong, for as long as the terminal runs."""

    name: str
    icon: str
    mood: str
    word: str
    since: str
    note: str
    past: str


@dataclass(frozen=True)
class DevicesProps(PageProps):
    rows: tuple[DeviceRow, ...] = ()


def derive(health: Health | None, view: View) -> DevicesProps:
    texts = view.texts
    rows = () if health is None else tuple(_row(report, health.printer, view) for report in health.reports)
    to_do = sum(row.mood != "good" for row in rows)
    return DevicesProps(
        title=texts.title("devices.title"),
        helper=_summary(texts, rows, to_do),
        head=texts("devices.terminal", terminal=view.site.terminal),
        rows=rows,
        primary=Choice(texts("devices.close"), Close(), "back"),
        right=Choice(texts("devices.new_roll"), Open(SidePage.PAPER_CHANGE), "printer"),
    )


def _summary(texts: Texts, rows: tuple[DeviceRow, ...], to_do: int) -> str:
    if not rows:
        return texts("devices.checking")
    if to_do == 0:
        return texts("devices.all_good")
    return texts("devices.one_to_do") if to_do == 1 else texts("devices.to_do", count=to_do)


def _row(report: DeviceReport, printer: PrinterStatus, view: View) -> DeviceRow:
    texts = view.texts
    kind = _kind(report.device)
    low = report.device == PRINTER and paper_low(printer)
    left = printer.remaining_mm if report.device == PRINTER else None
    mood = _mood(report, low)
    return DeviceRow(
        name=_name(report.device, texts),
        icon=_ICONS[kind],
        mood=mood,
        word=texts(f"devices.{mood}"),
        since=texts("devices.since", time=_time(report.since, view)),
        note=_with_paper(_note(report, kind, low, texts), left, texts),
        past=_past(report, view),
    )


def _kind(device: str) -> str:
    """Scanners are numbered: scanner-1, scanner-2."""
    return device if device in _ICONS else device.rpartition("-")[0]


def _name(device: str, texts: Texts) -> str:
    kind = _kind(device)
    if kind == device:
        return texts(f"devices.name.{kind}")
    return texts(f"devices.name.{kind}", number=device.rpartition("-")[2])


def _mood(report: DeviceReport, low: bool) -> str:
    if isinstance(report.status, Unavailable):
        return "lost"
    return "notice" if report.failures or low else "good"


def _with_paper(note: str, left_mm: int | None, texts: Texts) -> str:
    """``note`` with what is left on the roll, to the whole metre below."""
    if left_mm is None:
        return note
    left = texts("devices.paper_left", metres=left_mm // 1000)
    return texts("devices.and", one=note.rstrip("。."), other=left) if note else left


def _note(report: DeviceReport, kind: str, low: bool, texts: Texts) -> str:
    """The driver's remedies are English; what a technician reads here is in both languages."""
    match report.status:
        case Unavailable(reason):
            known = f"devices.do.{kind}.{reason}"
            return texts(known if known in texts else f"devices.do.{kind}")
        case Ready() if low:
            return texts("devices.do.paper-low")
        case Ready(detail):
            return detail


def _past(report: DeviceReport, view: View) -> str:
    texts, error = view.texts, report.last_error
    if error is None:
        return ""
    if report.failures > 1:
        return texts("devices.failures", count=report.failures, reason=error.what.reason)
    return texts("devices.last", reason=error.what.reason, time=_time(error.at, view))


def _time(at: datetime, view: View) -> str:
    here = at.astimezone(view.now.tzinfo)
    return f"{here:%H:%M:%S}" if here.date() == view.now.date() else f"{here:%m-%d %H:%M}"
