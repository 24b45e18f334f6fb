"""Staff decide on a case: confirm it, ask the person to a desk, or close it. Each function runs in its caller's
transaction; of two decisions on one state of a case the second is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.decide import (
    RosterLine,
    Verdict,
    already_confirmed,
    closed_by_roster,
    on_evidence,
    passed,
    passed_on,
)
from gateway.desk.tables import Role, StaffDecision, Step
from gateway.desk.trail import note
from gateway.desk.waiting import Queue, decisions_on, may_see, still_waits
from gateway.keeping import KeptFor
from gateway.numbers import aware
from gateway.pictures import drop_pictures
from gateway.roster import confirm, line_of
from gateway.settings import DecisionPolicy
from gateway.tables import Beneficiary, CaseRecord, KeptPicture
from kiosk.domain.case import EligibilityCase, Finding, Outcome
from kiosk.domain.eligibility import ConfirmationSource

COME_IN_REASONS = ("photo-old", "photo-unclear", "other-way", "card-check", "roster-check")
CLOSE_REASONS = ("done-elsewhere", "withdrawn", "handed-over")
BY_PICTURE, IN_PERSON = "confirmed-by-picture", "confirmed-in-person"

_FACE_DECIDES = frozenset({"not-matched", "wrong-person", "not-compared", "distance"})
"""What the evidence may lack when staff see both faces; below, when they see the case."""

_CASE_DECIDES = frozenset({"blink-alone", "one-action", "clock", "too-old", "expired-document"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What is asked for; ``place`` is how many decisions the page showed."""

    receipt: str
    place: int
    step: Step
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class NotDecided:
    """``reason`` is a stable word: unknown, not-yours, already-decided, no-reason, person-needed, already-confirmed,
    not-confirmed-elsewhere, or the basis on which the roster holds the person back."""

    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as it stands now. ``line`` None: not in the roster; ``case`` None: its envelope is gone or cannot be
    opened."""

    record: CaseRecord
    picture: KeptPicture | None
    decisions: Sequence[StaffDecision]
    line: RosterLine | None
    case: EligibilityCase | None

    @property
    def waits(self) -> bool:
        return still_waits(self.record, self.decisions)

    @property
    def queue(self) -> Queue | None:
        """COME_IN where a person was asked to a desk; None otherwise."""
        return Queue.COME_IN if self.waits and self.decisions else None


def confirmation(standing: Standing, now: datetime, policy: DecisionPolicy) -> Verdict | NotDecided:
    """The pass that staff may give now, or why they may not. The roster comes first, as in ``gateway.decide``; a person
    who was asked to a desk has come there, anybody else is judged by the evidence."""
    line, case, record = standing.line, standing.case, standing.record
    name = None if case is None or standing.decisions else case.document.name.value
    closed = closed_by_roster(line, name)
    if closed is not None or line is None:
        return NotDecided("not-in-roster" if closed is None else closed.basis)
    if already_confirmed(line, now.date(), policy) is not None:
        return NotDecided("already-confirmed")
    if standing.decisions:
        return passed_on(now.date(), line, bool(record.figures.get("resume")), policy, IN_PERSON)
    paused = line.paused_until is not None and now < line.paused_until
    if case is None or paused or not _evidence_may_do(case, aware(record.received_at), policy):
        return NotDecided("person-needed")
    return passed(case, line, aware(record.received_at), policy, BY_PICTURE)


def decide_by_hand(
    session: Session,
    standing: Standing,
    decision: Decision,
    staff: str,
    role: Role,
    now: datetime,
    policy: DecisionPolicy,
) -> Decided | NotDecided:
    """``standing`` with its rows locked (``find_standing``). The picture goes with the decision, only that of a
    suspicion stays until the end; whatever it was, the record says who decided."""
    refused = _refused(standing, decision, role)
    verdict = refused or _verdict(standing, decision, now, policy)
    if isinstance(verdict, NotDecided):
        return verdict
    record, before = standing.record, standing.record.outcome
    session.add(
        StaffDecision(
            case_id=record.id,
            place=len(standing.decisions) + 1,
            step=decision.step,
            reason=decision.reason,
            basis=record.basis,
            outcome_before=before,
            outcome=verdict.outcome,
            staff=staff,
            decided_at=now,
        )
    )
    _write(session, standing, decision.step, verdict)
    note(session, now, staff, decision.step.value.lower().replace("_", "-"), record.receipt, decision.reason)
    return Decided(verdict.outcome)


def find_standing(
    session: Session, receipt: str, opened: EligibilityCase | None, lock: bool = False
) -> Standing | None:
    """``opened`` is what the record's envelope held a moment ago; it counts while the envelope is there. ``lock`` for a
    decision: the person first, the case after it, as arriving records do. None when there is no such case."""
    of_case = session.scalar(select(CaseRecord.number).where(CaseRecord.receipt == receipt))
    person = None if of_case is None else session.get(Beneficiary, of_case, with_for_update=lock or None)
    wanted = select(CaseRecord).where(CaseRecord.receipt == receipt)
    record = session.scalar(wanted.with_for_update() if lock else wanted)
    if record is None:
        return None
    picture = session.get(KeptPicture, record.id)
    in_storage = picture is not None and picture.object_name is not None
    return Standing(
        record=record,
        picture=picture,
        decisions=decisions_on(session, record),
        line=None if person is None else line_of(person),
        case=opened if record.envelope is not None or in_storage else None,
    )


def _refused(standing: Standing, decision: Decision, role: Role) -> NotDecided | None:
    if not may_see(role, standing.record.basis) or (decision.step is Step.CLOSE and role is not Role.SUPERVISOR):
        return NotDecided("not-yours")
    if not standing.waits or decision.place != len(standing.decisions):
        return NotDecided("already-decided")
    known = {Step.CONFIRM: ("",), Step.COME_IN: COME_IN_REASONS, Step.CLOSE: CLOSE_REASONS}[decision.step]
    if decision.reason not in known:
        return NotDecided("no-reason")
    return NotDecided("already-decided") if decision.step is Step.COME_IN and standing.decisions else None


def _verdict(standing: Standing, decision: Decision, now: datetime, policy: DecisionPolicy) -> Verdict | NotDecided:
    record = standing.record
    if decision.step is Step.CONFIRM:
        return confirmation(standing, now, policy)
    if decision.step is Step.COME_IN:
        return Verdict(Outcome.REFERRED, record.basis)
    if decision.reason == "done-elsewhere":
        line = standing.line
        elsewhere = None if line is None else already_confirmed(line, now.date(), policy)
        return elsewhere or NotDecided("not-confirmed-elsewhere")
    outcome = Outcome.CANCELLED if decision.reason == "withdrawn" else Outcome.REFERRED
    return Verdict(outcome, record.basis)


def _write(session: Session, standing: Standing, step: Step, verdict: Verdict) -> None:
    record, person = standing.record, None
    if step is Step.CONFIRM:
        person = session.get(Beneficiary, record.number)
    if person is not None:
        confirm(person, verdict)
        if verdict.basis == IN_PERSON and not person.other_place:
            person.source = ConfirmationSource.DESK
    record.outcome, record.basis = verdict.outcome, verdict.basis
    record.confirmed_on, record.next_due, record.resumes_on = (
        verdict.confirmed_on,
        verdict.next_due,
        verdict.resumes_on,
    )
    suspicion = standing.picture is not None and standing.picture.purpose is KeptFor.SUSPICION
    if step is not Step.COME_IN or not suspicion:
        session.flush()
        drop_pictures(session, [record.id])
    if step is not Step.COME_IN:
        record.envelope = None


def _evidence_may_do(case: EligibilityCase, received_at: datetime, policy: DecisionPolicy) -> bool:
    """Whether a look at the case may end it: a living person stood there, and there is a face to compare."""
    if case.finding is Finding.SPOOF_SUSPECTED:
        return False
    lacking = on_evidence(case, received_at, policy)
    if lacking is None or lacking.basis in _CASE_DECIDES:
        return True
    return lacking.basis in _FACE_DECIDES and case.crop is not None
