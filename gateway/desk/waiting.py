"""Which cases wait for a person, in which queue, and for whom of the staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from gateway.decide import NOT_MATCHED, WRONG_PERSON
from gateway.desk.tables import Role, StaffDecision, Step
from gateway.numbers import aware
from gateway.tables import CaseRecord, KeptPicture
from kiosk.domain.case import Outcome


class Queue(Enum):
    """COMPARE: two pictures beside each other decide. LIVENESS: only the person at a desk can. ROSTER: card or roster
    come first. FRAUD: supervisors alone. COME_IN: asked to a desk, and not been there yet."""

    COMPARE = "compare"
    LIVENESS = "liveness"
    ROSTER = "roster"
    FRAUD = "fraud"
    COME_IN = "come-in"


FRAUD_BASES = frozenset({WRONG_PERSON, "spoof-suspected"})
_BASES = {
    Queue.COMPARE: frozenset(
        {NOT_MATCHED, "not-compared", "distance", "blink-alone", "one-action", "clock", "too-old", "expired-document"}
    ),
    Queue.LIVENESS: frozenset({"liveness-not-proven", "liveness-figures", "helper-face", "identity-paused"}),
    Queue.FRAUD: FRAUD_BASES,
}
"""Every other basis is the roster's."""

_WAITING = (Outcome.PENDING, Outcome.REFERRED)


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """``keep_until`` None with ``pictured``: until the case is closed."""

    receipt: str
    terminal: str
    basis: str
    received_at: datetime
    offline: bool
    pictured: bool
    keep_until: datetime | None


def queues_of(role: Role) -> tuple[Queue, ...]:
    """A clerk's, a supervisor's; a technician has none."""
    match role:
        case Role.SUPERVISOR:
            return tuple(Queue)
        case Role.CLERK:
            return tuple(queue for queue in Queue if queue is not Queue.FRAUD)
        case Role.TECHNICIAN:
            return ()


def may_see(role: Role, basis: str) -> bool:
    return role is Role.SUPERVISOR or (role is Role.CLERK and basis not in FRAUD_BASES)


def count_waiting(session: Session, role: Role) -> dict[Queue, int]:
    return {
        queue: session.scalar(select(func.count(CaseRecord.id)).where(_in(queue, role))) or 0
        for queue in queues_of(role)
    }


def waiting(session: Session, role: Role, queue: Queue, first: int, most: int) -> Sequence[WaitingCase]:
    """The oldest first, from place ``first`` (0 is the oldest); the queue must be one of the role's."""
    rows = session.execute(
        select(CaseRecord, KeptPicture)
        .join(KeptPicture, KeptPicture.case_id == CaseRecord.id, isouter=True)
        .where(_in(queue, role))
        .order_by(CaseRecord.received_at, CaseRecord.id)
        .offset(first)
        .limit(most)
    )
    return [_waiting(record, picture) for record, picture in rows]


def decisions_on(session: Session, record: CaseRecord) -> Sequence[StaffDecision]:
    """The first one first."""
    of_case = StaffDecision.case_id == record.id
    return session.scalars(select(StaffDecision).where(of_case).order_by(StaffDecision.place)).all()


def still_waits(record: CaseRecord, decisions: Sequence[StaffDecision]) -> bool:
    return record.outcome in _WAITING and all(each.step is Step.COME_IN for each in decisions)


def _waiting(record: CaseRecord, picture: KeptPicture | None) -> WaitingCase:
    until = None if picture is None or picture.keep_until is None else aware(picture.keep_until)
    return WaitingCase(
        receipt=record.receipt,
        terminal=record.terminal,
        basis=record.basis,
        received_at=aware(record.received_at),
        offline=bool(record.figures.get("offline")),
        pictured=picture is not None,
        keep_until=until,
    )


def _in(queue: Queue, role: Role) -> ColumnElement[bool]:
    asked_in = _decided(Step.COME_IN)
    ended = _decided(Step.CONFIRM, Step.CLOSE)
    if queue is Queue.COME_IN:
        kind = asked_in if role is Role.SUPERVISOR else and_(asked_in, CaseRecord.basis.not_in(FRAUD_BASES))
    elif queue is Queue.ROSTER:
        kind = and_(~asked_in, CaseRecord.basis.not_in(frozenset().union(*_BASES.values())))
    else:
        kind = and_(~asked_in, CaseRecord.basis.in_(_BASES[queue]))
    return and_(CaseRecord.outcome.in_(_WAITING), kind, ~ended)


def _decided(*steps: Step) -> ColumnElement[bool]:
    return exists().where(StaffDecision.case_id == CaseRecord.id, StaffDecision.step.in_(steps))
