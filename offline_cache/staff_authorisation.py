"""Who of the staff may allow what (``kiosk.ports.staff_authorisation``), checked on the terminal's own storage.

A try is counted on disk before it is judged, so that pulling the plug gives nobody a free one.
"""

import hmac
import secrets
import threading
from collections.abc import Callable, Iterable

import apsw

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.ports.audit import Audit
from kiosk.ports.staff_authorisation import (
    TRIES,
    Authorised,
    LockedOut,
    NotAuthorised,
    StaffAnswer,
    StaffPurpose,
    StaffWay,
)
from kiosk.wire.staff_answer import DIGITS, is_eight_digits, staff_answer
from kiosk.wire.staff_pin import StaffPin, pin_fits
from offline_cache.store import StorageTrouble, Store


class DurableStaffAuthorisation:
    """``secret`` is the one shared with the hall's staff page; ``pins`` are those the hall lets its terminals check.
    Letters of a staff number count alike, small or capital. Where tries cannot be counted nobody is let through. Safe
    for several threads."""

    def __init__(self, store: Store, terminal: str, secret: bytes, pins: Iterable[StaffPin], audit: Audit) -> None:
        self._store = store
        self._terminal = terminal
        self._secret = secret
        self._pins = {kept.staff: kept for kept in pins}
        self._audit = audit
        self._lock = threading.Lock()
        self._challenge: str | None = None

    def ways(self) -> frozenset[StaffWay]:
        return frozenset(StaffWay if self._pins else {StaffWay.CHALLENGE})

    def challenge(self) -> str:
        with self._lock:
            self._challenge = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
            return self._challenge

    def check_pin(self, staff: str, pin: str, purpose: StaffPurpose) -> StaffAnswer:
        kept = self._pins.get(staff.upper())
        known = "" if kept is None else kept.staff
        return self._checked(known, StaffWay.PIN, purpose, lambda: pin_fits(pin, kept))

    def check_answer(self, answer: str, purpose: StaffPurpose) -> StaffAnswer:
        return self._checked("", StaffWay.CHALLENGE, purpose, lambda: self._answer_fits(answer, purpose))

    def _checked(self, staff: str, way: StaffWay, purpose: StaffPurpose, fits: Callable[[], bool]) -> StaffAnswer:
        with self._lock:
            tries = self._count_try()
            if tries > TRIES:
                return LockedOut()
            if fits():
                self._store.write(_forget_tries)
                self._log(EventName.STAFF_AUTHORISED, way, purpose, staff)
                return Authorised(staff, way)
            self._log(EventName.STAFF_NOT_AUTHORISED, way, purpose, None, tries)
            if tries < TRIES:
                return NotAuthorised(TRIES - tries)
            self._log(EventName.STAFF_LOCKED_OUT, way, purpose, None, tries)
            return LockedOut()

    def _count_try(self) -> int:
        """How many there were in a row, this one included; beyond ``TRIES`` where none may be made."""
        counted = self._store.write(_count_try)
        if isinstance(counted, StorageTrouble):
            return TRIES + 1
        tries, unlocked = counted
        if unlocked:
            self._audit.record(AuditEvent(EventName.STAFF_UNLOCKED))
        return tries

    def _answer_fits(self, answer: str, purpose: StaffPurpose) -> bool:
        challenge, self._challenge = self._challenge, None
        if challenge is None or not is_eight_digits(answer):
            return False
        return hmac.compare_digest(answer, staff_answer(self._secret, purpose, self._terminal, challenge))

    def _log(
        self, name: EventName, way: StaffWay, purpose: StaffPurpose, staff: str | None, tries: int | None = None
    ) -> None:
        """A number that was not proved is not written down: it may be anything."""
        figures = () if tries is None else (("tries", float(tries)),)
        self._audit.record(
            AuditEvent(name, reason=purpose.value, outcome=way.value, staff=staff or None, figures=figures)
        )


def unlock_staff(store: Store) -> StorageTrouble | None:
    """What a technician does beside the running terminal, which tells of it in its log at the next try."""
    answer = store.write(_unlock)
    return answer if isinstance(answer, StorageTrouble) else None


def _count_try(connection: apsw.Connection) -> tuple[int, bool]:
    row = connection.execute("SELECT tries, unlocked FROM staff_lock").fetchone()
    before, unlocked = (0, 0) if row is None else row
    tries = min(before, TRIES) + 1
    connection.execute("INSERT OR REPLACE INTO staff_lock VALUES (1, ?, 0)", (tries,))
    return tries, bool(unlocked)


def _forget_tries(connection: apsw.Connection) -> None:
    connection.execute("UPDATE staff_lock SET tries = 0")


def _unlock(connection: apsw.Connection) -> None:
    connection.execute("INSERT OR REPLACE INTO staff_lock VALUES (1, 0, 1)")
