"""The gateway's tables. A record's idempotency key is kept for ever: UNIQUE(terminal, key)."""

import enum
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Enum, ForeignKey, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from gateway.keeping import KeptFor
from kiosk.domain.case import Outcome
from kiosk.domain.eligibility import ConfirmationSource, RosterStatus

_CONSTRAINTS = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""A migration can name what it changes."""


class Base(DeclarativeBase):
    """An enum is kept by its member's name, as text: a new member needs no migration."""

    metadata = MetaData(naming_convention=_CONSTRAINTS)
    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        enum.Enum: Enum(enum.Enum, native_enum=False, length=32),
    }


class Beneficiary(Base):
    """One line of the roster (待遇人员名册). ``resume_requested`` is set when a suspended person passed (E-09),
    ``paused_until`` after a suspected spoof (E-14); ``blocked``: the card was reported lost (E-04). ``document`` and
    ``portrait`` are what a card platform would know, filled in the sandbox only."""

    __tablename__ = "beneficiary"

    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    scheme: Mapped[str] = mapped_column(String(64))
    area: Mapped[str] = mapped_column(String(64))
    status: Mapped[RosterStatus]
    confirmed_on: Mapped[date | None]
    due_on: Mapped[date | None]
    source: Mapped[ConfirmationSource | None]
    office: Mapped[str] = mapped_column(String(128))
    office_phone: Mapped[str] = mapped_column(String(32))
    resume_requested: Mapped[date | None]
    blocked: Mapped[bool] = mapped_column(default=False)
    other_place: Mapped[bool] = mapped_column(default=False)
    paused_until: Mapped[datetime | None]
    portrait: Mapped[str | None] = mapped_column(String(32))
    document: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Arrived:
    """What is kept of every record that came in an envelope. ``arrivals`` counts how often it was sent."""

    id: Mapped[int] = mapped_column(primary_key=True)
    terminal: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(64))
    content_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    arrivals: Mapped[int]


class CaseRecord(Arrived, Base):
    """One case and its decision. ``envelope`` is kept for a person to look at; after a pass no picture stays, and any
    other only for its time (``KeptPicture``).

    ``basis`` says why the decision is what it is."""

    __tablename__ = "case_record"
    __table_args__ = (UniqueConstraint("terminal", "key"),)

    receipt: Mapped[str] = mapped_column(String(32), unique=True)
    receipt_code: Mapped[str | None] = mapped_column(String(9))
    number: Mapped[str] = mapped_column(String(18), index=True)
    outcome: Mapped[Outcome]
    basis: Mapped[str] = mapped_column(String(48))
    confirmed_on: Mapped[date | None]
    next_due: Mapped[date | None]
    resumes_on: Mapped[date | None]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    envelope: Mapped[bytes | None] = mapped_column(LargeBinary)


class KeptPicture(Base):
    """The envelope of case ``case_id`` holds a picture of a face: what for, and when it must be gone. ``keep_until``
    None: when the case is closed. ``object_name``: the envelope is not in the case's row but in object storage; the
    case's ``digest`` is its SHA-256."""

    __tablename__ = "kept_picture"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True)
    purpose: Mapped[KeptFor]
    keep_until: Mapped[datetime | None] = mapped_column(index=True)
    object_name: Mapped[str | None] = mapped_column(String(64), index=True)
    case: Mapped[CaseRecord] = relationship()


class DroppedObject(Base):
    """An object whose picture's row is gone: to be dropped from object storage."""

    __tablename__ = "dropped_object"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)


class ProofRecord(Arrived, Base):
    """One printed proof of an earlier confirmation (E-07): it decides nothing, but its number can be looked up."""

    __tablename__ = "proof_record"
    __table_args__ = (UniqueConstraint("terminal", "key"),)

    receipt: Mapped[str] = mapped_column(String(32), unique=True)
    receipt_code: Mapped[str | None] = mapped_column(String(9))
    number: Mapped[str] = mapped_column(String(18), index=True)
    confirmed_on: Mapped[date | None]
    due_on: Mapped[date | None]


class DeskRecord(Arrived, Base):
    """A slip for the desk or a request for a home visit: staff's to do, looked up by its number. ``kind`` is the
    record's; what it says is in the sealed ``envelope``."""

    __tablename__ = "desk_record"
    __table_args__ = (UniqueConstraint("terminal", "key"),)

    kind: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(48))
    receipt: Mapped[str] = mapped_column(String(32), unique=True)
    receipt_code: Mapped[str | None] = mapped_column(String(9))
    number: Mapped[str] = mapped_column(String(18), index=True)
    envelope: Mapped[bytes] = mapped_column(LargeBinary)


class CardCode(Base):
    """A token of ``issuer``, by its SHA-256 alone: whose it is, until when, and never twice."""

    __tablename__ = "card_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(48))
    number: Mapped[str] = mapped_column(String(18))
    expires_at: Mapped[datetime]
    used: Mapped[bool] = mapped_column(default=False)


class CertificateRecord(Base):
    """A certificate's number: asked for by ``terminal`` under ``key``, signed here, and on one paper at most."""

    __tablename__ = "certificate_record"
    __table_args__ = (UniqueConstraint("terminal", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    terminal: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(64))
    certificate: Mapped[str] = mapped_column(String(48))
    receipt: Mapped[str] = mapped_column(String(32), unique=True)
    receipt_code: Mapped[str] = mapped_column(String(9))
    issued_at: Mapped[datetime]


class StaffTries(Base):
    """Wrong PINs in a row of one member of staff. ``salt`` is the PIN's: a new PIN starts anew."""

    __tablename__ = "staff_tries"

    staff: Mapped[str] = mapped_column(String(16), primary_key=True)
    salt: Mapped[str] = mapped_column(String(48), primary_key=True)
    wrong: Mapped[int]


class StaffAnswerRecord(Base):
    """One asking at the staff page, never changed. ``outcome`` is a stable word; the answer itself is not kept."""

    __tablename__ = "staff_answer_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    staff: Mapped[str] = mapped_column(String(16))
    terminal: Mapped[str] = mapped_column(String(8))
    purpose: Mapped[str] = mapped_column(String(48))
    challenge: Mapped[str] = mapped_column(String(8))
    outcome: Mapped[str] = mapped_column(String(16))


class VoidRecord(Arrived, Base):
    """A number that no longer counts. ``receipt`` may come twice: void at once, replaced when staff allowed it; and it
    may come before the record it stands for. ``receipt_code`` is the void paper's short code,
    ``replacement_code`` that of the paper that came in its place."""

    __tablename__ = "void_record"
    __table_args__ = (UniqueConstraint("terminal", "key"),)

    receipt: Mapped[str] = mapped_column(String(32), index=True)
    receipt_code: Mapped[str | None] = mapped_column(String(9))
    reason: Mapped[str] = mapped_column(String(48))
    voided_at: Mapped[datetime]
    replaced_by: Mapped[str | None] = mapped_column(String(32), unique=True)
    replacement_code: Mapped[str | None] = mapped_column(String(9))
    staff: Mapped[str] = mapped_column(String(16))
    way: Mapped[str] = mapped_column(String(16))


class RatingRecord(Arrived, Base):
    """One 好差评; a receipt is rated once. It may arrive before its case."""

    __tablename__ = "rating_record"
    __table_args__ = (UniqueConstraint("terminal", "key"),)

    receipt: Mapped[str] = mapped_column(String(32), unique=True)
    grade: Mapped[int]
    tags: Mapped[list[str]] = mapped_column(JSON)
