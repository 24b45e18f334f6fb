"""What is told of a number on a paper: by whom the terminal asks, by whoever checks the paper, by the sandbox's list.
Each function runs in its caller's transaction."""

from collections import Counter
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.numbers import (
    AnyRecord,
    HallVoid,
    certificate_of,
    codes_of,
    counts_instead,
    under_receipt,
    void_of,
    voids_of,
)
from gateway.tables import CaseRecord, DeskRecord, ProofRecord, RatingRecord
from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.wire.messages import DecisionMessage, ReceiptUnknownMessage
from kiosk.wire.receipt_code import same_code


@dataclass(frozen=True, slots=True)
class HallEntry:
    """``word`` where the number stands for a case, a proof or a slip, ``certificate`` (the kind) where the gateway
    issued it. Both None where only the void has come."""

    word: HallDecision | None
    certificate: str | None
    void: HallVoid | None


def find_paper(session: Session, receipt: ReceiptNumber, code: str | None) -> HallEntry | None:
    """For whoever checks it; None when nothing is known of the number, or when ``code`` is not the paper's."""
    record = under_receipt(session, receipt)
    certificate = certificate_of(session, receipt)
    voids = voids_of(session, receipt)
    if record is None and certificate is None and not voids:
        return None
    kept = codes_of(session, receipt, record) | ({certificate.receipt_code} if certificate else set())
    if code is not None and not any(same_code(code, each) for each in kept):
        return None
    return HallEntry(
        word=None if record is None else replace(word_on(record), receipt=receipt),
        certificate=None if certificate is None else certificate.certificate,
        void=void_of(voids),
    )


def look_up(session: Session, receipt: ReceiptNumber) -> DecisionMessage | ReceiptUnknownMessage:
    """What became of the case, whichever paper tells of it. Whoever asks knows the receipt number only, which he is
    told again, and which one counts if it is void; the key stays between terminal and hall."""
    record = under_receipt(session, receipt)
    if record is None:
        return ReceiptUnknownMessage()
    counts = counts_instead(session, receipt)
    void = counts != receipt
    word = replace(word_on(record), receipt=receipt, void=void, replaced_by=counts if void else None)
    return DecisionMessage.of(word, None)


def counts(session: Session) -> list[dict[str, str | int]]:
    """Per receipt: its record of whichever kind, how often that arrived, and its ratings. Sandbox only."""
    found: list[AnyRecord] = [
        *session.scalars(select(CaseRecord).order_by(CaseRecord.id)),
        *session.scalars(select(ProofRecord).order_by(ProofRecord.id)),
        *session.scalars(select(DeskRecord).order_by(DeskRecord.id)),
    ]
    ratings = Counter(session.scalars(select(RatingRecord.receipt)))
    records = Counter(record.receipt for record in found)
    return [
        {
            "receipt": record.receipt,
            "key": record.key,
            "outcome": word_on(record).outcome.value,
            "basis": _basis(record),
            "records": records[record.receipt],
            "arrivals": record.arrivals,
            "ratings": ratings[record.receipt],
        }
        for record in found
    ]


def word_on(record: AnyRecord) -> HallDecision:
    """A proof says what it was printed with: nothing new was decided."""
    receipt = ReceiptNumber(record.receipt)
    if isinstance(record, ProofRecord):
        return HallDecision(receipt, Outcome.CANCELLED, record.confirmed_on, record.due_on)
    if isinstance(record, DeskRecord):
        return HallDecision(receipt, Outcome.REFERRED, None, None)
    return HallDecision(receipt, record.outcome, record.confirmed_on, record.next_due, record.resumes_on)


def _basis(record: AnyRecord) -> str:
    match record:
        case CaseRecord():
            return record.basis
        case ProofRecord():
            return "proof"
        case DeskRecord():
            return record.kind
