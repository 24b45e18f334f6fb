"""预约上门: somebody who cannot come is visited at home (domain.md E-32, F-60). No face is taken, of nobody.

explanation -> the absent person's card -> phone -> wished day -> number, record and paper -> take
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar, assert_never

from kiosk.documents.slips import SlipFacts, home_visit_slip
from kiosk.domain.case import HomeVisitRequest, Outcome
from kiosk.domain.identity_document import IdentityDocument
from kiosk.domain.phone import parse_phone
from kiosk.domain.receipt_number import ReceiptKind
from kiosk.domain.site import Site
from kiosk.flow.commands import ClearTimer, IssueReceipt, PutRecord, SetTimer, StopReading
from kiosk.flow.events import DeviceLost, Event, PaperHandedOver, ReceiptIssued, RecordPut, TimerElapsed
from kiosk.flow.health import ID_CARD, OUTBOX, Health, clock_wrong
from kiosk.flow.machine import Ending, Transition
from kiosk.flow.touches import Button, Picked, Pressed, Typed
from kiosk.ports.device_status import Ready
from kiosk.ports.outbox import OFFLINE_LIMITS, OutboxRefused, Queued
from kiosk.ports.receipt_issuer import IssuedReceipt, NoReceipt
from kiosk.steps import identify, print_paper, submit, take_things

RESULT = "result"
RESULT_S = 8.0
DAYS_OFFERED = 4


@dataclass(frozen=True, slots=True)
class Explaining:
    """Who may ask, and that nobody can take the place of the person before the camera."""


@dataclass(frozen=True, slots=True)
class TypingPhone:
    """``wrong`` says that what was sent last is no mobile number."""

    document: IdentityDocument
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class ChoosingDay:
    """``days`` are the next working days."""

    document: IdentityDocument
    phone: str
    days: tuple[date, ...]

    def __repr__(self) -> str:
        return "ChoosingDay(...)"


@dataclass(frozen=True, slots=True)
class NumberingVisit:
    document: IdentityDocument
    phone: str
    wished_on: date
    receipt: IssuedReceipt | None = None

    def __repr__(self) -> str:
        return "NumberingVisit(...)"


@dataclass(frozen=True, slots=True)
class ShowingVisit:
    """The request is kept; its number stands on the screen and on paper."""

    receipt: IssuedReceipt
    wished_on: date
    printing: print_paper.PrintState


@dataclass(frozen=True, slots=True)
class VisitHalted:
    """The card cannot be used, or nothing could be stored: the agency's phone is the way then. ``reason`` is a word."""

    reason: str


@dataclass(frozen=True, slots=True)
class VisitFinished:
    ending: Ending


Stage = (
    Explaining
    | identify.IdentifyState
    | TypingPhone
    | ChoosingDay
    | NumberingVisit
    | ShowingVisit
    | take_things.Taking
    | VisitHalted
    | VisitFinished
)
B = TypeVar("B", bound=Stage)


@dataclass(frozen=True, slots=True)
class HomeVisit:
    """The journey's state. ``shown`` is kept once the number was shown; ``leaving`` is how the case stands once the
    card is taken, where nothing could be asked for."""

    key: str
    stage: Stage
    shown: ShowingVisit | None = None
    leaving: Ending | None = None


Move = Transition[HomeVisit]
REQUESTED = Ending(Outcome.REFERRED, "home-visit")


