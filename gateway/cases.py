"""Taking eligibility cases: each decided once, with its person's line locked. Runs in its caller's transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Update,
    any_,
    bindparam,
    insert,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from gateway.decide import NOT_MATCHED, WRONG_PERSON, RosterLine, Verdict, decide
from gateway.evidence_store import EvidenceStore
from gateway.keeping import kept_for, kept_until
from gateway.papers import word_on
from gateway.roster import LINE, PERSON, confirmed, line_of, paused
from gateway.tables import Base, CaseRecord, DeskRecord, KeptPicture, ProofRecord
from gateway.taking import KEY_REUSED, RECEIPT_OF_OTHER_TERMINAL, RECEIPT_REUSED, Arrival, issued_by
from kiosk.domain.case import EligibilityCase, Finding, Outcome
from kiosk.domain.china_time import CHINA
from kiosk.domain.face import FaceComparison
from kiosk.wire.messages import DecisionMessage, RefusalMessage

_SEVERAL_WITHIN = timedelta(minutes=10)
_CASE, _PICTURE = (Base.metadata.tables[table.__tablename__] for table in (CaseRecord, KeptPicture))


@dataclass(frozen=True, slots=True)
class CaseArrival(Arrival):
    """An arrival whose content is ``case``; its envelope goes to ``evidence`` when it is kept for its picture."""

    case: EligibilityCase
    evidence: EvidenceStore


@dataclass(frozen=True, slots=True)
class _Statements:
    """What is asked of one kind of database, made once: PostgreSQL keeps a statement prepared for any number of values
    as long as they are one array."""

    standing: CompoundSelect[Any]
    people: Select[Any]
    change: Callable[[tuple[str, ...]], Update]

    @classmethod
    def of(cls, among: Callable[[ColumnElement[str], str], ColumnElement[bool]]) -> "_Statements":
        numbered = [table.__table__.c.receipt for table in (CaseRecord, ProofRecord, DeskRecord)]
        return cls(
            union_all(*(select(receipt).where(among(receipt, "receipts")) for receipt in numbered)),
            select(*LINE).where(among(PERSON.c.number, "numbers")).order_by(PERSON.c.number).with_for_update(),
            lru_cache(
                lambda columns: (
                    update(PERSON)
                    .where(among(PERSON.c.number, "numbers"))
                    .values({name: bindparam(f"new_{name}") for name in columns})
                )
            ),
        )


_ARRAYS = _Statements.of(lambda column, name: column == any_(bindparam(name, type_=ARRAY(String))))
_LISTS = _Statements.of(lambda column, name: column.in_(bindparam(name, expanding=True)))


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
    the tables does for all, and what follows is written at the end. Raises IntegrityError where a key or number is
    taken that several cases together did not look for: taken alone, each looks."""
    statements = _ARRAYS if session.get_bind().dialect.name == "postgresql" else _LISTS
    taken = _before(session, statements, arrivals)
    answers = [_take(arrival, taken) for arrival in arrivals]
    _write(session, statements, taken)
    return answers


def _before(session: Session, statements: _Statements, arrivals: Sequence[CaseArrival]) -> _Taken:
    """Known cases are locked, for their arrivals are counted, and then lines; each in one order, so that two batches
    never wait for each other. A case that is known has a number that stands, so several are looked for by it."""
    connection = session.connection()
    receipts = list({each.case.receipt.value for each in arrivals})
    # Before the keys: a twin that is committed in between is then known by its key, and not refused for its number.
    standing = set(connection.scalars(statements.standing, {"receipts": receipts}))
    known = _known(session, arrivals) if standing or len(arrivals) == 1 else {}
    numbers = sorted({each.case.document.number.value for each in arrivals})
    people = connection.execute(statements.people, {"numbers": numbers})
    return _Taken(standing, known, {each.number: line_of(each) for each in people})


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
    line = taken.lines.get(number)
    verdict = decide(case, line, arrival.at, arrival.policy)
    if verdict.basis == NOT_MATCHED and _several_persons(arrival, taken):
        verdict = replace(verdict, basis=WRONG_PERSON)
    if line is not None and verdict.outcome is Outcome.PASSED:
        changed = confirmed(line.other_place, verdict)
        taken.changed.setdefault(number, {}).update(changed)
        line = taken.lines[number] = replace(
            line, confirmed_on=changed["confirmed_on"], due_on=changed["due_on"], source=changed["source"]
        )
    if line is not None and case.finding is Finding.SPOOF_SUSPECTED:
        since = min(case.closed_at.astimezone(CHINA), arrival.at)
        changed = paused(line.paused_until, since, arrival.policy)
        taken.changed.setdefault(number, {}).update(changed)
        taken.lines[number] = replace(line, **changed)
    return verdict


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


def _write(session: Session, statements: _Statements, taken: _Taken) -> None:
    """Lines that change alike, as most do, are changed together."""
    connection = session.connection()
    if taken.fresh:
        connection.execute(insert(_CASE), list(taken.fresh.values()))
    alike: dict[tuple[tuple[str, Any], ...], list[str]] = {}
    for number, changed in taken.changed.items():
        if changed:
            alike.setdefault(tuple(changed.items()), []).append(number)
    for columns, numbers in alike.items():
        statement = statements.change(tuple(name for name, _ in columns))
        connection.execute(statement, {"numbers": numbers, **{f"new_{name}": value for name, value in columns}})
    if taken.pictures:
        receipts = [each["receipt"] for each in taken.pictures]
        ids = {
            row.receipt: row.id
            for row in connection.execute(select(_CASE.c.id, _CASE.c.receipt).where(_CASE.c.receipt.in_(receipts)))
        }
        connection.execute(
            insert(_PICTURE),
            [
                {"case_id": ids[each["receipt"]], **{name: each[name] for name in each if name != "receipt"}}
                for each in taken.pictures
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
