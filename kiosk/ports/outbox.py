"""Records on disk until the platform has them."""

from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.case import DeskReferral, EligibilityCase, HomeVisitRequest, ProofSlip, Rating, VoidedNumber
from kiosk.domain.day_summary import DaySummary
from kiosk.ports.platform import DeliveryAnswer

Record = EligibilityCase | ProofSlip | Rating | DeskReferral | HomeVisitRequest | VoidedNumber | DaySummary


@dataclass(frozen=True, slots=True)
class Queued:
    """On disk, synced; it will be delivered."""

    key: str


@dataclass(frozen=True, slots=True)
class OutboxRefused:
    """Nothing was stored: disk full, limit reached, or storage broken. The citizen must be told before he leaves."""

    reason: str


class Outbox(Protocol):
    def put(self, record: Record) -> Queued | OutboxRefused:
        """Signs, seals and stores ``record``. Storing the same key twice is the same record once."""

    def accepts(self) -> OutboxRefused | None:
        """Why no further record would be taken now; None when the longest one would be. Stores nothing."""

    def deliver(self, key: str, timeout_s: float) -> DeliveryAnswer:
        """Tries now to deliver the queued record ``key``; whatever comes of it, the record stays queued until
        the platform has acknowledged it."""

    def waiting(self) -> int:
        """Records not yet acknowledged, dead letters excluded."""