class RequestHomeVisit:
    """The journey for one site."""

    code = "request_home_visit"

    def __init__(self, site: Site) -> None:
        self._site = site

    def begin(self, key: str, at: datetime) -> Move:  # noqa: ARG002  no time is needed yet
        return Transition(HomeVisit(key, Explaining()))

    def staffed(self, state: HomeVisit) -> bool:
        return isinstance(state.stage, ShowingVisit) and isinstance(state.stage.printing, print_paper.AskingStaff)

    def closed_by(self, health: Health) -> str | None:
        if not isinstance(health.reader, Ready):
            return "reader"
        if clock_wrong(health):
            return "clock"
        if health.refused is None:
            return None
        return "line" if health.refused in OFFLINE_LIMITS else OUTBOX

    def needs(self, state: HomeVisit) -> frozenset[str]:
        reading = isinstance(state.stage, Explaining | identify.AwaitingCard | identify.ChoosingIdentity)
        return frozenset({ID_CARD}) if reading else frozenset()

    def step(self, state: HomeVisit) -> str:
        return type(state.stage).__name__

    def ending(self, state: HomeVisit) -> Ending | None:
        return state.stage.ending if isinstance(state.stage, VisitFinished) else None

    def so_far(self, state: HomeVisit) -> Ending:
        if state.leaving is not None:
            return state.leaving
        if state.shown is not None:
            return REQUESTED
        if isinstance(state.stage, VisitHalted):
            return Ending(Outcome.REFERRED, state.stage.reason)
        return Ending(Outcome.CANCELLED, f"left-at-{self.step(state)}")

    def advance(self, state: HomeVisit, event: Event, at: datetime) -> Move:
        stage = state.stage
        if isinstance(event, DeviceLost):
            return Transition(replace(state, stage=VisitHalted("device-broken")), (StopReading(),))
        if isinstance(event, PaperHandedOver):
            return _on_handover(self._site, state, event, at)
        match stage:
            case Explaining():
                return _then(state, identify.begin()) if event == Pressed(Button.CONTINUE) else Transition(state)
            case identify.AwaitingCard() | identify.DecodingPhoto() | identify.ChoosingIdentity():
                return _after_card(state, identify.advance(stage, event))
            case TypingPhone(document):
                return _phone(state, document, event, at)
            case ChoosingDay(document, phone, days):
                if isinstance(event, Picked) and event.index < len(days):
                    numbering = NumberingVisit(document, phone, days[event.index])
                    return Transition(replace(state, stage=numbering), (IssueReceipt(ReceiptKind.ELIGIBILITY),))
                return Transition(state)
            case NumberingVisit():
                return self._after_numbering(state, stage, event, at)
            case ShowingVisit():
                return _on_result(self._site, state, stage, event, at)
            case take_things.Taking():
                move = take_things.advance(stage, event)
                if isinstance(move.state, take_things.Taken):
                    return Transition(replace(state, stage=VisitFinished(self.so_far(state))), move.commands)
                return Transition(replace(state, stage=move.state), move.commands)
            case VisitHalted(reason):
                if event == Pressed(Button.CONTINUE):
                    leaving = replace(state, leaving=Ending(Outcome.REFERRED, reason))
                    return _then(leaving, take_things.begin(paper=False))
                return Transition(state)
            case VisitFinished():
                return Transition(state)
            case _:
                assert_never(stage)

    def _after_numbering(self, state: HomeVisit, stage: NumberingVisit, event: Event, at: datetime) -> Move:
        match event:
            case ReceiptIssued(IssuedReceipt() as receipt):
                request = HomeVisitRequest(state.key, receipt.number, stage.document, stage.phone, stage.wished_on, at)
                return Transition(replace(state, stage=replace(stage, receipt=receipt)), (PutRecord(request),))
            case ReceiptIssued(NoReceipt(reason)):
                return _not_stored(state, None, reason)
            case RecordPut(Queued()) if stage.receipt is not None:
                shown = self._show(state, stage, stage.receipt, at)
                queued = submit.queued_log(stage.receipt.number, REQUESTED.reason)
                return Transition(shown.state, (queued, *shown.commands))
            case RecordPut(OutboxRefused(reason)) if stage.receipt is not None:
                return _not_stored(state, stage.receipt, reason)
            case _:
                return Transition(state)

    def _show(self, state: HomeVisit, stage: NumberingVisit, receipt: IssuedReceipt, at: datetime) -> Move:
        facts = SlipFacts(
            site=self._site,
            number=receipt.number,
            verification=receipt.verification,
            citizen_number=stage.document.number,
            name=stage.document.name,
            entry=None,
            made_at=at,
        )
        begun = print_paper.begin(home_visit_slip(facts, stage.phone, stage.wished_on), receipt.number.value)
        shown = ShowingVisit(receipt, stage.wished_on, begun.state)
        return Transition(replace(state, stage=shown, shown=shown), (*begun.commands, SetTimer(RESULT, RESULT_S)))


