"""Watches every device of a terminal: hot plug, loss, return, health and last error (``kiosk.ports.supervision``).

One thread keeps the times. Every glance and every question runs on the executor by itself, so that a device that hangs
delays no other.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from devices.device_watch import DeviceWatch, Pace, look_of
from kiosk.ports.clock import Clock
from kiosk.ports.device_status import DeviceStatus
from kiosk.ports.executor import Executor
from kiosk.ports.printer import PrinterStatus
from kiosk.ports.supervision import DeviceReport, Listener

LONGEST_ANSWER_S = 10.0
"""No driver answers later; ``close`` waits no longer."""


class SupervisionSettings(BaseModel):
    """How devices are watched, beside the self-checks of ``times.health_s``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    glance_s: float = Field(1.0, gt=0, le=10, description="Between two glances whether a device is still there")
    confirm_s: float = Field(1.0, gt=0, le=10, description="A device is lost when it is no better after so long")
    first_pause_s: float = Field(1.0, gt=0, le=60, description="Until a lost device is tried again; doubles each time")
    longest_pause_s: float = Field(30.0, gt=0, le=600, description="Longest pause between two tries of a lost device")
    network_s: float = Field(
        5.0, gt=0, le=600, description="Between two looks at camera and printer, whose loss on the network nobody sees"
    )
    network_pause_s: float = Field(
        1.5, gt=0, le=600, description="Longest pause between two tries of a lost camera or printer"
    )

    @property
    def attached(self) -> Pace:
        """For what is seen to come and go."""
        return Pace(self.confirm_s, self.first_pause_s, self.longest_pause_s)

    @property
    def networked(self) -> Pace:
        """For what only an answer tells from a dead cable."""
        return Pace(self.confirm_s, self.first_pause_s, self.network_pause_s, self.network_s)


@dataclass(frozen=True, slots=True)
class Watched:
    """One device: ``ask`` talks to it, ``glance`` does not and returns at once (``Noticeable.present``). ``disturbs``
    says that asking could break into a conversation that a session has with it."""

    device: str
    ask: Callable[[], DeviceStatus | PrinterStatus]
    pace: Pace
    glance: Callable[[], DeviceStatus | None] | None = None
    disturbs: bool = False


class _Post:
    """A device and what is known of it; guarded by the supervisor's lock."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.watch = DeviceWatch(watched.device, watched.pace)
        self.asking = False
        self.glancing = False

    @property
    def busy(self) -> bool:
        return self.asking or self.glancing


class Supervisor:
    """``kiosk.ports.supervision.Supervision``. ``start`` begins the watch and ``close`` ends it; ``turn`` is one round
    of it for a caller that owns the thread itself."""

    def __init__(self, watched: Iterable[Watched], settings: SupervisionSettings, clock: Clock, executor: Executor):
        self._posts = tuple(_Post(each) for each in watched)
        self._glance_s = settings.glance_s
        self._clock = clock
        self._executor = executor
        self._changed = threading.Condition(threading.RLock())
        self._listeners: list[Listener] = []
        self._quiet = False
        self._glance_at = clock.monotonic()
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        with self._changed:
            for report in self.reports():
                listener(report)
            self._listeners.append(listener)

        def leave() -> None:
            with self._changed:
                self._listeners.remove(listener)

        return leave

    def reports(self) -> tuple[DeviceReport, ...]:
        with self._changed:
            return tuple(post.watch.report for post in self._posts if post.watch.report is not None)

    def look_at_all(self) -> None:
        with self._changed:
            self._quiet = False
            for post in self._posts:
                post.watch = post.watch.wanted(self._clock.monotonic())
        self._wake.set()

    def keep_quiet(self) -> None:
        with self._changed:
            self._quiet = True

    def look_once(self) -> Iterator[DeviceReport]:
        """Asks every device once, all at the same time, and tells of them in their order."""
        for post in self._posts:
            self._ask(post)
        for post in self._posts:
            with self._changed:
                self._changed.wait_for(lambda: not post.asking)  # noqa: B023  waited for before the next turn
                report = post.watch.report
            assert report is not None, "an answer makes a report"
            yield report

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Returns when nothing asks any more; then the devices may be closed."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        with self._changed:
            self._changed.wait_for(lambda: not any(post.busy for post in self._posts), LONGEST_ANSWER_S)

    def turn(self) -> float:
        """Begins every glance and question that is due; the seconds until one is again."""
        at = self._clock.monotonic()
        if at >= self._glance_at:
            self._glance_at = at + self._glance_s
            for post in self._posts:
                if post.watched.glance is not None and not post.glancing:
                    self._glance(post, post.watched.glance)
        for post in self._due(at):
            self._ask(post)
        return max(0.0, self._next_at() - self._clock.monotonic())

    def _run(self) -> None:
        while not self._closing.is_set():
            self._wake.clear()
            self._wake.wait(self.turn())

    def _may_be_asked(self, post: _Post) -> bool:
        return not post.asking and not (self._quiet and post.watched.disturbs)

    def _due(self, at: float) -> list[_Post]:
        with self._changed:
            return [post for post in self._posts if self._may_be_asked(post) and post.watch.due(at)]

    def _next_at(self) -> float:
        with self._changed:
            times = (post.watch.ask_at for post in self._posts if self._may_be_asked(post))
            return min((self._glance_at, *(at for at in times if at is not None)))

    def _glance(self, post: _Post, look: Callable[[], DeviceStatus | None]) -> None:
        with self._changed:
            post.glancing = True

        def glance() -> None:
            seen, at, now = look(), self._clock.monotonic(), self._clock.now()
            with self._changed:
                quiet = self._quiet and post.watched.disturbs
                self._learn(post, post.watch.glanced(seen, at, now, quiet=quiet))
                post.glancing = False
                self._changed.notify_all()

        self._executor.submit(glance)

    def _ask(self, post: _Post) -> None:
        with self._changed:
            post.asking = True

        def ask() -> None:
            began = self._clock.monotonic()
            answer = post.watched.ask()
            at = self._clock.monotonic()
            with self._changed:
                self._learn(post, post.watch.asked(look_of(answer, at, self._clock.now(), at - began)))
                post.asking = False
                self._changed.notify_all()

        self._executor.submit(ask)

    def _learn(self, post: _Post, watch: DeviceWatch) -> None:
        """Every change is told once, in order: the lock is held."""
        before, post.watch = post.watch, watch
        if watch.ask_at != before.ask_at:
            self._wake.set()
        if watch.report is not None and watch.report != before.report:
            for listener in tuple(self._listeners):
                listener(watch.report)
