"""养老保险待遇领取资格确认: the whole journey on one page (domain.md 5.1 to 5.4).

notice -> card -> roster -> status -> face -> receipt number -> record -> result and paper -> take -> rating
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import assert_never

from kiosk.documents import receipt as papers
from kiosk.domain.case import Consent, EligibilityCase, Finding, HallDecision, Outcome, ProofSlip, Rating
from kiosk.domain.eligibility import RosterEntry
from kiosk.domain.face import TurnDirection
from kiosk.domain.identity_document import IdentityDocument
from kiosk.domain.paper import Paper
from kiosk.domain.picture import Picture
from kiosk.domain.receipt_number import ReceiptKind
from kiosk.domain.site import Site
from kiosk.face.settings import FaceSettings
from kiosk.flow.commands import ClearTimer, IssueReceipt, PutRecord, SetTimer, StopFace, StopReading
from kiosk.flow.events import Event, ReceiptIssued, RecordPut, TimerElapsed
from kiosk.flow.machine import Ending, S, Transition
from kiosk.flow.touches import Button, Pressed
from kiosk.ports.outbox import Queued
from kiosk.ports.printer import Printed
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.steps import (
    ask_platform,
    capture_face,
    confirm_self,
    consent,
    identify,
    print_paper,
    rate,
    submit,
    take_things,
)

NOTICE_VERSION = "2026-11"
RESULT = "result"
RESULT_S = 8.0


class Halt(Enum):
    """Why the case goes to the desk without a record; each has a page that says what to do next."""

    CARD_NOT_READ = "card-not-read"
    WRONG_DOCUMENT = "wrong-document"
    CARD_AT_ODDS = "card-at-odds"
    PHOTO_UNUSABLE = "photo-unusable"
    NOT_LISTED = "not-listed"
    NAME_DIFFERS = "name-differs"
    DESK_MUST_CHECK = "desk-must-check"
    DEVICE_BROKEN = "device-broken"
    NOT_STORED = "not-stored"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known so far. Lives in memory for the session only."""

    key: str
    opened_at: datetime
    consent: Consent | None = None
    document: IdentityDocument | None = None
    reference: Picture | None = None
    entry: RosterEntry | None = None
    offline: bool = False
    capture: capture_face.CaptureFinished | None = None
    receipt: IssuedReceipt | None = None


@dataclass(frozen=True, slots=True)
class OtherWay:
    """The citizen asked for another way; ``back`` is the step he may return to, None when its last try is used up."""

    back: (
        consent.ReadingNotice
        | identify.AwaitingCard
        | ask_platform.OfferingOffline
        | confirm_self.ReviewingStatus
        | capture_face.StartingFace
        | capture_face.Watching
        | None
    )


@dataclass(frozen=True, slots=True)
class NumberingCase:
    pass


@dataclass(frozen=True, slots=True)
class NumberingProof:
    """The proof of an earlier confirmation gets its number, and the number its record."""


@dataclass(frozen=True, slots=True)
class ShowingResult:
    """``outcome`` CANCELLED stands for the proof of an earlier confirmation (E-07): nothing new was decided.
    ``referral`` says why a person looks at a case that is REFERRED."""

    outcome: Outcome
    decision: HallDecision | None
    referral: papers.ReferralReason | None
    printing: print_paper.PrintState


@dataclass(frozen=True, slots=True)
class Halted:
    halt: Halt


@dataclass(frozen=True, slots=True)
class Finished:
    ending: Ending


Stage = (
    consent.ReadingNotice
    | identify.IdentifyState
    | ask_platform.AskState
    | confirm_self.ReviewingStatus
    | capture_face.CaptureState
    | OtherWay
    | NumberingCase
    | NumberingProof
    | submit.SubmitState
    | ShowingResult
    | take_things.Taking
    | rate.OfferingRating
    | Halted
    | Finished
)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The journey's state. ``result`` is kept once shown, for the pages and the rating that follow it."""

    stage: Stage
    facts: Facts
    result: ShowingResult | None = field(default=None)


Move = Transition[Confirmation]


