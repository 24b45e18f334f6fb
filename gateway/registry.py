"""The registry of terminals: which keys are in service, at which site, and who was revoked.

Each worker remembers the terminals in service and asks every few seconds who was revoked, so that a revocation is in
force everywhere soon after and a request costs no query of its own.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gateway.registry_tables import SiteRecord, TerminalRecord
from gateway.sites import SiteLevel, level_of, parent_of
from kiosk.domain.china_time import CHINA
from kiosk.ports.clock import Clock
from kiosk.wire.keys import RegisteredTerminal, raw_key_text, sealing_key_of, signing_key_of

REMEMBERED_S = 5.0
"""How long a revocation may take to be known to every worker."""


@dataclass(frozen=True, slots=True)
class Site:
    """``code`` has twelve digits, ``parent`` is that of the place above, None for a province."""

    code: str
    parent: str | None
    level: SiteLevel
    name: str


@dataclass(frozen=True, slots=True)
class ListedTerminal:
    """``revoked_because`` is a stable word, None in service. ``certificate_until``: its TLS certificate's last day."""

    registered: RegisteredTerminal
    site: str | None
    revoked_because: str | None
    certificate_serial: str | None
    certificate_until: datetime | None


@dataclass(frozen=True, slots=True)
class SiteRefused:
    """``reason``: not-a-site-code, parent-unknown."""

    reason: str


class Registry:
    """Safe for several threads and several processes."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._in_service: dict[str, ListedTerminal] = {}
        self._asked_at: float | None = None

    def find(self, key_id: str) -> ListedTerminal | None:
        """As it was at most ``REMEMBERED_S`` ago."""
        self._forget_revoked()
        known = self._in_service.get(key_id)
        if known is not None:
            return known
        with Session(self._engine) as session:
            record = session.get(TerminalRecord, key_id)
            found = None if record is None else _listed(record)
        if found is not None and found.revoked_because is None:
            with self._lock:
                self._in_service[key_id] = found
        return found

    def _forget_revoked(self) -> None:
        """Nothing else of a key that a request asks for ever changes, so that one question does for all."""
        now = self._clock.monotonic()
        if self._asked_at is not None and now - self._asked_at < REMEMBERED_S:
            return
        with Session(self._engine) as session:
            revoked = session.scalars(
                select(TerminalRecord.key_id).where(TerminalRecord.revoked_because.is_not(None))
            ).all()
        with self._lock:
            self._asked_at = now
            for key_id in revoked:
                self._in_service.pop(key_id, None)

    def listed(self) -> list[ListedTerminal]:
        return listed_terminals(self._engine)

    def take_in(self, terminals: Iterable[RegisteredTerminal]) -> None:
        """Those of registration files, in this order. One that is known already stays as it is, a revoked one too."""
        now = self._now()
        with Session(self._engine) as session, session.begin():
            for place, terminal in enumerate(terminals):
                if session.get(TerminalRecord, terminal.key_id) is None:
                    session.add(record_of(terminal, None, now + timedelta(microseconds=place)))

    def staff_key(self, terminal: str) -> X25519PublicKey | None:
        """By which staff answer a terminal's challenges: of several in service the last one's."""
        with Session(self._engine) as session:
            key = session.scalar(
                select(TerminalRecord.staff_key)
                .where(
                    TerminalRecord.terminal == terminal,
                    TerminalRecord.staff_key.is_not(None),
                    TerminalRecord.revoked_because.is_(None),
                )
                .order_by(TerminalRecord.registered_at.desc())
                .limit(1)
            )
        return None if key is None else sealing_key_of(key)

    def standing(self, key_id: str) -> Literal["active", "revoked", "unknown-terminal"]:
        terminal = self.find(key_id)
        if terminal is None:
            return "unknown-terminal"
        return "active" if terminal.revoked_because is None else "revoked"

    def revoke(self, terminal: str, because: str) -> int:
        """Every key of this terminal number; how many were in service until now."""
        with Session(self._engine) as session, session.begin():
            records = session.scalars(
                select(TerminalRecord).where(
                    TerminalRecord.terminal == terminal, TerminalRecord.revoked_because.is_(None)
                )
            ).all()
            for record in records:
                record.revoked_because, record.revoked_at = because, self._now()
        with self._lock:
            self._in_service.clear()
        return len(records)

    def add_site(self, code: str, name: str) -> Site | SiteRefused:
        """A known site gets the new name. The place above must be there."""
        level = level_of(code)
        if level is None:
            return SiteRefused("not-a-site-code")
        parent = parent_of(code)
        with Session(self._engine) as session, session.begin():
            if parent is not None and session.get(SiteRecord, parent) is None:
                return SiteRefused("parent-unknown")
            session.merge(SiteRecord(code=code, parent=parent, level=level.value, name=name))
        return Site(code, parent, level, name)

    def sites(self) -> list[Site]:
        """By code: every place stands before those within it."""
        with Session(self._engine) as session:
            return [
                Site(record.code, record.parent, SiteLevel(record.level), record.name)
                for record in session.scalars(select(SiteRecord).order_by(SiteRecord.code))
            ]

    def _now(self) -> datetime:
        return self._clock.now().astimezone(CHINA)


def listed_terminals(engine: Engine) -> list[ListedTerminal]:
    """All, the revoked too, in the order in which they came."""
    order = (TerminalRecord.registered_at, TerminalRecord.key_id)
    with Session(engine) as session:
        return [_listed(record) for record in session.scalars(select(TerminalRecord).order_by(*order))]


class ReceiptKeys(Mapping[str, tuple[Ed25519PublicKey, ...]]):
    """Which keys sign the receipts of a terminal number, as the registry has them now; a revoked terminal's too, whose
    papers stay what they are."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __getitem__(self, terminal: str) -> tuple[Ed25519PublicKey, ...]:
        with Session(self._engine) as session:
            keys = session.scalars(select(TerminalRecord.public_key).where(TerminalRecord.terminal == terminal)).all()
        if not keys:
            raise KeyError(terminal)
        return tuple(signing_key_of(key) for key in keys)

    def __iter__(self) -> Iterator[str]:
        with Session(self._engine) as session:
            return iter(session.scalars(select(TerminalRecord.terminal).distinct()).all())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def record_of(terminal: RegisteredTerminal, site: str | None, registered_at: datetime) -> TerminalRecord:
    """A terminal in service that has no certificate yet."""
    return TerminalRecord(
        key_id=terminal.key_id,
        terminal=terminal.terminal,
        training=terminal.training,
        public_key=raw_key_text(terminal.public_key),
        staff_key=None if terminal.staff_key is None else raw_key_text(terminal.staff_key),
        site=site,
        registered_at=registered_at,
        revoked_at=None,
        revoked_because=None,
        certificate_serial=None,
        certificate_until=None,
    )


def _listed(record: TerminalRecord) -> ListedTerminal:
    staff_key = record.staff_key
    registered = RegisteredTerminal(
        record.terminal,
        record.training,
        record.key_id,
        signing_key_of(record.public_key),
        None if staff_key is None else sealing_key_of(staff_key),
    )
    return ListedTerminal(
        registered, record.site, record.revoked_because, record.certificate_serial, record.certificate_until
    )
