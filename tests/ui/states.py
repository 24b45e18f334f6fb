"""Engine states for every page, built from a made-up specimen person."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from kiosk.codes.issuers import CodeIssuer, CodeKind, Use, book_of
from kiosk.documents.receipt import ReferralReason
from kiosk.documents.slips import ways_slip
from kiosk.domain.case import DeskReason, HallDecision, Helper, Outcome
from kiosk.domain.citizen_number import CitizenNumber, NumberProblem
from kiosk.domain.eligibility import ConfirmationSource, RosterEntry, RosterStatus
from kiosk.domain.face import FaceAction, LivenessResult
from kiosk.domain.identity_document import ChipPhoto, IdentityDocument, IdentityWay, Sex
from kiosk.domain.person_name import PersonName
from kiosk.domain.picture import Picture
from kiosk.domain.receipt_number import ReceiptKind, Verification, compose_receipt_number
from kiosk.domain.site import Site
from kiosk.domain.void_reasons import TAKEN_BACK
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Acting, FlashColour, Flashing, Hint, Holding, Positioning, Stage
from kiosk.face.trace import begin
from kiosk.flow.commands import PrintPaper
from kiosk.flow.health import Health
from kiosk.flow.machine import Ending
from kiosk.flow.session_state import Attract, Serving, SessionState, Wiping
from kiosk.journeys.confirmation.stages import (
    NOTICE_VERSION,
    Confirmation,
    Facts,
    FetchingReference,
    Halt,
    Halted,
    HelperOnDuty,
    IdentifyingHelper,
    NumberingCase,
    OfferingAppeal,
    OfferingUnmatched,
    OtherWay,
    ShowingResult,
)
from kiosk.journeys.confirmation.stages import Stage as JourneyStage
from kiosk.journeys.look_up_receipt import (
    AwaitingReceipt,
    LookingUp,
    LookUp,
    NotFound,
    ShowingFound,
    TypingReceipt,
)
from kiosk.journeys.look_up_receipt import Stage as LookUpStage
from kiosk.journeys.request_home_visit import (
    ChoosingDay,
    Explaining,
    HomeVisit,
    NumberingVisit,
    ShowingVisit,
    TypingPhone,
    VisitHalted,
)
from kiosk.journeys.request_home_visit import Stage as VisitStage
from kiosk.journeys.states import TerminalState
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.printer import NotPrinted, PaperLevel, PrinterStatus
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.ports.roster_snapshot import HeldEntry
from kiosk.ports.staff_authorisation import StaffPurpose
from kiosk.ports.supervision import DeviceReport
from kiosk.ports.supervision import Trouble as DeviceTrouble
from kiosk.steps.ask_platform import AskingRoster, ChoosingArea, OfferingOffline
from kiosk.steps.authorise_staff import (
    AnsweringChallenge,
    StaffLockedOut,
    StaffState,
    TypingPin,
    TypingStaffNumber,
)
from kiosk.steps.capture_face import (
    AppealNeeded,
    CaptureFinished,
    CapturePlan,
    ChoosingAction,
    Comparing,
    StartingFace,
    Watching,
)
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.consent import ReadingNotice
from kiosk.steps.identify import AwaitingCard, CardHint, ChoosingIdentity, DecodingPhoto, Trouble
from kiosk.steps.print_paper import (
    AskingStaff,
    OnPaper,
    PaperInDoubt,
    PaperOwed,
    Printing,
    PrintState,
)
from kiosk.steps.rate import OfferingRating
from kiosk.steps.show_code import AwaitingCode, CodeHint, ResolvingCode
from kiosk.steps.take_things import Taking
from kiosk.steps.type_number import TypingNumber

State = TerminalState

NOW = datetime(2026, 5, 18, 10, 24, tzinfo=timezone(timedelta(hours=8)))
NAME = "张小明"
NUMBER = "11010519491231002X"

SITE = Site(
    terminal="QH0001",
    training=True,
    hall="青禾县政务服务中心",
    place="一楼大厅",
    agency="青禾县社会保险经办机构",
    agency_phone="0790-8812333",
    desk="3 号窗口",
    desk_hours="周一至周五 9:00 到 17:00",
    verification_url="HTTPS://QH.EXAMPLE/V",
    rules_version="2026-11",
    answer_days=3,
    nearest="青禾县邮政营业厅，200 米",
    other_areas=("示范市城西区", "示范市城东区"),
)

HEALTHY = Health(Ready(), Ready(), Ready(), PrinterStatus(Ready(), PaperLevel.ENOUGH), Ready(), 0)
OFFLINE = replace(HEALTHY, platform=Unavailable("no-link", "check the network cable"))
NO_PAPER = replace(HEALTHY, printer=PrinterStatus(Ready(), PaperLevel.EMPTY))
WITH_SCANNER = replace(HEALTHY, code_readers=(("scanner-1", Ready()),))
WITH_SLOT = replace(HEALTHY, smart_card=Ready())
NO_CAMERA = replace(HEALTHY, camera=Unavailable("no-frames", "check the camera cable"))


def _report(
    device: str,
    status: DeviceStatus,
    minutes: int,
    failures: int = 0,
    error: Unavailable | None = None,
    paper: PaperLevel | None = None,
) -> DeviceReport:
    """``minutes`` ago it became what it is; its last trouble was a minute before that, or is half a minute old."""
    since = NOW - timedelta(minutes=minutes)
    seen = NOW - timedelta(seconds=30) if failures else since - timedelta(minutes=1)
    return DeviceReport(device, status, since, failures, None if error is None else DeviceTrouble(error, seen), paper)


_PULLED = Unavailable("no-reader", "check the reader's cable")
_SILENT = Unavailable("no-answer", "check the reader's power")
WORN = replace(
    HEALTHY,
    printer=PrinterStatus(Ready("192.0.2.40:9100, 80 mm"), PaperLevel.LOW, 9_400),
    smart_card=_PULLED,
    code_readers=(("scanner-1", Ready()),),
    reports=(
        _report("id-card", Ready("05.01-20240101-0000123456-0000007890"), 12, error=_SILENT),
        _report("smart-card", _PULLED, 2, 7, _PULLED),
        _report("scanner-1", Ready(), 186, 1, Unavailable("port-gone", "plug it in")),
        _report("camera", Ready("640x480"), 186),
        _report("face", Ready("dlib-resnet-v1/55533b28"), 186),
        _report("printer", Ready("192.0.2.40:9100, 80 mm"), 4000, paper=PaperLevel.LOW),
        _report("speaker", Unavailable("no-sound-device", "connect one"), 186, 12, Unavailable("no-sound-device", "")),
        _report("platform", Ready(), 31, error=Unavailable("timeout", "check the line")),
    ),
)
"""One slot pulled out, one scanner that flickered, little paper, no sound: the service stays open."""

DOCUMENT = IdentityDocument(
    name=PersonName(NAME),
    number=CitizenNumber(NUMBER),
    sex=Sex.FEMALE,
    ethnicity_code="01",
    address="青禾县样例路一号",
    authority="青禾县公安局",
    valid_from=date(2010, 1, 1),
    valid_to=None,
)
EXPIRED = replace(DOCUMENT, valid_to=date(2026, 3, 2))
ENTRY = RosterEntry(
    scheme="城镇职工养老保险",
    area="青禾县",
    status=RosterStatus.ACTIVE,
    confirmed_on=date(2025, 6, 11),
    due_on=date(2026, 6, 30),
    confirmed_this_window=False,
    source=ConfirmationSource.FACE_KIOSK,
    office="青禾县社会保险经办机构",
    office_phone="0790-8812333",
)
DONE = replace(ENTRY, confirmed_this_window=True)
HELD_ON = date(2026, 5, 14)
BY_DATA = replace(DONE, source=ConfirmationSource.DATA_MATCH)
SUSPENDED = replace(ENTRY, status=RosterStatus.SUSPENDED)
RECEIPT = IssuedReceipt(
    compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), "QH0001", 37),
    Verification("HTTPS://QH.EXAMPLE/V/YL-20260518-QH0001-00037/7KQ2M9XW4T", "7KQ2-M9XW"),
)
RENEWED = IssuedReceipt(
    compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), "QH0001", 38),
    Verification("HTTPS://QH.EXAMPLE/V/YL-20260518-QH0001-00038/2WQ8R5ZK7N", "2WQ8-R5ZK"),
)
PURPOSE = StaffPurpose.NEW_NUMBER
DECISION = HallDecision(RECEIPT.number, Outcome.PASSED, NOW.date(), date(2027, 5, 31))
REPLACED = replace(DECISION, void=True, replaced_by=RENEWED.number)
AT_ONCE = HallDecision(RECEIPT.number, Outcome.PENDING, None, None)
AS_OF = datetime(2026, 5, 17, 8, 5, tzinfo=UTC)
LIVENESS = LivenessResult(proven=False, action="turn", signals={})
PLAN = CapturePlan(Picture(1, 1, b"\0\0\0"), FaceSettings(), seed=1, keep_crop=False)
PAPER = replace(ways_slip(SITE, NOW), number=RECEIPT.number)
PRINTING = Printing(RECEIPT.number.value, PAPER)
ON_PAPER = OnPaper(PRINTING)
ON_PAPER_ANEW = OnPaper(
    Printing(RENEWED.number.value, PAPER, RENEWED, PrintPaper(PAPER, f"void-{RECEIPT.number.value}"))
)
DOUBT = PaperInDoubt(PRINTING, "no-answer")
COPYING = Printing("copy-00000000", PAPER)
OUT = PaperOwed(NotPrinted("media-empty"), PRINTING)
PHOTO = ChipPhoto(b"")
HELPER = Helper(PersonName("王小芳"), CitizenNumber("11010519491231002X"))
FACTS = Facts("00000000-0000-0000-0000-000000000001", NOW, document=DOCUMENT, entry=ENTRY, receipt=RECEIPT)


def attract(health: Health | None = HEALTHY, elder: bool = False) -> State:
    return SessionState(0, Attract(), elder, health)


def serving(
    stage: JourneyStage,
    facts: Facts = FACTS,
    *,
    result: ShowingResult | None = None,
    warned_at: datetime | None = None,
    health: Health = HEALTHY,
    elder: bool = False,
) -> State:
    return SessionState(1, Serving(Confirmation(stage, facts, result), NOW, warned_at), elder, health)


def before_card(stage: JourneyStage, elder: bool = False, health: Health = HEALTHY) -> State:
    return serving(stage, Facts(FACTS.key, NOW), elder=elder, health=health)


def watching(stage: Stage, attempt: int = 1, first: FaceAction = FaceAction.TURN_LEFT) -> State:
    """The first of two actions is ``first``."""
    trace = replace(begin(PLAN.settings, (first, FaceAction.NOD), 0.0), stage=stage)
    return serving(Watching(PLAN, attempt, trace))


def acting(
    action: FaceAction,
    progress: float = 0.6,
    hint: Hint | None = None,
    *,
    attempt: int = 1,
    dot: tuple[float, float] | None = None,
) -> State:
    """The first, or the only, action of its session."""
    return watching(Acting(action, progress, attempt, hint, dot), first=action)


def choosing(*excluded: FaceAction) -> State:
    return serving(ChoosingAction(replace(PLAN, excluded=frozenset(excluded)), 1, LIVENESS))


def flashing(colour: FlashColour) -> State:
    return watching(Flashing(colour, 0.9))


def showing(
    outcome: Outcome, printing: PrintState | None = None, facts: Facts = FACTS, health: Health = HEALTHY
) -> State:
    decision = DECISION if outcome is Outcome.PASSED else None
    declined = facts.capture is not None and facts.capture.liveness.action == "declined"
    referral = ReferralReason.STAFF if declined else ReferralReason.PHOTO
    result = ShowingResult(outcome, decision, referral, printing or PRINTING)
    return serving(result, facts, result=result, health=health)


def asking_staff(asking: StaffState) -> State:
    return showing(Outcome.PASSED, AskingStaff(DOUBT, asking))


def visiting(stage: VisitStage) -> State:
    shown = stage if isinstance(stage, ShowingVisit) else None
    return SessionState(1, Serving(HomeVisit(FACTS.key, stage, shown), NOW, None), False, HEALTHY)


def looking(stage: LookUpStage, health: Health = HEALTHY) -> State:
    found = stage if isinstance(stage, ShowingFound) else None
    return SessionState(1, Serving(LookUp(FACTS.key, stage, found), NOW, None), False, health)


def slip(reason: DeskReason, printing: PrintState) -> State:
    result = ShowingResult(Outcome.REFERRED, None, ReferralReason.STAFF, printing, reason.value, slip=reason)
    return serving(result, result=result)


def taking(card_there: bool | None, printing: PrintState) -> State:
    result = ShowingResult(Outcome.PASSED, DECISION, None, printing)
    return serving(Taking(card_there), result=result)


CODES = book_of()
OFFERED = CODES.tokens_for(Use.IDENTITY)
SEVERAL = (
    *OFFERED,
    CodeIssuer("mobile-platform", "赣服通", "Ganfutong", CodeKind.TOKEN, (Use.IDENTITY,), ("GFT",)),
    CodeIssuer("ctid", "网证", "CTID", CodeKind.TOKEN, (Use.IDENTITY,), ("CTID",)),
)
LONGEST = CodeIssuer("longest", "八个字长的证件码", "document with long names", CodeKind.TOKEN)
"""As long as a site may name one."""

DAYS = tuple(date(2026, 5, day) for day in (19, 20, 21, 22))

STATES: dict[str, State] = {
    "home": attract(),
    "home-closed": attract(NO_CAMERA),
    "home-at-limit": attract(replace(OFFLINE, refused="too-many-records")),
    "home-checking": attract(None),
    "home-worn": attract(WORN),
    "notice": before_card(ReadingNotice(NOTICE_VERSION)),
    "read-card": before_card(AwaitingCard(1, CardHint.FIRST)),
    "read-card-again": before_card(AwaitingCard(2, CardHint.CLEAN_AND_TURN)),
    "read-card-other": before_card(AwaitingCard(1, CardHint.OTHER_CARD)),
    "read-card-slot": before_card(AwaitingCard(1, CardHint.FIRST), health=WITH_SLOT),
    "read-card-social": before_card(AwaitingCard(1, CardHint.SOCIAL_CARD), health=WITH_SLOT),
    "read-card-done": before_card(DecodingPhoto(DOCUMENT, PHOTO)),
    "waiting-roster": serving(AskingRoster(DOCUMENT)),
    "offline": serving(OfferingOffline(), health=OFFLINE),
    "offline-held": serving(OfferingOffline(HeldEntry(ENTRY, HELD_ON)), health=OFFLINE),
    "review": serving(ReviewingStatus(ENTRY)),
    "review-done": serving(ReviewingStatus(DONE)),
    "review-done-held": serving(ReviewingStatus(DONE, HELD_ON), health=OFFLINE),
    "review-by-data": serving(ReviewingStatus(BY_DATA)),
    "review-suspended": serving(ReviewingStatus(SUSPENDED)),
    "review-expired": serving(ReviewingStatus(ENTRY), replace(FACTS, document=EXPIRED)),
    "capture-starting": serving(StartingFace(PLAN, 1)),
    "capture": watching(Positioning(Hint.NEARER)),
    "capture-hold": watching(Holding()),
    "capture-again": watching(Positioning(Hint.ONE_PERSON), attempt=2),
    "action-left": acting(FaceAction.TURN_LEFT, 0.35),
    "action-right": acting(FaceAction.TURN_RIGHT, 0.6, Hint.STEADY),
    "action-back": acting(FaceAction.TURN_LEFT, 0.9, Hint.BACK_TO_CENTRE),
    "action-nod": acting(FaceAction.NOD, 0.4),
    "action-nod-back": acting(FaceAction.NOD, 0.7, Hint.BACK_TO_CENTRE),
    "action-dot": acting(FaceAction.FOLLOW_DOT, 0.5, dot=(0.8, -0.45)),
    "action-blink": acting(FaceAction.BLINK, 0.45),
    "action-second": watching(Acting(FaceAction.NOD, 0.65, 1, None)),
    "flash": flashing(FlashColour.SKY),
    "waiting-compare": serving(Comparing(PLAN, 1, (1, 2), LIVENESS)),
    "waiting-number": serving(NumberingCase()),
    "result-passed": showing(Outcome.PASSED),
    "result-passed-printed": showing(Outcome.PASSED, ON_PAPER),
    "result-pending": showing(Outcome.PENDING, ON_PAPER, replace(FACTS, offline=True, entry=None), OFFLINE),
    "result-referred": showing(Outcome.REFERRED, ON_PAPER),
    "result-declined": showing(
        Outcome.REFERRED,
        ON_PAPER,
        replace(FACTS, capture=CaptureFinished(replace(LIVENESS, action="declined"), None, None)),
    ),
    "result-proof": showing(Outcome.CANCELLED, ON_PAPER, replace(FACTS, entry=DONE)),
    "paper-out": showing(Outcome.PASSED, OUT, health=NO_PAPER),
    **{
        f"paper-{reason}": showing(Outcome.PENDING, PaperOwed(NotPrinted(reason), PRINTING))
        for reason in (
            "media-jam",
            "cover-open",
            "cutter-jam",
            "head-hot",
            "presenter-full",
            "paper-not-taken",
            "paper-too-short",
            "unreachable",
            "offline",
            "printer-error",
        )
    },
    "paper-in-doubt": showing(Outcome.PASSED, DOUBT),
    "paper-taken-back": showing(Outcome.PASSED, PaperInDoubt(PRINTING, TAKEN_BACK)),
    "paper-not-renewed": showing(Outcome.PASSED, replace(DOUBT, not_renewed=True)),
    "paper-renewed": showing(Outcome.PASSED, OnPaper(replace(PRINTING, renewed=RENEWED))),
    "staff-number": asking_staff(TypingStaffNumber(PURPOSE)),
    "staff-number-wrong": asking_staff(TypingStaffNumber(PURPOSE, 3)),
    "staff-pin": asking_staff(TypingPin(PURPOSE, "1024")),
    "staff-challenge": asking_staff(AnsweringChallenge(PURPOSE, "48271935")),
    "staff-challenge-alone": asking_staff(AnsweringChallenge(PURPOSE, "48271935", pins=False)),
    "staff-challenge-wrong": asking_staff(AnsweringChallenge(PURPOSE, "48271935", 1)),
    "staff-locked": asking_staff(StaffLockedOut()),
    "take": taking(None, ON_PAPER),
    "take-renewed": taking(None, ON_PAPER_ANEW),
    "take-card-left": taking(True, ON_PAPER),
    "take-card-gone": taking(False, ON_PAPER),
    "take-social-card": serving(
        Taking(None),
        replace(FACTS, way=IdentityWay.SOCIAL_SECURITY_CARD),
        result=ShowingResult(Outcome.PENDING, None, None, ON_PAPER),
    ),
    "take-card-only": serving(Taking(None, paper=False), result=ShowingResult(Outcome.PASSED, DECISION, None, OUT)),
    "rating": serving(OfferingRating()),
    "idle": serving(ReviewingStatus(ENTRY), warned_at=NOW - timedelta(seconds=3)),
    "other-way": before_card(OtherWay(ReadingNotice(NOTICE_VERSION))),
    "other-way-face": serving(OtherWay(StartingFace(PLAN, 1))),
    "wiping": SessionState(1, Wiping(Ending(Outcome.PASSED, "finished")), False, HEALTHY),
    "unavailable": serving(Halted(Halt.DEVICE_BROKEN)),
    **{f"halt-{halt.value}": serving(Halted(halt)) for halt in Halt if halt is not Halt.DEVICE_BROKEN},
    "helper-card": before_card(IdentifyingHelper(AwaitingCard(1, CardHint.FIRST))),
    "review-helped": serving(ReviewingStatus(ENTRY), replace(FACTS, helper=HelperOnDuty(HELPER, None))),
    "review-other-place": serving(ReviewingStatus(replace(ENTRY, other_place=True, area="示范省示范市"))),
    **{f"identity-{trouble.value}": before_card(ChoosingIdentity(trouble)) for trouble in Trouble},
    "identity-slot": before_card(ChoosingIdentity(Trouble.CARD), health=WITH_SLOT),
    **{f"code-{hint.value}": before_card(AwaitingCode(1, hint, OFFERED)) for hint in CodeHint},
    "code-several": before_card(AwaitingCode(1, CodeHint.FIRST, SEVERAL)),
    **{
        f"code-shown-{kind.value}": before_card(
            AwaitingCode(2, CodeHint.OTHER_CODE, SEVERAL, "0f", CODES.of_kind(kind))
        )
        for kind in (CodeKind.RECEIPT, CodeKind.TICKET)
    },
    "code-shown-elsewhere": before_card(AwaitingCode(2, CodeHint.OTHER_CODE, OFFERED, "0f", LONGEST)),
    "waiting-code-longest": before_card(ResolvingCode(AwaitingCode(1, CodeHint.FIRST, SEVERAL), LONGEST)),
    "code-scanner": before_card(AwaitingCode(1, CodeHint.FIRST, OFFERED), health=WITH_SCANNER),
    "waiting-code": before_card(ResolvingCode(AwaitingCode(1, CodeHint.FIRST, OFFERED), OFFERED[0])),
    "keypad": before_card(TypingNumber()),
    "keypad-check": before_card(TypingNumber(NumberProblem.CHECK_DIGIT)),
    "area": serving(ChoosingArea(DOCUMENT, SITE.other_areas)),
    "waiting-reference": serving(FetchingReference()),
    "unmatched": serving(OfferingUnmatched()),
    "unmatched-social": serving(OfferingUnmatched(), replace(FACTS, way=IdentityWay.SOCIAL_SECURITY_CARD)),
    "choose-action": choosing(FaceAction.TURN_RIGHT),
    "choose-action-all": choosing(),
    "appeal": serving(OfferingAppeal(AppealNeeded(LIVENESS, None, 1))),
    "slip": slip(DeskReason.NOT_LISTED, ON_PAPER),
    "paper-refilled": showing(Outcome.PASSED, replace(OUT, ready=True)),
    "other-way-no-paper": before_card(OtherWay(ReadingNotice(NOTICE_VERSION)), health=NO_PAPER),
    "review-done-no-paper": serving(ReviewingStatus(DONE), health=NO_PAPER),
    "other-way-printing": before_card(OtherWay(ReadingNotice(NOTICE_VERSION), PRINTING)),
    "other-way-not-printed": before_card(OtherWay(ReadingNotice(NOTICE_VERSION), OUT)),
    "take-ways": before_card(Taking(False)),
    "visit": visiting(Explaining()),
    "visit-card": visiting(AwaitingCard(1, CardHint.FIRST)),
    "visit-phone": visiting(TypingPhone(DOCUMENT)),
    "visit-phone-wrong": visiting(TypingPhone(DOCUMENT, wrong=True)),
    "visit-day": visiting(ChoosingDay(DOCUMENT, "13800000000", DAYS)),
    "waiting-visit": visiting(NumberingVisit(DOCUMENT, "13800000000", DAYS[0])),
    "visit-done": visiting(ShowingVisit(RECEIPT, DAYS[0], ON_PAPER)),
    **{f"visit-{reason}": visiting(VisitHalted(reason)) for reason in ("card-not-read", "device-broken", "not-stored")},
    "lookup": looking(AwaitingReceipt()),
    "lookup-strange": looking(AwaitingReceipt("0f")),
    "lookup-altered": looking(AwaitingReceipt("0f", altered=True)),
    "lookup-misplaced": looking(AwaitingReceipt("0f", CODES.of_kind(CodeKind.APPOINTMENT))),
    "lookup-scanner": looking(AwaitingReceipt(), WITH_SCANNER),
    "lookup-number": looking(TypingReceipt()),
    "lookup-number-wrong": looking(TypingReceipt(wrong=True)),
    "waiting-lookup": looking(LookingUp(RECEIPT.number, None)),
    **{
        f"found-{outcome.value.lower()}": looking(
            ShowingFound(replace(DECISION, outcome=outcome, next_due=None), None)
            if outcome is not Outcome.PASSED
            else ShowingFound(DECISION, None)
        )
        for outcome in Outcome
    },
    "found-as-of": looking(ShowingFound(AT_ONCE, None, as_of=AS_OF), OFFLINE),
    "found-no-paper": looking(ShowingFound(DECISION, None), NO_PAPER),
    "found-taken-back": looking(ShowingFound(DECISION, None, PaperInDoubt(COPYING, TAKEN_BACK))),
    "found-void": looking(ShowingFound(replace(DECISION, void=True), None)),
    "found-replaced": looking(ShowingFound(REPLACED, None)),
    "lookup-unknown": looking(NotFound("unknown")),
    "lookup-offline": looking(NotFound("offline")),
}