class ConfirmEligibility:
    """The journey for one site."""

    code = "confirm_eligibility"

    def __init__(self, site: Site, face: FaceSettings) -> None:
        self._site = site
        self._face = face

    def begin(self, key: str, at: datetime) -> Move:
        facts = Facts(key, at)
        return consent.begin(NOTICE_VERSION).into(lambda stage: Confirmation(stage, facts))

    def step(self, state: Confirmation) -> str:
        return type(state.stage).__name__

    def ending(self, state: Confirmation) -> Ending | None:
        return state.stage.ending if isinstance(state.stage, Finished) else None

    def so_far(self, state: Confirmation) -> Ending:
        if isinstance(state.stage, Halted):
            return Ending(Outcome.REFERRED, state.stage.halt.value)
        if state.result is not None:
            return _ending_of(state.result)
        if isinstance(state.stage, submit.Storing | submit.Delivering):
            return Ending(Outcome.PENDING, "left-while-delivering")
        return Ending(Outcome.CANCELLED, f"left-at-{self.step(state)}")

    def advance(self, state: Confirmation, event: Event, at: datetime) -> Move:
        stage = state.stage
        if event == Pressed(Button.OTHER_WAY) and isinstance(
            stage,
            consent.ReadingNotice
            | identify.AwaitingCard
            | ask_platform.OfferingOffline
            | confirm_self.ReviewingStatus
            | capture_face.StartingFace
            | capture_face.Watching,
        ):
            return self._other_way(state)
        match stage:
            case consent.ReadingNotice():
                return self._after_notice(state, consent.advance(stage, event, at))
            case identify.AwaitingCard() | identify.DecodingPhoto():
                return self._after_card(state, identify.advance(stage, event))
            case ask_platform.AskingRoster() | ask_platform.CheckingOutbox() | ask_platform.OfferingOffline():
                return self._after_roster(state, ask_platform.advance(stage, event))
            case confirm_self.ReviewingStatus():
                return self._after_review(state, confirm_self.advance(stage, event))
            case (
                capture_face.StartingFace()
                | capture_face.Watching()
                | capture_face.Comparing()
                | capture_face.Cropping()
            ):
                return self._after_capture(state, capture_face.advance(stage, event))
            case OtherWay():
                return self._from_other_way(state, stage, event)
            case NumberingCase() | NumberingProof():
                return self._after_numbering(state, stage, event, at)
            case submit.Storing() | submit.Delivering():
                return self._after_submit(state, submit.advance(stage, event), at)
            case ShowingResult():
                return self._on_result(state, stage, event)
            case take_things.Taking():
                return self._after_taking(state, take_things.advance(stage, event))
            case rate.OfferingRating():
                return self._after_rating(state, rate.advance(stage, event), at)
            case Halted(halt):
                if event == Pressed(Button.CONTINUE):
                    return _go(state, Finished(Ending(Outcome.REFERRED, halt.value)))
                return Transition(state)
            case Finished():
                return Transition(state)
            case _:
                assert_never(stage)

    def _after_notice(self, state: Confirmation, move: Transition[consent.ReadingNotice | consent.Consented]) -> Move:
        match move.state:
            case consent.Consented(given):
                begun = identify.begin()
                facts = replace(state.facts, consent=given)
                return Transition(Confirmation(begun.state, facts), (*move.commands, *begun.commands))
            case stage:
                return _stay(state, stage, move)

    def _after_card(
        self, state: Confirmation, move: Transition[identify.IdentifyState | identify.IdentifyResult]
    ) -> Move:
        match move.state:
            case identify.Identified(document, reference):
                begun = ask_platform.begin(document)
                facts = replace(state.facts, document=document, reference=reference)
                return Transition(Confirmation(begun.state, facts), (*move.commands, *begun.commands))
            case identify.CardNotRead():
                return _halt(state, Halt.CARD_NOT_READ, move)
            case identify.WrongDocument():
                return _halt(state, Halt.WRONG_DOCUMENT, move)
            case identify.CardAtOdds():
                return _halt(state, Halt.CARD_AT_ODDS, move)
            case identify.PhotoUnusable():
                return _halt(state, Halt.PHOTO_UNUSABLE, move)
            case identify.ReaderBroken():
                return _halt(state, Halt.DEVICE_BROKEN, move)
            case stage:
                return _stay(state, stage, move)

    def _after_roster(
        self, state: Confirmation, move: Transition[ask_platform.AskState | ask_platform.AskResult]
    ) -> Move:
        match move.state:
            case ask_platform.RosterKnown(entry):
                facts = replace(state.facts, entry=entry)
                return Transition(Confirmation(confirm_self.begin(entry).state, facts), move.commands)
            case ask_platform.OfflineAgreed():
                return self._begin_capture(replace(state, facts=replace(state.facts, offline=True)))
            case ask_platform.OfflineClosed():
                return _halt(state, Halt.NOT_STORED, move)
            case ask_platform.NotListed():
                return _halt(state, Halt.NOT_LISTED, move)
            case ask_platform.NameDiffers():
                return _halt(state, Halt.NAME_DIFFERS, move)
            case ask_platform.DeskMustCheck():
                return _halt(state, Halt.DESK_MUST_CHECK, move)
            case stage:
                return _stay(state, stage, move)

    def _after_review(
        self, state: Confirmation, move: Transition[confirm_self.ReviewingStatus | confirm_self.ReviewResult]
    ) -> Move:
        match move.state:
            case confirm_self.ConfirmedSelf():
                return self._begin_capture(state)
            case confirm_self.ProofWanted():
                return Transition(replace(state, stage=NumberingProof()), (IssueReceipt(ReceiptKind.ELIGIBILITY),))
            case confirm_self.NotWanted():
                already = state.facts.entry is not None and state.facts.entry.confirmed_this_window
                reason = "already-confirmed" if already else "not-wanted"
                return _go(state, Finished(Ending(Outcome.CANCELLED, reason)))
            case stage:
                return _stay(state, stage, move)

    def _begin_capture(self, state: Confirmation) -> Move:
        reference = state.facts.reference
        assert reference is not None
        plan = capture_face.CapturePlan(
            reference, self._face, _directions(state.facts.key), keep_crop=state.facts.offline
        )
        return capture_face.begin(plan).into(lambda stage: replace(state, stage=stage))

    def _after_capture(
        self, state: Confirmation, move: Transition[capture_face.CaptureState | capture_face.CaptureResult]
    ) -> Move:
        match move.state:
            case capture_face.CaptureFinished() as capture:
                facts = replace(state.facts, capture=capture)
                return Transition(
                    Confirmation(NumberingCase(), facts), (*move.commands, IssueReceipt(ReceiptKind.ELIGIBILITY))
                )
            case capture_face.ReferenceUnusable():
                return _halt(state, Halt.PHOTO_UNUSABLE, move)
            case capture_face.FaceUnavailable():
                return _halt(state, Halt.DEVICE_BROKEN, move)
            case stage:
                return _stay(state, stage, move)

    def _other_way(self, state: Confirmation) -> Move:
        stage = state.stage
        match stage:
            case identify.AwaitingCard():
                return Transition(replace(state, stage=OtherWay(stage)), (StopReading(),))
            case capture_face.StartingFace() | capture_face.Watching():
                back = stage if capture_face.may_resume(stage) else None
                return Transition(replace(state, stage=OtherWay(back)), (StopFace(),))
            case consent.ReadingNotice() | confirm_self.ReviewingStatus() | ask_platform.OfferingOffline():
                return _go(state, OtherWay(stage))
            case _:
                return Transition(state)

    def _from_other_way(self, state: Confirmation, stage: OtherWay, event: Event) -> Move:
        match event:
            case Pressed(Button.BACK):
                match stage.back:
                    case identify.AwaitingCard():
                        return identify.begin().into(lambda again: replace(state, stage=again))
                    case capture_face.StartingFace() | capture_face.Watching() as left:
                        return capture_face.resume(left).into(lambda again: replace(state, stage=again))
                    case None:
                        return Transition(state)
                    case back:
                        return _go(state, back)
            case Pressed(Button.CONTINUE):
                return _go(state, Finished(Ending(Outcome.CANCELLED, "other-way")))
            case _:
                return Transition(state)

    def _after_numbering(
        self, state: Confirmation, stage: NumberingCase | NumberingProof, event: Event, at: datetime
    ) -> Move:
        match event:
            case ReceiptIssued(IssuedReceipt() as receipt):
                numbered = replace(state, facts=replace(state.facts, receipt=receipt))
                if isinstance(stage, NumberingProof):
                    return Transition(numbered, (PutRecord(_proof(numbered.facts, receipt, at)),))
                begun = submit.begin(_case(numbered.facts, receipt, at))
                return begun.into(lambda storing: replace(numbered, stage=storing))
            case RecordPut(Queued()):
                return self._show(state, Outcome.CANCELLED, None, at)
            case ReceiptIssued() | RecordPut():
                return _go(state, Halted(Halt.NOT_STORED))
            case _:
                return Transition(state)

    def _after_submit(
        self, state: Confirmation, move: Transition[submit.SubmitState | submit.SubmitResult], at: datetime
    ) -> Move:
        match move.state:
            case submit.Decided(decision):
                shown = self._show(_with_dates(state, decision), decision.outcome, decision, at)
            case submit.AcceptedForLater():
                matched = _finding(state.facts) is Finding.MATCHED
                shown = self._show(state, Outcome.PENDING if matched else Outcome.REFERRED, None, at)
            case submit.RefusedByHall():
                shown = self._show(state, Outcome.REFERRED, None, at)
            case submit.NotStored():
                return _halt(state, Halt.NOT_STORED, move)
            case stage:
                return _stay(state, stage, move)
        return Transition(shown.state, (*move.commands, *shown.commands))

    def _show(self, state: Confirmation, outcome: Outcome, decision: HallDecision | None, at: datetime) -> Move:
        receipt = state.facts.receipt
        assert receipt is not None
        referral = _referral(state.facts) if outcome is Outcome.REFERRED else None
        begun = print_paper.begin(self._paper(state.facts, outcome, decision, at), receipt.number.value)
        result = ShowingResult(outcome, decision, referral, begun.state)
        return Transition(replace(state, stage=result, result=result), (*begun.commands, SetTimer(RESULT, RESULT_S)))

    def _on_result(self, state: Confirmation, stage: ShowingResult, event: Event) -> Move:
        printed_before = isinstance(stage.printing, Printed)
        move = print_paper.advance(stage.printing, event)
        result = replace(stage, printing=move.state)
        state = replace(state, stage=result, result=result)
        on_paper = isinstance(result.printing, Printed)
        finished = not isinstance(result.printing, print_paper.Printing)
        if (event == Pressed(Button.CONTINUE) and finished) or (event == TimerElapsed(RESULT) and on_paper):
            begun = take_things.begin()
            return Transition(replace(state, stage=begun.state), (ClearTimer(RESULT), *begun.commands))
        if on_paper and not printed_before:
            return Transition(state, (*move.commands, SetTimer(RESULT, RESULT_S)))
        return Transition(state, move.commands)

    def _after_taking(self, state: Confirmation, move: Transition[take_things.Taking | take_things.Taken]) -> Move:
        match move.state:
            case take_things.Taken():
                begun = rate.begin()
                return Transition(replace(state, stage=begun.state), (*move.commands, *begun.commands))
            case stage:
                return _stay(state, stage, move)

    def _after_rating(
        self, state: Confirmation, move: Transition[rate.OfferingRating | rate.RateResult], at: datetime
    ) -> Move:
        assert state.result is not None
        finished = Finished(_ending_of(state.result))
        match move.state:
            case rate.RatingGiven(grade, tags):
                receipt = state.facts.receipt
                assert receipt is not None
                rating = Rating(f"{state.facts.key}-rating", receipt.number, grade, tags, at)
                return Transition(replace(state, stage=finished), (*move.commands, PutRecord(rating)))
            case rate.RatingSkipped():
                return Transition(replace(state, stage=finished), move.commands)
            case stage:
                return _stay(state, stage, move)

    def _paper(self, facts: Facts, outcome: Outcome, decision: HallDecision | None, at: datetime) -> Paper:
        assert facts.document is not None
        assert facts.receipt is not None
        common = papers.ReceiptFacts(
            site=self._site,
            number=facts.receipt.number,
            verification=facts.receipt.verification,
            name=facts.document.name,
            citizen_number=facts.document.number,
            entry=facts.entry,
            handled_at=at,
            printed_at=at,
        )
        match outcome:
            case Outcome.PASSED:
                return papers.passed_receipt(common, None if decision is None else decision.next_due)
            case Outcome.PENDING:
                return papers.pending_receipt(common, by_hall=decision is not None)
            case Outcome.REFERRED:
                return papers.referred_receipt(common, _referral(facts))
            case Outcome.CANCELLED:
                assert facts.entry is not None
                return papers.already_confirmed_receipt(common, facts.entry)


