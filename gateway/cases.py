"""Taking eligibility cases: each decided once, with its person's line locked. Runs in its caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, tuple_
from sqlalchemy.orm import Session

from gateway.case_tables import CASE, tables_of
from gateway.decide import NOT_MATCHED, WRONG_PERSON, RosterLine, Verdict, decide
from gateway.evidence_store import EvidenceStore
from gateway.keeping import kept_for, kept_until
from gateway.papers import word_on
from gateway.roster import confirmed, paused
from gateway.tables import Base, CaseRecord, KeptPicture
from gateway.taking import KEY_REUSED, RECEIPT_OF_OTHER_TERMINAL, RECEIPT_REUSED, Arrival, issued_by
from kiosk.domain.case import EligibilityCase, Finding, Outcome
from kiosk.domain.china_time import CHINA
from kiosk.domain.face import FaceComparison
from kiosk.wire.messages import DecisionMessage, RefusalMessage

_SEVERAL_WITHIN = timedelta(minutes=10)
_OF_LINE = {each.name for each in fields(RosterLine)}
_PICTURE = Base.metadata.tables[KeptPicture.__tablename__]


@dataclass(frozen=True, slots=True)
class CaseArrival(Arrival):
    """An arrival whose content is ``case``; its envelope goes to ``evidence`` when it is kept for its picture."""

    case: EligibilityCase
    evidence: EvidenceStore


@dataclass(frozen=True, slots=True)
class _Taken:
    """A batch as it is taken. ``standing`` are receipt numbers that stand for a record, ``known`` cases of earlier
    batches and ``fresh`` rows of this one, both by terminal and key; ``lines`` are locked, ``changed`` is what follows
    for them, by number."""

    standing: set[str]
    known: dict[tuple[str, str], CaseRecord]
    lines: dict[str, RosterLine]
    fresh: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: list[dict[str, Any]] = field(default_factory=list)


def take_cases(session: Session, arrivals: Sequence[CaseArrival]) -> list[DecisionMessage | RefusalMessage]:
    """The answers in the cases' order; each is decided as if it had come alone, after those before it. One look at
    the tables does for all that is new, and what follows is written at the end. Raises IntegrityError where a key or
    number is taken that several cases together did not look for: taken alone, each looks."""
    connection = session.connection()
    tables = tables_of(connection)
    receipts = list({each.case.receipt.value for each in arrivals})
    found = tables.find(connection, receipts, sorted({each.case.document.number.value for each in arrivals}))
    # After the numbers: a twin that is committed in between is then known by its key, and not refused for its number.
    # A case that is known has a number that stands, so several are looked for by it.
    known = _known(session, arrivals) if found.standing or len(arrivals) == 1 else {}
    taken = _Taken(found.standing, known, found.lines)
    answers = [_take(arrival, taken) for arrival in arrivals]
    changes = {number: columns for number, columns in taken.changed.items() if columns}
    tables.write(connection, list(taken.fresh.values()), changes)
    _keep(connection, taken.pictures)
    return answers


def _known(session: Session, arrivals: Sequence[CaseArrival]) -> dict[tuple[str, str], CaseRecord]:
    keys = {(each.terminal, each.opened.key) for each in arrivals}
    known = select(CaseRecord).where(tuple_(CaseRecord.terminal, CaseRecord.key).in_(keys))
    found = session.scalars(known.order_by(CaseRecord.id).with_for_update())
    return {(each.terminal, each.key): each for each in found}


def _take(arrival: CaseArrival, taken: _Taken) -> DecisionMessage | RefusalMessage:
    case, name = arrival.case, (arrival.terminal, arrival.opened.key)
    known = taken.known.get(name)
    if known is not None:
        known.arrivals += 1
        same = known.content_digest == arrival.opened.content_digest
        return DecisionMessage.of(word_on(known), known.key) if same else KEY_REUSED
    fresh = taken.fresh.get(name)
    if fresh is not None:
        fresh["arrivals"] += 1
        return _decided(fresh) if fresh["content_digest"] == arrival.opened.content_digest else KEY_REUSED
    if not issued_by(case.receipt, arrival.terminal):
        return RECEIPT_OF_OTHER_TERMINAL
    if case.receipt.value in taken.standing:
        return RECEIPT_REUSED
    row = _row(arrival, _decide(arrival, taken))
    taken.fresh[name] = row
    taken.standing.add(case.receipt.value)
    _keep_picture(arrival, row, taken)
    return _decided(row)


def _decide(arrival: CaseArrival, taken: _Taken) -> Verdict:
    """What follows for the person's line is noted."""
    case, number = arrival.case, arrival.case.document.number.value
    line = _line_now(number, taken)
    verdict = decide(case, line, arrival.at, arrival.policy)
    if verdict.basis == NOT_MATCHED and _several_persons(arrival, taken):
        verdict = replace(verdict, basis=WRONG_PERSON)
    if line is not None and verdict.outcome is Outcome.PASSED:
        taken.changed.setdefault(number, {}).update(confirmed(line.other_place, verdict))
    if line is not None and case.finding is Finding.SPOOF_SUSPECTED:
        since = min(case.closed_at.astimezone(CHINA), arrival.at)
        taken.changed.setdefault(number, {}).update(paused(line.paused_until, since, arrival.policy))
    return verdict


