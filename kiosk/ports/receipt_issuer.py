"""Issues receipt numbers that are never used twice, also after a power cut."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber, Verification


@dataclass(frozen=True, slots=True)
class IssuedReceipt:
    number: ReceiptNumber
    verification: Verification


@dataclass(frozen=True, slots=True)
class NoReceipt:
    """The counter could not be advanced on disk."""

    reason: str


class ReceiptIssuer(Protocol):
    def issue(self, kind: ReceiptKind, at: datetime) -> IssuedReceipt | NoReceipt: ...
