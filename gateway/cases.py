"""Taking an eligibility case: decided once, with its person's line locked. Runs in its caller's transaction."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from gateway.decide import NOT_MATCHED, WRONG_PERSON, Verdict, decide
from gateway.keeping import kept_for, kept_until
from gateway.papers import word_on
from gateway.roster import confirm, line_of, pause
from gateway.tables import Beneficiary, CaseRecord, KeptPicture
from gateway.taking import KEY_REUSED, Arrival, refused_number
from kiosk.domain.case import EligibilityCase, Finding, Outcome
from kiosk.domain.china_time import CHINA
from kiosk.wire.messages import DecisionMessage, RefusalMessage

_SEVERAL_WITHIN = timedelta(minutes=10)


def take_case(arrival: Arrival, case: EligibilityCase) -> DecisionMessage | RefusalMessage:
    session, terminal, key = arrival.session, arrival.terminal, arrival.opened.key
    known = session.scalar(select(CaseRecord).where(CaseRecord.terminal == terminal, CaseRecord.key == key))
    if known is not None:
        known.arrivals += 1
        return _decided(known) if known.content_digest == arrival.opened.content_digest else KEY_REUSED
    refused = refused_number(arrival, case.receipt)
    if refused is not None:
        return refused
    person = session.get(Beneficiary, case.document.number.value, with_for_update=True)
    verdict = decide(case, None if person is None else line_of(person), arrival.at, arrival.policy)
    if verdict.basis == NOT_MATCHED and _several_persons(arrival, case):
        verdict = replace(verdict, basis=WRONG_PERSON)
    if person is not None and verdict.outcome is Outcome.PASSED:
        confirm(person, verdict)
    if person is not None and case.finding is Finding.SPOOF_SUSPECTED:
        pause(person, min(case.closed_at.astimezone(CHINA), arrival.at), arrival.policy)
    record = _case_record(arrival, case, verdict)
    session.add(record)
    purpose = kept_for(case, verdict.outcome)
    if purpose is not None:
        session.flush()
        until = kept_until(purpose, arrival.at, arrival.policy)
        session.add(KeptPicture(case_id=record.id, purpose=purpose, keep_until=until))
    return _decided(record)


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
        "liveness": asdict(case.liveness),
        "comparison": None if case.comparison is None else asdict(case.comparison),
    }


def _decided(record: CaseRecord) -> DecisionMessage:
    return DecisionMessage.of(word_on(record), record.key)
