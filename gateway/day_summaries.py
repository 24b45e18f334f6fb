"""The days of the hall's terminals: kept as they came, and compared with what the hall itself has."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from gateway.account_tables import DaySummaryRecord
from gateway.desk.tables import StaffDecision
from gateway.numbers import aware
from gateway.reconciliation import HallDay, HallRecord, Reconciled, reconcile
from gateway.tables import CaseRecord, CertificateRecord, DeskRecord, ProofRecord, RatingRecord, VoidRecord
from gateway.taking import RECEIPT_OF_OTHER_TERMINAL, Arrival, issued_by
from kiosk.domain.china_time import CHINA
from kiosk.domain.day_summary import DaySummary
from kiosk.domain.receipt_number import ReceiptKind
from kiosk.wire.messages import RefusalMessage, StoredMessage
from kiosk.wire.record import CASE_KIND, PROOF_KIND, RATING_KIND, VOID_KIND, decode_record, encode_record

Numbered = CaseRecord | ProofRecord | DeskRecord | RatingRecord | VoidRecord

_TOLD = func.coalesce(StaffDecision.outcome_before, CaseRecord.outcome)
"""What the terminal was answered, whatever staff decided afterwards."""

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
    first = (StaffDecision.case_id == CaseRecord.id) & (StaffDecision.place == 1)
    cases = select(CaseRecord.receipt, _TOLD).outerjoin(StaffDecision, first)
    for receipt, told in session.execute(cases.where(_of_day(CaseRecord, terminal, day))):
        yield HallRecord(receipt, CASE_KIND, told)
    for receipt in session.scalars(select(ProofRecord.receipt).where(_of_day(ProofRecord, terminal, day))):
        yield HallRecord(receipt, PROOF_KIND)
    for receipt, kind in session.execute(
        select(DeskRecord.receipt, DeskRecord.kind).where(_of_day(DeskRecord, terminal, day))
    ):
        yield HallRecord(receipt, kind)
    for receipt in session.scalars(select(RatingRecord.receipt).where(_of_day(RatingRecord, terminal, day))):
        yield HallRecord(receipt, RATING_KIND)
    for receipt, voided_at in session.execute(
        select(VoidRecord.receipt, VoidRecord.voided_at).where(_of_day(VoidRecord, terminal, day))
    ):
        if until is None or aware(voided_at) <= until:
            yield HallRecord(receipt, VOID_KIND)


def _of_day(table: type[Numbered], terminal: str, day: date) -> ColumnElement[bool]:
    stems = (f"{kind.value}-{day:%Y%m%d}-{terminal}-" for kind in ReceiptKind)
    return and_(table.terminal == terminal, or_(*(table.receipt.startswith(stem, autoescape=True) for stem in stems)))
