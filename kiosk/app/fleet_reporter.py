"""Tells the fleet how the terminal is: at every change of a device, and as a heartbeat."""

import shutil
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from kiosk.fleet.terminal_status import terminal_status
from kiosk.flow.health import RollLeft, health_of
from kiosk.ports.clock import Clock
from kiosk.ports.fleet_status import FleetStatus, QueueFigures, TerminalStatus
from kiosk.ports.paper_roll import PaperRoll
from kiosk.ports.supervision import Supervision
from offline_cache.queue_figures import queue_figures
from offline_cache.store import StorageTrouble, Store

LEAST_GAP_S = 1.0
"""Between two statuses, however often a device comes and goes."""


class TerminalGlance:
    """How the terminal is at this moment, of all who know a part of it."""

    def __init__(
        self,
        supervision: Supervision,
        store: Store,
        storage: Path,
        roll: PaperRoll,
        code_readers: Iterable[str],
        clock: Clock,
    ) -> None:
        self._supervision = supervision
        self._store = store
        self._storage = storage
        self._roll = roll
        self._code_readers = tuple(code_readers)
        self._clock = clock
        self._since: datetime = clock.now()

    def status(self) -> TerminalStatus:
        queue, now = queue_figures(self._store, self._clock.now()), self._clock.now()
        figures: QueueFigures | None = None if isinstance(queue, StorageTrouble) else queue
        roll = RollLeft(self._roll.remaining(), self._roll.full())
        waiting = 0 if figures is None else figures.waiting
        return terminal_status(
            health_of(self._supervision.reports(), waiting, self._code_readers, roll),
            figures,
            at=now,
            since=self._since,
            version=version("kiosk"),
            disk_free_mb=_free_mb(self._storage),
        )


class FleetReporter:
    """A thread of its own: who reports a change does not wait for the disk that is read then. ``close`` says goodbye
    to the fleet."""

    def __init__(
        self,
        fleet: FleetStatus,
        supervision: Supervision,
        glance: Callable[[], TerminalStatus],
        heartbeat_s: float,
        gap_s: float = LEAST_GAP_S,
    ) -> None:
        self._fleet = fleet
        self._supervision = supervision
        self._glance = glance
        self._heartbeat_s = heartbeat_s
        self._gap_s = gap_s
        self._changed = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fleet", daemon=True)

    def start(self) -> None:
        self._fleet.start()
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join()
        self._fleet.close()

    def _run(self) -> None:
        leave = self._supervision.subscribe(lambda _report: self._changed.set())
        while self._goes_on():
            self._fleet.publish(self._glance())
            self._closing.wait(self._gap_s)
            self._changed.wait(self._heartbeat_s)
        leave()

    def _goes_on(self) -> bool:
        """Cleared before it is asked: ``close`` says that it closes first, and wakes then."""
        self._changed.clear()
        return not self._closing.is_set()


def _free_mb(storage: Path) -> int:
    folder = storage.absolute().parent
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // 2**20
