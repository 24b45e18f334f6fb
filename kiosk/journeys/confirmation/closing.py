"""From the receipt number to the rating: how a confirmation ends (domain.md 5.1 steps 9 and 10)."""

from dataclasses import replace
from datetime import datetime

from kiosk.documents import receipt as papers
from kiosk.domain.case import DeskReason, Finding, HallDecision, Outcome, Rating
from kiosk.domain.site import Site
from kiosk.flow.commands import ClearTimer, PutRecord, SetTimer
from kiosk.flow.events import Event, PaperHandedOver, ReceiptIssued, RecordPut, TimerElapsed
from kiosk.flow.machine import Ending, Transition
from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.confirmation import records
from kiosk.journeys.confirmation.moves import Move, halt, leave, number_slip, stay, then
from kiosk.journeys.confirmation.stages import (
    SLIPS,
    Confirmation,
    Facts,
    Finished,
    Halt,
    Halted,
    NumberingCase,
    NumberingProof,
    NumberingSlip,
    ShowingResult,
)
from kiosk.ports.outbox import OutboxRefused, Queued
from kiosk.ports.receipt_issuer import IssuedReceipt, NoReceipt
from kiosk.steps import capture_face, print_paper, rate, submit, take_things

RESULT = "result"
RESULT_S = 8.0


def after_numbering(
    site: Site, state: Confirmation, stage: NumberingCase | NumberingProof | NumberingSlip, event: Event, at: datetime
) -> Move:
    match event:
        case ReceiptIssued(IssuedReceipt() as receipt):
            facts = replace(state.facts, receipt=receipt)
            numbered = replace(state, facts=facts)
            match stage:
                case NumberingProof():
                    return Transition(numbered, (PutRecord(records.proof_of(facts, receipt, at)),))
                case NumberingSlip(reason):
                    referral = records.desk_referral_of(facts, receipt, reason, at)
                    return Transition(numbered, (PutRecord(referral),))
                case NumberingCase():
                    begun = submit.begin(records.case_of(facts, receipt, at))
                    return begun.into(lambda storing: replace(numbered, stage=storing))
        case ReceiptIssued(NoReceipt(reason)):
            return Transition(replace(state, stage=Halted(Halt.NOT_STORED)), (submit.not_queued_log(None, reason),))
        case RecordPut(answer) if state.facts.receipt is not None:
            return _after_put(site, state, stage, answer, state.facts.receipt, at)
        case _:
            return Transition(state)


def _after_put(
    site: Site,
    state: Confirmation,
    stage: NumberingCase | NumberingProof | NumberingSlip,
    answer: Queued | OutboxRefused,
    receipt: IssuedReceipt,
    at: datetime,
) -> Move:
    if isinstance(answer, OutboxRefused):
        refused = submit.not_queued_log(receipt.number, answer.reason)
        return Transition(replace(state, stage=Halted(Halt.NOT_STORED)), (refused,))
    if isinstance(stage, NumberingSlip):
        what, shown = stage.reason.value, _show_slip(site, state, stage.reason, at)
    else:
        what, shown = "proof", _show(site, state, Outcome.CANCELLED, None, at)
    return Transition(shown.state, (submit.queued_log(receipt.number, what), *shown.commands))


def after_submit(
    site: Site, state: Confirmation, move: Transition[submit.SubmitState | submit.SubmitResult], at: datetime
) -> Move:
    match move.state:
        case submit.Decided(decision):
            dated = replace(state, facts=records.with_dates(state.facts, decision))
            shown = _show(site, dated, decision.outcome, decision, at)
        case submit.AcceptedForLater():
            waits = records.finding_of(state.facts) in (Finding.MATCHED, Finding.NOT_COMPARED)
            shown = _show(site, state, Outcome.PENDING if waits else Outcome.REFERRED, None, at)
        case submit.RefusedByHall():
            shown = _show(site, state, Outcome.REFERRED, None, at)
        case submit.NotStored():
            return halt(state, Halt.NOT_STORED, move)
        case stage:
            return stay(state, stage, move)
    return Transition(shown.state, (*move.commands, *shown.commands))


def _show(site: Site, state: Confirmation, outcome: Outcome, decision: HallDecision | None, at: datetime) -> Move:
    receipt = state.facts.receipt
    assert receipt is not None
    referral = records.referral_of(state.facts) if outcome is Outcome.REFERRED else None
    paper = records.receipt_paper(site, state.facts, outcome, decision, at)
    begun = print_paper.begin(paper, receipt.number.value)
    reason = _reason(state.facts, outcome, decision)
    result = ShowingResult(outcome, decision, referral, begun.state, reason)
    return Transition(replace(state, stage=result, result=result), (*begun.commands, SetTimer(RESULT, RESULT_S)))


