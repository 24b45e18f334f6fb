"""Cases, ratings and terminals as tests need them: made-up people, fixed times."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gateway.sandbox import SandboxPerson, sandbox_people
from kiosk.domain.audit_event import AuditEvent
from kiosk.domain.case import (
    Consent,
    DeskReason,
    DeskReferral,
    EligibilityCase,
    Finding,
    HomeVisitRequest,
    ProofSlip,
    Rating,
    VoidedNumber,
)
from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber, compose_receipt_number
from kiosk.ports.clock import Clock
from kiosk.wire import keys
from kiosk.wire.envelope import Sealer

START = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
TERMINAL = "0317"
PHOTO = b"\xff\xd8\xff\xe0" + b"the face of nobody" * 40
ALIVE = LivenessResult(True, "turn-left", {"nose_shift": 0.21, "parallax_residual": 0.06})
ALIVE_TWICE = LivenessResult(True, "turn-left+nod", {**ALIVE.signals, "nod_shift": 0.12})
NOT_ALIVE = LivenessResult(False, "turn-left", {"nose_shift": 0.01, "parallax_residual": 0.011})
SAME_PERSON = FaceComparison(0.31, 0.55, 5, "dlib-resnet-12345678")


class SetClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    def forward(self, seconds: float) -> None:
        with self._lock:
            self._now += timedelta(seconds=seconds)


@dataclass
class RecordedAudit:
    """Keeps every event."""

    events: list[AuditEvent] = field(default_factory=list)

    def record(self, event: AuditEvent) -> None:
        self.events.append(event)


def person(slug: str = "due", today: date | None = None) -> SandboxPerson:
    return next(each for each in sandbox_people(today or START.date()) if each.slug == slug)


def receipt(counter: int = 1, terminal: str = TERMINAL) -> ReceiptNumber:
    return compose_receipt_number(ReceiptKind.ELIGIBILITY, START.date(), terminal, counter)


def eligibility_case(
    slug: str = "due",
    counter: int = 1,
    *,
    key: str | None = None,
    liveness: LivenessResult | None = None,
    comparison: FaceComparison | None = SAME_PERSON,
    finding: Finding = Finding.MATCHED,
    offline: bool = False,
    expired: bool = False,
    crop: bytes | None = None,
    at: datetime = START,
    terminal: str = TERMINAL,
) -> EligibilityCase:
    """Without ``liveness`` the face was alive, by two actions where the evidence is offline."""
    return EligibilityCase(
        key=key or str(uuid4()),
        receipt=receipt(counter, terminal),
        opened_at=at - timedelta(seconds=60),
        closed_at=at,
        document=person(slug).document(START.date()),
        document_expired=expired,
        consent=Consent("2026-11", at - timedelta(seconds=55)),
        liveness=liveness or (ALIVE_TWICE if offline else ALIVE),
        comparison=comparison,
        finding=finding,
        offline=offline,
        crop=crop,
    )


def proof(slug: str = "confirmed", counter: int = 1, *, key: str | None = None, at: datetime = START) -> ProofSlip:
    citizen = person(slug)
    return ProofSlip(
        key=key or str(uuid4()),
        receipt=receipt(counter),
        document=citizen.document(START.date()),
        confirmed_on=citizen.last_pass,
        due_on=citizen.due_on,
        printed_at=at,
    )


def desk_referral(slug: str = "renamed", counter: int = 1, *, key: str | None = None) -> DeskReferral:
    citizen = person(slug)
    return DeskReferral(
        key or str(uuid4()), receipt(counter), DeskReason.NAME_DIFFERS, citizen.number, citizen.name, START
    )


def home_visit(slug: str = "bedridden", counter: int = 1, *, key: str | None = None) -> HomeVisitRequest:
    document = person(slug).document(START.date())
    return HomeVisitRequest(
        key or str(uuid4()), receipt(counter), document, "13800002071", START.date() + timedelta(days=3), START
    )


def rating(counter: int = 1, grade: int = 5, tags: tuple[str, ...] = ("510", "516"), key: str | None = None) -> Rating:
    return Rating(key or str(uuid4()), receipt(counter), grade, tags, START)


def voided_number(counter: int = 1, key: str | None = None) -> VoidedNumber:
    return VoidedNumber(key or f"void-{uuid4()}", receipt(counter), "media-jam", START)


@dataclass(frozen=True)
class Registered:
    """A terminal and a gateway that know each other, with their files in ``folder``."""

    folder: Path
    signing_key: Ed25519PrivateKey
    sealing_key: X25519PrivateKey
    terminal: keys.RegisteredTerminal
    gateway: keys.GatewayKey

    @property
    def gateway_key_file(self) -> Path:
        return self.folder / "gateway.pem"

    @property
    def terminal_file(self) -> Path:
        return self.folder / "terminal.registration.json"

    @property
    def gateway_file(self) -> Path:
        return self.folder / "gateway.registration.json"

    def sealer(self, clock: Clock) -> Sealer:
        return Sealer(self.terminal.terminal, self.signing_key, self.gateway, clock)


def register(folder: Path, training: bool = True, number: str = TERMINAL) -> Registered:
    """What setting up one terminal and its gateway leaves behind."""
    signing_key = keys.load_or_create_signing_key(folder / "terminal.pem")
    sealing_key = keys.load_or_create_sealing_key(folder / "gateway.pem")
    assert not isinstance(signing_key, keys.KeyUnusable)
    assert not isinstance(sealing_key, keys.KeyUnusable)
    keys.write_registration(
        folder / "terminal.registration.json", keys.register_terminal(number, training, signing_key)
    )
    keys.write_registration(folder / "gateway.registration.json", keys.register_gateway(sealing_key))
    terminal = keys.load_terminal_registration(folder / "terminal.registration.json")
    gateway = keys.load_gateway_registration(folder / "gateway.registration.json")
    assert not isinstance(terminal, keys.KeyUnusable)
    assert not isinstance(gateway, keys.KeyUnusable)
    return Registered(folder, signing_key, sealing_key, terminal, gateway)
