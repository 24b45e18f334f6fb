"""The one queue and the one thread that own a session's state; carries commands to the ports and brings events back."""

import gc
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar, assert_never

from kiosk.domain.picture import Picture
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.flow.code_ledger import CodeLedger
from kiosk.flow.commands import (
    AskStaffChallenge,
    AskStaffWays,
    AwaitCardRemoval,
    ChangePaperRoll,
    CheckHealth,
    CheckOutbox,
    CheckPlatform,
    CheckPrinter,
    CheckStaffAnswer,
    CheckStaffPin,
    ClearTimer,
    Command,
    CompareFace,
    CompareHelper,
    CropFace,
    DecodePhoto,
    DeliverRecord,
    FetchReference,
    IssueReceipt,
    KeepDevicesQuiet,
    Log,
    LookUpReceipt,
    PrintPaper,
    PutRecord,
    QueryRoster,
    ReadCard,
    ReadCode,
    ReadSmartCard,
    ResolveCode,
    SetTimer,
    StartFace,
    StopFace,
    StopReading,
    Wipe,
)
from kiosk.flow.events import (
    CardAnswered,
    Event,
    FaceCompared,
    FaceCropped,
    HealthChecked,
    HelperCompared,
    HolderAnswered,
    OutboxChecked,
    PhotoAnswered,
    PlateChecked,
    PlatformChecked,
    PrinterChecked,
    ReceiptIssued,
    ReceiptLookedUp,
    RecordDelivered,
    RecordPut,
    ReferenceAnswered,
    RosterAnswered,
    SmartCardAnswered,
    StaffAnswered,
    StaffChallenged,
    StaffWaysTold,
    TimerElapsed,
    Wiped,
)
from kiosk.flow.health import RollLeft, health_of
from kiosk.flow.machine import Transition
from kiosk.flow.paper_trail import PaperTrail
from kiosk.flow.session import Session
from kiosk.flow.session_state import SessionState
from kiosk.flow.watching import Watching
from kiosk.ports.audit import Audit
from kiosk.ports.camera import Camera
from kiosk.ports.clock import Clock
from kiosk.ports.code_scanner import CodeReader, CodeScanner, CodeSeen
from kiosk.ports.executor import Executor
from kiosk.ports.face_analyser import AnalyserFault, Distances, FaceAnalyser, NoReferenceFace, ReferenceReady
from kiosk.ports.id_card import IdCardReader
from kiosk.ports.outbox import Outbox
from kiosk.ports.paper_roll import PaperRoll
from kiosk.ports.photo_decoder import PhotoDecoder
from kiosk.ports.platform import CodeExpired, HallPlatform, PlatformUnavailable
from kiosk.ports.print_journal import PrintJournal
from kiosk.ports.printer import Printer
from kiosk.ports.receipt_issuer import ReceiptIssuer
from kiosk.ports.roster_snapshot import RosterSnapshot
from kiosk.ports.smart_card import SmartCardReader
from kiosk.ports.staff_authorisation import StaffAuthorisation
from kiosk.ports.supervision import DeviceReport, Supervision

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a session may touch. ``smart_card`` and ``code_readers`` are there where they are fitted, ``snapshot``
    where the site may hold a roster."""

    reader: IdCardReader
    photo_decoder: PhotoDecoder
    scanner: CodeScanner
    camera: Camera
    face: FaceAnalyser
    printer: Printer
    platform: HallPlatform
    outbox: Outbox
    receipts: ReceiptIssuer
    journal: PrintJournal
    roll: PaperRoll
    staff: StaffAuthorisation
    supervision: Supervision
    audit: Audit
    smart_card: SmartCardReader | None = None
    code_readers: Mapping[str, CodeReader] = field(default_factory=dict)
    snapshot: RosterSnapshot | None = None


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
            case (
                DecodePhoto()
                | QueryRoster()
                | ResolveCode()
                | FetchReference()
                | LookUpReceipt()
                | CompareFace()
                | CompareHelper()
                | CropFace()
                | IssueReceipt()
                | CheckOutbox()
                | PutRecord()
                | DeliverRecord()
                | CheckPrinter()
                | AskStaffWays()
                | AskStaffChallenge()
                | CheckStaffPin()
                | CheckStaffAnswer()
                | CheckPlatform()
                | AwaitCardRemoval()
            ):
                self._submit(lambda: self._ask(command, visit))
            case _:
                assert_never(command)

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

    def _ask(
        self,
        command: DecodePhoto
        | QueryRoster
        | ResolveCode
        | FetchReference
        | LookUpReceipt
        | CompareFace
        | CompareHelper
        | CropFace
        | IssueReceipt
        | CheckOutbox
        | PutRecord
        | DeliverRecord
        | CheckPrinter
        | AskStaffWays
        | AskStaffChallenge
        | CheckStaffPin
        | CheckStaffAnswer
        | CheckPlatform
        | AwaitCardRemoval,
        visit: _Visit,
    ) -> Event:
        ports = self._ports
        match command:
            case DecodePhoto(photo):
                return PhotoAnswered(ports.photo_decoder.decode(photo))
            case QueryRoster():
                return self._roster_of(command)
            case ResolveCode(code, issuer):
                fresh = visit.codes.may_send(CodeSeen(code), self._clock.monotonic())
                return HolderAnswered(ports.platform.resolve_code(code, issuer) if fresh else CodeExpired())
            case FetchReference(number, name):
                return ReferenceAnswered(ports.platform.fetch_reference(number, name))
            case LookUpReceipt(receipt):
                return self._looked_up(receipt)
            case CompareFace(sequences, witnesses):
                return FaceCompared(ports.face.compare(sequences, witnesses))
            case CompareHelper(reference, sequences):
                return HelperCompared(self._compare_with(reference, sequences))
            case CropFace(sequence):
                return FaceCropped(ports.face.crop(sequence))
            case IssueReceipt(kind):
                return ReceiptIssued(ports.receipts.issue(kind, self._clock.now()))
            case CheckOutbox():
                return OutboxChecked(ports.outbox.accepts())
            case PutRecord(record):
                return RecordPut(ports.outbox.put(record))
            case DeliverRecord(key, timeout_s):
                return RecordDelivered(ports.outbox.deliver(key, timeout_s))
            case CheckPrinter():
                return PrinterChecked(ports.printer.status())
            case AskStaffWays():
                return StaffWaysTold(ports.staff.ways())
            case AskStaffChallenge():
                return StaffChallenged(ports.staff.challenge())
            case CheckStaffPin(staff, pin, purpose):
                return StaffAnswered(ports.staff.check_pin(staff, pin, purpose))
            case CheckStaffAnswer(answer, purpose):
                return StaffAnswered(ports.staff.check_answer(answer, purpose))
            case CheckPlatform():
                return PlatformChecked(ports.platform.status())
            case AwaitCardRemoval(timeout_s, slot):
                return PlateChecked(self._no_card_left(timeout_s, slot, visit.over))
            case _:
                assert_never(command)

    def _roster_of(self, query: QueryRoster) -> RosterAnswered:
        """A snapshot is of the terminal's own area."""
        answer = self._ports.platform.query_roster(query.number, query.name, query.area)
        snapshot = self._ports.snapshot if query.area is None else None
        if snapshot is None or not isinstance(answer, PlatformUnavailable):
            return RosterAnswered(answer)
        return RosterAnswered(answer, snapshot.find(query.number, query.name))

    def _looked_up(self, receipt: ReceiptNumber) -> ReceiptLookedUp:
        answer = self._ports.platform.look_up(receipt)
        silent = isinstance(answer, PlatformUnavailable)
        return ReceiptLookedUp(answer, self._ports.outbox.recall(receipt) if silent else None)

    def _no_card_left(self, timeout_s: float, slot: bool, cancelled: threading.Event) -> bool:
        until = self._clock.monotonic() + timeout_s
        if not self._ports.reader.wait_until_removed(timeout_s, cancelled):
            return False
        smart_card = self._ports.smart_card if slot else None
        left = max(0.0, until - self._clock.monotonic())
        return smart_card is None or smart_card.wait_until_removed(left, cancelled)

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

    def _compare_with(
        self, reference: Picture, sequences: tuple[int, ...]
    ) -> Distances | NoReferenceFace | AnalyserFault:
        answer = self._ports.face.set_reference(reference)
        return self._ports.face.compare(sequences) if isinstance(answer, ReferenceReady) else answer

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
