"""查办理结果: what became of a receipt, at any terminal, by code or number, and its paper once more (F-18, E-23).

code before the camera, or number on the keypad -> the hall's word -> 补打件 if wished -> take
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from kiosk.codes.issuers import CodeBook, CodeIssuer, Use
from kiosk.codes.recognise import Misplaced, OwnPaper, recognise
from kiosk.documents.slips import reprint
from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.receipt_number import ReceiptNumber, Verification, parse_typed_receipt
from kiosk.domain.site import Site
from kiosk.flow.commands import ClearTimer, Log, ReadCode, StopFace
from kiosk.flow.commands import LookUpReceipt as AskReceipt
from kiosk.flow.events import CodeAnswered, Event, PaperHandedOver, ReceiptLookedUp
from kiosk.flow.health import Health
from kiosk.flow.machine import Ending, Transition
from kiosk.flow.touches import Button, Pressed, Typed
from kiosk.ports.code_scanner import CodeSeen, NoCode, ScannerFault
from kiosk.ports.outbox import KnownReceipt
from kiosk.ports.platform import PlatformRefused, PlatformUnavailable, ReceiptUnknown
from kiosk.steps import print_paper, take_things

TRY_S = 60.0


@dataclass(frozen=True, slots=True)
class AwaitingReceipt:
    """A receipt, or its picture on a phone, is held before the camera. ``strange`` is the digest of a code
    that was of no use, ``shown`` its issuer where that is known; ``altered`` says that it names a receipt of a terminal
    that did not sign it."""

    strange: str | None = None
    shown: CodeIssuer | None = None
    altered: bool = False


@dataclass(frozen=True, slots=True)
class TypingReceipt:
    """``wrong`` says that what was sent last is no receipt number."""

    wrong: bool = False


@dataclass(frozen=True, slots=True)
class LookingUp:
    """``signature`` is that of a paper proved genuine, None when the number was typed or no key of its terminal is
    known here."""

    receipt: ReceiptNumber
    signature: str | None


@dataclass(frozen=True, slots=True)
class ShowingFound:
    """The hall's word; ``signature`` is that of a paper whose number counts; ``printing`` is set once the paper was
    asked for. ``as_of`` is set where the hall did not answer: then it is what the terminal knew at that time, to be
    read and not to be printed."""

    decision: HallDecision
    signature: str | None
    printing: print_paper.PrintState | None = None
    as_of: datetime | None = None

    @property
    def may_print(self) -> bool:
        return self.printing is None and self.as_of is None


@dataclass(frozen=True, slots=True)
class NotFound:
    """``reason``: unknown, or offline."""

    reason: str


@dataclass(frozen=True, slots=True)
class LookUpFinished:
    ending: Ending


Stage = AwaitingReceipt | TypingReceipt | LookingUp | ShowingFound | NotFound | take_things.Taking | LookUpFinished


@dataclass(frozen=True, slots=True)
class LookUp:
    """The journey's state. ``found`` is kept once shown."""

    key: str
    stage: Stage
    found: ShowingFound | None = None


Move = Transition[LookUp]


