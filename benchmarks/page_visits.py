"""A way to every page of the terminal: the engine state that shows it, or the touch that opens it from another page.

The person is made up (specimen number); nothing here is measured or decided.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone

from kiosk.codes.issuers import Use, book_of
from kiosk.documents.slips import ways_slip
from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import ConfirmationSource, RosterEntry, RosterStatus
from kiosk.domain.face import FaceAction, LivenessResult
from kiosk.domain.identity_document import IdentityDocument, Sex
from kiosk.domain.person_name import PersonName
from kiosk.domain.picture import Picture
from kiosk.domain.receipt_number import ReceiptKind, Verification, compose_receipt_number
from kiosk.domain.site import Site
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Acting
from kiosk.face.trace import begin
from kiosk.flow.health import Health
from kiosk.flow.session_state import Attract, Serving, SessionState
from kiosk.journeys.confirmation.stages import (
    NOTICE_VERSION,
    Confirmation,
    Facts,
    Halt,
    Halted,
    OtherWay,
    ShowingResult,
    Stage,
)
from kiosk.journeys.states import TerminalState
from kiosk.ports.device_status import Ready
from kiosk.ports.printer import PaperLevel, PrinterStatus
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.steps.ask_platform import AskingRoster
from kiosk.steps.capture_face import CapturePlan, ChoosingAction, Watching
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.consent import ReadingNotice
from kiosk.steps.identify import AwaitingCard, CardHint
from kiosk.steps.print_paper import OnPaper, PaperInDoubt, Printing, PrintState
from kiosk.steps.rate import OfferingRating
from kiosk.steps.show_code import AwaitingCode, CodeHint
from kiosk.steps.take_things import Taking
from kiosk.steps.type_number import TypingNumber

State = TerminalState

NOW = datetime(2026, 5, 18, 10, 24, tzinfo=timezone(timedelta(hours=8)))
SITE = Site(
    terminal="QH0001",
    training=True,
    hall="青禾县政务服务中心",
    place="一楼大厅",
    agency="青禾县社会保险经办机构",
    agency_phone="0000-8812333",
    desk="3 号窗口",
    desk_hours="周一至周五 9:00 到 17:00",
    verification_url="HTTPS://QH.EXAMPLE/V",
    rules_version="2026-11",
)


@dataclass(frozen=True, slots=True)
class Touch:
    """``control`` is the object name of what is touched on ``page``."""

    page: str
    control: str


@dataclass(frozen=True, slots=True)
class Visit:
    """``page`` comes when ``state`` is told, or when a control is touched on the page that ``state`` brings."""

    page: str
    state: State
    touch: Touch | None = None


def _serving(stage: Stage, facts: Facts, result: ShowingResult | None = None, warned: bool = False) -> State:
    journey = Confirmation(stage, facts, result)
    return SessionState(1, Serving(journey, NOW, NOW if warned else None), health=_HEALTH)


def _result(printing: PrintState) -> ShowingResult:
    return ShowingResult(
        Outcome.PASSED, HallDecision(_RECEIPT.number, Outcome.PASSED, NOW.date(), date(2027, 5, 31)), None, printing
    )


_HEALTH = Health(Ready(), Ready(), Ready(), PrinterStatus(Ready(), PaperLevel.ENOUGH), Ready(), 0)
_DOCUMENT = IdentityDocument(
    name=PersonName("张小明"),
    number=CitizenNumber("11010519491231002X"),
    sex=Sex.FEMALE,
    ethnicity_code="01",
    address="青禾县样例路一号",
    authority="青禾县公安局",
    valid_from=date(2010, 1, 1),
    valid_to=None,
)
_ENTRY = RosterEntry(
    scheme="城镇职工养老保险",
    area="青禾县",
    status=RosterStatus.ACTIVE,
    confirmed_on=date(2025, 6, 11),
    due_on=date(2026, 6, 30),
    confirmed_this_window=False,
    source=ConfirmationSource.FACE_KIOSK,
    office="青禾县社会保险经办机构",
    office_phone="0000-8812333",
)
_RECEIPT = IssuedReceipt(
    compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), "QH0001", 37),
    Verification("HTTPS://QH.EXAMPLE/V/YL-20260518-QH0001-00037/7KQ2M9XW4T", "7KQ2-M9XW"),
)
_KEY = "00000000-0000-0000-0000-000000000001"
_OPENED = Facts(_KEY, NOW)
_FACTS = Facts(_KEY, NOW, document=_DOCUMENT, entry=_ENTRY, receipt=_RECEIPT)
_PLAN = CapturePlan(Picture(1, 1, b"\0\0\0"), FaceSettings(), seed=1, keep_crop=False)
_TRACE = replace(
    begin(_PLAN.settings, (FaceAction.FOLLOW_DOT,), 0.0),
    stage=Acting(FaceAction.FOLLOW_DOT, 0.5, 1, None, (0.5, 0.0)),
)
_LIVENESS = LivenessResult(proven=False, action="declined", signals={})
_PRINTING = Printing(_RECEIPT.number.value, ways_slip(SITE, NOW))
_PRINTED = _result(OnPaper(_PRINTING))
_NO_PAPER = _result(PaperInDoubt(_PRINTING, "no-answer"))

HOME: State = SessionState(0, Attract(), health=_HEALTH)
_NOTICE = _serving(ReadingNotice(NOTICE_VERSION), _OPENED)
_REVIEW = _serving(ReviewingStatus(_ENTRY), _FACTS)

TECHNICIAN_PAGES = {"devices"}
"""Opened by a technician who holds the hall's name for five seconds: nothing that a page change could be timed by."""

VISITS = (
    Visit("home", HOME),
    Visit("notice", _NOTICE),
    Visit("read_card", _serving(AwaitingCard(1, CardHint.FIRST), _OPENED)),
    Visit("waiting", _serving(AskingRoster(_DOCUMENT), _FACTS)),
    Visit("review", _REVIEW),
    Visit("capture", _serving(Watching(_PLAN, 1, _TRACE), _FACTS)),
    Visit("result", _serving(_PRINTED, _FACTS, _PRINTED)),
    Visit("paper_out", _serving(_NO_PAPER, _FACTS, _NO_PAPER)),
    Visit("take", _serving(Taking(None), _FACTS, _PRINTED)),
    Visit("rating", _serving(OfferingRating(), _FACTS, _PRINTED)),
    Visit("idle", _serving(ReviewingStatus(_ENTRY), _FACTS, warned=True)),
    Visit("message", _serving(Halted(Halt.NOT_LISTED), _FACTS)),
    Visit("unavailable", _serving(Halted(Halt.DEVICE_BROKEN), _FACTS)),
    Visit("other_way", _serving(OtherWay(ReadingNotice(NOTICE_VERSION)), _OPENED)),
    Visit("choices", _serving(ChoosingAction(_PLAN, 1, _LIVENESS), _FACTS)),
    Visit("keypad", _serving(TypingNumber(), _OPENED)),
    Visit("code", _serving(AwaitingCode(1, CodeHint.FIRST, book_of().tokens_for(Use.IDENTITY)), _OPENED)),
    Visit("full_notice", _NOTICE, Touch("notice", "right")),
    Visit("help", HOME, Touch("home", "key-help")),
    Visit("language", HOME, Touch("home", "key-language")),
    Visit("leave", _REVIEW, Touch("review", "key-home")),
)
