"""Step: the paper is printed while its result already stands on the screen (5.1 step 10, E-23).

A paper that is certain not to have been printed may be printed again, under the same number, once the printer is well.
One in doubt, or taken back by the printer, may not: its number is void by then (``kiosk.flow.paper_trail``), and only
staff allow a new one.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from kiosk.documents.reissue import void_notice
from kiosk.documents.renewal import renewed_paper
from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.case import VoidedNumber
from kiosk.domain.paper import Paper
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber
from kiosk.domain.site import Site
from kiosk.domain.void_reasons import TAKEN_BACK
from kiosk.flow.commands import CheckPrinter, ClearTimer, IssueReceipt, Log, PrintPaper, PutRecord, SetTimer
from kiosk.flow.events import (
    Event,
    PaperHandedOver,
    PaperPrinted,
    PrinterChecked,
    ReceiptIssued,
    RecordPut,
    TimerElapsed,
)
from kiosk.flow.health import can_print
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed
from kiosk.ports.outbox import OutboxRefused, Queued
from kiosk.ports.printer import (
    Handover,
    NotPrinted,
    Printed,
    PrinterStatus,
    PrintUnknown,
    PrintVerdict,
)
from kiosk.ports.receipt_issuer import IssuedReceipt, NoReceipt
from kiosk.ports.staff_authorisation import Authorised, StaffPurpose
from kiosk.steps import authorise_staff
from kiosk.steps.submit import not_queued_log

REFILL = "refill"
REFILL_S = 3.0
HEAD_HOT = "head-hot"
"""The printer rests by itself, and so the paper is printed by itself."""

TOO_SHORT = "paper-too-short"
LONGEST_PAPER_MM = 1_000
"""So much must be left before a paper that was too long for the roll is tried again."""

NUMBER_USED = "number-used"
"""The journal knows of a paper under this number: it is not printed, however well the printer is."""


@dataclass(frozen=True, slots=True)
class Printing:
    """``job`` is the receipt number on the paper, or a name of its own where it has none. ``renewed`` is the receipt
    on this paper where staff allowed a new number, ``notice`` the strip for their file that the old one is void."""

    job: str
    paper: Paper = field(repr=False)
    renewed: IssuedReceipt | None = None
    notice: PrintPaper | None = None


@dataclass(frozen=True, slots=True)
class OnPaper:
    """``handed`` is None until the paper has left the printer, for as long as anybody knows."""

    printing: Printing
    handed: Handover | None = None


@dataclass(frozen=True, slots=True)
class PaperOwed:
    """Nothing came out; ``ready`` says that the printer would print now."""

    verdict: NotPrinted
    printing: Printing
    ready: bool = False


@dataclass(frozen=True, slots=True)
class PaperInDoubt:
    """Nobody knows what is on the paper, or the printer took it back: whatever number stood on it is void.
    ``not_renewed`` says that staff allowed a new number and none could be had."""

    printing: Printing
    reason: str
    not_renewed: bool = False

    @property
    def taken_back(self) -> bool:
        return self.reason == TAKEN_BACK


@dataclass(frozen=True, slots=True)
class AskingStaff:
    doubt: PaperInDoubt
    asking: authorise_staff.StaffState


@dataclass(frozen=True, slots=True)
class Renumbering:
    """Staff allowed a new number; it is told to the hall before it is printed."""

    doubt: PaperInDoubt
    by: Authorised
    receipt: IssuedReceipt | None = None
    void: VoidedNumber | None = None


PrintState = Printing | OnPaper | PaperOwed | PaperInDoubt | AskingStaff | Renumbering


def begin(paper: Paper, job: str) -> Transition[PrintState]:
    return _print(Printing(job, paper))


def under_way(state: PrintState | None) -> bool:
    """Whether the citizen must wait, or staff are at work: nothing is left before that ends."""
    return isinstance(state, Printing | AskingStaff | Renumbering)


def to_take(state: PrintState | None) -> bool:
    """Whether a paper that counts lies in the printer's mouth, as far as anybody knows."""
    return isinstance(state, OnPaper) and state.handed is not Handover.TAKEN


def printing_of(state: PrintState) -> Printing:
    match state:
        case Printing():
            return state
        case OnPaper() | PaperOwed() | PaperInDoubt():
            return state.printing
        case AskingStaff() | Renumbering():
            return state.doubt.printing
        case _:
            assert_never(state)


def receipt_on(state: PrintState, first: IssuedReceipt) -> IssuedReceipt:
    """The receipt that stands on the paper: ``first``, or the one that took its place."""
    return printing_of(state).renewed or first


def number_in_doubt(doubt: PaperInDoubt) -> ReceiptNumber | None:
    """The void number; None where staff have nothing to allow: the paper has none, was a copy, or is a certificate,
    which the hall alone numbers."""
    number = doubt.printing.paper.number_as(doubt.printing.job)
    return None if number is None or number.kind is ReceiptKind.CERTIFICATE else number


def advance(site: Site, state: PrintState, event: Event, at: datetime) -> Transition[PrintState]:
    """``at`` is written into the record of a new number."""
    match state:
        case Printing():
            return _printing(state, event)
        case OnPaper():
            return _on_paper(state, event)
        case PaperOwed():
            return _owed(state, event)
        case PaperInDoubt():
            if event == Pressed(Button.STAFF) and number_in_doubt(state) is not None:
                doubt = replace(state, not_renewed=False)
                return authorise_staff.begin(StaffPurpose.NEW_NUMBER).into(lambda asking: AskingStaff(doubt, asking))
            return Transition(state)
        case AskingStaff(doubt, asking):
            return _asking(doubt, authorise_staff.advance(asking, event))
        case Renumbering():
            return _renumbering(site, state, event, at)
        case _:
            assert_never(state)


