"""The terminal tells its fleet at every change and as a heartbeat, from what its parts know."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app.fleet_reporter import FleetReporter, TerminalGlance
from kiosk.flow.health import CAMERA
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.fleet_status import DeviceLine, QueueFigures, TerminalStatus
from offline_cache.paper_roll import DurablePaperRoll
from offline_cache.store import Store
from tests.eventually import eventually
from tests.kiosk.flow.fakes import FakeSupervision
from tests.records import START, SetClock

PATIENCE_S = 30
NEVER_S = 3600.0


class Told:
    """Takes what would go to the broker."""

    def __init__(self) -> None:
        self.statuses: list[TerminalStatus] = []
        self.life: list[str] = []
        self.wait = threading.Event()
        self.wait.set()

    def start(self) -> None:
        self.life.append("started")

    def publish(self, status: TerminalStatus) -> None:
        self.wait.wait(PATIENCE_S)
        self.statuses.append(status)

    def status(self) -> DeviceStatus:
        return Ready()

    def close(self) -> None:
        self.life.append("goodbye")

    def has(self, count: int) -> bool:
        return eventually(lambda: len(self.statuses) >= count, PATIENCE_S)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "terminal.db", 1024 * 1024)
    yield store
    store.close()


@pytest.fixture
def supervision() -> FakeSupervision:
    return FakeSupervision()


@pytest.fixture
def glance(store: Store, supervision: FakeSupervision, tmp_path: Path) -> TerminalGlance:
    roll = DurablePaperRoll(store)
    roll.change(61_000)
    return TerminalGlance(supervision, store, tmp_path / "terminal.db", roll, (), SetClock())


def test_a_glance_is_of_all_who_know_a_part(glance: TerminalGlance, supervision: FakeSupervision) -> None:
    supervision.tell(CAMERA, Unavailable("camera-stalled", "mend it"))
    status = glance.status()
    assert (status.at, status.since, status.closed_by) == (START, START, "camera")
    assert DeviceLine(CAMERA, ok=False, reason="camera-stalled") in status.devices
    assert (status.queue, status.paper_left_mm) == (QueueFigures(0, 0, None), 61_000)
    assert status.disk_free_mb > 0
    assert status.version


def test_a_storage_that_cannot_be_read_is_told_and_not_guessed(supervision: FakeSupervision, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    broken = Store(tmp_path / "file" / "terminal.db", 1024 * 1024)
    glance = TerminalGlance(supervision, broken, tmp_path / "terminal.db", DurablePaperRoll(broken), (), SetClock())
    assert glance.status().queue is None
    broken.close()


def test_every_change_is_told_and_a_flicker_costs_no_more_than_one(
    glance: TerminalGlance, supervision: FakeSupervision
) -> None:
    told = Told()
    reporter = FleetReporter(told, supervision, glance.status, NEVER_S, gap_s=0.01)
    reporter.start()
    assert told.has(1)
    supervision.tell(CAMERA, Unavailable("camera-stalled", "mend it"))
    assert told.has(2)
    assert eventually(lambda: told.statuses[-1].closed_by == "camera", PATIENCE_S)
    told.wait.clear()
    before = len(told.statuses)
    for _ in range(50):
        supervision.tell(CAMERA, Ready())
    told.wait.set()
    assert eventually(lambda: told.statuses[-1].closed_by is None, PATIENCE_S)
    reporter.close()
    assert len(told.statuses) - before < 10
    assert told.life == ["started", "goodbye"]
    assert not supervision.listeners


def test_where_nothing_changes_a_heartbeat_is_told(glance: TerminalGlance, supervision: FakeSupervision) -> None:
    told = Told()
    reporter = FleetReporter(told, supervision, glance.status, 0.01, gap_s=0.01)
    reporter.start()
    assert told.has(5)
    reporter.close()


def test_what_never_started_can_be_closed(glance: TerminalGlance, supervision: FakeSupervision) -> None:
    """`kiosk doctor` builds a terminal and closes it."""
    told = Told()
    FleetReporter(told, supervision, glance.status, NEVER_S).close()
    assert told.statuses == []


class ClosedBeforeCleared(threading.Event):
    """``close`` comes, and wakes, just before the thread takes note of no change."""

    def __init__(self) -> None:
        super().__init__()
        self.woken = threading.Event()
        self.closer: threading.Thread | None = None

    def set(self) -> None:
        super().set()
        self.woken.set()

    def clear(self) -> None:
        if self.closer is not None and not self.woken.is_set():
            self.closer.start()
            assert self.woken.wait(PATIENCE_S)
        super().clear()


def test_a_close_at_the_worst_moment_does_not_wait_for_a_heartbeat(
    glance: TerminalGlance, supervision: FakeSupervision, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told()
    reporter = FleetReporter(told, supervision, glance.status, NEVER_S, gap_s=0.01)
    changed = ClosedBeforeCleared()
    closer = changed.closer = threading.Thread(target=reporter.close, daemon=True)
    monkeypatch.setattr(reporter, "_changed", changed)
    reporter.start()
    assert changed.woken.wait(PATIENCE_S)
    closer.join(PATIENCE_S)
    assert told.life == ["started", "goodbye"]
