"""Records on disk until the platform has them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.domain.case import (
    DeskReferral,
    EligibilityCase,
    HallDecision,
    HomeVisitRequest,
    ProofSlip,
    Rating,
    VoidedNumber,
)
from kiosk.domain.day_summary import DaySummary
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.ports.platform import DeliveryAnswer

Record = EligibilityCase | ProofSlip | Rating | DeskReferral | HomeVisitRequest | VoidedNumber | DaySummary


OFFLINE_LIMITS = frozenset({"too-many-records", "oldest-record-too-old"})
"""Reasons of ``OutboxRefused`` that close the offline path alone (domain.md 5.3.5)."""


@dataclass(frozen=True, slots=True)
class Queued:
    """On disk, synced; it will be delivered."""

    key: str


@dataclass(frozen=True, slots=True)
class OutboxRefused:
    """Nothing was stored: disk full, limit reached, or storage broken. The citizen must be told before he leaves."""

    reason: str


@dataclass(frozen=True, slots=True)
class KnownReceipt:
    """What became of a number of this terminal's own, as it knew at ``as_of``."""

    decision: HallDecision
    as_of: datetime


class Outbox(Protocol):
    def put(self, record: Record) -> Queued | OutboxRefused:
        """Signs, seals and stores ``record``. Storing the same key twice is the same record once."""

    def accepts(self) -> OutboxRefused | None:
        """Why no case would be taken now without the hall's answer; None when the longest one would be. Stores
        nothing."""

    def deliver(self, key: str, timeout_s: float) -> DeliveryAnswer:
        """Tries now to deliver the queued record ``key``, and before it what it must not overtake; whatever comes of
        it, the record stays queued until the platform has acknowledged it."""

    def waiting(self) -> int:
        """Records not yet acknowledged, dead letters excluded."""

    def recall(self, number: ReceiptNumber) -> KnownReceipt | None:
        """What this terminal last knew of a number it issued, without asking anybody; None for any other number."""