def _case(facts: Facts, receipt: IssuedReceipt, at: datetime) -> EligibilityCase:
    assert facts.consent is not None
    assert facts.document is not None
    assert facts.capture is not None
    return EligibilityCase(
        key=facts.key,
        receipt=receipt.number,
        opened_at=facts.opened_at,
        closed_at=at,
        document=facts.document,
        document_expired=facts.document.expired_on(at.date()),
        consent=facts.consent,
        liveness=facts.capture.liveness,
        comparison=facts.capture.comparison,
        finding=_finding(facts),
        offline=facts.offline,
        crop=facts.capture.crop,
    )


def _proof(facts: Facts, receipt: IssuedReceipt, at: datetime) -> ProofSlip:
    assert facts.document is not None
    assert facts.entry is not None
    return ProofSlip(
        key=facts.key,
        receipt=receipt.number,
        document=facts.document,
        confirmed_on=facts.entry.confirmed_on,
        due_on=facts.entry.due_on,
        printed_at=at,
    )


def _with_dates(state: Confirmation, decision: HallDecision) -> Confirmation:
    """Confirmed elsewhere meanwhile (E-30): the roster's dates are older than the hall's."""
    entry = state.facts.entry
    if decision.outcome is not Outcome.CANCELLED or entry is None:
        return state
    newer = replace(entry, confirmed_on=decision.confirmed_on, due_on=decision.next_due, source=None)
    return replace(state, facts=replace(state.facts, entry=newer))


