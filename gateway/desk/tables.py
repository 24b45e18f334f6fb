"""The staff desk's tables: who may come in, who is in, what was decided, and the chained record of all of it."""

from datetime import datetime
from enum import Enum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gateway.tables import Base, CaseRecord
from kiosk.domain.case import Outcome


class Role(Enum):
    """CLERK: appeals. SUPERVISOR: these, the fraud queue, closing, the record. TECHNICIAN: terminals, and no case."""

    CLERK = "CLERK"
    SUPERVISOR = "SUPERVISOR"
    TECHNICIAN = "TECHNICIAN"


class Step(Enum):
    """What staff decided on a case. COME_IN leaves it waiting for the person at a desk; the others end it."""

    CONFIRM = "CONFIRM"
    COME_IN = "COME_IN"
    CLOSE = "CLOSE"


class StaffAccount(Base):
    """``password`` is an Argon2id hash in PHC form; ``wrong`` counts wrong ones in a row."""

    __tablename__ = "staff_account"

    staff: Mapped[str] = mapped_column(String(16), primary_key=True)
    role: Mapped[Role]
    password: Mapped[str] = mapped_column(String(160))
    disabled: Mapped[bool] = mapped_column(default=False)
    wrong: Mapped[int] = mapped_column(default=0)


class StaffSession(Base):
    """One login, by the SHA-256 of its token alone."""

    __tablename__ = "staff_session"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff: Mapped[str] = mapped_column(ForeignKey("staff_account.staff"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class StaffDecision(Base):
    """Decision number ``place`` (from 1) on a case: of two who decide at once, one gets the place. ``reason`` is a
    stable word, ``basis`` why the case waited until then; ``outcome_before`` of place 1 is what its terminal was
    told."""

    __tablename__ = "staff_decision"
    __table_args__ = (UniqueConstraint("case_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    place: Mapped[int]
    step: Mapped[Step]
    reason: Mapped[str] = mapped_column(String(48))
    basis: Mapped[str] = mapped_column(String(48))
    outcome_before: Mapped[Outcome]
    outcome: Mapped[Outcome]
    staff: Mapped[str] = mapped_column(String(16))
    decided_at: Mapped[datetime]


class ErrandEnd(Base):
    """A slip or a home visit that staff are done with; ``how`` is a stable word. What it said is erased then."""

    __tablename__ = "errand_end"

    record_id: Mapped[int] = mapped_column(ForeignKey("desk_record.id"), primary_key=True, autoincrement=False)
    how: Mapped[str] = mapped_column(String(48))
    staff: Mapped[str] = mapped_column(String(16))
    ended_at: Mapped[datetime]


class DeskEntry(Base):
    """One act at the desk, never changed. ``digest`` covers the entry and ``previous``, the digest of the one before;
    ``receipt`` is the case's, empty where there is none. No entry holds anything of a citizen."""

    __tablename__ = "desk_entry"
    __table_args__ = (UniqueConstraint("previous"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String(40))
    staff: Mapped[str] = mapped_column(String(16))
    act: Mapped[str] = mapped_column(String(32), index=True)
    receipt: Mapped[str] = mapped_column(String(32), index=True)
    detail: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class DeskHead(Base):
    """The end of the chain of ``DeskEntry``: its length and last digest, in the one row 1. Locked by whoever adds."""

    __tablename__ = "desk_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    entries: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


Index("ix_case_record_waiting", CaseRecord.outcome, CaseRecord.received_at)
