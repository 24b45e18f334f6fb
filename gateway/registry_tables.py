"""Tables of the terminal registry: the tree of sites, the terminals with their keys, the codes they are set up with."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from gateway.tables import Base


class SiteRecord(Base):
    """A place of one of the five levels (省/市/县(区)/乡镇(街道)/村(社区)); ``code`` as in ``gateway.sites``."""

    __tablename__ = "site"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("site.code"), index=True)
    level: Mapped[int]
    name: Mapped[str] = mapped_column(String(64))


class TerminalRecord(Base):
    """One signing key of a terminal; a terminal that was set up anew has several. ``revoked_because`` None is in
    service. Without a site it came by a registration file. ``certificate_serial`` is that of the newest TLS
    certificate, in hexadecimal digits; None where it has none. Keys are raw, in base64."""

    __tablename__ = "registered_terminal"

    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    terminal: Mapped[str] = mapped_column(String(8), index=True)
    training: Mapped[bool]
    public_key: Mapped[str] = mapped_column(String(64))
    staff_key: Mapped[str | None] = mapped_column(String(64))
    site: Mapped[str | None] = mapped_column(ForeignKey("site.code"), index=True)
    registered_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None] = mapped_column(String(48))
    certificate_serial: Mapped[str | None] = mapped_column(String(40))
    certificate_until: Mapped[datetime | None]


class EnrolmentCodeRecord(Base):
    """The code a terminal number may be set up with, by its SHA-256 alone. ``used_by`` is the key id it was used by;
    ``wrong`` counts the wrong codes in a row."""

    __tablename__ = "enrolment_code"

    terminal: Mapped[str] = mapped_column(String(8), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    site: Mapped[str | None] = mapped_column(ForeignKey("site.code"))
    training: Mapped[bool]
    expires_at: Mapped[datetime]
    wrong: Mapped[int]
    used_by: Mapped[str | None] = mapped_column(String(16))
