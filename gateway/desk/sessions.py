"""Who is logged in: a random token in the browser's cookie, its digest in the database, and two expiries."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from gateway.desk.settings import DeskSettings
from gateway.desk.tables import Role, StaffAccount, StaffSession
from gateway.desk.trail import note
from gateway.numbers import aware
from kiosk.domain.china_time import CHINA
from kiosk.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member of staff who is logged in; ``form_token`` goes into every form of a page (``frame.token_field``).
    ``training``: at a sandbox, where everybody is made up."""

    staff: str
    role: Role
    form_token: str = field(repr=False)
    training: bool = False


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def form_token(token: str) -> str:
    """What a form must bring along: known to whoever was served the page, and to nobody who only sends the cookie."""
    return hmac.new(token.encode(), b"form of the staff desk", hashlib.sha256).hexdigest()


class Sessions:
    """Safe for several threads and processes."""

    def __init__(self, engine: Engine, clock: Clock, settings: DeskSettings) -> None:
        self._engine = engine
        self._clock = clock
        self._idle = timedelta(minutes=settings.idle_minutes)
        self._absolute = timedelta(hours=settings.absolute_hours)

    def begin(self, staff: str) -> str:
        """The token; sessions that are over are forgotten by the way."""
        token, now = new_token(), self._now()
        with Session(self._engine) as session, session.begin():
            over = (StaffSession.seen_at < now - self._idle) | (StaffSession.started_at < now - self._absolute)
            session.execute(delete(StaffSession).where(over))
            session.add(StaffSession(digest=_digest(token), staff=staff, started_at=now, seen_at=now))
        return token

    def find(self, token: str, training: bool = False) -> Visitor | None:
        """None when nobody is logged in with it, or no longer."""
        now = self._now()
        with Session(self._engine) as session, session.begin():
            found = session.get(StaffSession, _digest(token), with_for_update=True)
            if found is None:
                return None
            account = session.get(StaffAccount, found.staff)
            if account is None or account.disabled or not self._lasts(found, now):
                session.delete(found)
                return None
            found.seen_at = now
            return Visitor(account.staff, account.role, form_token(token), training)

    def end(self, token: str) -> None:
        with Session(self._engine) as session, session.begin():
            found = session.get(StaffSession, _digest(token))
            if found is not None:
                note(session, self._now(), found.staff, "logout")
                session.delete(found)

    def _lasts(self, found: StaffSession, now: datetime) -> bool:
        return now - aware(found.seen_at) < self._idle and now - aware(found.started_at) < self._absolute

    def _now(self) -> datetime:
        return self._clock.now().astimezone(CHINA)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
