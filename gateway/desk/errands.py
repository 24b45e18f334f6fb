"""Slips for the desk and home visits (E-01, E-06, E-10, E-32): which wait, what they say, and their end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import ColumnElement, Engine, and_, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gateway.desk.evidence import OpenRecord
from gateway.desk.settings import DeskSettings
from gateway.desk.tables import DeskEntry, ErrandEnd
from gateway.desk.trail import note, of_case
from gateway.numbers import aware
from gateway.tables import DeskRecord
from kiosk.domain.case import DeskReferral, HomeVisitRequest
from kiosk.domain.china_time import CHINA
from kiosk.ports.clock import Clock
from kiosk.wire.record import REFERRAL_KIND, VISIT_KIND


class ErrandKind(Enum):
    """As in ``DeskRecord.kind``."""

    VISIT = VISIT_KIND
    SLIP = REFERRAL_KIND


ENDINGS = {
    ErrandKind.VISIT: ("visited", "arranged-otherwise", "not-wanted"),
    ErrandKind.SLIP: ("served", "arranged-otherwise", "not-come"),
}
"""How each may end."""


@dataclass(frozen=True, slots=True)
class WaitingErrand:
    receipt: str
    terminal: str
    reason: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ErrandsView:
    """``page`` of ``pages``, both from 1."""

    counts: Mapping[ErrandKind, int]
    errands: Sequence[WaitingErrand]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ErrandView:
    """``content`` None: staff are done with it, or its envelope cannot be opened here; ``how`` None: it waits."""

    errand: WaitingErrand
    kind: ErrandKind
    content: DeskReferral | HomeVisitRequest | None
    how: str | None
    history: Sequence[DeskEntry]


class ErrandDesk:
    """Safe for several threads and processes."""

    def __init__(self, engine: Engine, clock: Clock, settings: DeskSettings, open_record: OpenRecord) -> None:
        self._engine = engine
        self._clock = clock
        self._rows = settings.rows_a_page
        self._open_record = open_record

    def waiting(self, kind: ErrandKind, page: int) -> ErrandsView:
        """The oldest first; a page that is not there becomes the nearest one that is."""
        with Session(self._engine) as session, session.begin():
            count = select(func.count(DeskRecord.id))
            counts = {each: session.scalar(count.where(_waits(each))) or 0 for each in ErrandKind}
            pages = max(1, -(-counts[kind] // self._rows))
            page = min(max(page, 1), pages)
            oldest = select(DeskRecord).where(_waits(kind)).order_by(DeskRecord.received_at, DeskRecord.id)
            rows = session.scalars(oldest.offset((page - 1) * self._rows).limit(self._rows))
            return ErrandsView(counts, [_errand(record) for record in rows], page, pages)

    def has(self, receipt: str) -> bool:
        with Session(self._engine) as session, session.begin():
            return _find(session, receipt) is not None

    def view(self, staff: str, receipt: str) -> ErrandView | None:
        """Name, address and telephone as the citizen gave them: staff need them to come. That they were read is on
        record before the page is."""
        opened = self._opened(receipt)
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            record = _find(session, receipt)
            if record is None:
                return None
            end = session.get(ErrandEnd, record.id)
            note(session, self.now(), staff, "errand-viewed", receipt)
            return ErrandView(
                errand=_errand(record),
                kind=ErrandKind(record.kind),
                content=opened if end is None else None,
                how=None if end is None else end.how,
                history=of_case(session, receipt),
            )

    def end(self, staff: str, receipt: str, how: str) -> bool:
        """Erases what it said. False when there is none, when it ended before, or not in this way."""
        try:
            return self._end(staff, receipt, how)
        except IntegrityError:
            return False

    def now(self) -> datetime:
        return self._clock.now().astimezone(CHINA)

    def _opened(self, receipt: str) -> DeskReferral | HomeVisitRequest | None:
        """Outside of any transaction: the keys for it are looked up in the same database."""
        with Session(self._engine) as session, session.begin():
            record = _find(session, receipt)
            envelope = b"" if record is None else record.envelope
        content = self._open_record(envelope) if envelope else None
        return content if isinstance(content, DeskReferral | HomeVisitRequest) else None

    def _end(self, staff: str, receipt: str, how: str) -> bool:
        with Session(self._engine) as session, session.begin():
            record = _find(session, receipt)
            if record is None or how not in ENDINGS[ErrandKind(record.kind)]:
                return False
            if session.get(ErrandEnd, record.id) is not None:
                return False
            session.add(ErrandEnd(record_id=record.id, how=how, staff=staff, ended_at=self.now()))
            session.flush()
            record.envelope = b""
            note(session, self.now(), staff, "errand-ended", receipt, how)
            return True


def _find(session: Session, receipt: str) -> DeskRecord | None:
    return session.scalar(select(DeskRecord).where(DeskRecord.receipt == receipt))


def _waits(kind: ErrandKind) -> ColumnElement[bool]:
    return and_(DeskRecord.kind == kind.value, ~exists().where(ErrandEnd.record_id == DeskRecord.id))


def _errand(record: DeskRecord) -> WaitingErrand:
    return WaitingErrand(record.receipt, record.terminal, record.reason, aware(record.received_at))
