"""Accounts of the desk: who has one, in which role, and whether a password is right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from gateway.desk.passwords import hash_password, password_fits
from gateway.desk.tables import Role, StaffAccount, StaffSession
from gateway.desk.trail import note
from kiosk.domain.china_time import CHINA
from kiosk.ports.clock import Clock

TRIES = 5
"""Wrong passwords in a row until an account is locked."""

_NUMBER = re.compile(r"[0-9A-Z]{1,16}")


@dataclass(frozen=True, slots=True)
class Account:
    staff: str
    role: Role
    disabled: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class LoginRefused:
    """``reason`` is a stable word: wrong, locked."""

    reason: str


class Accounts:
    """Safe for several threads and processes. ``by`` is who does it: a staff number, or ``console``."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def add(self, staff: str, role: Role, password: str, by: str) -> bool:
        """False when the number is taken. Raises ValueError for a number that is not 1 to 16 capitals and digits, and
        for a password that is too short or too long."""
        if not _NUMBER.fullmatch(staff):
            raise ValueError("a staff number has 1 to 16 digits and capital letters")
        hashed = hash_password(password)
        with Session(self._engine) as session, session.begin():
            if session.get(StaffAccount, staff) is not None:
                return False
            session.add(StaffAccount(staff=staff, role=role, password=hashed, disabled=False, wrong=0))
            self._note(session, by, "account-added", f"{staff} {role.value}")
            return True

    def set_role(self, staff: str, role: Role, by: str) -> bool:
        """Logs the account out. False when there is no such account; so do the three below."""
        with Session(self._engine) as session, session.begin():
            account = self._changed(session, staff)
            if account is None:
                return False
            account.role = role
            self._note(session, by, "account-role", f"{staff} {role.value}")
            return True

    def set_password(self, staff: str, password: str, by: str) -> bool:
        """Also unlocks. Raises ValueError for a password that is too short or too long."""
        hashed = hash_password(password)
        with Session(self._engine) as session, session.begin():
            account = self._changed(session, staff)
            if account is None:
                return False
            account.password, account.wrong = hashed, 0
            self._note(session, by, "account-password", staff)
            return True

    def set_disabled(self, staff: str, disabled: bool, by: str) -> bool:
        with Session(self._engine) as session, session.begin():
            account = self._changed(session, staff)
            if account is None:
                return False
            account.disabled = disabled
            self._note(session, by, "account-disabled" if disabled else "account-enabled", staff)
            return True

    def all(self) -> Sequence[Account]:
        with Session(self._engine) as session, session.begin():
            return [_account(each) for each in session.scalars(select(StaffAccount).order_by(StaffAccount.staff))]

    def check(self, staff: str, password: str) -> Account | LoginRefused:
        """The try is counted before it is made: who is cut off in the middle has used it. A number nobody has, or one
        that is disabled, is answered like a wrong password; what was typed for it is not kept."""
        known = self._count(staff)
        if isinstance(known, LoginRefused):
            return known
        fits = password_fits(password, None if known is None or known.disabled else known.password)
        with Session(self._engine) as session, session.begin():
            if known is None or not fits:
                self._note(session, "" if known is None else known.staff, "login-wrong", "")
                return LoginRefused("wrong")
            account = session.get(StaffAccount, known.staff, with_for_update=True)
            if account is None or account.disabled or account.password != known.password:
                return LoginRefused("wrong")
            account.wrong = 0
            self._note(session, known.staff, "login", "")
            return _account(account)

    def _count(self, staff: str) -> StaffAccount | LoginRefused | None:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            account = session.get(StaffAccount, staff, with_for_update=True)
            if account is None:
                return None
            if account.wrong >= TRIES:
                self._note(session, staff, "login-locked", "")
                return LoginRefused("locked")
            account.wrong += 1
            return account

    def _changed(self, session: Session, staff: str) -> StaffAccount | None:
        session.execute(delete(StaffSession).where(StaffSession.staff == staff))
        return session.get(StaffAccount, staff, with_for_update=True)

    def _note(self, session: Session, by: str, act: str, detail: str) -> None:
        note(session, self._clock.now().astimezone(CHINA), by, act, detail=detail)


def _account(account: StaffAccount) -> Account:
    return Account(account.staff, account.role, account.disabled, account.wrong >= TRIES)
