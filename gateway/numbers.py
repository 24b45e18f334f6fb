"""What a number on a paper stands for: a record, a certificate, nothing any more. Each function runs in its caller's
transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gateway.tables import CaseRecord, CertificateRecord, DeskRecord, ProofRecord, VoidRecord
from kiosk.domain.china_time import CHINA
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber, compose_receipt_number

AnyRecord = CaseRecord | ProofRecord | DeskRecord

_MOST_A_DAY = 99_999


@dataclass(frozen=True, slots=True)
class HallVoid:
    """Since when a number counts no longer, and the one that came in its place."""

    since: datetime
    replaced_by: ReceiptNumber | None


def under_receipt(session: Session, receipt: ReceiptNumber) -> AnyRecord | None:
    """A receipt number stands for one record, of whichever kind; one that replaced another and has no record of its own
    for the other's. Numbers that were put in each other's place, both at once, lead nowhere."""
    seen = {receipt}
    while (record := own_record(session, receipt)) is None:
        replaced = session.scalar(select(VoidRecord.receipt).where(VoidRecord.replaced_by == receipt.value))
        if replaced is None or ReceiptNumber(replaced) in seen:
            return None
        receipt = ReceiptNumber(replaced)
        seen.add(receipt)
    return record


def own_record(session: Session, receipt: ReceiptNumber) -> AnyRecord | None:
    """The record that was sent under this very number."""
    case = session.scalar(select(CaseRecord).where(CaseRecord.receipt == receipt.value))
    proof = case or session.scalar(select(ProofRecord).where(ProofRecord.receipt == receipt.value))
    return proof or session.scalar(select(DeskRecord).where(DeskRecord.receipt == receipt.value))


def may_replace(session: Session, receipt: ReceiptNumber) -> bool:
    """Whether a number is neither void nor in another's place already. A record of its own may be there or come later:
    a slip is made anew under its new number."""
    mentioned = or_(VoidRecord.receipt == receipt.value, VoidRecord.replaced_by == receipt.value)
    return session.scalar(select(VoidRecord.id).where(mentioned).limit(1)) is None


def certificate_of(session: Session, receipt: ReceiptNumber) -> CertificateRecord | None:
    return session.scalar(select(CertificateRecord).where(CertificateRecord.receipt == receipt.value))


def may_be_issued(session: Session, receipt: ReceiptNumber) -> bool:
    """A terminal issues receipts by itself; a certificate's number comes from here."""
    return receipt.kind is not ReceiptKind.CERTIFICATE or certificate_of(session, receipt) is not None


def void_of(voids: Sequence[VoidRecord]) -> HallVoid | None:
    """Since the first void, and replaced by whichever number came."""
    if not voids:
        return None
    replacing = next((void.replaced_by for void in voids if void.replaced_by is not None), None)
    since = min(aware(void.voided_at) for void in voids)
    return HallVoid(since, None if replacing is None else ReceiptNumber(replacing))


def counts_instead(session: Session, receipt: ReceiptNumber) -> ReceiptNumber | None:
    """The number that counts in a void one's place, after however many papers in doubt; None while the last of them is
    void as well, or a former one again. A number that is not void counts itself."""
    void, seen = void_of(voids_of(session, receipt)), {receipt}
    while void is not None and void.replaced_by is not None and void.replaced_by not in seen:
        receipt = void.replaced_by
        seen.add(receipt)
        void = void_of(voids_of(session, receipt))
    return receipt if void is None else None


def voids_of(session: Session, receipt: ReceiptNumber) -> Sequence[VoidRecord]:
    return session.scalars(select(VoidRecord).where(VoidRecord.receipt == receipt.value)).all()


def codes_of(session: Session, receipt: ReceiptNumber, record: AnyRecord | None) -> set[str]:
    """The short codes under which a paper of this number goes out: one, in an honest hall."""
    own = record.receipt_code if record is not None and record.receipt == receipt.value else None
    replacing = session.scalar(select(VoidRecord.replacement_code).where(VoidRecord.replaced_by == receipt.value))
    voided = (void.receipt_code for void in voids_of(session, receipt))
    return {code for code in (own, replacing, *voided) if code is not None}


def aware(moment: datetime) -> datetime:
    """SQLite gives times back without their zone; they were stored in the hall's."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=CHINA)


def next_certificate(session: Session, terminal: str, now: datetime) -> ReceiptNumber | None:
    """The number after the last of this terminal and day; None when the day's are used up."""
    stem = f"{ReceiptKind.CERTIFICATE.value}-{now:%Y%m%d}-{terminal}-"
    of_today = CertificateRecord.receipt.startswith(stem, autoescape=True)
    latest = session.scalar(select(func.max(CertificateRecord.receipt)).where(of_today))
    counter = 1 if latest is None else int(latest.removeprefix(stem)[:5]) + 1
    return None if counter > _MOST_A_DAY else compose_receipt_number(ReceiptKind.CERTIFICATE, now, terminal, counter)
