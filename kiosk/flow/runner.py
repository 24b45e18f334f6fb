"""The one queue and the one thread that own a session's state; carries commands to the ports and brings events back."""

import gc
import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from kiosk.flow.asking import Asking
from kiosk.flow.code_ledger import CodeLedger
from kiosk.flow.commands import (
    ChangePaperRoll,
    CheckHealth,
    ClearTimer,
    Command,
    KeepDevicesQuiet,
    Log,
    PrintPaper,
    ReadCard,
    ReadCode,
    ReadSmartCard,
    SetTimer,
    StartFace,
    StopFace,
    StopReading,
    Wipe,
)
from kiosk.flow.events import (
    CardAnswered,
    Event,
    HealthChecked,
    SmartCardAnswered,
    TimerElapsed,
    Wiped,
)
from kiosk.flow.health import RollLeft, health_of
from kiosk.flow.machine import Transition
from kiosk.flow.paper_trail import PaperTrail
from kiosk.flow.ports import Ports
from kiosk.flow.session import Session
from kiosk.flow.session_state import SessionState
from kiosk.flow.watching import Watching
from kiosk.ports.clock import Clock
from kiosk.ports.executor import Executor
from kiosk.ports.supervision import DeviceReport

S = TypeVar("S")


class _Visit:
    """What one session has running: its cancel signals, and whether its answers still count."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.codes = CodeLedger()
        self.reading = threading.Event()
        self.reading_smart_card = threading.Event()
        self.watching = threading.Event()
        self.watch_ended = threading.Event()
        self.watch_ended.set()

    def cancel(self) -> None:
        for signal in (self.over, self.reading, self.reading_smart_card, self.watching):
            signal.set()


class Runner(Generic[S]):
    """Drives ``session``. ``on_change`` is called on the engine's thread with every new state.

    ``run`` blocks until ``stop``; ``turn`` does one round of it for a caller that owns the thread itself.
    """

    def __init__(
        self,
        session: Session[S],
        ports: Ports,
        clock: Clock,
        executor: Executor,
        new_key: Callable[[], str],
        on_change: Callable[[SessionState[S]], None],
    ) -> None:
        self._session = session
        self._ports = ports
        self._clock = clock
        self._executor = executor
        self._new_key = new_key
        self._on_change = on_change
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._timers: dict[str, float] = {}
        self._visit = _Visit()
        self._asking = Asking(ports, clock)
        self._watching = Watching(ports.camera, ports.face, ports.scanner, ports.code_readers, clock, executor)
        self._papers = PaperTrail(ports.printer, ports.journal, ports.outbox, ports.audit, clock)
        self._health_turn = threading.Lock()
        start = session.start()
        self.state: SessionState[S] = start.state
        self._pending = start.commands

    def post(self, event: Event) -> None:
        """From any thread."""
        self._events.put(event)

    def stop(self) -> None:
        """From any thread: ends ``run`` and cancels what waits."""
        self._events.put(None)

    def run(self) -> None:
        leave = self.begin()
        while self.turn(self._until_next_timer()):
            pass
        leave()
        self._visit.cancel()

    def begin(self) -> Callable[[], None]:
        """Carries out the first commands and hears of devices from then on; before the first ``turn``. The answer ends
        the hearing."""
        leave = self._ports.supervision.subscribe(self._tell_health)
        commands, self._pending = self._pending, ()
        for command in commands:
            self._carry_out(command)
        return leave

    def turn(self, timeout_s: float | None) -> bool:
        """Handles one event or the timers that are due; False once stopped."""
        try:
            event = self._events.get(timeout=timeout_s)
        except queue.Empty:
            self._elapse()
            return True
        if event is None:
            return False
        self._apply(event)
        self._elapse()
        return True

    def _until_next_timer(self) -> float | None:
        if not self._timers:
            return None
        return max(0.0, min(self._timers.values()) - self._clock.monotonic())

    def _elapse(self) -> None:
        now = self._clock.monotonic()
        due = sorted((at, name) for name, at in self._timers.items() if at <= now)
        for _, name in due:
            if self._timers.pop(name, None) is not None:
                self._apply(TimerElapsed(name))

    def _apply(self, event: Event) -> None:
        moved: Transition[SessionState[S]] = self._session.advance(
            self.state, event, self._new_key(), self._clock.now()
        )
        changed = moved.state != self.state
        self.state = moved.state
        for command in moved.commands:
            self._carry_out(command)
        if changed:
            self._on_change(self.state)

    def _carry_out(self, command: Command) -> None:
        visit = self._visit
        match command:
            case SetTimer(name, seconds):
                self._timers[name] = self._clock.monotonic() + seconds
            case ClearTimer(name):
                self._timers.pop(name, None)
            case Log(event):
                self._ports.audit.record(event)
            case StopReading():
                visit.reading.set()
                visit.reading_smart_card.set()
            case StopFace():
                visit.watching.set()
            case Wipe():
                self._wipe()
            case CheckHealth():
                self._ports.supervision.look_at_all()
                self._tell_health()
            case KeepDevicesQuiet():
                self._ports.supervision.keep_quiet()
            case ChangePaperRoll(length_mm):
                self._executor.submit(lambda: self._change_roll(length_mm))
            case PrintPaper():
                self._print(command)
            case StartFace():
                self._watch_camera(lambda tell, ended: self._watching.follow_face(command, ended, tell))
            case ReadCode():
                self._watch_camera(lambda tell, ended: self._watching.look_for_code(command, ended, visit.codes, tell))
            case ReadCard(timeout_s):
                visit.reading.set()
                visit.reading = threading.Event()
                self._submit(self._read_card(timeout_s, visit.reading))
            case ReadSmartCard(timeout_s):
                visit.reading_smart_card.set()
                visit.reading_smart_card = threading.Event()
                self._submit(self._read_smart_card(timeout_s, visit.reading_smart_card))
            case question:
                self._submit(lambda: self._asking.answer(question, visit.codes, visit.over))

    def _submit(self, ask: Callable[[], Event | None]) -> None:
        """Runs ``ask`` on the executor; its answer counts only while the visit that asked is still the present one."""
        visit = self._visit

        def work() -> None:
            event = ask()
            if visit.over.is_set():
                del event
                _collect()
            elif event is not None:
                self.post(event)

        self._executor.submit(work)

    def _read_card(self, timeout_s: float, cancelled: threading.Event) -> Callable[[], Event | None]:
        def ask() -> Event | None:
            reading = self._ports.reader.read_card(timeout_s, cancelled)
            return None if cancelled.is_set() else CardAnswered(reading)

        return ask

    def _read_smart_card(self, timeout_s: float, cancelled: threading.Event) -> Callable[[], Event | None]:
        def ask() -> Event | None:
            if self._ports.smart_card is None:
                return None
            reading = self._ports.smart_card.read_card(timeout_s, cancelled)
            return None if cancelled.is_set() else SmartCardAnswered(reading)

        return ask

    def _print(self, command: PrintPaper) -> None:
        """A session hears of its own papers only; every paper is followed to its end."""
        visit = self._visit

        def tell(event: Event) -> None:
            if not visit.over.is_set():
                self.post(event)

        self._executor.submit(lambda: self._papers.follow(command, tell))

    def _change_roll(self, length_mm: int) -> None:
        self._ports.roll.change(length_mm)
        self._tell_health()

    def _tell_health(self, _news: DeviceReport | None = None) -> None:
        """Posts how everything is now, off this thread: the outbox is read from disk. A later word is newer."""

        def tell() -> None:
            with self._health_turn:
                ports = self._ports
                roll, waiting = RollLeft(ports.roll.remaining(), ports.roll.full()), ports.outbox.waiting()
                refused = ports.outbox.accepts()
                reason = None if refused is None else refused.reason
                health = health_of(ports.supervision.reports(), waiting, ports.code_readers, roll, reason)
                if health is not None:
                    self.post(HealthChecked(health))

        self._executor.submit(tell)

    def _watch_camera(self, look: Callable[[Callable[[Event], None], threading.Event], None]) -> None:
        """Runs ``look`` with the camera on, after whatever watched before has ended. It gets a way to tell events,
        which is mute once it is told to stop, and the signal that tells so."""
        visit = self._visit
        visit.watching.set()
        ended_before = visit.watch_ended
        watching, ended = threading.Event(), threading.Event()
        visit.watching, visit.watch_ended = watching, ended

        def tell(event: Event) -> None:
            if not (watching.is_set() or visit.over.is_set()):
                self.post(event)

        def watch() -> None:
            ended_before.wait()
            try:
                self._ports.camera.start()
                look(tell, watching)
            finally:
                self._ports.camera.stop()
                ended.set()

        self._executor.submit(watch)

    def _wipe(self) -> None:
        visit, self._visit = self._visit, _Visit()
        visit.cancel()

        def wipe() -> None:
            visit.watch_ended.wait()
            self._ports.face.forget()
            _collect()
            self.post(Wiped())

        self._executor.submit(wipe)


def _collect() -> None:
    """What was given up in a ring of references still tells who was there, and Python by itself seldom looks at an old
    one."""
    gc.collect()
