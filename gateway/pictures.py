"""Sealed pictures of faces in the tables, and their end (domain.md 2.7). Each function runs in its caller's
transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from gateway.tables import CaseRecord, DroppedObject, KeptPicture
from kiosk.domain.receipt_number import ReceiptNumber


def drop_expired(session: Session, now: datetime) -> int:
    """Drops every sealed picture whose time is over, and tells how many; the figures of the case stay."""
    expired = select(KeptPicture.case_id).where(KeptPicture.keep_until <= now)
    cases = session.scalars(expired).all()
    return drop_pictures(session, cases) if cases else 0


def close_case(session: Session, receipt: ReceiptNumber) -> bool:
    """Staff are done with the case: its picture goes, whatever it was kept for. False when there is no such one."""
    record = session.scalar(select(CaseRecord).where(CaseRecord.receipt == receipt.value))
    if record is None:
        return False
    drop_pictures(session, [record.id])
    return True


def drop_pictures(session: Session, cases: Sequence[int]) -> int:
    """With the envelope, which can be opened whole or not at all; one in object storage goes at the next round."""
    gone = delete(KeptPicture).where(KeptPicture.case_id.in_(cases))
    dropped = session.execute(gone.returning(KeptPicture.case_id, KeptPicture.object_name)).all()
    session.execute(update(CaseRecord).where(CaseRecord.id.in_([row.case_id for row in dropped])).values(envelope=None))
    session.add_all(DroppedObject(name=row.object_name) for row in dropped if row.object_name is not None)
    return len(dropped)
