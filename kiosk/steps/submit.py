"""Step: the record goes to disk first, then to the hall; what the hall says in time is the result (5.1 step 9, 5.3)."""

from dataclasses import dataclass, field

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.case import EligibilityCase, HallDecision
from kiosk.flow.commands import DeliverRecord, Log, PutRecord
from kiosk.flow.events import Event, RecordDelivered, RecordPut
from kiosk.flow.machine import Transition
from kiosk.ports.outbox import OutboxRefused, Queued
from kiosk.ports.platform import PlatformRefused

ANSWER_S = 8.0


@dataclass(frozen=True, slots=True)
class Storing:
    case: EligibilityCase = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delivering:
    case: EligibilityCase = field(repr=False)


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


def begin(case: EligibilityCase) -> Transition[Storing]:
    return Transition(Storing(case), (PutRecord(case),))


def advance(state: SubmitState, event: Event) -> Transition[SubmitState | SubmitResult]:
    match state, event:
        case Storing(case), RecordPut(Queued(key)):
            queued = AuditEvent(EventName.RECORD_QUEUED, receipt=case.receipt.value, outcome=case.finding.value)
            if case.offline:
                return Transition(AcceptedForLater(), (Log(queued),))
            return Transition(Delivering(case), (Log(queued), DeliverRecord(key, ANSWER_S)))
        case Storing(case), RecordPut(OutboxRefused(reason)):
            refused = AuditEvent(EventName.RECORD_NOT_QUEUED, receipt=case.receipt.value, reason=reason)
            return Transition(NotStored(reason), (Log(refused),))
        case Delivering(case), RecordDelivered(HallDecision() as decision) if decision.receipt == case.receipt:
            return Transition(Decided(decision), (_delivered(case, decision.outcome.value),))
        case Delivering(case), RecordDelivered(PlatformRefused(reason)):
            return Transition(RefusedByHall(reason), (_delivered(case, "refused"),))
        case Delivering(case), RecordDelivered(answer):
            return Transition(AcceptedForLater(), (_delivered(case, type(answer).__name__),))
        case _:
            return Transition(state)


def _delivered(case: EligibilityCase, outcome: str) -> Log:
    return Log(AuditEvent(EventName.DELIVERY_FINISHED, receipt=case.receipt.value, outcome=outcome))