def _referral(facts: Facts) -> papers.ReferralReason:
    """In the neutral words of the paper: any doubt about the face is the photo's age (E-14, E-17)."""
    declined = facts.capture is not None and facts.capture.liveness.action == capture_face.DECLINED
    if declined or _finding(facts) is Finding.MATCHED:
        return papers.ReferralReason.STAFF
    return papers.ReferralReason.PHOTO


def _finding(facts: Facts) -> Finding:
    capture = facts.capture
    if capture is None or not capture.liveness.proven:
        return Finding.LIVENESS_NOT_PROVEN
    if capture.comparison is None or not capture.comparison.matched:
        return Finding.NOT_MATCHED
    return Finding.MATCHED


def _directions(key: str) -> tuple[TurnDirection, ...]:
    """The random part of the session's key draws the side of each turn; nobody outside can foresee it."""
    draws = bytes.fromhex(key.replace("-", ""))[:3]
    return tuple(TurnDirection.LEFT if draw % 2 else TurnDirection.RIGHT for draw in draws)


def _ending_of(result: ShowingResult) -> Ending:
    reason = "already-confirmed" if result.outcome is Outcome.CANCELLED else "finished"
    return Ending(result.outcome, reason)


def _halt(state: Confirmation, halt: Halt, move: Transition[S]) -> Move:
    return Transition(replace(state, stage=Halted(halt)), move.commands)


def _go(state: Confirmation, stage: Stage) -> Move:
    return Transition(replace(state, stage=stage))


def _stay(state: Confirmation, stage: Stage, move: Transition[S]) -> Move:
    return Transition(replace(state, stage=stage), move.commands)
