"""One citizen's visit, told as a story: the session machine, a scripted world and a clock that only moves when told."""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.codes.issuers import CodeBook, book_of
from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.case import DeskReferral, EligibilityCase, HomeVisitRequest, ProofSlip, Rating, VoidedNumber
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import ConfirmationSource, RosterEntry, RosterStatus
from kiosk.domain.face import FaceAction, FaceObservation, PictureTraits
from kiosk.domain.foreign_number import ForeignNumber
from kiosk.domain.identity_document import (
    ChipPhoto,
    DocumentKind,
    ForeignPermit,
    IdentityDocument,
    ResidencePermit,
    Sex,
)
from kiosk.domain.paper import Paper
from kiosk.domain.person_name import PersonName
from kiosk.domain.picture import Picture
from kiosk.domain.receipt_number import ReceiptKind, Verification, compose_receipt_number
from kiosk.domain.site import Site
from kiosk.domain.social_security_card import SocialSecurityCard
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Acting
from kiosk.flow.commands import (
    AskStaffChallenge,
    AskStaffWays,
    AwaitCardRemoval,
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
    Log,
    PrintPaper,
    PutRecord,
    QueryRoster,
    ReadCard,
    ReadCode,
    ReadSmartCard,
    ResolveCode,
    SetTimer,
    StartFace,
    Wipe,
)
from kiosk.flow.commands import LookUpReceipt as AskReceipt
from kiosk.flow.events import (
    CardAnswered,
    CodeAnswered,
    Event,
    FaceCompared,
    FaceCropped,
    FaceSeen,
    FaceStarted,
    HealthChecked,
    HelperCompared,
    HolderAnswered,
    OutboxChecked,
    PaperHandedOver,
    PaperPrinted,
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
from kiosk.flow.health import Health
from kiosk.flow.machine import Journey
from kiosk.flow.session import Session
from kiosk.flow.session_state import Serving, SessionTimes
from kiosk.flow.touches import Button, Picked, Pressed, Typed
from kiosk.journeys import look_up_receipt, request_home_visit
from kiosk.journeys.confirm_eligibility import ConfirmEligibility
from kiosk.journeys.confirmation import stages
from kiosk.journeys.states import JourneyState, TerminalState
from kiosk.ports.code_scanner import CodeReading
from kiosk.ports.device_status import Ready
from kiosk.ports.face_analyser import AnalyserFault, Distances, NoReferenceFace, ReferenceReady
from kiosk.ports.id_card import CardRead, CardReading, PermitRead
from kiosk.ports.outbox import KnownReceipt, OutboxRefused, Queued
from kiosk.ports.photo_decoder import PhotoUndecodable
from kiosk.ports.platform import (
    CodeExpired,
    DeliveryAnswer,
    HolderAnswer,
    LookUpAnswer,
    NoReference,
    PlatformUnavailable,
    ReceiptUnknown,
    ReferenceAnswer,
    RosterAnswer,
    RosterFound,
)
from kiosk.ports.printer import Handover, PaperLevel, Printed, PrinterStatus, PrintVerdict
from kiosk.ports.receipt_issuer import IssuedReceipt, NoReceipt
from kiosk.ports.roster_snapshot import HeldEntry
from kiosk.ports.smart_card import SmartCardReading, SocialSecurityCardRead
from kiosk.ports.staff_authorisation import Authorised, StaffAnswer, StaffWay
from kiosk.steps.capture_face import CapturePlan, Watching
from kiosk.wire.paper_check import PaperKeys
from tests.kiosk.journeys import citizen

C = TypeVar("C", bound=Command)
A = TypeVar("A")
Stage = stages.Stage | request_home_visit.Stage | look_up_receipt.Stage

NOW = datetime(2026, 11, 20, 14, 32, tzinfo=UTC)
KEY = "1f1e1d1c-1b1a-4918-9716-1514131211a4"
"""Its session asks for a turn to the left, to the right, and to the left again; of two actions the other is a nod."""

SITE = Site(
    terminal="0317",
    training=False,
    hall="示例市政务服务中心",
    place="示例市样张路1号政务服务中心一楼大厅东侧",
    agency="示例市社会保险事业服务中心",
    agency_phone="0000-1234567",
    desk="3号窗口",
    desk_hours="工作日 9:00-17:00",
    verification_url="https://hy.shili.example",
    rules_version="2026.03",
    answer_days=3,
)
DOCUMENT = IdentityDocument(
    name=PersonName("张明"),
    number=CitizenNumber("11010519491231002X"),
    sex=Sex.FEMALE,
    ethnicity_code="01",
    address="示例市样张区样张路1号",
    authority="示例市公安局",
    valid_from=date(2016, 1, 1),
    valid_to=None,
)
DUE = RosterEntry(
    scheme="企业职工基本养老保险",
    area="示例市样张区",
    status=RosterStatus.ACTIVE,
    confirmed_on=date(2025, 6, 11),
    due_on=date(2026, 6, 30),
    confirmed_this_window=False,
    source=ConfirmationSource.FACE_KIOSK,
    office="示例市社会保险事业服务中心",
    office_phone="12333",
)
SIGNING_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CODES = book_of(keys=PaperKeys({SITE.terminal: (SIGNING_KEY.public_key(),)}, None))
HEALTHY = Health(Ready(), Ready(), Ready(), PrinterStatus(Ready(), PaperLevel.ENOUGH), Ready(), 0)
CARD = CardRead(DOCUMENT, ChipPhoto(b"WL" + bytes(1022)))
PERMIT_READ = PermitRead(
    ResidencePermit(
        name=PersonName("测试人乙"),
        number=CitizenNumber("810000199001010019"),
        sex=Sex.MALE,
        address="示例市样张区样张路2号",
        authority="示例市公安局",
        valid_from=date(2020, 1, 1),
        valid_to=date(2025, 1, 1),
        travel_permit="H00000000",
        times_issued="01",
    ),
    ChipPhoto(b"WL" + bytes(1022)),
)
SOCIAL_CARD = SocialSecurityCardRead(
    SocialSecurityCard(
        name=DOCUMENT.name,
        number=DOCUMENT.number,
        sex=DOCUMENT.sex,
        ethnicity_code="01",
        card_number="A12345678",
        area_code="110105",
        version=3,
        issued_on=date(2018, 3, 1),
        valid_to=date(2028, 3, 1),
    )
)
FOREIGN_READ = PermitRead(
    ForeignPermit(
        kind=DocumentKind.FOREIGN_PERMANENT_2023,
        name=PersonName("SPECIMEN, PERSON"),
        chinese_name=None,
        number=ForeignNumber("932682198501010017"),
        sex=Sex.MALE,
        birth_date=date(1985, 1, 1),
        country="SAU",
        valid_from=date(2023, 12, 1),
        valid_to=date(2033, 12, 1),
    ),
    ChipPhoto(b"WL" + bytes(1022)),
)


@dataclass
class World:
    """What the devices and the platform will answer. ``person`` stands before the camera: alive, still (does nothing
    that is asked), in the dark, nobody, or a print. ``cannot`` are actions a living person does not do, ``traits`` what
    the pictures tell beside the face; with ``companions`` frames in which somebody else comes into the picture first.

    A list with several answers gives them in turn, the last for ever; ``cards``, ``slot``, ``codes`` and
    ``plate_empty`` fall silent when they are used up. ``areas`` are the rosters beside the hall's own, ``held`` is what
    the site's own snapshot has of the person. ``distances`` are the face's to its reference, ``helper_distances`` those
    to the helper's portrait, ``spread`` the largest between two faces of the session. ``analyser_faults`` are so many
    comparisons that come to nothing because the analyser gave out. ``handover`` is what becomes of a printed paper,
    None while it still lies in the printer's mouth; ``staff`` are the answers to whoever says to be of the staff, by
    one of the ``staff_ways``."""

    health: Health = HEALTHY
    cards: list[CardReading] = field(default_factory=lambda: [CARD])
    slot: list[SmartCardReading] = field(default_factory=list)
    photo: Picture | PhotoUndecodable = field(default_factory=lambda: Picture(102, 126, bytes(102 * 126 * 3)))
    codes: list[CodeReading] = field(default_factory=list)
    holders: list[HolderAnswer] = field(default_factory=lambda: [CodeExpired()])
    roster: RosterAnswer = field(default_factory=lambda: RosterFound(DUE))
    held: HeldEntry | None = None
    areas: dict[str, RosterAnswer] = field(default_factory=dict)
    platform_reference: ReferenceAnswer = field(default_factory=NoReference)
    reference: ReferenceReady | NoReferenceFace | AnalyserFault = field(default_factory=lambda: ReferenceReady("model"))
    person: str = "alive"
    cannot: frozenset[FaceAction] = frozenset()
    traits: PictureTraits = field(default_factory=PictureTraits)
    companions: list[int] = field(default_factory=list)
    distances: list[float] = field(default_factory=lambda: [0.3])
    helper_distances: list[float] = field(default_factory=lambda: [0.8])
    spread: float = 0.2
    analyser_faults: int = 0
    receipt: NoReceipt | None = None
    storage: OutboxRefused | None = None
    delivery: DeliveryAnswer = field(default_factory=lambda: PlatformUnavailable("timeout"))
    verdict: PrintVerdict = field(default_factory=lambda: Printed(20_000))
    handover: Handover | None = Handover.NO_PRESENTER
    staff: list[StaffAnswer] = field(default_factory=lambda: [Authorised("1024", StaffWay.PIN)])
    staff_ways: frozenset[StaffWay] = frozenset(StaffWay)
    found: LookUpAnswer = field(default_factory=ReceiptUnknown)
    known: KnownReceipt | None = None
    plate_empty: list[bool] = field(default_factory=lambda: [True])


class Visit:
    """Drives the session; ``stage`` is where the citizen stands. ``world`` may be changed between two presses."""

    def __init__(self, world: World, site: Site = SITE, codes: CodeBook = CODES, key: str = KEY) -> None:
        self.world = world
        self._key = key
        face = FaceSettings()
        journeys: dict[Button, Journey[Any]] = {
            Button.START: ConfirmEligibility(site, face, codes),
            Button.START_HELPED: ConfirmEligibility(site, face, codes, helped=True),
            Button.START_HOME_VISIT: request_home_visit.RequestHomeVisit(site),
            Button.START_LOOK_UP: look_up_receipt.LookUpReceipt(site, codes),
        }
        self.session: Session[JourneyState] = Session(journeys, SessionTimes())
        start = self.session.start()
        self.state: TerminalState = start.state
        self.at = NOW
        self.timers: dict[str, float] = {}
        self.commands: list[Command] = []
        self.stages: list[str] = []
        self._events: deque[Event] = deque()
        self._numbers = 41
        self._sequence = 0
        self._asked: tuple[FaceAction, int] | None = None
        self._asked_at = 0.0
        self._carry_out(start.commands)
        self._drain()

    @property
    def stage(self) -> Stage:
        """Where the citizen stands; the page follows from it."""
        assert isinstance(self.state.phase, Serving), self.state.phase
        return self.state.phase.journey.stage

    def standing_at(self) -> object:
        """``stage`` for a comparison after another one: a checker believes that an attribute stays as it was."""
        return self.stage

    @property
    def papers(self) -> list[Paper]:
        return [command.paper for command in self.commands if isinstance(command, PrintPaper)]

    @property
    def cases(self) -> list[EligibilityCase]:
        return [c.record for c in self.commands if isinstance(c, PutRecord) and isinstance(c.record, EligibilityCase)]

    @property
    def proofs(self) -> list[ProofSlip]:
        return [c.record for c in self.commands if isinstance(c, PutRecord) and isinstance(c.record, ProofSlip)]

    @property
    def ratings(self) -> list[Rating]:
        return [c.record for c in self.commands if isinstance(c, PutRecord) and isinstance(c.record, Rating)]

    @property
    def referrals(self) -> list[DeskReferral]:
        return [c.record for c in self.commands if isinstance(c, PutRecord) and isinstance(c.record, DeskReferral)]

    @property
    def home_visits(self) -> list[HomeVisitRequest]:
        return [c.record for c in self.commands if isinstance(c, PutRecord) and isinstance(c.record, HomeVisitRequest)]

    @property
    def voided(self) -> list[VoidedNumber]:
        """The records by which staff put a new number in a void one's place."""
        return [c.record for c in self.commands if isinstance(c, PutRecord) and isinstance(c.record, VoidedNumber)]

    def asked(self, kind: type[C]) -> list[C]:
        """The commands of one kind so far, in order."""
        return [command for command in self.commands if isinstance(command, kind)]

    def reasons(self, name: EventName) -> list[str | None]:
        """The reasons of every logged event of one name, in order."""
        return [event.reason for event in self.logged if event.name is name]

    @property
    def face_taken(self) -> bool:
        """Whether the camera ever looked at a face."""
        return bool(self.asked(StartFace))

    @property
    def logged(self) -> list[AuditEvent]:
        return [command.event for command in self.commands if isinstance(command, Log)]

    @property
    def ending(self) -> tuple[str, str]:
        """Outcome and reason of the last session, from the log."""
        ended = [event for event in self.logged if event.name.value == "session-ended"][-1]
        return ended.outcome or "", ended.reason or ""

    def press(self, *buttons: Button) -> None:
        for button in buttons:
            self.happen(Pressed(button))

    def pick(self, index: int) -> None:
        self.happen(Picked(index))

    def type(self, text: str) -> None:
        self.happen(Typed(text))

    def lay_card(self, reading: CardReading) -> None:
        """The reader waits; a card comes."""
        self.happen(CardAnswered(reading))

    def elapse(self, name: str) -> None:
        assert name in self.timers, f"no timer {name} is running: {sorted(self.timers)}"
        self.at += timedelta(seconds=self.timers.pop(name))
        self.happen(TimerElapsed(name))

    def happen(self, event: Event) -> None:
        self._events.append(event)
        self._drain()

    def stand_before_camera(self, limit_s: float = 120.0) -> None:
        """The person of this world does what the page asks until the step is over."""
        assert not self.look(limit_s), "the step never ended"

    def look(self, seconds: float) -> bool:
        """The same for so long; True when the camera still looks."""
        for _ in range(int(seconds * 25)):
            if not (isinstance(self.state.phase, Serving) and isinstance(self.stage, Watching)):
                return False
            self._sequence += 1
            seen = self._look(self.stage, self._sequence, self._sequence / 25)
            self.happen(FaceSeen(replace(seen, traits=self.world.traits)))
        return isinstance(self.stage, Watching)

    def _look(self, stage: Watching, sequence: int, at: float) -> FaceObservation:
        if self.world.person == "nobody":
            return citizen.nobody(sequence, at)
        if sequence in self.world.companions:
            return replace(citizen.seen(sequence, at), faces=2)
        if self.world.person == "in the dark":
            return replace(citizen.seen(sequence, at), brightness=20.0)
        asked, flat = stage.trace.stage if stage.trace else None, self.world.person == "print"
        since = self._asked_since(asked, at)
        if not isinstance(asked, Acting) or self.world.person == "still" or asked.action in self.world.cannot:
            return citizen.seen(sequence, at, flat=flat)
        obey = citizen.print_tilted if flat else citizen.obeying
        return obey(sequence, at, asked, since)

    def _asked_since(self, asked: object, at: float) -> float:
        """When the page began to ask for what it asks now."""
        what = (asked.action, asked.attempt) if isinstance(asked, Acting) else None
        if what != self._asked:
            self._asked, self._asked_at = what, at
        return self._asked_at

    def _drain(self) -> None:
        while self._events:
            move = self.session.advance(self.state, self._events.popleft(), self._key, self.at)
            self.state = move.state
            if isinstance(self.state.phase, Serving):
                name = type(self.state.phase.journey.stage).__name__
                if not self.stages or self.stages[-1] != name:
                    self.stages.append(name)
            self._carry_out(move.commands)

    def _carry_out(self, commands: tuple[Command, ...]) -> None:
        for command in commands:
            self.commands.append(command)
            answer = self._answer(command)
            if answer is not None:
                self._events.append(answer)
            handover = self.world.handover
            if answer == PaperPrinted(self.world.verdict) and isinstance(self.world.verdict, Printed) and handover:
                assert isinstance(command, PrintPaper)
                self._events.append(PaperHandedOver(command.job, handover))

    def _answer(self, command: Command) -> Event | None:
        world = self.world
        match command:
            case SetTimer(name, seconds):
                self.timers[name] = seconds
            case ClearTimer(name):
                self.timers.pop(name, None)
            case CheckHealth():
                return HealthChecked(world.health)
            case CheckPrinter():
                return PrinterChecked(world.health.printer)
            case CheckPlatform():
                return PlatformChecked(world.health.platform)
            case ReadCard() if world.cards:
                return CardAnswered(world.cards.pop(0))
            case ReadSmartCard() if world.slot:
                return SmartCardAnswered(world.slot.pop(0))
            case ReadCode() if world.codes:
                return CodeAnswered(world.codes.pop(0))
            case ResolveCode():
                return HolderAnswered(_next(world.holders))
            case FetchReference():
                return ReferenceAnswered(world.platform_reference)
            case AskReceipt():
                return ReceiptLookedUp(world.found, world.known)
            case DecodePhoto():
                return PhotoAnswered(world.photo)
            case QueryRoster(area=area):
                return RosterAnswered(world.roster if area is None else world.areas[area], world.held)
            case StartFace(reference, pace):
                return FaceStarted(None if reference is None else world.reference, pace)
            case CompareFace() if world.analyser_faults:
                world.analyser_faults -= 1
                return FaceCompared(AnalyserFault("worker-died"))
            case CompareFace(sequences):
                return FaceCompared(Distances((_next(world.distances),) * len(sequences), "model", world.spread))
            case CompareHelper(sequences=sequences):
                return HelperCompared(Distances((_next(world.helper_distances),) * len(sequences), "model"))
            case CropFace():
                return FaceCropped(b"jpeg")
            case IssueReceipt(kind):
                self._numbers += 1
                return ReceiptIssued(world.receipt or _receipt(kind, self._numbers))
            case CheckOutbox():
                return OutboxChecked(world.storage)
            case PutRecord(record):
                return RecordPut(world.storage or Queued(record.key))
            case DeliverRecord():
                return RecordDelivered(world.delivery)
            case PrintPaper():
                return PaperPrinted(world.verdict)
            case AskStaffWays():
                return StaffWaysTold(world.staff_ways)
            case AskStaffChallenge():
                return StaffChallenged("48271935")
            case CheckStaffPin() | CheckStaffAnswer():
                return StaffAnswered(_next(world.staff))
            case AwaitCardRemoval() if world.plate_empty:
                return PlateChecked(world.plate_empty.pop(0))
            case Wipe():
                return Wiped()
        return None


def _next(answers: list[A]) -> A:
    return answers.pop(0) if len(answers) > 1 else answers[0]


def _receipt(kind: ReceiptKind, counter: int) -> IssuedReceipt:
    number = compose_receipt_number(kind, NOW.date(), SITE.terminal, counter)
    return IssuedReceipt(number, Verification(f"HTTPS://HY.SHILI.EXAMPLE/{number}", "7K3M-Q9TA"))


def at_camera(world: World, key: str = KEY) -> Visit:
    """A visit that stands before the camera."""
    visit = Visit(world, key=key)
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    assert isinstance(visit.stage, Watching)
    return visit


def key_that_asks(*actions: FaceAction, two_actions: bool = False) -> str:
    """A session's key that draws these actions for the first, second and third attempt: the first of each."""
    keys = (str(UUID(int=number)) for number in range(10_000))
    return next(key for key in keys if _drawn(key, len(actions), two_actions) == actions)


def _drawn(key: str, attempts: int, two_actions: bool) -> tuple[FaceAction, ...]:
    plan = CapturePlan(None, FaceSettings(), UUID(key).int, keep_crop=False, two_actions=two_actions)
    return tuple(plan.actions(attempt)[0] for attempt in range(1, attempts + 1))