class LookUpReceipt:
    """The journey for one site. Nothing of a person is asked or shown."""

    code = "look_up_receipt"

    def __init__(self, site: Site, codes: CodeBook) -> None:
        self._site = site
        self._codes = codes

    def begin(self, key: str, at: datetime) -> Move:  # noqa: ARG002  no time is needed yet
        return Transition(LookUp(key, AwaitingReceipt()), (ReadCode(TRY_S),))

    def staffed(self, state: LookUp) -> bool:  # noqa: ARG002  a copy needs nobody's leave
        return False

    def closed_by(self, health: Health) -> str | None:  # noqa: ARG002  a number can be typed whatever is broken
        return None

    def needs(self, state: LookUp) -> frozenset[str]:  # noqa: ARG002  a number can be typed whatever is broken
        return frozenset()

    def step(self, state: LookUp) -> str:
        return type(state.stage).__name__

    def ending(self, state: LookUp) -> Ending | None:
        return state.stage.ending if isinstance(state.stage, LookUpFinished) else None

    def so_far(self, state: LookUp) -> Ending:
        if state.found is not None:
            return Ending(state.found.decision.outcome, "looked-up")
        if isinstance(state.stage, NotFound):
            return Ending(Outcome.CANCELLED, f"receipt-{state.stage.reason}")
        return Ending(Outcome.CANCELLED, f"left-at-{self.step(state)}")

    def advance(self, state: LookUp, event: Event, at: datetime) -> Move:
        stage = state.stage
        if isinstance(event, PaperHandedOver):
            return _on_handover(self._site, state, event, at)
        match stage:
            case AwaitingReceipt():
                return self._on_code(state, stage, event)
            case TypingReceipt():
                return _on_number(state, event)
            case LookingUp(_, signature):
                return _on_answer(state, signature, event)
            case ShowingFound():
                return self._on_found(state, stage, event, at)
            case NotFound():
                return _on_not_found(state, event)
            case take_things.Taking():
                move = take_things.advance(stage, event)
                if isinstance(move.state, take_things.Taken):
                    return Transition(_finished(state), move.commands)
                return Transition(replace(state, stage=move.state), move.commands)
            case LookUpFinished():
                return Transition(state)
            case _:
                assert_never(stage)

    def _on_code(self, state: LookUp, stage: AwaitingReceipt, event: Event) -> Move:
        match event:
            case CodeAnswered(CodeSeen() as code):
                return self._on_code_seen(state, code)
            case CodeAnswered(NoCode()):
                return Transition(replace(state, stage=TypingReceipt()), (StopFace(),))
            case CodeAnswered(ScannerFault(reason)):
                return Transition(replace(state, stage=TypingReceipt()), (StopFace(), _not_taken(reason)))
            case Pressed(Button.TYPE_NUMBER):
                return Transition(replace(state, stage=TypingReceipt()), (StopFace(),))
            case _:
                return Transition(replace(state, stage=stage))

    def _on_code_seen(self, state: LookUp, code: CodeSeen) -> Move:
        match recognise(code.payload, self._codes, Use.LOOK_UP):
            case OwnPaper(genuine=False):
                return _strange(state, AwaitingReceipt(code.digest, altered=True), "receipt-altered")
            case OwnPaper(number, genuine, signature):
                looking_up = LookingUp(number, signature if genuine else None)
                return Transition(replace(state, stage=looking_up), (StopFace(), AskReceipt(number)))
            case Misplaced(issuer):
                return _strange(state, AwaitingReceipt(code.digest, issuer), f"other-{issuer.id}")
            case _:
                return _strange(state, AwaitingReceipt(code.digest), "no-receipt")

    def _verification(self, found: ShowingFound) -> Verification | None:
        """Under this hall's own address, whatever address the code was read with."""
        if found.signature is None:
            return None
        address = self._site.verification_url.upper().rstrip("/")
        return Verification(f"{address}/{found.decision.receipt}/{found.signature}", "")

    def _on_found(self, state: LookUp, stage: ShowingFound, event: Event, at: datetime) -> Move:
        """A void number has no copy: the one in its place has, or staff give a new one first."""
        number = stage.decision.number_that_counts
        match event:
            case Pressed(Button.PRINT_SLIP) if stage.may_print and number is not None:
                paper = reprint(self._site, number, self._verification(stage), stage.decision, at)
                begun = print_paper.begin(paper, f"copy-{state.key[:8]}")
                return Transition(_found(state, replace(stage, printing=begun.state)), begun.commands)
            case Pressed(Button.CONTINUE) if not print_paper.under_way(stage.printing):
                return Transition(_finished(state), (ClearTimer(print_paper.REFILL),))
        if stage.printing is None:
            return Transition(state)
        move = print_paper.advance(self._site, stage.printing, event, at)
        state = _found(state, replace(stage, printing=move.state))
        if isinstance(move.state, print_paper.OnPaper) and not isinstance(stage.printing, print_paper.OnPaper):
            begun_taking = take_things.begin()
            return Transition(replace(state, stage=begun_taking.state), (*move.commands, *begun_taking.commands))
        return Transition(state, move.commands)


def _on_handover(site: Site, state: LookUp, event: PaperHandedOver, at: datetime) -> Move:
    """A copy that was taken back brings its page again."""
    if state.found is None or state.found.printing is None:
        return Transition(state)
    move = print_paper.advance(site, state.found.printing, event, at)
    found = replace(state.found, printing=move.state)
    if isinstance(move.state, print_paper.PaperInDoubt):
        return Transition(_found(state, found), (ClearTimer(take_things.TAKEN), *move.commands))
    return Transition(replace(state, found=found), move.commands)


def _strange(state: LookUp, stage: AwaitingReceipt, reason: str) -> Move:
    return Transition(replace(state, stage=stage), (_not_taken(reason), ReadCode(TRY_S, stage.strange)))


def _on_number(state: LookUp, event: Event) -> Move:
    match event:
        case Typed(text):
            receipt = parse_typed_receipt(text)
            if receipt is None:
                return Transition(replace(state, stage=TypingReceipt(wrong=True)))
            return Transition(replace(state, stage=LookingUp(receipt, None)), (AskReceipt(receipt),))
        case Pressed(Button.SHOW_CODE):
            return Transition(replace(state, stage=AwaitingReceipt()), (ReadCode(TRY_S),))
        case _:
            return Transition(state)


def _on_answer(state: LookUp, signature: str | None, event: Event) -> Move:
    match event:
        case ReceiptLookedUp(HallDecision() as decision):
            genuine = None if decision.void else signature
            return Transition(_found(state, ShowingFound(decision, genuine)))
        case ReceiptLookedUp(ReceiptUnknown() | PlatformRefused()):
            return Transition(replace(state, stage=NotFound("unknown")))
        case ReceiptLookedUp(PlatformUnavailable(), KnownReceipt(decision, as_of)):
            return Transition(_found(state, ShowingFound(decision, None, as_of=as_of)))
        case ReceiptLookedUp(PlatformUnavailable()):
            return Transition(replace(state, stage=NotFound("offline")))
        case _:
            return Transition(state)


def _on_not_found(state: LookUp, event: Event) -> Move:
    match event:
        case Pressed(Button.TYPE_NUMBER):
            return Transition(replace(state, stage=TypingReceipt()))
        case Pressed(Button.CONTINUE):
            return Transition(_finished(state))
        case _:
            return Transition(state)


def _found(state: LookUp, found: ShowingFound) -> LookUp:
    return replace(state, stage=found, found=found)


def _finished(state: LookUp) -> LookUp:
    if state.found is not None:
        ending = Ending(state.found.decision.outcome, "looked-up")
    else:
        reason = state.stage.reason if isinstance(state.stage, NotFound) else "left"
        ending = Ending(Outcome.CANCELLED, f"receipt-{reason}")
    return replace(state, stage=LookUpFinished(ending))


def _not_taken(reason: str) -> Log:
    return Log(AuditEvent(EventName.CODE_NOT_TAKEN, device="camera", reason=reason))