def _line_now(number: str, taken: _Taken) -> RosterLine | None:
    """As cases of this batch have left it."""
    line, changed = taken.lines.get(number), taken.changed.get(number)
    if line is None or changed is None:
        return line
    return replace(line, **{name: value for name, value in changed.items() if name in _OF_LINE})


def _keep_picture(arrival: CaseArrival, row: dict[str, Any], taken: _Taken) -> None:
    """An object is put before the row that names it is written: what is lost in between has no row, and is swept."""
    purpose = kept_for(arrival.case, row["outcome"])
    if purpose is None:
        return
    until = kept_until(purpose, arrival.at, arrival.policy)
    name = arrival.evidence.put(arrival.envelope)
    if name is not None:
        row["envelope"] = None
    taken.pictures.append({"receipt": row["receipt"], "purpose": purpose, "keep_until": until, "object_name": name})


def _keep(connection: Connection, pictures: Sequence[Mapping[str, Any]]) -> None:
    if not pictures:
        return
    receipts = [each["receipt"] for each in pictures]
    cases = connection.execute(select(CASE.c.id, CASE.c.receipt).where(CASE.c.receipt.in_(receipts)))
    ids = {row.receipt: row.id for row in cases}
    connection.execute(
        insert(_PICTURE),
        [
            {"case_id": ids[each["receipt"]], **{name: each[name] for name in each if name != "receipt"}}
            for each in pictures
        ],
    )


def _several_persons(arrival: CaseArrival, taken: _Taken) -> bool:
    """Unmatched persons at one terminal within ten minutes, this one included (E-17). The moments of the captures
    count: what a terminal kept over an outage comes all at once."""
    case, since = arrival.case, arrival.case.closed_at.astimezone(CHINA) - _SEVERAL_WITHIN
    earlier = arrival.session.execute(
        select(CaseRecord.number, CaseRecord.figures).where(
            CaseRecord.terminal == arrival.terminal,
            CaseRecord.received_at >= since,
            CaseRecord.basis.in_((NOT_MATCHED, WRONG_PERSON)),
        )
    )
    unmatched = [(number, figures) for number, figures in earlier] + [
        (row["number"], row["figures"])
        for row in taken.fresh.values()
        if row["terminal"] == arrival.terminal and row["received_at"] >= since
        if row["basis"] in (NOT_MATCHED, WRONG_PERSON)
    ]
    near = {
        number
        for number, figures in unmatched
        if abs(datetime.fromisoformat(figures["closed_at"]) - case.closed_at) <= _SEVERAL_WITHIN
    }
    return len(near | {case.document.number.value}) >= arrival.policy.several_persons


def _row(arrival: CaseArrival, verdict: Verdict) -> dict[str, Any]:
    case = arrival.case
    pictured = case.crop is not None or case.chip_photo is not None
    picture_must_go = pictured and kept_for(case, verdict.outcome) is None
    return {
        **arrival.columns(),
        "receipt": case.receipt.value,
        "receipt_code": arrival.opened.receipt_code,
        "number": case.document.number.value,
        "outcome": verdict.outcome,
        "basis": verdict.basis,
        "confirmed_on": verdict.confirmed_on,
        "next_due": verdict.next_due,
        "resumes_on": verdict.resumes_on,
        "figures": _figures(case),
        "envelope": None if picture_must_go else arrival.envelope,
    }


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


def _decided(row: Mapping[str, Any]) -> DecisionMessage:
    return DecisionMessage(
        key=row["key"],
        receipt=row["receipt"],
        outcome=row["outcome"],
        confirmed_on=row["confirmed_on"],
        next_due=row["next_due"],
        resumes_on=row["resumes_on"],
    )
