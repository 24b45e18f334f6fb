"""What staff do with cases, each in one transaction together with its entry in the record."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gateway.desk.decisions import (
    Decided,
    Decision,
    NotDecided,
    Standing,
    confirmation,
    decide_by_hand,
    find_standing,
)
from gateway.desk.evidence import NO_FACES, Faces, OpenRecord, References
from gateway.desk.sessions import Visitor
from gateway.desk.settings import DeskSettings
from gateway.desk.tables import DeskEntry, Role
from gateway.desk.trail import ChainBroken, ChainWhole, check_chain, note, of_case
from gateway.desk.waiting import Queue, WaitingCase, count_waiting, may_see, waiting
from gateway.evidence_store import EvidenceStore
from gateway.settings import DecisionPolicy
from gateway.tables import Beneficiary, CaseRecord, KeptPicture
from kiosk.domain.case import EligibilityCase
from kiosk.domain.china_time import CHINA
from kiosk.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class QueueView:
    """``page`` of ``pages``, both from 1."""

    counts: Mapping[Queue, int]
    cases: Sequence[WaitingCase]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """``hindrance`` None: it may be confirmed."""

    standing: Standing
    faces: Faces
    hindrance: NotDecided | None
    history: Sequence[DeskEntry]


@dataclass(frozen=True, slots=True)
class RecordView:
    """The latest entry first; ``chain`` None: it was not checked."""

    entries: Sequence[DeskEntry]
    chain: ChainWhole | ChainBroken | None
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Sealed:
    """``envelope`` None: it is the object ``object_name``, with this digest. ``portrait`` names the picture the hall
    has of the person, as in ``Beneficiary``."""

    envelope: bytes | None
    object_name: str | None
    digest: str
    portrait: str | None


class CaseDesk:
    """Safe for several threads and processes."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        policy: DecisionPolicy,
        settings: DeskSettings,
        open_record: OpenRecord,
        references: References,
        evidence: EvidenceStore,
    ) -> None:
        self._evidence = evidence
        self._engine = engine
        self._clock = clock
        self.policy = policy
        self._rows = settings.rows_a_page
        self._open_record = open_record
        self._references = references

    def queue(self, role: Role, queue: Queue, page: int) -> QueueView:
        with Session(self._engine) as session, session.begin():
            counts = count_waiting(session, role)
            page, pages = self._page(page, counts[queue])
            return QueueView(counts, waiting(session, role, queue, (page - 1) * self._rows, self._rows), page, pages)

    def view(self, visitor: Visitor, receipt: str) -> CaseView | NotDecided:
        """The case as the visitor may see it; that it was looked at, and whether with a face, is on record before the
        page is."""
        sealed = self._sealed(visitor.role, receipt)
        opened = self._opened(sealed)
        faces = NO_FACES if opened is None or sealed is None else self._references.faces(opened, sealed.portrait)
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            standing = find_standing(session, receipt, opened)
            if standing is None:
                return NotDecided("unknown")
            if not may_see(visitor.role, standing.record.basis):
                return NotDecided("not-yours")
            if not standing.waits or standing.case is None:
                faces = NO_FACES
            act = "case-viewed" if faces.live is None and faces.reference is None else "evidence-viewed"
            note(session, self.now(), visitor.staff, act, receipt)
            may = confirmation(standing, self.now(), self.policy)
            hindrance = may if isinstance(may, NotDecided) else None
            return CaseView(standing, faces, hindrance, of_case(session, receipt))

    def decide(self, visitor: Visitor, decision: Decision) -> Decided | NotDecided:
        """Of two at once, in whichever processes, one wins and the other is told that the case is decided."""
        try:
            return self._decide(visitor, decision)
        except IntegrityError:
            return NotDecided("already-decided")

    def record(self, visitor: Visitor, page: int, check: bool) -> RecordView:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            chain = check_chain(session) if check else None
            page, pages = self._page(page, session.scalar(select(func.count(DeskEntry.id))) or 0)
            latest = select(DeskEntry).order_by(DeskEntry.id.desc()).offset((page - 1) * self._rows).limit(self._rows)
            entries = session.scalars(latest).all()
            note(session, self.now(), visitor.staff, "record-viewed")
            return RecordView(entries, chain, page, pages)

    def now(self) -> datetime:
        return self._clock.now().astimezone(CHINA)

    def _decide(self, visitor: Visitor, decision: Decision) -> Decided | NotDecided:
        opened = self._opened(self._sealed(visitor.role, decision.receipt))
        with Session(self._engine) as session, session.begin():
            standing = find_standing(session, decision.receipt, opened, lock=True)
            if standing is None:
                return NotDecided("unknown")
            return decide_by_hand(session, standing, decision, visitor.staff, visitor.role, self.now(), self.policy)

    def _sealed(self, role: Role, receipt: str) -> _Sealed | None:
        """Read before the transaction of the look or the decision, and opened outside of both: the keys for it are
        looked up in the same database, and a card's portrait may take seconds."""
        with Session(self._engine) as session, session.begin():
            record = session.scalar(select(CaseRecord).where(CaseRecord.receipt == receipt))
            if record is None or not may_see(role, record.basis):
                return None
            picture = session.get(KeptPicture, record.id)
            person = session.get(Beneficiary, record.number)
            return _Sealed(
                record.envelope,
                None if picture is None else picture.object_name,
                record.digest,
                None if person is None else person.portrait,
            )

    def _opened(self, sealed: _Sealed | None) -> EligibilityCase | None:
        envelope = None if sealed is None else self._envelope(sealed)
        content = None if envelope is None else self._open_record(envelope)
        return content if isinstance(content, EligibilityCase) else None

    def _envelope(self, sealed: _Sealed) -> bytes | None:
        """None when it is gone, or another lies in its place. Raises EvidenceAwayError."""
        if sealed.envelope is not None or sealed.object_name is None:
            return sealed.envelope
        found = self._evidence.get(sealed.object_name)
        return found if found is not None and hashlib.sha256(found).hexdigest() == sealed.digest else None

    def _page(self, wished: int, rows: int) -> tuple[int, int]:
        """A page that is not there becomes the nearest one that is."""
        pages = max(1, -(-rows // self._rows))
        return min(max(wished, 1), pages), pages
