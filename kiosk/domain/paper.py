"""A printed paper as data: what it says, from top to bottom, without any layout."""

from dataclasses import dataclass, field
from enum import Enum

from kiosk.domain.receipt_number import ReceiptNumber, Verification


class Band(Enum):
    """The shape that tells the outcome without reading (solid black, double frame, black tab, plain frame)."""

    PASSED = "passed"
    PENDING = "pending"
    REFERRED = "referred"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Paper:
    """One receipt (回执).

    ``marking`` is the bracketed word top right (演示 on a training terminal), ``fields`` are label and value in
    order, ``notes`` the numbered sentences under 说明, ``footer`` the closing lines.
    """

    hall: str
    marking: str | None
    issuer: str
    subject: str
    title: str
    number: ReceiptNumber
    band: Band
    band_text: str
    band_note: str | None
    key_label: str | None
    key_fact: str | None
    key_note: str | None
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    notes: tuple[str, ...]
    verification: Verification
    verification_text: tuple[str, ...]
    footer: tuple[str, ...]
    printed_at: str
    terminal: str
