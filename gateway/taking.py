"""Taking a record that came in an envelope: known already, refused, or kept. Each function runs in its caller's
transaction. A record's idempotency key is its own for ever, and the same record always gets the same answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.numbers import may_be_issued, may_replace, own_record
from gateway.settings import DecisionPolicy
from gateway.tables import Arrived, DeskRecord, ProofRecord, RatingRecord, VoidRecord
from kiosk.domain.case import DeskReferral, HomeVisitRequest, ProofSlip, Rating, VoidedNumber
from kiosk.domain.china_time import CHINA
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.wire.messages import DecisionMessage, RefusalMessage, StoredMessage
from kiosk.wire.opening import OpenedEnvelope

RecordMessage = DecisionMessage | StoredMessage | RefusalMessage

KEY_REUSED = RefusalMessage(reason="key-reused", final=True)
RECEIPT_REUSED = RefusalMessage(reason="receipt-reused", final=True)
RECEIPT_OF_OTHER_TERMINAL = RefusalMessage(reason="receipt-of-other-terminal", final=True)
_CERTIFICATE_NOT_ISSUED = RefusalMessage(reason="certificate-not-issued", final=True)

_ENABLED_TAGS = {5: range(510, 518), 4: range(406, 414), 3: range(307, 315), 2: range(207, 215), 1: range(108, 116)}
"""The national reason tags of each grade (domain.md 2.1)."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One opened envelope, received ``at`` a moment in the hall's time zone, and the transaction it is taken in."""

    session: Session
    opened: OpenedEnvelope
    envelope: bytes
    at: datetime
    policy: DecisionPolicy

    @property
    def terminal(self) -> str:
        return self.opened.terminal.terminal

    def columns(self) -> dict[str, Any]:
        """What every table of records keeps of an envelope (``Arrived``)."""
        return {
            "terminal": self.terminal,
            "key": self.opened.key,
            "content_digest": self.opened.content_digest,
            "digest": self.opened.digest,
            "previous": self.opened.previous,
            "received_at": self.at,
            "arrivals": 1,
        }

    def again(self, table: type[Arrived]) -> StoredMessage | RefusalMessage | None:
        """The answer to a record that is in ``table`` already, its arrival counted; None when it is new."""
        asked = select(table).where(table.terminal == self.terminal, table.key == self.opened.key)
        known = self.session.scalar(asked.with_for_update())
        if known is None:
            return None
        known.arrivals += 1
        return StoredMessage(key=known.key) if known.content_digest == self.opened.content_digest else KEY_REUSED

    def stored(self) -> StoredMessage:
        return StoredMessage(key=self.opened.key)


def refused_number(arrival: Arrival, receipt: ReceiptNumber) -> RefusalMessage | None:
    """None when the terminal may use the number for a new record. To be asked before ``Arrival.again``: a twin that is
    committed in between is then known by its key, and not refused for its number."""
    if not issued_by(receipt, arrival.terminal):
        return RECEIPT_OF_OTHER_TERMINAL
    return None if own_record(arrival.session, receipt) is None else RECEIPT_REUSED


def issued_by(receipt: ReceiptNumber, terminal: str) -> bool:
    return receipt.value.split("-")[2] == terminal


def take_for_desk(arrival: Arrival, record: DeskReferral | HomeVisitRequest) -> StoredMessage | RefusalMessage:
    refused = refused_number(arrival, record.receipt)
    answered = arrival.again(DeskRecord) or refused
    if answered is not None:
        return answered
    if isinstance(record, HomeVisitRequest):
        reason, number = "home-visit", record.document.number
    else:
        reason, number = record.reason.value, record.number
    arrival.session.add(
        DeskRecord(
            **arrival.columns(),
            kind=arrival.opened.kind,
            reason=reason,
            receipt=record.receipt.value,
            receipt_code=arrival.opened.receipt_code,
            number=number.value,
            envelope=arrival.envelope,
        )
    )
    return arrival.stored()


def take_proof(arrival: Arrival, slip: ProofSlip) -> StoredMessage | RefusalMessage:
    """Keeps what the paper says, whatever the roster says today: the paper is in the citizen's hand."""
    refused = refused_number(arrival, slip.receipt)
    answered = arrival.again(ProofRecord) or refused
    if answered is not None:
        return answered
    arrival.session.add(
        ProofRecord(
            **arrival.columns(),
            receipt=slip.receipt.value,
            receipt_code=arrival.opened.receipt_code,
            number=slip.document.number.value,
            confirmed_on=slip.confirmed_on,
            due_on=slip.due_on,
        )
    )
    return arrival.stored()


def take_rating(arrival: Arrival, rating: Rating) -> StoredMessage | RefusalMessage:
    refused = _refused_rating(arrival, rating)
    answered = arrival.again(RatingRecord) or refused
    if answered is not None:
        return answered
    arrival.session.add(
        RatingRecord(**arrival.columns(), receipt=rating.receipt.value, grade=rating.grade, tags=list(rating.tags))
    )
    return arrival.stored()


def take_void(arrival: Arrival, void: VoidedNumber) -> StoredMessage | RefusalMessage:
    """A number stays void for ever. The one in its place stands for the same record; it must be new."""
    refused = _refused_void(arrival, void)
    answered = arrival.again(VoidRecord) or refused
    if answered is not None:
        return answered
    arrival.session.add(
        VoidRecord(
            **arrival.columns(),
            receipt=void.receipt.value,
            receipt_code=arrival.opened.receipt_code,
            reason=void.reason,
            voided_at=void.voided_at.astimezone(CHINA),
            replaced_by=None if void.replaced_by is None else void.replaced_by.value,
            replacement_code=arrival.opened.replacement_code,
            staff=void.staff,
            way=void.way,
        )
    )
    return arrival.stored()


def _refused_rating(arrival: Arrival, rating: Rating) -> RefusalMessage | None:
    if not issued_by(rating.receipt, arrival.terminal):
        return RECEIPT_OF_OTHER_TERMINAL
    if not all(_tag_fits(tag, rating.grade) for tag in rating.tags):
        return RefusalMessage(reason="unknown-tag", final=True)
    rated = select(RatingRecord.id).where(RatingRecord.receipt == rating.receipt.value)
    if arrival.session.scalar(rated) is not None:
        return RefusalMessage(reason="already-rated", final=True)
    return None


def _refused_void(arrival: Arrival, void: VoidedNumber) -> RefusalMessage | None:
    replacement = void.replaced_by
    if not all(issued_by(number, arrival.terminal) for number in (void.receipt, replacement) if number is not None):
        return RECEIPT_OF_OTHER_TERMINAL
    if replacement is None:
        return None
    if replacement == void.receipt or not may_replace(arrival.session, replacement):
        return RECEIPT_REUSED
    return None if may_be_issued(arrival.session, replacement) else _CERTIFICATE_NOT_ISSUED


def _tag_fits(tag: str, grade: int) -> bool:
    return tag.isascii() and tag.isdigit() and int(tag) in _ENABLED_TAGS[grade]
