"""Tables of the fleet: the last that was heard of every terminal, and who of the gateway's workers listens."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from gateway.tables import Base


class FleetRecord(Base):
    """One terminal. ``heard_at`` is the gateway's clock at its last sign of life; ``presence`` the broker's last word
    (here, lost, goodbye) and ``presence_at`` when it came. ``status`` is the terminal's own last one as it came
    (``kiosk.wire.fleet.StatusMessage``), ``told_at`` the terminal's clock then; by ``clock_off_s``
    it was behind."""

    __tablename__ = "fleet_record"

    terminal: Mapped[str] = mapped_column(String(8), primary_key=True)
    heard_at: Mapped[datetime | None]
    presence: Mapped[str | None] = mapped_column(String(16))
    presence_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    clock_off_s: Mapped[int | None]
    status: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class FleetListenerRecord(Base):
    """The one row 1: which worker listens, until when that holds, and since when it hears the broker; ``trouble`` is a
    stable word while it does not."""

    __tablename__ = "fleet_listener"

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(48))
    until: Mapped[datetime]
    hears_since: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(48))
