"""Tables of the hall's accounts: the days of its terminals, uploads of ratings, tickets."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gateway.tables import Arrived, Base
from gateway.ticket_states import TicketOrigin, TicketState


class DaySummaryRecord(Arrived, Base):
    """A terminal's own account of ``day``; of several the latest ``made_at`` counts. ``content`` is the record as it
    came (``kiosk.wire.record``): receipt numbers, and nothing of a person."""

    __tablename__ = "day_summary_record"
    __table_args__ = (UniqueConstraint("terminal", "key"),)

    day: Mapped[date] = mapped_column(index=True)
    made_at: Mapped[datetime]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class RatingUpload(Base):
    """A rating's place in the provincial upload: the day it belongs to and its number on that day, both for ever."""

    __tablename__ = "rating_upload"
    __table_args__ = (UniqueConstraint("day", "serial"),)

    rating_id: Mapped[int] = mapped_column(ForeignKey("rating_record.id"), primary_key=True)
    day: Mapped[date]
    serial: Mapped[int]
    uploaded_at: Mapped[datetime | None] = mapped_column(index=True)


class Ticket(Base):
    """A ticket (工单) of the hall or of 12345. ``receipt`` is the case it is about, one ticket a low rating.
    ``subject`` and ``answer`` are staff's own words and are shown to staff alone."""

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    origin: Mapped[TicketOrigin]
    state: Mapped[TicketState] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(160))
    answer: Mapped[str] = mapped_column(String(160), default="")
    receipt: Mapped[str | None] = mapped_column(String(32), index=True)
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("rating_record.id"), unique=True)
    staff: Mapped[str] = mapped_column(String(16), default="")
    opened_at: Mapped[datetime]
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class TicketEntry(Base):
    """One step of a ticket, never changed; ``staff`` is who took it, empty where the hall itself did."""

    __tablename__ = "ticket_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime]
    staff: Mapped[str] = mapped_column(String(16))
    state: Mapped[TicketState]
    assigned_to: Mapped[str] = mapped_column(String(16), default="")
