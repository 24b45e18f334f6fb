"""Ports that answer at once what a test tells them, and an executor and clock that move only when told."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from kiosk.domain.audit_event import AuditEvent
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.face import FaceObservation
from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.paper import Paper
from kiosk.domain.person_name import PersonName
from kiosk.domain.picture import Frame, Picture
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber
from kiosk.flow.health import CAMERA, FACE, ID_CARD, PLATFORM, PRINTER
from kiosk.flow.ports import Ports
from kiosk.ports.camera import CameraSilent
from kiosk.ports.clock import CancelSignal
from kiosk.ports.code_scanner import CodeReader, CodeReading, NoCode
from kiosk.ports.device_status import DeviceStatus, Ready
from kiosk.ports.face_analyser import AnalyserFault, Distances, NoReferenceFace, ReferenceReady
from kiosk.ports.id_card import CardReading, NoCard
from kiosk.ports.outbox import KnownReceipt, OutboxRefused, Queued, Record
from kiosk.ports.photo_decoder import PhotoUndecodable
from kiosk.ports.platform import (
    CodeExpired,
    DeliveryAnswer,
    HolderAnswer,
    LookUpAnswer,
    NoReference,
    NotInRoster,
    PlatformUnavailable,
    ReceiptUnknown,
    ReferenceAnswer,
    RosterAnswer,
    SealedRecord,
)
from kiosk.ports.print_journal import JournalEntry, JournalTrouble, NumberUsed, PrintStage
from kiosk.ports.printer import Handover, PaperLevel, Printed, PrinterStatus, PrintVerdict
from kiosk.ports.receipt_issuer import IssuedReceipt, NoReceipt
from kiosk.ports.roster_snapshot import HeldEntry
from kiosk.ports.staff_authorisation import Authorised, NotAuthorised, StaffAnswer, StaffPurpose, StaffWay
from kiosk.ports.supervision import DeviceReport, Listener


class FakeClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 14, 32, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


class ManualExecutor:
    """Keeps work until the test runs it, one piece at a time or all."""

    def __init__(self) -> None:
        self.work: deque[Callable[[], None]] = deque()

    def submit(self, work: Callable[[], None]) -> None:
        self.work.append(work)

    def run_all(self) -> None:
        while self.work:
            self.work.popleft()()


@dataclass
class FakeReader:
    reading: CardReading = field(default_factory=NoCard)
    cancelled: list[CancelSignal] = field(default_factory=list)

    def status(self) -> DeviceStatus:
        return Ready()

    def read_card(self, timeout_s: float, cancelled: CancelSignal) -> CardReading:
        self.cancelled.append(cancelled)
        return self.reading

    def wait_until_removed(self, timeout_s: float, cancelled: CancelSignal) -> bool:
        return True

    def close(self) -> None: ...


class FakeDecoder:
    def decode(self, photo: ChipPhoto) -> Picture | PhotoUndecodable:
        return PhotoUndecodable("fake")


@dataclass
class FakeScanner:
    """Sees ``codes`` in every picture, and nothing else; ``before_each`` runs first."""

    codes: tuple[bytes, ...] = ()
    before_each: Callable[[], None] = lambda: None

    def status(self) -> DeviceStatus:
        return Ready()

    def codes_in(self, picture: Picture) -> tuple[bytes, ...]:
        self.before_each()
        return self.codes


@dataclass
class FakeCodeReader:
    """Gives ``readings`` one after the other, even to one who has given up; then nothing comes."""

    readings: deque[CodeReading] = field(default_factory=deque)
    cancelled: list[CancelSignal] = field(default_factory=list)

    def status(self) -> DeviceStatus:
        return Ready()

    def read_code(self, timeout_s: float, cancelled: CancelSignal) -> CodeReading:
        self.cancelled.append(cancelled)
        return self.readings.popleft() if self.readings else NoCode()

    def close(self) -> None: ...


@dataclass
class FakeCamera:
    """Gives ``frames`` one after the other, then silence."""

    frames: deque[Frame] = field(default_factory=deque)
    started: bool = False
    after_last: Callable[[], None] = lambda: None

    def status(self) -> DeviceStatus:
        return Ready()

    def start(self) -> None:
        self.started = True

    def stop(self) -> None:
        self.started = False

    def next_frame(self, after: int, timeout_s: float) -> Frame | CameraSilent:
        if self.frames:
            return self.frames.popleft()
        self.after_last()
        return CameraSilent("stalled")


@dataclass
class FakeAnalyser:
    reference: ReferenceReady | NoReferenceFace | AnalyserFault = field(default_factory=lambda: ReferenceReady("fake"))
    fault_at: int | None = None
    forgotten: int = 0

    def status(self) -> DeviceStatus:
        return Ready()

    def set_reference(self, picture: Picture) -> ReferenceReady | NoReferenceFace | AnalyserFault:
        return self.reference

    def observe(self, frame: Frame) -> FaceObservation | AnalyserFault:
        if frame.sequence == self.fault_at:
            return AnalyserFault("crashed")
        return FaceObservation(frame.sequence, frame.at, 0, None, 128.0, 100.0)

    def compare(self, sequences: tuple[int, ...], witnesses: tuple[int, ...] = ()) -> Distances | AnalyserFault:
        return Distances((0.3,) * len(sequences), "fake")

    def crop(self, sequence: int) -> bytes | AnalyserFault:
        return b"jpeg"

    def forget(self) -> None:
        self.forgotten += 1

    def close(self) -> None: ...


@dataclass
class FakePrinter:
    verdict: PrintVerdict = field(default_factory=lambda: Printed(1))
    handover: Handover = Handover.NO_PRESENTER
    before_verdict: Callable[[], None] = lambda: None
    printed: list[str] = field(default_factory=list)

    def status(self) -> PrinterStatus:
        return PrinterStatus(Ready(), PaperLevel.ENOUGH)

    def print(self, paper: Paper, job: str) -> PrintVerdict:
        self.printed.append(job)
        self.before_verdict()
        return self.verdict

    def hand_over(self, job: str) -> Handover:
        return self.handover

    def close(self) -> None: ...


@dataclass
class FakePlatform:
    resolved: list[tuple[bytes, str]] = field(default_factory=list)
    found: LookUpAnswer = field(default_factory=ReceiptUnknown)
    roster: RosterAnswer = field(default_factory=NotInRoster)

    def status(self) -> DeviceStatus:
        return Ready()

    def query_roster(self, number: CitizenNumber, name: PersonName, area: str | None = None) -> RosterAnswer:
        return self.roster

    def resolve_code(self, code: bytes, issuer: str) -> HolderAnswer:
        self.resolved.append((code, issuer))
        return CodeExpired()

    def fetch_reference(self, number: CitizenNumber, name: PersonName) -> ReferenceAnswer:
        return NoReference()

    def deliver(self, record: SealedRecord) -> DeliveryAnswer:
        return PlatformUnavailable("fake")

    def look_up(self, receipt: ReceiptNumber) -> LookUpAnswer:
        return self.found


class FakeSnapshot:
    def __init__(self) -> None:
        self.held: HeldEntry | None = None

    def find(self, number: CitizenNumber, name: PersonName) -> HeldEntry | None:
        return self.held


@dataclass
class FakeOutbox:
    refused: OutboxRefused | None = None
    records: list[Record] = field(default_factory=list)
    known: dict[ReceiptNumber, KnownReceipt] = field(default_factory=dict)

    def put(self, record: Record) -> Queued | OutboxRefused:
        if self.refused is not None:
            return self.refused
        self.records.append(record)
        return Queued(record.key)

    def accepts(self) -> OutboxRefused | None:
        return self.refused

    def deliver(self, key: str, timeout_s: float) -> DeliveryAnswer:
        return PlatformUnavailable("fake")

    def waiting(self) -> int:
        return 2

    def recall(self, number: ReceiptNumber) -> KnownReceipt | None:
        return self.known.get(number)


class FakeReceipts:
    def issue(self, kind: ReceiptKind, at: datetime) -> IssuedReceipt | NoReceipt:
        return NoReceipt("fake")


@dataclass
class FakeJournal:
    """Holds no tries; ``left`` are those that an earlier run did not settle."""

    left: tuple[JournalEntry, ...] | JournalTrouble = ()
    settled: list[str] = field(default_factory=list)

    def reserve(self, entry: JournalEntry) -> JournalTrouble | NumberUsed | None:
        return None

    def advance(self, job: str, stage: PrintStage, band: int = 0) -> JournalTrouble | None:
        return None

    def close(self, job: str, verdict: PrintVerdict) -> JournalTrouble | None:
        return None

    def settle(self, job: str) -> JournalTrouble | None:
        self.settled.append(job)
        return None

    def unfinished(self) -> tuple[JournalEntry, ...] | JournalTrouble:
        return self.left

    def unsettled(self) -> tuple[JournalEntry, ...] | JournalTrouble:
        return self.left

    def last_sent(self) -> JournalEntry | JournalTrouble | None:
        return None

    def latest(self, job: str) -> JournalEntry | JournalTrouble | None:
        return None


@dataclass
class FakeRoll:
    left: int | None = None
    length: int | None = None

    def full(self) -> int | None:
        return self.length

    def remaining(self) -> int | None:
        return self.left

    def use(self, length: int) -> None: ...

    def change(self, length: int) -> None:
        self.left = self.length = length


class FakeStaff:
    """Lets staff number 1024 with PIN 246810 through, and the answer 00000000."""

    def ways(self) -> frozenset[StaffWay]:
        return frozenset(StaffWay)

    def challenge(self) -> str:
        return "12345678"

    def check_pin(self, staff: str, pin: str, purpose: StaffPurpose) -> StaffAnswer:
        return Authorised(staff, StaffWay.PIN) if (staff, pin) == ("1024", "246810") else NotAuthorised(4)

    def check_answer(self, answer: str, purpose: StaffPurpose) -> StaffAnswer:
        return Authorised("", StaffWay.CHALLENGE) if answer == "00000000" else NotAuthorised(4)


@dataclass
class FakeAudit:
    events: list[AuditEvent] = field(default_factory=list)

    def record(self, event: AuditEvent) -> None:
        self.events.append(event)


class FakeSupervision:
    """Every device is ready until the test tells otherwise; nothing is told but by ``tell``."""

    def __init__(self) -> None:
        names = (ID_CARD, CAMERA, FACE, PRINTER, PLATFORM)
        self.known = {name: DeviceReport(name, Ready(), FakeClock().now()) for name in names}
        self.listeners: list[Listener] = []
        self.quiet = False
        self.looks = 0

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def reports(self) -> tuple[DeviceReport, ...]:
        return tuple(self.known.values())

    def look_at_all(self) -> None:
        self.looks += 1
        self.quiet = False

    def keep_quiet(self) -> None:
        self.quiet = True

    def tell(self, device: str, status: DeviceStatus) -> None:
        self.known[device] = DeviceReport(device, status, FakeClock().now())
        for listener in self.listeners:
            listener(self.known[device])


def fake_ports(
    reader: FakeReader,
    scanner: FakeScanner,
    camera: FakeCamera,
    analyser: FakeAnalyser,
    audit: FakeAudit,
    code_readers: Mapping[str, CodeReader],
) -> Ports:
    return Ports(
        reader=reader,
        photo_decoder=FakeDecoder(),
        scanner=scanner,
        camera=camera,
        face=analyser,
        printer=FakePrinter(),
        platform=FakePlatform(),
        outbox=FakeOutbox(),
        receipts=FakeReceipts(),
        journal=FakeJournal(),
        roll=FakeRoll(),
        staff=FakeStaff(),
        supervision=FakeSupervision(),
        audit=audit,
        code_readers=code_readers,
    )
