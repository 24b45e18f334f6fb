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
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.printer import PaperLevel, PrinterStatus
from offline_cache.queue import EntryState, entries
from offline_cache.store import StorageTrouble

LEAST_FREE_BYTES = 512 * 1024 * 1024
"""Room for the largest outbox and two weeks of log."""


@dataclass(frozen=True, slots=True)
class Check:
    """``remedy`` is empty where nothing needs doing."""

    name: str
    good: bool
    detail: str
    remedy: str = ""


def check_terminal(settings: TerminalSettings, terminal: Terminal) -> Iterator[Check]:
    """One check after the other, slow ones last, so that a reader sees progress."""
    yield check_models(settings.face_analyser.models)
    yield _fonts()
    yield _disk(settings.storage.path)
    ports = terminal.ports
    yield _device("id-card", ports.reader.status())
    yield _device("camera", ports.camera.status())
    yield _device("face-analyser", ports.face.status())
    yield from _printer(ports.printer.status())
    yield _device("speaker", terminal.speaker.status())
    yield _device("gateway and clock", ports.platform.status())
    yield _outbox(settings.storage.path, terminal.clock.now())


def check_models(folder: Path) -> Check:
    faults = verify(load_manifest(), folder, training=False)
    if faults:
        return Check("models", False, f"{faults[0].file}: {faults[0].kind.value}", faults[0].remedy)
    return Check("models", True, f"{folder}: all sums right")


def _outbox(database: Path, now: datetime) -> Check:
    found = () if not database.exists() else entries(database, now)
    if isinstance(found, StorageTrouble):
        return Check("outbox", False, found.reason, f"move {database} aside for the vendor; it may hold cases")
    dead = sum(entry.state is EntryState.DEAD for entry in found)
    detail = f"{len(found) - dead} records wait for delivery, {dead} were refused"
    return Check("outbox", not dead, detail, "see them with `kiosk queue list` and tell the hall" if dead else "")


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


def _device(name: str, status: DeviceStatus) -> Check:
    match status:
        case Ready(detail):
            return Check(name, True, detail or "ready")
        case Unavailable(reason, remedy):
            return Check(name, False, reason, remedy)
        case _:
            assert_never(status)


def _printer(status: PrinterStatus) -> Iterator[Check]:
    yield _device("printer", status.device)
    match status.paper:
        case PaperLevel.EMPTY:
            yield Check("paper", False, status.paper.value, "put in a new roll")
        case PaperLevel.LOW:
            yield Check("paper", True, status.paper.value, "put in a new roll soon")
        case PaperLevel.ENOUGH | PaperLevel.UNKNOWN:
            yield Check("paper", True, status.paper.value)
        case _:
            assert_never(status.paper)