def _print(printing: Printing) -> Transition[PrintState]:
    return Transition(printing, (PrintPaper(printing.paper, printing.job, printing.notice),))


def _printing(state: Printing, event: Event) -> Transition[PrintState]:
    match event:
        case PaperPrinted(NotPrinted() as verdict):
            alert = Log(AuditEvent(EventName.STAFF_ALERTED, device="printer", reason=verdict.reason))
            owed = PaperOwed(verdict, state)
            return Transition(owed, (_finished(state.job, verdict), alert, SetTimer(REFILL, REFILL_S)))
        case PaperPrinted(Printed() as verdict):
            return Transition(OnPaper(state), (_finished(state.job, verdict),))
        case PaperPrinted(PrintUnknown() as verdict):
            alert = Log(AuditEvent(EventName.STAFF_ALERTED, device="printer", reason=verdict.reason))
            return Transition(PaperInDoubt(state, verdict.reason), (_finished(state.job, verdict), alert))
        case _:
            return Transition(state)


def _on_paper(state: OnPaper, event: Event) -> Transition[PrintState]:
    match event:
        case PaperHandedOver(job, Handover.RETRACTED) if job == state.printing.job:
            alert = Log(AuditEvent(EventName.STAFF_ALERTED, device="printer", reason=TAKEN_BACK))
            return Transition(PaperInDoubt(state.printing, TAKEN_BACK), (alert,))
        case PaperHandedOver(job, handover) if job == state.printing.job:
            return Transition(replace(state, handed=handover))
        case _:
            return Transition(state)


def _owed(state: PaperOwed, event: Event) -> Transition[PrintState]:
    match event:
        case TimerElapsed("refill"):
            return Transition(state, (CheckPrinter(),))
        case PrinterChecked(status) if state.verdict.reason == HEAD_HOT and _well(state, status):
            return _print(state.printing)
        case PrinterChecked(status):
            return Transition(replace(state, ready=_well(state, status)), (SetTimer(REFILL, REFILL_S),))
        case Pressed(Button.PRINT_AGAIN) if state.ready:
            again = _print(state.printing)
            return Transition(again.state, (ClearTimer(REFILL), *again.commands))
        case _:
            return Transition(state)


def _asking(
    doubt: PaperInDoubt, move: Transition[authorise_staff.StaffState | authorise_staff.StaffResult]
) -> Transition[PrintState]:
    match move.state:
        case Authorised() as by:
            number = number_in_doubt(doubt)
            assert number is not None
            return Transition(Renumbering(doubt, by), (*move.commands, IssueReceipt(number.kind)))
        case authorise_staff.StaffLeft():
            return Transition(doubt, move.commands)
        case asking:
            return Transition(AskingStaff(doubt, asking), move.commands)


def _renumbering(site: Site, state: Renumbering, event: Event, at: datetime) -> Transition[PrintState]:
    number = number_in_doubt(state.doubt)
    assert number is not None
    match event:
        case ReceiptIssued(IssuedReceipt() as receipt):
            record = VoidedNumber(
                key=f"renew-{number}",
                receipt=number,
                reason=state.doubt.reason,
                voided_at=at,
                replaced_by=receipt.number,
                staff=state.by.staff,
                way=state.by.way.value,
            )
            return Transition(replace(state, receipt=receipt, void=record), (PutRecord(record),))
        case RecordPut(Queued()) if state.receipt is not None and state.void is not None:
            renewed = AuditEvent(
                EventName.NUMBER_RENEWED,
                receipt=state.receipt.number.value,
                reason=state.doubt.reason,
                staff=state.by.staff,
            )
            paper = renewed_paper(state.doubt.printing.paper, state.receipt.number, state.receipt.verification, at)
            notice = _notice(site, state.doubt.printing.paper, state.void, at)
            begun = _print(Printing(state.receipt.number.value, paper, state.receipt, notice))
            return Transition(begun.state, (Log(renewed), *begun.commands))
        case ReceiptIssued(NoReceipt(reason)) | RecordPut(OutboxRefused(reason)):
            return Transition(replace(state.doubt, not_renewed=True), (not_queued_log(number, reason),))
        case _:
            return Transition(state)


def _notice(site: Site, paper: Paper, void: VoidedNumber, at: datetime) -> PrintPaper:
    """``paper`` is the one in doubt: 养老保险待遇领取资格认证 and 认证凭条 share a word."""
    document = paper.subject + paper.title.removeprefix(paper.subject[-2:])
    notice = void_notice(site, void, document, paper.verification, at)
    return PrintPaper(notice, f"void-{void.receipt}")


def _well(owed: PaperOwed, status: PrinterStatus) -> bool:
    left, reason = status.remaining_mm, owed.verdict.reason
    long_enough = reason != TOO_SHORT or left is None or left >= LONGEST_PAPER_MM
    return can_print(status) and long_enough and reason != NUMBER_USED


def _finished(job: str, verdict: PrintVerdict) -> Log:
    return Log(
        AuditEvent(
            EventName.PRINT_FINISHED,
            device="printer",
            receipt=job,
            outcome=type(verdict).__name__,
            reason=None if isinstance(verdict, Printed) else verdict.reason,
            figures=(("bytes", float(verdict.bytes_sent)),) if isinstance(verdict, Printed) else (),
        )
    )