def _show_slip(site: Site, state: Confirmation, reason: DeskReason, at: datetime) -> Move:
    receipt = state.facts.receipt
    assert receipt is not None
    begun = print_paper.begin(records.desk_paper(site, state.facts, receipt, reason, at), receipt.number.value)
    result = ShowingResult(Outcome.REFERRED, None, papers.ReferralReason.STAFF, begun.state, reason.value, slip=reason)
    return Transition(replace(state, stage=result, result=result), (*begun.commands, SetTimer(RESULT, RESULT_S)))


def on_result(site: Site, state: Confirmation, stage: ShowingResult, event: Event, at: datetime) -> Move:
    printed_before = isinstance(stage.printing, print_paper.OnPaper)
    move = print_paper.advance(site, stage.printing, event, at)
    result = replace(stage, printing=move.state)
    state = replace(state, stage=result, result=result)
    on_paper = isinstance(result.printing, print_paper.OnPaper)
    finished = not print_paper.under_way(stage.printing) and not print_paper.under_way(result.printing)
    if (event == Pressed(Button.CONTINUE) and finished) or (event == TimerElapsed(RESULT) and on_paper):
        begun = take_things.begin(print_paper.to_take(result.printing))
        cleared = (ClearTimer(RESULT), ClearTimer(print_paper.REFILL))
        return Transition(replace(state, stage=begun.state), (*cleared, *begun.commands))
    if on_paper and not printed_before:
        return Transition(state, (*move.commands, SetTimer(RESULT, RESULT_S)))
    return Transition(state, move.commands)


def on_handover(site: Site, state: Confirmation, event: PaperHandedOver, at: datetime) -> Move:
    """The paper's end is known after its page: one that was taken back brings the page again."""
    if state.result is None:
        return Transition(state)
    if isinstance(state.stage, ShowingResult):
        return on_result(site, state, state.stage, event, at)
    move = print_paper.advance(site, state.result.printing, event, at)
    result = replace(state.result, printing=move.state)
    if not isinstance(move.state, print_paper.PaperInDoubt):
        return Transition(replace(state, result=result), move.commands)
    cleared = (ClearTimer(take_things.TAKEN), ClearTimer(rate.UNRATED))
    return Transition(replace(state, stage=result, result=result), (*cleared, *move.commands))


def after_taking(state: Confirmation, move: Transition[take_things.Taking | take_things.Taken]) -> Move:
    match move.state:
        case take_things.Taken() if state.leaving is not None:
            return stay(state, Finished(state.leaving), move)
        case take_things.Taken():
            return then(state, rate.begin(), move)
        case stage:
            return stay(state, stage, move)


def after_rating(state: Confirmation, move: Transition[rate.OfferingRating | rate.RateResult], at: datetime) -> Move:
    assert state.result is not None
    finished = Finished(Ending(state.result.outcome, state.result.reason))
    match move.state:
        case rate.RatingGiven(grade, tags):
            receipt = state.facts.receipt
            assert receipt is not None
            rating = Rating(f"{state.facts.key}-rating", receipt.number, grade, tags, at)
            return Transition(replace(state, stage=finished), (*move.commands, PutRecord(rating)))
        case rate.RatingSkipped():
            return stay(state, finished, move)
        case stage:
            return stay(state, stage, move)


def on_halt(state: Confirmation, why: Halt, event: Event) -> Move:
    match event:
        case Pressed(Button.PRINT_SLIP) if why in SLIPS:
            return number_slip(state, SLIPS[why], Transition(state))
        case Pressed(Button.CONTINUE):
            return leave(state, Ending(Outcome.REFERRED, why.value))
        case _:
            return Transition(state)


def _reason(facts: Facts, outcome: Outcome, decision: HallDecision | None) -> str:
    """The log's word for why the case ended so."""
    match outcome:
        case Outcome.PASSED:
            return "finished"
        case Outcome.CANCELLED:
            return "already-confirmed"
        case Outcome.PENDING if facts.offline:
            return "offline"
        case Outcome.PENDING:
            return "no-answer" if decision is None else "under-review"
        case Outcome.REFERRED:
            declined = facts.capture is not None and facts.capture.liveness.action == capture_face.DECLINED
            return "declined" if declined else records.finding_of(facts).value.lower().replace("_", "-")
