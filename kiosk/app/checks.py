"""The self-check of a terminal: every device, file and link it needs, each with what to do when it is not right."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import assert_never

from devices.printer.fonts import check_fonts
from kiosk.app.bootstrap import Terminal
from kiosk.app.model_files import load_manifest, verify
from kiosk.app.settings import TerminalSettings
from kiosk.domain.china_time import CHINA
from kiosk.flow.health import FACE, PLATFORM
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.printer import PaperLevel
from kiosk.ports.reference_cache import HeldBundle, NothingHeld
from kiosk.ports.supervision import DeviceReport
from offline_cache.outage import Link, LinkPhase
from offline_cache.queue import LimitReached, Standing, standing
from offline_cache.roster_snapshot import MAX_AGE
from offline_cache.settings import StorageSettings
from offline_cache.store import StorageTrouble

LEAST_FREE_BYTES = 512 * 1024 * 1024
"""Room for the largest outbox and two weeks of log."""


@dataclass(frozen=True, slots=True)
class Check:
    """``remedy`` is empty where nothing needs doing; ``took_s`` are the seconds a device took to answer."""

    name: str
    good: bool
    detail: str
    remedy: str = ""
    took_s: float = 0.0


GATEWAY = "gateway and clock"
_NAMES = {FACE: "face-analyser", PLATFORM: GATEWAY}
"""Where a technician's word differs from the log's."""


def check_terminal(settings: TerminalSettings, terminal: Terminal) -> Iterator[Check]:
    """One check after the other; the devices are all asked at the same time."""
    yield check_models(settings.face_analyser.models)
    yield _fonts()
    yield _disk(settings.storage.path)
    for report in terminal.supervisor.look_once():
        yield check_of(report)
        if report.paper is not None:
            yield _paper(report.paper)
    yield check_outbox(settings.storage, terminal.clock.now())
    for name in settings.references.names:
        held = terminal.references.held(name)
        roster = name == settings.references.roster_snapshot
        yield check_roster(name, held, terminal.clock.now()) if roster else check_held(name, held)


def check_of(report: DeviceReport) -> Check:
    name = _NAMES.get(report.device, report.device)
    match report.status:
        case Ready(detail):
            return Check(name, True, detail or "ready", took_s=report.took_s)
        case Unavailable(reason, remedy):
            return Check(name, False, reason, remedy, report.took_s)
        case _:
            assert_never(report.status)


def check_models(folder: Path) -> Check:
    faults = verify(load_manifest(), folder, training=False)
    if faults:
        return Check("models", False, f"{faults[0].file}: {faults[0].kind.value}", faults[0].remedy)
    return Check("models", True, f"{folder}: all sums right")


def check_outbox(storage: StorageSettings, now: datetime) -> Check:
    if not storage.path.exists():
        return Check("outbox", True, "nothing waits for delivery")
    found = standing(storage, now)
    if isinstance(found, StorageTrouble):
        return Check("outbox", False, found.reason, f"move {storage.path} aside for the vendor; it may hold cases")
    detail = f"{found.waiting} records wait for delivery, {found.dead} were refused{_since(found.link, now)}"
    remedy = _outbox_remedy(found)
    return Check("outbox", not remedy, detail, remedy)


def _outbox_remedy(found: Standing) -> str:
    match found.obstacle:
        case LimitReached(value=reason):
            return (
                f"{reason}, so nothing is taken without the hall: mend the line, and the records leave by themselves; "
                "where the hall answers, tell it which ones stay (`kiosk queue list`)"
            )
        case StorageTrouble(reason):
            return f"{reason}: mend the line, or give storage.max_bytes more if the disk has room"
        case None if found.dead:
            return "see them with `kiosk queue list`, tell the hall, then `kiosk queue retry` or `export`"
        case None:
            return ""


def _since(link: Link, now: datetime) -> str:
    """A line that was down until long ago may be up by now: what the link itself says is another check."""
    if link.phase in (LinkPhase.OPEN, LinkPhase.RETURNING):
        return ""
    return f"; the hall was silent ({link.reason}) for {max(0, int(now.timestamp() - link.since)) // 60} minutes"


def check_held(name: str, held: HeldBundle | NothingHeld) -> Check:
    """Whether what the hall publishes as ``name`` is at hand, of which day, and why nothing newer is."""
    match held:
        case HeldBundle(set_aside=None | "not-yet-valid"):
            return Check(name, True, f"version {held.version} of {held.made_at.astimezone(CHINA):%Y-%m-%d}")
        case HeldBundle(set_aside=reason):
            detail = f"{reason}: version {held.version} of {held.made_at.astimezone(CHINA):%Y-%m-%d} serves instead"
            return Check(name, False, detail, "nothing to be done once it is fetched anew; if it stays, check the disk")
        case NothingHeld(reason):
            remedy = "see that the hall publishes it under this name; the terminal asks for it every few hours"
            return Check(name, False, f"{reason}: the terminal's own settings serve instead", remedy)
        case _:
            assert_never(held)


def check_roster(name: str, held: HeldBundle | NothingHeld, now: datetime) -> Check:
    """Whether the roster that the site may hold is at hand and young enough to be used (domain.md 5.3.1)."""
    publish = "have the hall publish it every day: kiosk publish-roster"
    if isinstance(held, NothingHeld):
        return Check(name, False, f"{held.reason}: without a line the terminal knows nobody's date", publish)
    if now - held.made_at > MAX_AGE:
        of = f"{held.made_at.astimezone(CHINA):%Y-%m-%d}"
        return Check(name, False, f"too old: of {of}, and used for {MAX_AGE.days} days", publish)
    return check_held(name, held)


def _fonts() -> Check:
    trouble = check_fonts()
    if trouble is not None:
        return Check("fonts", False, trouble.fault.value, trouble.remedy)
    return Check("fonts", True, "all sums right")


def _disk(storage: Path) -> Check:
    folder = storage.parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    detail = f"{free // 2**20} MiB free in {folder}"
    return Check("disk", free >= LEAST_FREE_BYTES, detail, "" if free >= LEAST_FREE_BYTES else "make room on the disk")


def _paper(level: PaperLevel) -> Check:
    match level:
        case PaperLevel.EMPTY:
            return Check("paper", False, level.value, "put in a new roll")
        case PaperLevel.LOW:
            return Check("paper", True, level.value, "put in a new roll soon")
        case PaperLevel.ENOUGH | PaperLevel.UNKNOWN:
            return Check("paper", True, level.value)
        case _:
            assert_never(level)
