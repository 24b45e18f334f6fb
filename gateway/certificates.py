"""Certificates' numbers, signed here. Runs in its caller's transaction."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.numbers import next_certificate
from gateway.tables import CertificateRecord
from gateway.taking import KEY_REUSED
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.wire.messages import CertificateNumberMessage, CertificateQuery, RefusalMessage
from kiosk.wire.opening import OpenedEnvelope
from kiosk.wire.receipt_code import short_code, sign_number


def certify(
    session: Session, query: CertificateQuery, opened: OpenedEnvelope, signing_key: Ed25519PrivateKey, now: datetime
) -> CertificateNumberMessage | RefusalMessage:
    """A new number of the asking terminal's. The same asking always gets the same number."""
    terminal = opened.terminal.terminal
    asked = (CertificateRecord.terminal == terminal, CertificateRecord.key == opened.key)
    known = session.scalar(select(CertificateRecord).where(*asked))
    if known is not None and known.certificate != query.certificate:
        return KEY_REUSED
    receipt = next_certificate(session, terminal, now) if known is None else ReceiptNumber(known.receipt)
    if receipt is None:
        return RefusalMessage(reason="numbers-used-up", final=True)
    if known is None:
        session.add(
            CertificateRecord(
                terminal=terminal,
                key=opened.key,
                certificate=query.certificate,
                receipt=receipt.value,
                receipt_code=short_code(receipt, signing_key),
                issued_at=now,
            )
        )
    return CertificateNumberMessage(receipt=receipt.value, signature=sign_number(receipt, signing_key))
