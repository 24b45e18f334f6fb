"""Step: the record goes to disk first, then to the hall; what the hall says in time is the result (5.1 step 9, 5.3).

A hall that does not answer is asked three times within the time a citizen waits (E-22); the outbox goes on after that.
"""

from dataclasses import dataclass, field

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.case import EligibilityCase, HallDecision
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.flow.commands import DeliverRecord, Log, PutRecord, SetTimer
from kiosk.flow.events import Event, RecordDelivered, RecordPut, TimerElapsed
from kiosk.flow.machine import Transition
from kiosk.ports.outbox import OutboxRefused, Queued
from kiosk.ports.platform import PlatformRefused, PlatformUnavailable

ANSWER_S = 8.0
TRIES = 3
AGAIN = "deliver-again"
AGAIN_S = (0.5, 1.5)
SLOW = frozenset({"no-answer-in-time", "timeout"})
"""Reasons after which the citizen has waited long enough."""


@dataclass(frozen=True, slots=True)
class Storing:
    case: EligibilityCase = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delivering:
    case: EligibilityCase = field(repr=False)
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Decided:
    decision: HallDecision


@dataclass(frozen=True, slots=True)
class AcceptedForLater:
    """Safe on disk, not yet decided."""


@dataclass(frozen=True, slots=True)
class RefusedByHall:
    """The hall will never take this record; a person has to."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotStored:
    """Not even the disk took it; the citizen needs the desk."""

    reason: str


SubmitState = Storing | Delivering
SubmitResult = Decided | AcceptedForLater | RefusedByHall | NotStored
SubmitMove = Transition[SubmitState | SubmitResult]


def begin(case: EligibilityCase) -> Transition[Storing]:
    return Transition(Storing(case), (PutRecord(case),))


def advance(state: SubmitState, event: Event) -> SubmitMove:
    match state, event:
        case Storing(case), RecordPut(Queued(key)):
            queued = queued_log(case.receipt, case.finding.value)
            if case.offline:
                return Transition(AcceptedForLater(), (queued,))
            return Transition(Delivering(case), (queued, DeliverRecord(key, ANSWER_S)))
        case Storing(case), RecordPut(OutboxRefused(reason)):
            return Transition(NotStored(reason), (not_queued_log(case.receipt, reason),))
        case Delivering(case), RecordDelivered(HallDecision() as decision) if decision.receipt == case.receipt:
            return Transition(Decided(decision), (_delivered(case, decision.outcome.value),))
        case Delivering(case), RecordDelivered(PlatformRefused(reason)):
            return Transition(RefusedByHall(reason), (_delivered(case, "refused"),))
        case Delivering(case, attempt), RecordDelivered(PlatformUnavailable(reason)) if _again(attempt, reason):
            return Transition(Delivering(case, attempt + 1), (SetTimer(AGAIN, AGAIN_S[attempt - 1]),))
        case Delivering(case), TimerElapsed("deliver-again"):
            return Transition(state, (DeliverRecord(case.key, ANSWER_S),))
        case Delivering(case), RecordDelivered(answer):
            return Transition(AcceptedForLater(), (_delivered(case, type(answer).__name__),))
        case _:
            return Transition(state)


def queued_log(receipt: ReceiptNumber, what: str) -> Log:
    """``what`` is a case's finding, a slip's reason or the record's kind."""
    return Log(AuditEvent(EventName.RECORD_QUEUED, receipt=receipt.value, outcome=what))


def not_queued_log(receipt: ReceiptNumber | None, reason: str) -> Log:
    """``receipt`` is None when not even a number could be issued."""
    number = None if receipt is None else receipt.value
    return Log(AuditEvent(EventName.RECORD_NOT_QUEUED, receipt=number, reason=reason))


def _again(attempt: int, reason: str) -> bool:
    return attempt < TRIES and reason not in SLOW


def _delivered(case: EligibilityCase, outcome: str) -> Log:
    return Log(AuditEvent(EventName.DELIVERY_FINISHED, receipt=case.receipt.value, outcome=outcome))
