"""The staff desk: who of the staff may have the answer to a terminal's challenge, and the record of every asking."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gateway.tables import StaffAnswerRecord, StaffTries
from kiosk.domain.china_time import CHINA
from kiosk.ports.clock import Clock
from kiosk.ports.staff_authorisation import TRIES, StaffPurpose
from kiosk.wire.messages import Message
from kiosk.wire.staff_answer import is_eight_digits, secret_at_gateway, staff_answer
from kiosk.wire.staff_pin import StaffPin, pin_fits


class StaffFile(Message):
    """The hall's staff. ``at_terminals``: terminals may check the PINs themselves, by the hashes in the gateway's
    registration."""

    at_terminals: bool = False
    staff: tuple[StaffPin, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffFileUnusable:
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """Eight digits."""

    answer: str


@dataclass(frozen=True, slots=True)
class AnswerRefused:
    """``reason`` is a stable word: wrong-pin, locked, unknown-terminal, not-a-challenge."""

    reason: str


def load_staff(path: Path) -> StaffFile | StaffFileUnusable:
    """A file that is not there names nobody. Raises nothing."""
    try:
        if path.stat().st_mode & 0o077:
            return StaffFileUnusable("readable-by-others")
        return StaffFile.model_validate_json(path.read_bytes(), strict=False)
    except FileNotFoundError:
        return StaffFile()
    except OSError:
        return StaffFileUnusable("unreadable")
    except ValueError:
        return StaffFileUnusable("not-a-staff-file")


class StaffDesk:
    """Safe for several threads; who asks sees to it that not many do at once, for each check fills the memory of one
    scrypt. ``sealing_key`` is the gateway's first, on which terminals' secrets rest;
    ``staff_key_of`` tells the key of a terminal number. After five wrong PINs in a row a number is locked until it has
    a new PIN."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        sealing_key: X25519PrivateKey,
        staff_key_of: Callable[[str], X25519PublicKey | None],
        staff: Iterable[StaffPin],
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._sealing_key = sealing_key
        self._staff_key_of = staff_key_of
        self._staff = {each.staff: each for each in staff}

    def answer(
        self, staff: str, pin: str, terminal: str, purpose: StaffPurpose, challenge: str
    ) -> AnswerGiven | AnswerRefused:
        """A number nobody has is not written down: it may be anything, a PIN in the wrong field too."""
        if not is_eight_digits(challenge):
            return AnswerRefused("not-a-challenge")
        kept = self._staff.get(staff)
        refused = self._check(kept, pin)
        key = self._staff_key_of(terminal)
        answer: AnswerGiven | AnswerRefused
        if refused is not None:
            answer = refused
        elif key is None:
            answer = AnswerRefused("unknown-terminal")
        else:
            secret = secret_at_gateway(self._sealing_key, key)
            answer = AnswerGiven(staff_answer(secret, purpose, terminal, challenge))
        outcome = answer.reason if isinstance(answer, AnswerRefused) else "given"
        who, where = "" if kept is None else kept.staff, "" if key is None else terminal
        self._record(who, where, purpose, challenge, outcome)
        return answer

    def _check(self, kept: StaffPin | None, pin: str) -> AnswerRefused | None:
        """The try is counted before it is made: who is cut off in the middle has used it."""
        if kept is not None and not self._count(kept):
            return AnswerRefused("locked")
        if not pin_fits(pin, kept) or kept is None:
            return AnswerRefused("wrong-pin")
        with Session(self._engine) as session, session.begin():
            session.merge(StaffTries(staff=kept.staff, salt=kept.salt, wrong=0))
        return None

    def _count(self, kept: StaffPin) -> bool:
        with Session(self._engine) as session, session.begin():
            tries = session.get(StaffTries, (kept.staff, kept.salt), with_for_update=True)
            if tries is None:
                tries = StaffTries(staff=kept.staff, salt=kept.salt, wrong=0)
                session.add(tries)
            if tries.wrong >= TRIES:
                return False
            tries.wrong += 1
            return True

    def _record(self, staff: str, terminal: str, purpose: StaffPurpose, challenge: str, outcome: str) -> None:
        with Session(self._engine) as session, session.begin():
            session.add(
                StaffAnswerRecord(
                    asked_at=self._clock.now().astimezone(CHINA),
                    staff=staff,
                    terminal=terminal,
                    purpose=purpose.value,
                    challenge=challenge,
                    outcome=outcome,
                )
            )
