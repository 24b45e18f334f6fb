"""The days of the hall's terminals: kept as they came, and compared with what the hall itself has."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gateway.account_tables import DaySummaryRecord
from gateway.desk.tables import StaffDecision
from gateway.numbers import aware
from gateway.reconciliation import HallDay, HallRecord, Reconciled, reconcile
from gateway.tables import CaseRecord, CertificateRecord, DeskRecord, ProofRecord, RatingRecord, VoidRecord
from gateway.taking import RECEIPT_OF_OTHER_TERMINAL, Arrival, issued_by
from kiosk.domain.case import Outcome
from kiosk.domain.china_time import CHINA
from kiosk.domain.day_summary import DaySummary
from kiosk.domain.receipt_number import ReceiptKind
from kiosk.wire.messages import RefusalMessage, StoredMessage
from kiosk.wire.record import CASE_KIND, PROOF_KIND, RATING_KIND, VOID_KIND, decode_record, encode_record

Numbered = TypeVar("Numbered", CaseRecord, ProofRecord, DeskRecord, RatingRecord, VoidRecord)

_OTHER_DAY = RefusalMessage(reason="receipt-of-other-day", final=True)


def take_day(arrival: Arrival, summary: DaySummary) -> StoredMessage | RefusalMessage:
    """A terminal accounts for its own numbers, and for those of the one day."""
    again = arrival.again(DaySummaryRecord)
    if again is not None:
        return again
    numbers = [*(row.receipt for row in summary.records), *(row.receipt for row in summary.papers)]
    if not all(issued_by(number, arrival.terminal) for number in numbers):
        return RECEIPT_OF_OTHER_TERMINAL
    if any(number.value.split("-")[1] != f"{summary.day:%Y%m%d}" for number in numbers):
        return _OTHER_DAY
    arrival.session.add(
        DaySummaryRecord(
            **arrival.columns(),
            day=summary.day,
            made_at=summary.made_at.astimezone(CHINA),
            content=encode_record(summary),
        )
    )
    return arrival.stored()


def reconciled_day(session: Session, terminal: str, day: date) -> Reconciled | None:
    """None while the terminal's own account of the day has not come."""
    kept = session.scalar(
        select(DaySummaryRecord)
        .where(DaySummaryRecord.terminal == terminal, DaySummaryRecord.day == day)
        .order_by(DaySummaryRecord.made_at.desc())
        .limit(1)
    )
    summary = None if kept is None else decode_record(kept.content)
    if not isinstance(summary, DaySummary):
        return None
    return reconcile(terminal, summary, _hall_day(session, terminal, summary))


def terminals_of(session: Session, day: date) -> tuple[str, ...]:
    """Those that have sent an account of ``day``, or of another one."""
    return tuple(sorted(set(session.scalars(select(DaySummaryRecord.terminal).where(DaySummaryRecord.day <= day)))))


def has_numbers_of(session: Session, terminal: str, day: date) -> bool:
    """Whether the hall has a record under a number of this terminal and day."""
    return next(_records(session, terminal, day, None), None) is not None


def _hall_day(session: Session, terminal: str, summary: DaySummary) -> HallDay:
    numbers = {row.receipt.value for row in summary.papers}
    issued = select(CertificateRecord.receipt).where(CertificateRecord.terminal == terminal)
    replacing = select(VoidRecord.replaced_by).where(
        VoidRecord.terminal == terminal, VoidRecord.replaced_by.is_not(None)
    )
    own = {number for query in (issued, replacing) for number in session.scalars(query) if number in numbers}
    return HallDay(tuple(_records(session, terminal, summary.day, summary.made_at)), frozenset(own))


def _records(session: Session, terminal: str, day: date, until: datetime | None) -> Iterator[HallRecord]:
    """``until``: what the terminal voided later is of no account to its summary."""
    for case in _of_day(session, CaseRecord, terminal, day):
        yield HallRecord(case.receipt, CASE_KIND, _told(session, case))
    for proof in _of_day(session, ProofRecord, terminal, day):
        yield HallRecord(proof.receipt, PROOF_KIND)
    for slip in _of_day(session, DeskRecord, terminal, day):
        yield HallRecord(slip.receipt, slip.kind)
    for rating in _of_day(session, RatingRecord, terminal, day):
        yield HallRecord(rating.receipt, RATING_KIND)
    for void in _of_day(session, VoidRecord, terminal, day):
        if until is None or aware(void.voided_at) <= until:
            yield HallRecord(void.receipt, VOID_KIND)


def _told(session: Session, case: CaseRecord) -> Outcome:
    """What the terminal was answered, whatever staff decided afterwards."""
    first = select(StaffDecision.outcome_before).where(StaffDecision.case_id == case.id, StaffDecision.place == 1)
    return session.scalar(first) or case.outcome


def _of_day(session: Session, table: type[Numbered], terminal: str, day: date) -> Iterable[Numbered]:
    stems = (f"{kind.value}-{day:%Y%m%d}-{terminal}-" for kind in ReceiptKind)
    of_day = or_(*(table.receipt.startswith(stem, autoescape=True) for stem in stems))
    return session.scalars(select(table).where(table.terminal == terminal, of_day))
