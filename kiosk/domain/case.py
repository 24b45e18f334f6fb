"""A case (办件) of the eligibility confirmation: what the terminal established and what the hall decided."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.domain.identity_document import IdentityDocument
from kiosk.domain.receipt_number import ReceiptNumber


class Outcome(Enum):
    """The four ways a session may end for the citizen (domain.md 5)."""

    PASSED = "PASSED"
    PENDING = "PENDING"
    REFERRED = "REFERRED"
    CANCELLED = "CANCELLED"


class Finding(Enum):
    """What the terminal itself found; the hall decides on it."""

    MATCHED = "MATCHED"
    LIVENESS_NOT_PROVEN = "LIVENESS_NOT_PROVEN"
    NOT_MATCHED = "NOT_MATCHED"


@dataclass(frozen=True, slots=True)
class Consent:
    """The citizen's consent to the notice of text version ``version``."""

    version: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class EligibilityCase:
    """The facts of one confirmation. ``key`` is its permanent idempotency key.

    ``offline`` says that no roster answer was had before the capture. ``crop`` is a JPEG of the live face,
    present only where a person will have to look: offline evidence and cases handed to staff (domain.md 2.7).
    """

    key: str
    receipt: ReceiptNumber
    opened_at: datetime
    closed_at: datetime
    document: IdentityDocument
    document_expired: bool
    consent: Consent
    liveness: LivenessResult
    comparison: FaceComparison | None
    finding: Finding
    offline: bool
    crop: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rating:
    """One 好差评: grade 1 to 5 and the ticked reason tags of that grade, bound to a case by its receipt."""

    key: str
    receipt: ReceiptNumber
    grade: int
    tags: tuple[str, ...]
    given_at: datetime


@dataclass(frozen=True, slots=True)
class ProofSlip:
    """A printed proof of an earlier confirmation (E-07): nothing is decided by it, but its number can be looked up."""

    key: str
    receipt: ReceiptNumber
    document: IdentityDocument
    confirmed_on: date | None
    due_on: date | None
    printed_at: datetime


@dataclass(frozen=True, slots=True)
class HallDecision:
    """The hall's word on a case. ``next_due`` is known after a pass; ``confirmed_on`` is the day it counts from."""

    receipt: ReceiptNumber
    outcome: Outcome
    confirmed_on: date | None
    next_due: date | None
