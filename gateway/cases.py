"""Taking eligibility cases: each decided once, with its person's line locked. Runs in its caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_, union_all
from sqlalchemy.orm import Session

from gateway.decide import NOT_MATCHED, WRONG_PERSON, Verdict, decide
from gateway.keeping import kept_for, kept_until
from gateway.papers import word_on
from gateway.roster import confirm, line_of, pause
from gateway.tables import Beneficiary, CaseRecord, DeskRecord, KeptPicture, ProofRecord
from gateway.taking import KEY_REUSED, RECEIPT_OF_OTHER_TERMINAL, RECEIPT_REUSED, Arrival, issued_by
from kiosk.domain.case import EligibilityCase, Finding, Outcome
from kiosk.domain.china_time import CHINA
from kiosk.domain.face import FaceComparison
from kiosk.wire.messages import DecisionMessage, RefusalMessage

_SEVERAL_WITHIN = timedelta(minutes=10)
_NUMBERED = (CaseRecord, ProofRecord, DeskRecord)
"""Tables in which a receipt number stands for one record."""


@dataclass(frozen=True, slots=True)
class CaseArrival(Arrival):
    """An arrival whose content is ``case``."""

    case: EligibilityCase


@dataclass(frozen=True, slots=True)
class _Before:
    """What the tables held of a batch's cases before it was taken, and since: cases by terminal and key, receipt
    numbers that stand for a record, people with their lines locked."""

    cases: dict[tuple[str, str], CaseRecord]
    receipts: set[str]
    people: dict[str, Beneficiary]


def take_cases(session: Session, arrivals: Sequence[CaseArrival]) -> list[DecisionMessage | RefusalMessage]:
    """The answers in the cases' order; each is decided as if it had come alone, after those before it. One look at
    the tables does for all."""
    before = _before(session, arrivals)
    return [_take(arrival, before) for arrival in arrivals]


def _before(session: Session, arrivals: Sequence[CaseArrival]) -> _Before:
    """Known cases are locked, for their arrivals are counted, and then lines; each in one order, so that two batches
    never wait for each other."""
    keys = {(each.terminal, each.opened.key) for each in arrivals}
    known = select(CaseRecord).where(tuple_(CaseRecord.terminal, CaseRecord.key).in_(keys))
    known = known.order_by(CaseRecord.id).with_for_update()
    receipts = {each.case.receipt.value for each in arrivals}
    standing = union_all(*(select(table.receipt).where(table.receipt.in_(receipts)) for table in _NUMBERED))
    numbers = {each.case.document.number.value for each in arrivals}
    people = select(Beneficiary).where(Beneficiary.number.in_(numbers)).order_by(Beneficiary.number).with_for_update()
    # Before the keys: a twin that is committed in between is then known by its key, and not refused for its number.
    taken = set(session.scalars(standing))
    return _Before(
        {(each.terminal, each.key): each for each in session.scalars(known)},
        taken,
        {each.number: each for each in session.scalars(people)},
    )


def _take(arrival: CaseArrival, before: _Before) -> DecisionMessage | RefusalMessage:
    case, name = arrival.case, (arrival.terminal, arrival.opened.key)
    known = before.cases.get(name)
    if known is not None:
        known.arrivals += 1
        return _decided(known) if known.content_digest == arrival.opened.content_digest else KEY_REUSED
    if not issued_by(case.receipt, arrival.terminal):
        return RECEIPT_OF_OTHER_TERMINAL
    if case.receipt.value in before.receipts:
        return RECEIPT_REUSED
    record = _keep(arrival, _decide(arrival, before.people.get(case.document.number.value)))
    before.cases[name] = record
    before.receipts.add(case.receipt.value)
    return _decided(record)


def _decide(arrival: CaseArrival, person: Beneficiary | None) -> Verdict:
    """What follows for the person's line stands in it."""
    case = arrival.case
    verdict = decide(case, None if person is None else line_of(person), arrival.at, arrival.policy)
    if verdict.basis == NOT_MATCHED and _several_persons(arrival, case):
        verdict = replace(verdict, basis=WRONG_PERSON)
    if person is not None and verdict.outcome is Outcome.PASSED:
        confirm(person, verdict)
    if person is not None and case.finding is Finding.SPOOF_SUSPECTED:
        pause(person, min(case.closed_at.astimezone(CHINA), arrival.at), arrival.policy)
    return verdict


def _keep(arrival: CaseArrival, verdict: Verdict) -> CaseRecord:
    record = _case_record(arrival, arrival.case, verdict)
    arrival.session.add(record)
    purpose = kept_for(arrival.case, verdict.outcome)
    if purpose is not None:
        until = kept_until(purpose, arrival.at, arrival.policy)
        arrival.session.add(KeptPicture(case=record, purpose=purpose, keep_until=until))
    return record


def _several_persons(arrival: Arrival, case: EligibilityCase) -> bool:
    """Unmatched persons at one terminal within ten minutes, this one included (E-17). The moments of the captures
    count: what a terminal kept over an outage comes all at once."""
    unmatched = arrival.session.execute(
        select(CaseRecord.number, CaseRecord.figures).where(
            CaseRecord.terminal == arrival.terminal,
            CaseRecord.received_at >= case.closed_at.astimezone(CHINA) - _SEVERAL_WITHIN,
            CaseRecord.basis.in_((NOT_MATCHED, WRONG_PERSON)),
        )
    )
    near = {
        number
        for number, figures in unmatched
        if abs(datetime.fromisoformat(figures["closed_at"]) - case.closed_at) <= _SEVERAL_WITHIN
    }
    return len(near | {case.document.number.value}) >= arrival.policy.several_persons


def _case_record(arrival: Arrival, case: EligibilityCase, verdict: Verdict) -> CaseRecord:
    pictured = case.crop is not None or case.chip_photo is not None
    picture_must_go = pictured and kept_for(case, verdict.outcome) is None
    return CaseRecord(
        **arrival.columns(),
        receipt=case.receipt.value,
        receipt_code=arrival.opened.receipt_code,
        number=case.document.number.value,
        outcome=verdict.outcome,
        basis=verdict.basis,
        confirmed_on=verdict.confirmed_on,
        next_due=verdict.next_due,
        resumes_on=verdict.resumes_on,
        figures=_figures(case),
        envelope=None if picture_must_go else arrival.envelope,
    )


def _figures(case: EligibilityCase) -> dict[str, object]:
    """What the decision rests on, without the person and without the picture. Of a helper the masked name stays."""
    comparison = case.comparison
    return {
        "finding": case.finding.value,
        "offline": case.offline,
        "document_expired": case.document_expired,
        "closed_at": case.closed_at.isoformat(),
        "consent": case.consent.version,
        "keeping": None if case.keeping is None else case.keeping.version,
        "identified_by": case.identified_by.value,
        "reference_digest": case.reference_digest,
        "resume": case.resume,
        "helper": None if case.helper is None else case.helper.name.masked,
        "liveness": {
            "proven": case.liveness.proven,
            "action": case.liveness.action,
            "signals": dict(case.liveness.signals),
        },
        "comparison": None if comparison is None else _comparison(comparison),
    }


def _comparison(comparison: FaceComparison) -> dict[str, object]:
    return {
        "distance": comparison.distance,
        "threshold": comparison.threshold,
        "frames": comparison.frames,
        "model": comparison.model,
    }


def _decided(record: CaseRecord) -> DecisionMessage:
    return DecisionMessage.of(word_on(record), record.key)