def working_days(after: date, count: int) -> tuple[date, ...]:
    """The next ``count`` days from Monday to Friday; public holidays are the agency's to move by phone."""
    days = (after + timedelta(days=ahead) for ahead in range(1, 2 * count + 6))
    return tuple(day for day in days if day.weekday() < 5)[:count]


def _after_card(state: HomeVisit, move: Transition[identify.IdentifyState | identify.IdentifyResult]) -> Move:
    match move.state:
        case identify.Identified(document) | identify.SocialCardIdentified(document):
            return Transition(replace(state, stage=TypingPhone(document)), move.commands)
        case identify.AwaitingCard() | identify.DecodingPhoto() as stage:
            return Transition(replace(state, stage=stage), move.commands)
        case identify.ReaderBroken():
            return Transition(replace(state, stage=VisitHalted("device-broken")), move.commands)
        case _:
            return Transition(replace(state, stage=VisitHalted("card-not-read")), (*move.commands, StopReading()))


def _phone(state: HomeVisit, document: IdentityDocument, event: Event, at: datetime) -> Move:
    if not isinstance(event, Typed):
        return Transition(state)
    phone = parse_phone(event.text)
    if phone is None:
        return _go(state, TypingPhone(document, wrong=True))
    return _go(state, ChoosingDay(document, phone, working_days(at.date(), DAYS_OFFERED)))


def _on_handover(site: Site, state: HomeVisit, event: PaperHandedOver, at: datetime) -> Move:
    """The paper's end is known after its page: one that was taken back brings the page again."""
    if state.shown is None:
        return Transition(state)
    if isinstance(state.stage, ShowingVisit):
        return _on_result(site, state, state.stage, event, at)
    move = print_paper.advance(site, state.shown.printing, event, at)
    shown = replace(state.shown, printing=move.state)
    if not isinstance(move.state, print_paper.PaperInDoubt):
        return Transition(replace(state, shown=shown), move.commands)
    return Transition(replace(state, stage=shown, shown=shown), (ClearTimer(take_things.TAKEN), *move.commands))


def _on_result(site: Site, state: HomeVisit, stage: ShowingVisit, event: Event, at: datetime) -> Move:
    move = print_paper.advance(site, stage.printing, event, at)
    shown = replace(stage, printing=move.state)
    state = replace(state, stage=shown, shown=shown)
    on_paper = isinstance(shown.printing, print_paper.OnPaper)
    finished = not print_paper.under_way(stage.printing) and not print_paper.under_way(shown.printing)
    if (event == Pressed(Button.CONTINUE) and finished) or (event == TimerElapsed(RESULT) and on_paper):
        begun = take_things.begin(print_paper.to_take(shown.printing))
        cleared = (ClearTimer(RESULT), ClearTimer(print_paper.REFILL))
        return Transition(replace(state, stage=begun.state), (*cleared, *begun.commands))
    if on_paper and not isinstance(stage.printing, print_paper.OnPaper):
        return Transition(state, (*move.commands, SetTimer(RESULT, RESULT_S)))
    return Transition(state, move.commands)


def _not_stored(state: HomeVisit, receipt: IssuedReceipt | None, reason: str) -> Move:
    refused = submit.not_queued_log(None if receipt is None else receipt.number, reason)
    return Transition(replace(state, stage=VisitHalted("not-stored")), (refused,))


def _then(state: HomeVisit, begun: Transition[B]) -> Move:
    return Transition(replace(state, stage=begun.state), begun.commands)


def _go(state: HomeVisit, stage: Stage) -> Move:
    return Transition(replace(state, stage=stage))
